"""A prediction broken down into what nodes and pieces add to it, each by leaving it out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.analysis.pieces import Piece, cut_into_pieces
from hpme.explainers.node_scores.leave_one_out import effects
from hpme.forward.ask import answer
from hpme.forward.packed import Packed
from hpme.forward.question import ask
from hpme.method.objective import log_odds


@dataclass(frozen=True)
class Breakdown:
    """What the parts of a graph add to the model's answer about it.

    The answer is the number of a regression, or the log-odds of a class.
    """

    answer: float  # about the whole graph
    nothing: float  # about a graph without nodes
    contribution: Tensor  # of each node [N]: the answer, less the one without it
    pieces: list[Piece]  # each node is in one
    added: list[float]  # by each piece, in the same way

    @property
    def total(self) -> float:
        """What all pieces add."""
        return sum(self.added)

    @property
    def together(self) -> float:
        """What no piece adds alone: the answer, less that about nothing and the `total`."""
        return self.answer - self.nothing - self.total

    @property
    def piece_of(self) -> list[int]:
        """The number of each node's piece, by node."""
        number = {node: i for i, piece in enumerate(self.pieces) for node in piece.nodes}
        return [number[node] for node in sorted(number)]

    def piece_rows(self, name: Callable[[int], str]) -> list[dict[str, Any]]:
        """A row for each piece, the strongest first; `name` says how a node is called."""
        rows = [
            {"piece": piece.name, "adds": added, "nodes": ", ".join(map(name, piece.nodes))}
            for piece, added in zip(self.pieces, self.added, strict=True)
        ]
        return sorted(rows, key=lambda row: -abs(row["adds"]))

    def node_rows(self, name: Callable[[int], str]) -> list[dict[str, Any]]:
        """A row for each node, in order; `name` says how it is called."""
        return [
            {
                "node": name(node),
                "contribution": float(self.contribution[node]),
                "piece": self.pieces[piece].name,
                "piece_contribution": self.added[piece],
            }
            for node, piece in enumerate(self.piece_of)
        ]


def break_down(model: nn.Module, graphs: Sequence[Data]) -> list[Breakdown]:
    """Returns what the nodes and the pieces of each graph add to its prediction; all copies pass together.

    Args:
        model: Model, or `hpme.forward.question.Question`.
        graphs: Graphs that fit it, at least one.

    Raises:
        ValueError: If one does not.

    Example:
        >>> from hpme import load_classifier, load_dataset
        >>> graph, model = load_dataset("crippen-logp").test[0], load_classifier("crippen-logp")
        >>> (parts,) = break_down(model, [graph])
        >>> len(parts.contribution) == graph.num_nodes == sum(len(piece.nodes) for piece in parts.pieces)
        True
    """
    question = ask(model)
    packed, pieces = question.pack(graphs), [cut_into_pieces(graph) for graph in graphs]
    output = answer(question, packed)
    owner, dropped = _left_out(packed, pieces)
    values = effects(question, packed, output.argmax(-1), owner, dropped)
    of_all, of_nodes, of_pieces = values.tensor_split([len(graphs), len(graphs) + len(packed.x)])
    added = [own.tolist() for own in of_pieces.split([len(own) for own in pieces])]
    whole = log_odds(output, output.argmax(-1))
    rows = zip(whole, whole - of_all, packed.split_nodes(of_nodes), pieces, added, strict=True)
    return [Breakdown(float(own), float(none), *parts) for own, none, *parts in rows]


def _left_out(graphs: Packed, pieces: Sequence[Sequence[Piece]]) -> tuple[Tensor, Tensor]:
    """The graph of each part ``[P]``, and its nodes as pairs ``[2, M]``: all, each node, each piece."""
    starts, nodes = graphs.node_ptr.tolist(), torch.arange(len(graphs.x))
    parts = [(i, nodes[starts[i] : starts[i + 1]]) for i in range(graphs.size)]
    parts += zip(graphs.batch.tolist(), nodes.split(1), strict=True)
    parts += [(i, starts[i] + torch.tensor(piece.nodes)) for i, own in enumerate(pieces) for piece in own]
    owner = torch.tensor([i for i, _ in parts])
    counts = torch.tensor([len(part) for _, part in parts])
    dropped = torch.stack(
        [torch.arange(len(parts)).repeat_interleave(counts), torch.cat([part for _, part in parts])]
    )
    return owner.to(graphs.device), dropped.to(graphs.device)
