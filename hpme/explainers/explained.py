"""Explanations of many graphs as flat tensors, and one by one where they are asked for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from torch import Tensor
from torch_geometric.explain import Explanation

from hpme.forward.packed import Packed


@dataclass(frozen=True)
class Explained:
    """Hard explanations of ``B`` packed graphs; no object a graph.

    Nodes and edges lie graph by graph, as in `graphs`, whose `node_ptr` and `edge_ptr` say where.
    """

    graphs: Packed
    node_score: Tensor  # [N], in [0, 1]: a ranking, above one half where a node is kept
    keep: Tensor  # bool [N]: the hard subgraph's nodes
    edge_score: Tensor  # [E]: the lower of an edge's ends
    edge_keep: Tensor  # bool [E]: both ends are kept
    logits: Tensor  # [B, C], or [B, 1]: what the model answers about the whole graphs
    target: Tensor  # int64 [B]: the explained class
    margin: Tensor  # [B]: log-odds of the target, or the number itself
    kept: Tensor  # int64 [B]: how many nodes are kept
    bits: Tensor  # float64 [B]: a bound on the information in the hard subgraph

    def __len__(self) -> int:
        """Returns the number of graphs."""
        return self.graphs.size


class Explanations(Sequence[Explanation]):
    """Explanations that are made when they are asked for, each once.

    Args:
        count: How many there are.
        make: Makes one.
    """

    def __init__(self, count: int, make: Callable[[int], Explanation]) -> None:
        self._made: list[Explanation | None] = [None] * count
        self._make = make

    def __len__(self) -> int:
        """Returns how many there are."""
        return len(self._made)

    @overload
    def __getitem__(self, place: int) -> Explanation: ...

    @overload
    def __getitem__(self, place: slice) -> list[Explanation]: ...

    def __getitem__(self, place: int | slice) -> Explanation | list[Explanation]:
        """Returns the explanation at a place, or those of a slice."""
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        found = self._made[place]
        if found is None:
            found = self._made[place] = self._make(place % len(self))
        return found

    def __iter__(self) -> Iterator[Explanation]:
        """Yields them in order."""
        return (self[i] for i in range(len(self)))
