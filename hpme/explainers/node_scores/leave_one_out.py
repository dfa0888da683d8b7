"""Leave one out: what each node, or each part, adds to the answer, with its sign."""

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.explainers.base import (
    ExplainerSpec,
    InChunks,
    explain_nodes,
    noted,
    target_classes,
)
from hpme.explainers.node_scores.base import shares_of_largest
from hpme.forward.ask import answer
from hpme.forward.packed import Packed, pointers
from hpme.forward.question import ask
from hpme.method.objective import log_odds
from hpme.method.pooling import induced_subgraph

_ROWS = 100_000  # nodes of copies in a pass, about


class LeaveOneOut(InChunks):
    r"""Scores each node with the size of its effect, :math:`f(G) - f(G \setminus v)`, as NodeWise does.

    The effect itself, with its sign, is the explanation's `contribution` ``[N]``: positive where the node
    raises the number of a regression, or the log-odds of the explained class. A node is removed with its
    edges. Where every node adds a number of its own, the contributions are those numbers; where nodes act
    together, each of them has the whole effect, and the contributions need not add up to the answer.

    Args:
        model: Model, or `hpme.forward.question.Question`; not changed. It is only asked: no gradients.

    Source:
        Occlusion, Zeiler & Fergus (2014), arXiv:1311.2901, of nodes in place of patches.
    """

    def __init__(self, model: nn.Module) -> None:
        self.question = ask(model)

    def _explain(self, graphs: list[Data], target: int | None = None) -> list[Explanation]:
        packed = self.question.pack(graphs)
        targets = target_classes(answer(self.question, packed), target)
        nodes = torch.arange(len(packed.x), device=packed.device)
        values = effects(self.question, packed, targets, packed.batch, torch.stack([nodes, nodes]))
        parts = packed.split_nodes(shares_of_largest(values.abs(), packed))
        rows = zip(graphs, parts, targets[:, None], strict=True)
        outs = noted(self.question, graphs, (explain_nodes(*row) for row in rows))
        for out, own in zip(outs, packed.split_nodes(values), strict=True):
            out.contribution = own.to(out.node_score.device)
        return outs


def effects(model: nn.Module, graphs: Packed, target: Tensor, owner: Tensor, dropped: Tensor) -> Tensor:
    """Returns what each part adds to the answer about its graph: that answer, less the one without the part.

    Many copies of the graphs pass the model together, each without one part. The node that a graph was cut
    around stays in all of them.

    Args:
        model: Model, or `hpme.forward.question.Question`.
        graphs: ``B`` graphs, as the question packs them.
        target: Class of each graph ``[B]``; 0 of a regression.
        owner: Graph of each part ``[P]``.
        dropped: Part and node of each removed node ``[2, M]``, the parts in order; nodes count through all
            graphs.

    Returns:
        Differences of the number, or of the log-odds of the class, ``[P]``.
    """
    question, rest = ask(model), []
    group = pointers(graphs.node_ptr.diff()[owner])[:-1] // _ROWS
    sizes = group.unique_consecutive(return_counts=True)[1].tolist()
    for ids in torch.arange(len(owner), device=graphs.device).split(sizes):
        copies, _ = graphs.take(owner[ids])
        part, node = dropped[:, (dropped[0] >= ids[0]) & (dropped[0] <= ids[-1])]
        keep = torch.ones(len(copies.x), dtype=torch.bool, device=graphs.device)
        keep[copies.node_ptr[part - ids[0]] + node - graphs.node_ptr[owner[part]]] = False
        rest.append(answer(question, induced_subgraph(copies, keep)))
    whole = log_odds(answer(question, graphs), target)
    return whole[owner] - log_odds(torch.cat(rest), target[owner])


LEAVE_ONE_OUT = ExplainerSpec(
    name="leave-one-out",
    title="Leave one out",
    hard=False,
    learns=False,
    one_pass=False,  # a pass over as many copies of a graph as it has nodes
    build=lambda model, seed: LeaveOneOut(model),
    source="https://arxiv.org/abs/1311.2901",
)
