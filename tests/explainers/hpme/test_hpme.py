import json
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch_geometric.data import Batch, Data, HeteroData
from torch_geometric.nn import GATConv, global_add_pool

from hpme import HPME, HPMEConfig, load_classifier, load_dataset
from hpme.classifiers import CLASSIFIERS, available_classifiers
from hpme.datasets import EMBEDDED
from hpme.explainers import NotFittedError
from hpme.explainers.hpme import fitting
from hpme.explainers.hpme.store import SHIPPED, available_explainers, explainer_path
from hpme.forward.fingerprint import fingerprint
from hpme.home import PACKAGE
from hpme.method.capacity import EVERYTHING, content_bits
from hpme.metrics import edge_auc

QUICK = HPMEConfig(rounds=1, min_steps=30, checkpoints=6, batch_size=32, seed=2)


@pytest.fixture(scope="module")
def data():
    return load_dataset("ba-2motifs")


@pytest.fixture(scope="module")
def model():
    return load_classifier("ba-2motifs", "gin")


@pytest.fixture(scope="module")
def quick(model, data):
    return HPME(model, QUICK).fit(data.train[:160])


class Marked(nn.Module):
    """Log-odds of class 1 are 8 if a graph has a node of type 1, else -8: that node is the whole truth."""

    def embed(self, x, edge_index):
        return x

    def forward(self, x, edge_index, batch):
        margin = 16 * global_add_pool(x[:, 1], batch).clamp(max=1) - 8
        return torch.stack([torch.zeros_like(margin), margin], dim=1)


def marked_graphs(count: int) -> list[Data]:
    """Rings of six nodes of types 0 and 2; every second one has node 4 turned into type 1."""
    draws = torch.Generator().manual_seed(0)
    ring = torch.tensor([[i, (i + 1) % 6] for i in range(6)]).t()
    graphs = []
    for i in range(count):
        types = 2 * torch.randint(2, (6,), generator=draws)
        if i % 2:
            types[4] = 1
        edge_index = torch.cat([ring, ring.flip(0)], dim=1)
        graphs.append(Data(x=nn.functional.one_hot(types, 3).float(), edge_index=edge_index))
    return graphs


def test_finds_the_one_node_that_carries_the_class():
    graphs = marked_graphs(120)
    config = HPMEConfig(min_steps=240, rounds=1, batch_size=40, checkpoints=24)
    explainer = HPME(Marked().eval(), config).fit(graphs)
    for out in explainer.explain_batch(graphs[1::2][:20]):
        assert out.node_mask.squeeze(1).nonzero().flatten().tolist() == [4]
        assert out.target.tolist() == [1]
        assert out.capacity_bits == pytest.approx(content_bits(1, 3))


def test_the_same_seed_gives_the_same_explainer_and_another_seed_another(quick, model, data):
    again = HPME(model, QUICK).fit(data.train[:160])
    assert again.path == quick.path
    other = HPME(model, replace(QUICK, seed=1)).fit(data.train[:160])
    scores = [e.explain(data.test[0]).node_score for e in (quick, again, other)]
    assert torch.equal(scores[0], scores[1])
    assert not torch.equal(scores[0], scores[2])


def test_an_explanation_ranks_all_and_keeps_the_induced_subgraph(quick, data):
    graph = data.test[0]
    out = quick.explain(graph)
    keep = out.node_mask.squeeze(1) > 0
    assert torch.equal(keep, out.node_score > 0.5)
    assert torch.equal(out.edge_mask > 0, keep[graph.edge_index].all(0))
    assert torch.equal(out.edge_score, out.node_score[graph.edge_index].amin(0))
    assert out.validate()


def test_a_batch_is_explained_like_its_graphs_one_by_one(quick, data):
    for graph, out in zip(data.test[:5], quick.explain_batch(data.test[:5]), strict=True):
        assert torch.allclose(quick.explain(graph).node_score, out.node_score, atol=1e-5)
    assert quick.explain_batch([]) == []


def test_renumbering_the_nodes_renumbers_the_mask(quick, data):
    graph = data.test[0]
    order = torch.randperm(25, generator=torch.Generator().manual_seed(0))
    other = Data(x=graph.x[order], edge_index=order.argsort()[graph.edge_index])
    expected = quick.explain(graph).node_score[order]
    assert torch.allclose(quick.explain(other).node_score, expected, atol=1e-5)


def test_a_checkpoint_shows_another_size_and_the_path_rises_in_price(quick, data):
    prices = [point.price for point in quick.path]
    assert prices == sorted(prices)
    end = len(prices) - 1
    first, last = (quick.explain(data.test[0], checkpoint=i).node_score for i in (0, end))
    assert not torch.equal(first, last)
    with pytest.raises(ValueError, match=rf"\[0, {end}\] \(got {end + 1}\)"):
        quick.explain(data.test[0], checkpoint=end + 1)


def test_a_path_that_says_enough_is_walked_once(model, data, monkeypatch):
    monkeypatch.setattr(fitting, "SILENT", 1.0)  # even one point says enough
    seen = []
    explainer = HPME(model, QUICK).fit(data.train[:160], progress=lambda *step: seen.append(step))
    assert [(step, steps) for step, steps, _ in seen] == [(i, 30) for i in range(1, 31)]
    assert [point.price for point in explainer.path] == [info["price"] for *_, info in seen[4::5]]
    assert explainer.path[-1].price == pytest.approx(2)


def test_a_path_that_says_too_little_is_walked_again_from_where_it_left_the_whole_graph(model, data):
    seen = []
    explainer = HPME(model, QUICK).fit(data.train[:160], progress=lambda *step: seen.append(step))
    first = [info for step, _, info in seen[4:30:5]]  # six points in thirty steps are walked in haste
    last = max(i for i, point in enumerate(first) if point["share"] > EVERYTHING)
    assert [(step, steps) for step, steps, _ in seen[30:]] == [(i, 60) for i in range(31, 61)]
    assert len(explainer.path) == 7
    assert explainer.path[0].price == first[last]["price"]
    assert explainer.path[1].price > first[last + 1]["price"]


def test_mixing_uses_both_hard_subgraphs(quick, data):
    graph, donor = data.test[:2]
    keeps = [quick.explain(g).node_mask.squeeze(1) > 0 for g in (graph, donor)]
    mixed = quick.mix(graph, donor)
    assert mixed.node_id[mixed.node_origin == 0].tolist() == keeps[0].nonzero().flatten().tolist()
    assert mixed.node_id[mixed.node_origin == 1].tolist() == (~keeps[1]).nonzero().flatten().tolist()
    assert torch.equal(mixed.edge_index, quick.mix(graph, donor).edge_index)


def test_the_classifier_is_unchanged_by_fitting_explaining_and_failing(model, data):
    before = fingerprint(model)
    explainer = HPME(model, QUICK).fit(data.train[:40])
    with pytest.raises(ValueError, match="edge ends"):
        explainer.explain(Data(x=data.test[0].x, edge_index=torch.tensor([[0], [99]])))
    assert fingerprint(model) == before
    assert not model.training
    assert not any(module._forward_hooks for module in model.modules())


def test_a_foreign_classifier_needs_neither_embed_nor_gradients(data):
    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.out = GATConv(10, 8), nn.Linear(8, 2)

        @torch.no_grad()
        def forward(self, x, edge_index, batch):
            return self.out(global_add_pool(self.conv(x, edge_index), batch))

    out = HPME(Attention(), QUICK).fit(data.train[:64]).explain(data.test[0])
    assert out.node_score.shape == (25,)


def test_only_the_predicted_class_can_be_explained(quick, data):
    predicted = int(quick.explain(data.test[0]).target)
    assert int(quick.explain(data.test[0], target=predicted).target) == predicted
    with pytest.raises(ValueError, match="predicted class"):
        quick.explain(data.test[0], target=1 - predicted)


def test_an_unfitted_explainer_says_so(model, data, tmp_path):
    for call in (lambda e: e.explain(data.test[0]), lambda e: e.save(tmp_path / "e"), lambda e: e.chosen):
        with pytest.raises(NotFittedError, match="call fit"):
            call(HPME(model))


def test_too_few_or_unlike_graphs_are_refused(model, data):
    with pytest.raises(ValueError, match="at least 4 graphs"):
        HPME(model).fit(data.train[:3])
    odd = Data(x=torch.zeros(2, 3), edge_index=torch.zeros(2, 0, dtype=torch.long))
    with pytest.raises(ValueError, match=r"one width.*\[2, 3\]"):
        HPME(model).fit([*data.train[:5], odd])


@pytest.mark.parametrize("setting", [{"samples": 1}, {"price_low": 3.0}, {"dilation": -0.1}, {"seed": -1}])
def test_settings_out_of_range_are_refused(setting):
    with pytest.raises(ValueError, match=next(iter(setting))):
        HPMEConfig(**setting)


def test_saving_and_loading_gives_the_same_explanations(quick, model, data, tmp_path):
    quick.save(tmp_path / "e.safetensors")
    loaded = HPME.load_file(tmp_path / "e.safetensors", model)
    assert (loaded.config, loaded.path) == (quick.config, quick.path)
    assert (loaded.plateau, loaded.sizes) == (quick.plateau, quick.sizes)
    for point in (None, *range(len(quick.path))):
        pairs = zip(
            loaded.explain_batch(data.test, point), quick.explain_batch(data.test, point), strict=True
        )
        for out, before in pairs:
            assert torch.equal(out.node_mask, before.node_mask)
            assert torch.allclose(out.node_score, before.node_score, rtol=0, atol=0.003)
    weights = [tensor for scorer in loaded.scorers for tensor in scorer.state_dict().values()]
    assert {tensor.dtype for tensor in weights} == {torch.float32}


def test_each_of_core_default_and_all_is_a_part_of_the_next(data):
    explainer = HPME.load("ba-2motifs")
    found = [explainer.explain_batch(data.test, size=size) for size in ("core", None, "all")]
    nodes = [sum(int(out.node_mask.sum()) for out in outs) for outs in found]
    assert nodes[0] < nodes[1] < nodes[2]
    for outs in zip(*found, strict=True):
        for small, large in pairwise(outs):
            assert (small.node_mask <= large.node_mask).all()
            assert (small.node_score <= large.node_score).all()
            assert small.capacity_bits <= large.capacity_bits


def test_the_core_of_a_cycle_is_a_part_of_it_and_all_that_counts_has_the_whole(data):
    explainer, graph = HPME.load("ba-2motifs"), next(graph for graph in data.test if not int(graph.y))
    masks = [explainer.explain(graph, size=size).node_mask.squeeze(1).bool() for size in ("core", "all")]
    assert int(masks[0].sum()) < int(graph.node_gt.sum()) == 5
    assert bool((masks[0] <= graph.node_gt).all())
    assert bool((masks[1] >= graph.node_gt).all())


def test_a_size_that_is_unknown_or_beside_a_checkpoint_is_refused(quick, data):
    with pytest.raises(ValueError, match=r"one of core, all as size \(got 'half'\)"):
        quick.explain(data.test[0], size="half")
    with pytest.raises(ValueError, match="leave one out"):
        quick.explain(data.test[0], checkpoint=0, size="core")


def test_a_file_of_before_0_2_0_has_a_default_but_no_named_sizes(quick, model, data, tmp_path):
    quick.save(tmp_path / "e.safetensors")
    with safe_open(tmp_path / "e.safetensors", "pt") as file:
        facts = json.loads(file.metadata()["hpme"])
    del facts["sizes"]
    for point in facts["path"]:
        del point["swing"]
    save_file(
        load_file(tmp_path / "e.safetensors"), tmp_path / "old.safetensors", {"hpme": json.dumps(facts)}
    )
    loaded = HPME.load_file(tmp_path / "old.safetensors", model)
    assert torch.equal(loaded.explain(data.test[0]).node_mask, quick.explain(data.test[0]).node_mask)
    with pytest.raises(ValueError, match=r"of before 0\.2\.0, and 'core'\); fit the explainer again"):
        loaded.explain(data.test[0], size="core")


def test_a_file_of_before_0_1_0_with_all_weights_in_full_is_read(quick, model, data, tmp_path):
    quick.save(tmp_path / "e.safetensors")
    with safe_open(tmp_path / "e.safetensors", "pt") as file:
        metadata = file.metadata()
    states = [scorer.state_dict() for scorer in quick.scorers]
    full = {name: torch.stack([state[name] for state in states]) for name in states[0]}
    full |= {name: full[name][:1].clone() for name in ("mean", "spread")}
    save_file(full, tmp_path / "old.safetensors", metadata)
    loaded = HPME.load_file(tmp_path / "old.safetensors", model)
    assert torch.equal(loaded.explain(data.test[0]).node_score, quick.explain(data.test[0]).node_score)


def test_a_file_that_lacks_the_scales_of_its_steps_is_refused(quick, model, tmp_path):
    quick.save(tmp_path / "e.safetensors")
    with safe_open(tmp_path / "e.safetensors", "pt") as file:
        metadata = file.metadata()
    tensors = load_file(tmp_path / "e.safetensors")
    del tensors["network.0.weight.scales"]
    save_file(tensors, tmp_path / "e.safetensors", metadata)
    with pytest.raises(ValueError, match="written by 'hpme fit'"):
        HPME.load_file(tmp_path / "e.safetensors", model)


def test_weights_explainers_and_results_take_little_room():
    folders = SHIPPED, PACKAGE / "classifiers" / "shipped", PACKAGE / "benchmark" / "results"
    assert sum(path.stat().st_size for folder in folders for path in folder.iterdir()) <= 21e6


def test_an_explainer_of_another_classifier_or_a_damaged_one_is_refused(quick, data, tmp_path):
    quick.save(tmp_path / "e.safetensors")
    with pytest.raises(ValueError, match="fitted to"):
        HPME.load_file(tmp_path / "e.safetensors", load_classifier("ba-2motifs", "gcn"))
    (tmp_path / "broken").write_bytes((tmp_path / "e.safetensors").read_bytes()[:100])
    with pytest.raises(ValueError, match="written by 'hpme fit'"):
        HPME.load_file(tmp_path / "broken", quick.question.model)


@pytest.mark.parametrize(
    ("name", "arch"), [(name, arch) for name in EMBEDDED for arch in available_classifiers(name)]
)
def test_every_dataset_has_an_explainer_of_each_classifier(name, arch):
    assert 0 in available_explainers(name, arch)


def test_an_explainer_whose_model_is_not_named_is_that_of_the_default_model():
    assert fingerprint(HPME.load("benzene").question) == fingerprint(load_classifier("benzene", "gine"))
    assert fingerprint(HPME.load("ba-2motifs").question) == fingerprint(load_classifier("ba-2motifs", "gin"))


def test_seeds_are_those_of_the_files_of_one_dataset_and_model():
    assert available_explainers("ba-2motifs", "gin") == [0, 1, 2, 3, 4]
    assert available_explainers("ba", "gin") == []


@pytest.mark.parametrize(
    ("name", "arch", "seed"),
    [(name, arch, s) for name in EMBEDDED for arch in CLASSIFIERS for s in available_explainers(name, arch)],
)
def test_a_shipped_explainer_keeps_neither_all_nor_nothing(name, arch, seed):
    explainer = HPME.load(name, arch, seed)
    share = explainer.path[explainer.chosen].share
    assert 0.05 < share < 0.8 or name == "crippen-logp"  # each atom adds its part: nothing can be left out
    assert explainer.config == HPMEConfig(seed=seed)  # one configuration for all


def test_a_missing_explainer_says_how_to_fit_it():
    assert not explainer_path("ba-2motifs", "gin", 99).exists()
    with pytest.raises(KeyError, match="run hpme fit ba-2motifs --model gin --seed 99"):
        HPME.load("ba-2motifs", "gin", 99)


@pytest.mark.parametrize("place", ["graph", "donor"])
def test_what_is_no_single_graph_is_not_mixed(quick, data, place):
    graph, other = data.test[:2]
    batch = Batch.from_data_list(data.test[:3])
    for odd, words in ((batch, "Batch of 3"), (HeteroData(), "HeteroData"), (None, "None")):
        pair = (odd, other) if place == "graph" else (graph, odd)
        with pytest.raises(ValueError, match=rf"^Expected .*{words}"):
            quick.mix(*pair)


def test_nodes_that_are_all_left_out_are_ranked_by_how_long_they_stay():
    explainer = HPME.load("ba-2motifs", "gcn-norm")
    houses = [graph for graph in load_dataset("ba-2motifs").test if graph.y == 1]
    outs = explainer.explain_batch(houses)
    assert not any(out.node_mask.any() for out in outs)  # without a cycle a house is predicted in any case
    scores = [edge_auc(graph, out.edge_score) or 0.0 for graph, out in zip(houses, outs, strict=True)]
    assert sum(scores) / len(scores) > 0.9
