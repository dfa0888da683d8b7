"""GStarX: nodes ranked by their worth in games whose players cooperate along the edges."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import checks
from hpme.explainers.base import (
    Explainer,
    ExplainerSpec,
    NotDefinedError,
    Progress,
    checked_one,
    explain_hard,
    explained_class,
    noted,
    own_draws,
    unit_range,
)
from hpme.explainers.sizes import top_nodes
from hpme.forward.ask import answer
from hpme.forward.batches import one_thread
from hpme.forward.packed import Packed
from hpme.forward.question import Question, ask
from hpme.method import pooling
from hpme.method.coalitions import structure_values

CHUNK = 400_000  # nodes in a pass


@dataclass(frozen=True)
class GStarXConfig:
    """Settings, saved with every result.

    Raises:
        ValueError: If a setting is out of range.
    """

    seed: int = 0  # of the order of neighbours that are equally near
    players: int = 10  # nodes in a game
    hops: int = 3  # a game is among nodes up to this many hops from one of them
    tau: float = 0.01  # share of the surplus that a coalition gets in the associated game
    power: int = 128  # how often the associated game is taken
    sparsity: float = 0.5  # share of the nodes that is left out at least

    def __post_init__(self) -> None:
        """Checks the ranges."""
        checks.in_range("seed", self.seed, 0, 2**31)
        checks.in_range("players", self.players, 1, 12)
        checks.in_range("hops", self.hops, 1, 1000)
        checks.in_range("tau", self.tau, 1e-6, 2 / self.players)
        checks.in_range("power", self.power, 1, 100_000)
        checks.in_range("sparsity", self.sparsity, 0, 1)


class GStarX(Explainer):
    r"""Keeps the nodes of positive worth, where worth comes of cooperation along edges.

    In a game the players are nodes, and a coalition earns :math:`p(S) - 1 / C`: the explained class's
    probability on the subgraph of these nodes, less chance. Its Hamiache-Navarro value shares out what
    coalitions earn, where only those that are connected cooperate. A graph of more than `players` nodes is
    explained by as many games as it has nodes, each among a node and those nearest to it; a node's worth is
    its mean over the games that it plays in. All coalitions of all games pass the model together.

    Args:
        model: Model of graphs, or `hpme.forward.question.Question`; not changed.
        config: Settings.

    Source:
        Zhang et al. (2022), arXiv:2201.12380, and its authors' code, whose settings these are. The paper has
        no size of its own: there a sparsity that is given cuts the ranking. Here, as in the code, nodes of no
        or negative worth are left out beside, and the sparsity is the code's default, so that at most half of
        a graph is kept; what is measured of the size speaks of this rule. Differences: the code offers games
        among nodes near to each other, and among nodes drawn at random, its script's default, of which few
        are joined; here they are near. It subtracts the mean probability over a test set, here chance, as a
        graph is explained without others. Of a regression, which the paper lacks, a coalition earns by how
        much its number is nearer to the graph's than that of the empty graph is. A power of 128 is the
        code's; with its small `tau` the values are then still on the way to their limit.
    """

    def __init__(self, model: nn.Module, config: GStarXConfig | None = None) -> None:
        self.question = ask(model)
        self.config = config or GStarXConfig()

    def fit(self, graphs: Sequence[Data], progress: Progress | None = None) -> Self:
        """Returns at once: there is nothing to learn.

        Raises:
            ValueError: If the model predicts nodes.
        """
        _of_graphs(self.question)
        return self

    def explain(self, graph: Data, target: int | None = None) -> Explanation:
        """Explains one graph: the predicted class, unless `target` names another.

        Raises:
            ValueError: If the model predicts nodes, the graph does not fit, or the answer about a part
                of it is no number.
        """
        _of_graphs(self.question)
        graph = checked_one(graph)
        label = explained_class(self.question, graph, target)
        draws = own_draws(self.config.seed, graph)
        with one_thread():
            worth = self._worth(self.question.pack([graph]), label, draws)
        most = min(int(len(worth) * (1 - self.config.sparsity)), int((worth > 0).sum()))
        explanation = explain_hard(graph, unit_range(worth), top_nodes(worth, most), label)
        return noted(self.question, [graph], [explanation])[0]

    def _worth(self, graph: Packed, label: Tensor, draws: torch.Generator) -> Tensor:
        """The mean worth of each node over its games ``[N]``."""
        config, total = self.config, len(graph.x)
        member = torch.ones(1, total, dtype=torch.bool)
        if total > config.players:
            member = neighbourhoods(graph.edge_index.cpu(), total, config.players, config.hops, draws)
        game, node = member.to(graph.device).nonzero().t()
        games = pooling.induced_subgraph(graph.repeat(len(member)), member.to(graph.device).view(-1))
        place = torch.arange(len(node), device=node.device) - games.node_ptr[game]
        payoff = payoffs(self.question, graph, games, place, label)
        players = int(place.max()) + 1  # of the largest game; in the others the last ones earn nothing
        joined = torch.zeros(len(member), players, players, dtype=torch.bool, device=graph.device)
        start, end = games.edge_index
        joined[game[start], place[start], place[end]] = True
        values = structure_values(payoff, joined | joined.transpose(1, 2), config.tau, config.power)
        sums = values.new_zeros(total).index_add(0, node, values[game, place])
        return sums / node.bincount(minlength=total)


def neighbourhoods(edge_index: Tensor, total: int, most: int, hops: int, draws: torch.Generator) -> Tensor:
    """Returns the nearest nodes of each node, itself the first, bool ``[N, N]``; equally near ones by lot.

    Args:
        edge_index: Edges ``[2, E]``, whose direction does not count.
        total: Number of nodes, ``N``.
        most: The most nodes of a neighbourhood.
        hops: No node is further away.
        draws: Source of the lots.
    """
    near = torch.eye(total, dtype=torch.bool)
    distance = torch.where(near, 0.0, torch.inf)
    for hop in range(1, hops + 1):
        grown = near.clone()
        for start, end in (edge_index, edge_index.flip(0)):
            reached = near.new_zeros(total, total).int().index_add(1, end, near[:, start].int()) > 0
            grown |= reached
        distance[grown & ~near] = hop
        near = grown
    lots = distance + torch.rand(total, total, generator=draws) / 2
    rank = lots.argsort(1).argsort(1)
    return (rank < most) & near


def payoffs(question: Question, graph: Packed, games: Packed, place: Tensor, label: Tensor) -> Tensor:
    """Returns what each coalition of each game earns ``[K, 2 ** n]``; see `GStarX`.

    Args:
        question: The question to the model.
        graph: The explained graph.
        games: The ``K`` graphs of the players, of at most ``n`` nodes each.
        place: Number of each node among the players of its game.
        label: Explained class ``[1]``.
    """
    coalitions = torch.arange(2 ** (int(place.max()) + 1), device=place.device)
    inside = (coalitions[:, None] >> place) & 1 > 0  # [2 ** n, nodes of all games]
    parts = (
        pooling.induced_subgraph(games.repeat(len(some)), pooling.always_kept(some, games).reshape(-1))
        for some in inside.split(max(1, CHUNK // len(place)))
    )
    logits = torch.cat([answer(question, part) for part in parts]).view(len(coalitions), games.size, -1)
    if logits.size(2) == 1:
        gap = (logits[..., 0] - answer(question, graph)).abs()
        return (gap[:1] - gap).t()
    return (logits.softmax(-1)[..., int(label)] - 1 / logits.size(2)).t()


def _of_graphs(question: Question) -> None:
    if question.task.of_nodes:
        raise NotDefinedError(
            f"Expected a model that predicts graphs (got {question.name}, which predicts nodes); GStarX asks "
            "about sets of nodes that lack the one to be explained, so choose another explainer"
        )


GSTARX = ExplainerSpec(
    name="gstarx",
    title="GStarX",
    hard=True,
    learns=False,
    one_pass=False,
    build=lambda model, seed: GStarX(model, GStarXConfig(seed=seed)),
    source="https://arxiv.org/abs/2201.12380",
    validation="Not validated: the paper reports fidelity alone, at sizes that a user sets.",
    only_graphs=True,
    max_graphs=100,
    max_seeds=1,
)
