"""Every explainer on a model of nodes whose reason is known: class 1 is a node with a marked neighbour."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.nn import SimpleConv
from torch_geometric.utils import to_undirected

from hpme.explainers import EXPLAINERS, Explainer
from hpme.explainers.edge_masks.mixupexplainer import append
from hpme.forward.node_graphs import node_graphs
from hpme.forward.packed import pack
from hpme.forward.weighted import EdgeWeighted

BASELINES = {"random", "degree"}  # they do not ask the model
ALIKE = {"gradcam"}  # it finds nodes like the one that is asked about
FOR_GRAPHS = {"proxyexplainer", "regexplainer", "gstarx"}
SIZE = 60  # nodes on the ring; every fifth is marked, by its first feature


class HasMarkedNeighbour(nn.Module):
    """Logits ``(2, 4 m)`` of each node, `m` the weight of its edges to marked nodes."""

    model_config = {"mode": "multiclass_classification", "task_level": "node"}  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.conv = SimpleConv(aggr="sum")
        self.calls = 0

    def embed(self, x: Tensor, edge_index: Tensor) -> Tensor:
        return torch.cat([x, self.conv(x.square(), edge_index)], dim=1)

    def forward(self, x: Tensor, edge_index: Tensor) -> Tensor:
        self.calls += 1
        met = self.embed(x, edge_index)[:, 5:6]
        return torch.cat([torch.full_like(met, 2), 4 * met], dim=1)


@pytest.fixture(scope="module")
def whole() -> Data:
    ring = torch.stack([torch.arange(SIZE), (torch.arange(SIZE) + 1) % SIZE])
    return Data(x=nn.functional.one_hot(torch.arange(SIZE) % 5).float(), edge_index=to_undirected(ring))


def quick(name: str, model: nn.Module) -> Explainer:
    """An explainer whose fit takes few steps, where it has some."""
    explainer = EXPLAINERS[name].build(model, 0)
    if EXPLAINERS[name].reference:
        explainer.config = replace(explainer.config, rounds=1, min_steps=150)
    elif EXPLAINERS[name].learns:
        settings = [{**setting, "steps": 60} for setting in explainer.config.grid]
        short = {"trial_steps": 0, "grid": tuple(settings)}
        explainer.config = replace(explainer.config, steps=60, learning_rate=0.02, **short)
    return explainer


@pytest.mark.parametrize("name", sorted(EXPLAINERS.keys() - BASELINES - ALIKE - FOR_GRAPHS))
def test_the_edge_that_the_node_has_to_a_marked_one_ranks_first(name, whole):
    graphs = node_graphs(HasMarkedNeighbour(), whole, range(SIZE), hops=3)
    explainer, asked = quick(name, HasMarkedNeighbour()).fit(graphs), graphs[1::5] + graphs[4::5]
    for graph, out in zip(asked[:6], explainer.explain_batch(asked[:6]), strict=True):
        assert out.target.tolist() == [1]
        marked = (graph.x[graph.edge_index][..., 0] > 0).any(0)
        reason = marked & graph.centre[graph.edge_index].any(0)
        others = ~marked if EXPLAINERS[name].learns else ~reason  # what is learnt is of all nodes' reasons
        assert out.edge_score[reason].min() > out.edge_score[others].max()
        assert out.centre.equal(graph.centre)


@pytest.mark.parametrize("name", sorted(FOR_GRAPHS))
def test_an_explainer_for_graphs_says_so(name, whole):
    graphs = node_graphs(HasMarkedNeighbour(), whole, range(8), hops=2)
    with pytest.raises(ValueError, match="predicts graphs"):
        quick(name, HasMarkedNeighbour()).fit(graphs)


def test_many_weighted_graphs_around_nodes_are_one_call_of_the_model(whole):
    graphs = pack(node_graphs(HasMarkedNeighbour(), whole, range(20), hops=1))
    weighted = EdgeWeighted(HasMarkedNeighbour())
    weighted(graphs, torch.ones(graphs.edge_index.size(1)))
    assert weighted.question.model.calls == 1


def test_a_graph_appended_to_a_donor_is_asked_about_its_own_node(whole):
    graphs = pack(node_graphs(HasMarkedNeighbour(), whole, [1, 12], hops=1))
    draws = torch.Generator().manual_seed(0)
    mixed = append(graphs, torch.ones(graphs.edge_index.size(1)), torch.tensor([1, 0]), 0.0, 0.0, draws)
    own, other = mixed.graphs.to_data_list()
    assert own.centre.tolist() == [False, True, False, False, False, False]
    assert other.centre.tolist() == [False, True, False, False, False, False]
    assert EdgeWeighted(HasMarkedNeighbour())(mixed.graphs, mixed.weight).argmax(1).tolist() == [1, 0]
