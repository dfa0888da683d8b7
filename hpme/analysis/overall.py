"""What a model looks at overall: the connected pieces that are kept of many graphs, told apart."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import torch
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.analysis.gallery import Card
from hpme.analysis.shapes import CENTRE, KIND, Shape, Shapes
from hpme.chemistry.fragments import fragment_smarts
from hpme.chemistry.names import molecule_of, name_atoms
from hpme.explainers.node_scores.leave_one_out import effects
from hpme.forward.around import labels_of
from hpme.forward.ask import answer, same, tolerance
from hpme.forward.hops import CENTRE as MARK
from hpme.forward.packed import Packed, chunks, pack
from hpme.forward.question import ask
from hpme.method.pooling import induced_subgraph
from hpme.method.types import edge_types, node_types

CHUNK = 250  # graphs in one pass
MOST_KINDS = 100  # kinds of nodes; more of them, as of words in texts, leave no two pieces alike

Step = Callable[[int, int], Any]


@dataclass(frozen=True)
class KeptPiece:
    """A connected piece of what is kept of one graph."""

    nodes: tuple[int, ...]  # rising
    shape: int  # the same number for pieces that are alike
    adds: float  # to the log-odds of the predicted class, or to the number: the answer, less that without it


@dataclass(frozen=True)
class KeptPart:
    """What is kept of one graph."""

    card: Card
    right: bool | None  # whether the prediction is; None where there is no label
    pieces: tuple[KeptPiece, ...]  # none where everything or nothing is kept

    @property
    def predicted(self) -> int | None:
        """The predicted class; None in a regression."""
        return int(self.card.output.argmax()) if len(self.card.output) > 1 else None


def kept_parts(
    model: nn.Module,
    graphs: Sequence[Data],
    cards: Sequence[Card],
    labels: Sequence[str] = (),
    progress: Step | None = None,
) -> tuple[list[KeptPart], list[Shape]]:
    """Returns what is kept of each graph in connected pieces, and the shapes of these by their numbers.

    Two pieces of molecules are alike if their SMARTS are; others if they are isomorphic with the
    types of their nodes and edges, and in graphs around nodes with the explained node in the same place;
    types are those of `hpme.method.types.node_types`. The explained node is kept in any case: alone, it is no
    piece.

    Args:
        model: The explained model, or `hpme.forward.question.Question`.
        graphs: The explained graphs, at least one.
        cards: Result of `hpme.analysis.gallery.cards` for them.
        labels: Names of the types of nodes, such as element symbols.
        progress: Called with the number of graphs that are done, and of all.

    Example:
        >>> from hpme import HPME, load_classifier, load_dataset
        >>> from hpme.analysis.gallery import cards
        >>> graphs, model = load_dataset("ba-2motifs").test[:40], load_classifier("ba-2motifs")
        >>> outs = HPME.load("ba-2motifs").explain_batch(graphs)
        >>> parts, shapes = kept_parts(model, graphs, cards(model, graphs, outs))
        >>> len(parts), parts[0].card.extent, shapes[0].name
        (40, 'part', 'house')
    """
    question, shapes = ask(model), Shapes(labels)
    outputs = torch.stack([card.output for card in cards])
    right = _right(outputs, labels_of(graphs))
    found: list[list[KeptPiece]] = []
    networks = _networks(graphs, cards)
    for some in chunks(zip(graphs, cards, networks, strict=True), CHUNK):
        pieces = [[*_pieces(shapes, graph, card, network)] for graph, card, network in some]
        added = iter(_effects(question, [graph for graph, *_ in some], pieces))
        found += [[KeptPiece(nodes, shape, next(added)) for nodes, shape in own] for own in pieces]
        if progress:
            progress(len(found), len(graphs))
    rows = zip(cards, right, map(tuple, found), strict=True)
    return [KeptPart(*row) for row in rows], shapes.found


def _right(outputs: Tensor, labels: Tensor) -> list[bool | None]:
    """Whether each prediction is right; None where the label is not known."""
    if outputs.size(1) == 1:
        close = same(outputs, labels.view(-1, 1).to(outputs), tolerance(outputs))
        return [bool(right) for right in close]
    pairs = zip(outputs.argmax(-1).tolist(), labels.tolist(), strict=True)
    return [None if label < 0 else guess == label for guess, label in pairs]


def _networks(graphs: Sequence[Data], cards: Sequence[Card]) -> Iterator[nx.DiGraph]:
    """Yields what is kept of each graph, as a network of its own nodes' numbers, with their kinds."""
    packed = pack(graphs)
    keep = torch.cat([card.keep for card in cards])
    kept = induced_subgraph(packed, keep)
    kinds, ties = node_types(kept), edge_types(kept)
    kinds = kinds if len(kinds.unique()) <= MOST_KINDS else torch.zeros_like(kinds)
    ties = torch.zeros_like(kept.edge_index[0]) if ties is None else ties
    numbers = [card.keep.nonzero().view(-1).tolist() for card in cards]
    return (_network(kept, kinds, ties, place, own) for place, own in enumerate(numbers))


def _network(kept: Packed, kinds: Tensor, ties: Tensor, place: int, numbers: list[int]) -> nx.DiGraph:
    start, end = kept.node_ptr[place : place + 2].tolist()
    edges = slice(*kept.edge_ptr[place : place + 2].tolist())
    centre = (
        kept.node_attrs[MARK].view(-1)[start:end].tolist()
        if MARK in kept.node_attrs
        else [None] * (end - start)
    )
    network = nx.DiGraph()
    for node, kind, mark in zip(numbers, kinds[start:end].tolist(), centre, strict=True):
        network.add_node(node, **{KIND: kind, CENTRE: mark})
    for (u, v), tie in zip(
        (kept.edge_index[:, edges] - start).t().tolist(), ties[edges].tolist(), strict=True
    ):
        if u != v:
            network.add_edge(numbers[u], numbers[v], **{KIND: tie})
    return network


def _pieces(
    shapes: Shapes, graph: Data, card: Card, network: nx.DiGraph
) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yields the nodes and the shape of each connected piece of what is kept of a graph in part."""
    if card.extent != "part":
        return
    molecule = molecule_of(graph)
    for nodes in sorted(sorted(piece) for piece in nx.weakly_connected_components(network)):
        if len(nodes) == 1 and network.nodes[nodes[0]][CENTRE]:
            continue
        if molecule is not None:
            smarts = fragment_smarts(molecule, nodes)
            yield tuple(nodes), shapes.of_smarts(smarts, name_atoms(molecule, nodes))
        else:
            yield tuple(nodes), shapes.of_network(network.subgraph(nodes).copy())


def _effects(question: nn.Module, graphs: Sequence[Data], pieces: Sequence[Sequence[tuple]]) -> list[float]:
    """What each piece adds to the answer about its graph; all copies without one pass together."""
    owner = [place for place, own in enumerate(pieces) for _ in own]
    if not owner:
        return []
    packed = ask(question).pack(graphs)
    starts, parts = packed.node_ptr.tolist(), [nodes for own in pieces for nodes, _ in own]
    dropped = [
        (number, starts[place] + node)
        for number, (place, nodes) in enumerate(zip(owner, parts, strict=True))
        for node in nodes
    ]
    target = answer(question, packed).argmax(-1)
    where, what = (torch.tensor(values, device=packed.device) for values in (owner, dropped))
    return effects(question, packed, target, where, what.t()).tolist()
