"""The dataset that a reader makes of a file, without the rows that cannot be read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import torch
from torch_geometric.data import Data

from hpme.limits import DATASET_LIMITS, cap

Label = str | int | float
Row = TypeVar("Row")


class Sized(Protocol):
    """A graph, of any class."""

    @property
    def num_nodes(self) -> int | None:
        """Number of nodes."""
        ...


Graph = TypeVar("Graph", bound=Sized)
SHOWN = 5  # numbers of left-out rows, in the note


class UnlabelledError(ValueError):
    """A graph has no label; `word` is what stands in its place."""

    def __init__(self, word: str, sentence: str = "") -> None:
        super().__init__(sentence or f"Expected a label (got {word}); fill it in")
        self.word = word


@dataclass(frozen=True)
class RawDataset:
    """The graphs of a file, all with the same fields, and their labels as they stand in the file."""

    graphs: list[
        Data
    ]  # `x`, `edge_index`; all or none have `edge_attr`, truth (`node_gt`, `edge_gt`), `smiles`
    labels: Sequence[Label | None]  # of graphs; or of the nodes of the one graph, which may lack theirs
    column: str = "class"  # what the label is called
    regression: bool | None = None  # None: decided by the labels
    node_labels: tuple[str, ...] = ()  # element symbol of each one-hot column
    edge_labels: tuple[str, ...] = ()  # name of each feature of edges, where they have names
    split: tuple[tuple[int, ...], tuple[int, ...]] | None = None
    notes: tuple[str, ...] = ()  # sentences on how the file was read
    of_nodes: bool = False  # is it one graph whose nodes have labels?


def parse_rows(
    rows: Iterable[tuple[int, Row]], read: Callable[[Row], tuple[Graph, Label]], what: str
) -> tuple[list[Graph], list[Label], tuple[str, ...]]:
    """Reads the rows that can be read.

    Args:
        rows: Rows with their numbers in the file.
        read: Returns graph and label of a row, or raises `ValueError`.
        what: What a row is called.

    Returns:
        Graphs, labels, and if rows were left out, sentences that say which.

    Raises:
        ValueError: If no row can be read, or the graphs have too many nodes together.
    """
    nodes = 0
    graphs, labels = [], []
    bad: list[tuple[int, ValueError]] = []
    for number, row in rows:
        try:
            graph, label = read(row)
        except ValueError as error:
            bad.append((number, error))
        else:
            graphs.append(graph)
            labels.append(label)
            nodes += graph.num_nodes or 0
            cap("nodes", nodes, limits=DATASET_LIMITS)
    if not graphs:
        if not bad:
            raise ValueError(f"Expected at least one {what} (got none); add some")
        first = f"{what.capitalize()} {bad[0][0]}: {bad[0][1]}"
        raise ValueError(f"Expected at least one {what} that can be read (got none of {len(bad)}). {first}")
    return graphs, labels, tuple(_left_out(bad, f"{len(graphs) + len(bad):,} {what}s"))


def _left_out(bad: Sequence[tuple[int, ValueError]], total: str) -> Iterator[str]:
    """Yields sentences on the rows without a label, and on the others that were left out."""
    blank = [(number, error.word) for number, error in bad if isinstance(error, UnlabelledError)]
    other = [(number, error) for number, error in bad if not isinstance(error, UnlabelledError)]
    if blank:
        words = " or ".join([*dict.fromkeys(word if word != "''" else "empty" for _, word in blank)][:SHOWN])
        yield f"{_count(blank, total)} left out, as the label is {words}{_which(blank)}."
    if other:
        yield f"{_count(other, total)} left out{_which(other)}. The first: {other[0][1]}."


def _count(bad: Sequence[object], total: str) -> str:
    return f"{len(bad):,} of {total} {'was' if len(bad) == 1 else 'were'}"


def _which(bad: Sequence[tuple[int, object]]) -> str:
    return f" ({', '.join(str(number) for number, _ in bad[:SHOWN])}{', …' * (len(bad) > SHOWN)})"


def edge_words(width: int, names: Sequence[str] = ()) -> str:
    """Returns the end of a sentence about features of nodes: how many edges have, if any."""
    return (f", edges have {width}" + (f" ({', '.join(names)[:60]})" if names else "")) * bool(width) + "."


def constant_feature(count: int) -> torch.Tensor:
    """Returns the one feature ``[count, 1]`` of nodes that have none."""
    return torch.ones(count, 1)
