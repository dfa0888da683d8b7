"""Everything runs where the model is, and answers where the graphs are; see `second_device`."""

import copy
from dataclasses import replace

import pytest
import torch
import torch_geometric.nn as g
from second_device import HERE, THERE, second_device
from torch import nn
from torch_geometric.data import Data
from torch_geometric.explain import GNNExplainer
from torch_geometric.utils import to_undirected

from hpme import HPME
from hpme.explainers import EXPLAINERS, FromPyG
from hpme.explainers.edge_masks.soft_mix import soft_mix, weighted_logits
from hpme.explainers.sizes import hard_mask
from hpme.metrics import evaluate


class Weighing(nn.Module):
    """Layers that take weights, attention and sums of messages."""

    def __init__(self) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            self.layers = nn.ModuleList([g.GCNConv(4, 8), g.GATConv(8, 8), g.GINConv(nn.Linear(8, 8))])
            self.linear = nn.Linear(16, 2)

    def forward(self, x, edge_index, batch):
        for layer in self.layers:
            x = layer(x, edge_index).tanh()
        return self.linear(torch.cat([g.global_add_pool(x, batch), g.global_max_pool(x, batch)], dim=1))


def tree(number: int) -> Data:
    draws = torch.Generator().manual_seed(number)
    size = 5 + number % 4
    up = torch.tensor([[int(torch.randint(i, (1,), generator=draws)), i] for i in range(1, size)]).t()
    x = torch.eye(4)[torch.randint(4, (size,), generator=draws)]
    return Data(x=x, edge_index=to_undirected(up), graph_id=number)


TREES = [tree(number) for number in range(12)]


def quick(name: str, model: nn.Module):
    explainer = EXPLAINERS[name].build(model, 0)
    if name == "hpme":
        explainer.config = replace(explainer.config, rounds=1, min_steps=4, checkpoints=2, samples=2, draws=2)
    elif EXPLAINERS[name].learns and EXPLAINERS[name].hard:
        explainer.config = replace(explainer.config, steps=4, checkpoints=2, draws=2)
    elif EXPLAINERS[name].learns:
        short = {"trial_steps": 0, "grid": explainer.config.grid[:2]}
        explainer.config = replace(explainer.config, steps=3, **short)
    elif name == "gnnexplainer":
        explainer.config = replace(explainer.config, epochs=3)
    elif name == "subgraphx":
        explainer.config = replace(explainer.config, rollouts=2, samples=2)
    return explainer


def moved(graphs: list[Data], device: torch.device) -> list[Data]:
    return [graph.clone().to(device) for graph in graphs]


@pytest.mark.parametrize("name", EXPLAINERS)
@pytest.mark.parametrize("place", [HERE, THERE], ids=["graphs here", "graphs there"])
def test_every_explainer_runs_where_the_model_is_and_draws_the_same(name, place):
    model = Weighing().eval()
    expected = quick(name, model).fit(TREES[:6]).explain_batch(TREES[:3])
    with second_device():
        graphs = moved(TREES[:6], place)
        explainer = quick(name, copy.deepcopy(model).to(THERE)).fit(graphs)
        outs, single = explainer.explain_batch(graphs[:3]), explainer.explain(graphs[0])
    for out, own in zip([*outs, single], [*expected, expected[0]], strict=True):
        for key in ("x", "edge_index", "node_mask", "edge_mask", "node_score", "edge_score", "target"):
            assert out[key].device == place, key
            assert torch.allclose(out[key].cpu(), own[key], atol=1e-5), key


@pytest.mark.parametrize("place", [HERE, THERE], ids=["graphs here", "graphs there"])
def test_mixed_graphs_are_made_where_the_graphs_are(place):
    model = Weighing().eval()
    expected = quick("hpme", model).fit(TREES).mix(TREES[0], TREES[1])
    with second_device():
        graphs = moved(TREES, place)
        mixed = quick("hpme", copy.deepcopy(model).to(THERE)).fit(graphs).mix(graphs[0], graphs[1])
    for key in ("x", "edge_index", "node_origin", "edge_origin"):
        assert mixed[key].device == place, key
        assert torch.equal(mixed[key].cpu(), expected[key]), key


@pytest.mark.parametrize("name", ["mixupexplainer", "regexplainer"])
def test_weighted_mixed_graphs_are_made_where_the_model_is(name):
    model = Weighing().eval()
    expected = quick(name, model).fit(TREES).mix_embeddings(TREES[:3], TREES[3:6])
    with second_device():
        there = quick(name, copy.deepcopy(model).to(THERE)).fit(TREES)
        found = there.mix_embeddings(TREES[:3], TREES[3:6]).cpu()
    assert torch.allclose(found, expected, atol=1e-5)


def with_truth(graphs: list[Data]) -> list[Data]:
    for graph in graphs:
        graph.node_gt = torch.arange(graph.num_nodes, device=graph.edge_index.device) < 3
        graph.edge_gt = graph.node_gt[graph.edge_index].all(0)
    return graphs


def measured(model: nn.Module, graphs: list[Data]) -> dict[str, float | None]:
    outs = quick("degree", model).explain_batch(graphs)
    row = evaluate(model, graphs, outs, [hard_mask(out, 3) for out in outs])
    each = row.pop("by_graph")
    return row | {f"{name} {i}": value for name in each for i, value in enumerate(each[name])}


@pytest.mark.parametrize("place", [HERE, THERE], ids=["graphs here", "graphs there"])
def test_every_metric_is_measured_where_the_model_is(place):
    model, graphs = Weighing().eval(), with_truth(moved(TREES, HERE))
    expected = measured(model, graphs)
    with second_device():
        there, away = copy.deepcopy(model).to(THERE), with_truth(moved(TREES, place))
        found = measured(there, away)
    assert found == pytest.approx(expected, abs=1e-5, nan_ok=True)


def test_the_second_device_refuses_what_a_gpu_refuses():
    with second_device():
        away, generator = torch.ones(3, device=THERE), torch.Generator()
        assert (2 * away + torch.tensor(1)).tolist() == [3, 3, 3]
        assert away[torch.tensor([0])].device == THERE
        for wrong in (
            lambda: away + torch.ones(3),
            lambda: torch.ones(3)[away.long()],
            lambda: torch.rand(3, generator=generator, device=THERE),
        ):
            with pytest.raises(RuntimeError, match="there"):
                wrong()


def test_a_fit_there_is_saved_and_loaded_for_a_model_here(tmp_path):
    model = Weighing().eval()
    quick("hpme", model).fit(TREES).save(tmp_path / "here.safetensors")
    with second_device():
        quick("hpme", copy.deepcopy(model).to(THERE)).fit(TREES).save(tmp_path / "there.safetensors")
        away = HPME.load_file(tmp_path / "here.safetensors", copy.deepcopy(model).to(THERE)).explain(TREES[0])
    here, there = (HPME.load_file(tmp_path / f"{place}.safetensors", model) for place in ("here", "there"))
    expected = here.explain(TREES[0]).node_score
    assert torch.allclose(there.explain(TREES[0]).node_score, expected, atol=1e-5)
    assert torch.allclose(away.node_score, expected, atol=1e-5)


@pytest.mark.parametrize("place", [HERE, THERE], ids=["graph here", "graph there"])
def test_pygs_algorithms_run_where_the_model_is(place):
    model = Weighing().eval()
    expected = FromPyG(GNNExplainer(epochs=3), model).explain(TREES[0])
    with second_device():
        there, graph = copy.deepcopy(model).to(THERE), moved(TREES[:1], place)[0]
        out = FromPyG(GNNExplainer(epochs=3), there).explain(graph)
    assert out.edge_score.device == place
    assert torch.allclose(out.edge_score.cpu(), expected.edge_score, atol=1e-5)


def test_weighted_logits_of_a_soft_mix_are_asked_where_the_model_is():
    model, (graph, donor) = Weighing().eval(), TREES[:2]
    masks = [torch.linspace(0, 1, each.edge_index.size(1)) for each in (graph, donor)]
    expected = weighted_logits(model, soft_mix(graph, donor, *masks))
    with second_device():
        away = [each.to(THERE) for each in (graph.clone(), donor.clone(), *masks)]
        found = weighted_logits(copy.deepcopy(model).to(THERE), soft_mix(*away))
    assert torch.allclose(found.cpu(), expected, atol=1e-5)
