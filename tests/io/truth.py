# ruff: noqa: E501 - a grammar is a line
"""What a grammar has written, and how far what is read of it is that."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch_geometric.data import Data

HOT = [
    *("-1", "0", "1", "999", "1000", "2147483648", "18446744073709551615", "9007199254740993", "9" * 30, "9" * 5000),
    *("1e20", "1e999", "-1e999", "nan", "NaN", "inf", "-0", "0x10", "1_000", "1,5", "\uff11\uff12", "\u00b2", "1.5.2"),
    *("true", "null", "None", "*", "\\ud800", "\u202e", "\U000e0001" * 9, "&#0;", "&#xD800;", "&amp;", "\0", "\t", "\r\n"),
    *('"', "'", "<", ">", "[", "]", "{", "}", "(", ")", "\\", "|", ":", ";", ",", "=", "#", "%", "-", "a" * 1001, ""),
]  # fmt: skip
TOKEN = re.compile(r"\w+|\s+|.", re.S)


@dataclass(frozen=True)
class Truth:
    """A graph as its writer knows it."""

    nodes: int
    edges: frozenset[tuple[int, int]]  # the lower end first
    elements: tuple[str, ...] = ()
    x: tuple[float, ...] = ()  # the one feature of each node
    weights: tuple[tuple[tuple[int, int], float], ...] = ()  # the one feature of each edge
    ordered: bool = True  # else only sizes and elements are known


@dataclass(frozen=True)
class Case:
    """Files, and the graphs in them if they are as they should be."""

    files: dict[str, bytes]
    truths: tuple[Truth, ...] = ()


def assert_read(graphs: list[Data], truths: tuple[Truth, ...]) -> None:
    """The graphs are those that were written."""
    assert len(graphs) == len(truths), f"{len(graphs)} graphs instead of {len(truths)}"
    for graph, truth in zip(graphs, truths, strict=True):
        assert graph.num_nodes == truth.nodes, f"{graph.num_nodes} nodes instead of {truth.nodes}"
        found = {(u, v) for u, v in graph.edge_index.t().tolist() if u <= v}
        assert len(found) == len(truth.edges), f"{len(found)} edges instead of {len(truth.edges)}"
        if truth.elements:
            own, written = list(graph.element), list(truth.elements)
            assert own == written if truth.ordered else sorted(own) == sorted(written), (
                f"{own}, not {written}"
            )
        if truth.ordered:
            assert found == truth.edges, f"the edges {sorted(found ^ truth.edges)} differ"
        if truth.x:
            assert torch.allclose(graph.x.double().flatten(), torch.tensor(truth.x).double()), "x differs"
        for ends, weight in truth.weights:
            place = (graph.edge_index.t() == torch.tensor(ends)).all(dim=1)
            assert abs(float(graph.edge_attr[place][0]) - weight) < 1e-6, f"another weight at {ends}"


def shaken(rng: random.Random, text: str, words: tuple[str, ...] = ()) -> str:
    """A text with some of its words left out, repeated, moved, or others in their place."""
    tokens = TOKEN.findall(text)
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        place = rng.randrange(len(tokens) or 1)
        piece = tokens[place : place + rng.choice((1, 1, 2, 5, 20))]
        match rng.randrange(5):
            case 0:
                del tokens[place : place + len(piece)]
            case 1:
                tokens[place:place] = piece * rng.choice((1, 2, 30))
            case 2:
                other = rng.randrange(len(tokens) or 1)
                tokens[other:other] = piece
            case _:
                tokens[place : place + 1] = [
                    rng.choice((*words, *HOT) if rng.random() < 0.5 else words or HOT)
                ]
    return "".join(tokens)


def of_text(
    name: str, write: Callable[[random.Random], tuple[str, tuple[Truth, ...]]], words: tuple[str, ...] = ()
) -> Callable[[random.Random], Case]:
    """A grammar of one text: as it should be, or shaken."""

    def case(rng: random.Random) -> Case:
        text, truths = write(rng)
        if rng.random() < 0.3:
            return Case({name: text.encode()}, truths)
        return Case({name: shaken(rng, text, words).encode(errors="replace")})

    return case
