"""Connected pieces of graphs, told apart and named: two have one number if and only if they are alike."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import networkx as nx
from networkx.algorithms.isomorphism import categorical_edge_match, categorical_node_match

from hpme.datasets.motifs import GRID, HOUSE

KIND, CENTRE = "kind", "centre"  # of a node or an edge its type; whether a node is the explained one
NAMES = 2  # of a piece, that are told
ROUNDS = 4  # of refinement, see `Shapes`
COMPARED = (
    40  # nodes; larger pieces are told apart by their refined kinds alone, as comparing them may not end
)


@dataclass(frozen=True)
class Shape:
    """What pieces that are alike have in common."""

    name: str  # SMARTS of a piece of a molecule, words for others
    words: str = ""  # what chemists call pieces with these SMARTS: up to two names, the more frequent first


class Shapes:
    """Numbers and names for pieces, from 0 in the order in which they come.

    A molecule's piece is known by its SMARTS. Others are known by the kinds of their nodes, refined
    in a few rounds by the kinds around them (Weisfeiler and Leman, 1968); those that this cannot tell apart
    are compared node by node, up to `COMPARED` nodes.

    Args:
        labels: Names of the kinds of nodes, such as element symbols.

    Example:
        >>> shapes = Shapes()
        >>> ring = nx.cycle_graph(5).to_directed()
        >>> shapes.of_network(ring), shapes.of_smarts("C", "methyl"), shapes.of_smarts("C", "C")
        (0, 1, 1)
        >>> [(shape.name, shape.words) for shape in shapes.found]
        [('ring of 5', ''), ('C', 'methyl / C')]
    """

    def __init__(self, labels: Sequence[str] = ()) -> None:
        self.found: list[Shape] = []
        self.labels = labels
        self._smarts: dict[str, tuple[int, Counter[str]]] = {}  # by SMARTS the number, and names
        self._alike: dict[tuple[int, ...], list[tuple[int, nx.DiGraph]]] = {}
        self._colours: dict[Hashable, int] = {}

    def of_smarts(self, smarts: str, words: str) -> int:
        """The number of a piece of a molecule, with what it is called there.

        Chemists call a carbon atom a methyl in one molecule and a part of a ring in another.
        """
        if smarts not in self._smarts:
            self._smarts[smarts] = self._new(Shape(smarts)), Counter()
        number, names = self._smarts[smarts]
        names[words] += 1
        most = [name for name, _ in names.most_common(NAMES)]
        self.found[number] = Shape(smarts, " / ".join([*most, *["…"] * (len(names) > NAMES)]))
        return number

    def of_network(self, piece: nx.DiGraph) -> int:
        """The number of a connected piece; nodes may have a `kind` and be a `centre`, edges a `kind`."""
        candidates = self._alike.setdefault(self._refined(piece), [])
        for number, other in candidates:
            if len(piece) > COMPARED or _same(piece, other):
                return number
        name = _form(piece.to_undirected()) + self._kinds(piece)
        forms = sum(shape.name == name or shape.name.startswith(f"{name}, form ") for shape in self.found)
        number = self._new(Shape(f"{name}, form {forms + 1}" if forms else name))
        candidates.append((number, piece))
        return number

    def _new(self, shape: Shape) -> int:
        self.found.append(shape)
        return len(self.found) - 1

    def _refined(self, piece: nx.DiGraph) -> tuple[int, ...]:
        """The kinds of the nodes, refined by those around them, in order."""
        colours = {
            node: self._colour((seen.get(KIND, 0), seen.get(CENTRE))) for node, seen in piece.nodes.data()
        }
        for _ in range(ROUNDS):
            colours = {
                node: self._colour(
                    (own, *sorted((edge.get(KIND, 0), colours[other]) for other, edge in piece[node].items()))
                )
                for node, own in colours.items()
            }
        return tuple(sorted(colours.values()))

    def _colour(self, seen: Hashable) -> int:
        return self._colours.setdefault(seen, len(self._colours))

    def _kinds(self, piece: nx.DiGraph) -> str:
        """What its nodes are, in words, where that is known or differs."""
        counts = Counter(kind for _, kind in piece.nodes.data(KIND, 0))
        around = " around the node" if any(centre for _, centre in piece.nodes.data(CENTRE)) else ""
        if not self.labels and len(counts) < 2 and not (counts and min(counts)):
            return around
        names = {kind: self.labels[kind] if kind < len(self.labels) else f"kind {kind}" for kind in counts}
        parts = (names[kind] + (f" × {counts[kind]}" if counts[kind] > 1 else "") for kind in sorted(counts))
        return f"{around}: {', '.join(parts)}"


def _same(piece: nx.DiGraph, other: nx.DiGraph) -> bool:
    nodes, edges = categorical_node_match([KIND, CENTRE], [0, None]), categorical_edge_match(KIND, 0)
    return bool(nx.is_isomorphic(piece, other, node_match=nodes, edge_match=edges))


def _form(piece: nx.Graph) -> str:
    """The form of a connected piece, in words."""
    nodes, edges = len(piece), piece.number_of_edges()
    degrees = sorted(degree for _, degree in piece.degree())
    if nodes == 1:
        return "1 node"
    if degrees == [2] * nodes:
        return f"ring of {nodes}"
    for name, motif in (("house", nx.Graph(HOUSE)), ("grid of 3 by 3", nx.Graph(GRID))):
        if (nodes, edges) == (len(motif), motif.number_of_edges()) and nx.is_isomorphic(piece, motif):
            return name
    if edges == nodes - 1:
        ends = degrees.count(1)
        return f"{'chain' if ends == 2 else 'star' if ends == nodes - 1 else 'tree'} of {nodes}"
    return f"{nodes} nodes with {edges} edges"
