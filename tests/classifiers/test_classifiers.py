import copy
import inspect
import json

import pytest
import torch
from torch_geometric.data import Batch, Data
from torch_geometric.explain import ModelConfig

from hpme import classifiers
from hpme.classifiers import (
    CLASSIFIERS,
    GCN,
    GIN,
    GINE,
    available_classifiers,
    default_classifier,
    fitting,
    load_classifier_file,
    save_classifier,
    train_classifier,
)
from hpme.classifiers.registry import OF_NODES, create
from hpme.classifiers.weights import load_classifier_bytes
from hpme.datasets import DATASETS, EMBEDDED, load_built_in
from hpme.datasets.spec import Dataset
from hpme.forward.ask import graph_logits
from hpme.forward.question import Question, ask

LOWEST = dict.fromkeys(EMBEDDED, 0.99) | {
    "ba-shapes": 0.95,
    "ba-community": 0.9,
    "tree-cycles": 0.95,
    "tree-grid": 0.95,
    "benzene": 0.93,
    "fluoride-carbonyl": 0.93,
    "alkane-carbonyl": 0.89,
    "nitro-amine": 0.95,
    "ba-motif-volume": 0.9,  # from here on R²
    "ba-motif-counting": 0.97,
    "triangles": 0.84,
    "crippen-logp": 0.93,
    ("benzene", "gine"): 0.99,
    ("fluoride-carbonyl", "gine"): 0.99,
    ("alkane-carbonyl", "gine"): 0.985,
    ("nitro-amine", "gine"): 0.99,
    ("crippen-logp", "gine"): 0.99,
    ("ba-house-and-grid", "gcn-norm"): 0.98,
    ("alkane-carbonyl", "gcn-norm"): 0.85,
    ("ba-motif-volume", "gcn-norm"): 0.83,
}


@pytest.fixture(scope="module")
def small():
    data = load_built_in("ba-2motifs")
    return Dataset(data.spec, data.train[:160], data.val[:20], data.test[:20])


KINDS = [(arch, width) for width in (0, 3) for arch in fitting(width)]


def given(graph, width):
    """What a model is given of a graph whose edges may have features: each is that of its ends."""
    edge_attr = graph.x[graph.edge_index].sum(0)[:, :width]
    return {"x": graph.x, "edge_index": graph.edge_index} | ({"edge_attr": edge_attr} if width else {})


def asked(model, graph, width, batch):
    names = inspect.signature(model.forward).parameters
    return model(batch=batch, **{name: value for name, value in given(graph, width).items() if name in names})


@pytest.fixture
def uneven(small):
    """Graphs whose nodes are not all alike."""
    graphs = [graph.clone() for graph in small.test]
    for i, graph in enumerate(graphs):
        graph.x = torch.rand(25, 10, generator=torch.Generator().manual_seed(i))
    return graphs


@pytest.mark.parametrize(("arch", "width"), KINDS)
def test_a_batch_is_classified_like_its_graphs_one_by_one(arch, width, uneven):
    model = create(arch, 10, 2, width).eval()
    batch = Batch.from_data_list(uneven)
    together = asked(model, batch, width, batch.batch)
    zeros = torch.zeros(25, dtype=torch.long)
    alone = torch.cat([asked(model, graph, width, zeros) for graph in uneven])
    assert torch.allclose(together, alone, atol=1e-5)


@pytest.mark.parametrize(("arch", "width"), KINDS)
def test_renumbering_the_nodes_changes_nothing(arch, width, uneven):
    model, graph = create(arch, 10, 2, width).eval(), uneven[0]
    order = torch.randperm(25, generator=torch.Generator().manual_seed(1))
    other = Data(x=graph.x[order], edge_index=order.argsort()[graph.edge_index])
    zeros = torch.zeros(25, dtype=torch.long)
    expected = asked(model, graph, width, zeros)
    assert torch.allclose(asked(model, other, width, zeros), expected, atol=1e-5)


@pytest.mark.parametrize(("arch", "width"), KINDS)
def test_a_model_says_what_it_is_and_takes_the_same_names_for_embeddings(arch, width):
    for outputs, mode in ((1, "regression"), (3, "multiclass_classification")):
        model = create(arch, 10, outputs, width, hidden=4)
        config = ModelConfig(**model.model_config)
        assert config.mode.value == mode
        assert (config.task_level.value, config.return_type.value) == ("graph", "raw")
    forward, embed = (list(inspect.signature(f).parameters) for f in (model.forward, model.embed))
    assert forward == [*embed, "batch", "batch_size"]
    assert ("edge_attr" in forward) == (width > 0 and arch in ("gine", "gat"))


@pytest.mark.parametrize("arch", ["gine", "gat"])
def test_the_type_of_a_bond_counts(arch):
    torch.manual_seed(0)
    model = create(arch, 3, 2, 4).eval()
    x, edge_index = torch.eye(3), torch.tensor([[0, 1, 1, 2], [1, 0, 2, 1]])
    batch = torch.zeros(3, dtype=torch.long)
    logits = [model(x, edge_index, torch.eye(4)[[kind, kind, 0, 0]], batch) for kind in range(4)]
    assert len(torch.cat(logits).unique(dim=0)) == 4


@pytest.mark.parametrize("spec", DATASETS.values(), ids=lambda spec: spec.name)
def test_the_default_model_of_a_dataset_fits_it_and_has_weights(spec):
    assert spec.default_model == fitting(spec.num_edge_features, spec.of_nodes)[0]
    assert spec.download or spec.default_model == default_classifier(spec.name)


def test_a_model_of_edges_is_refused_where_they_have_no_features(small):
    assert fitting(0) == ["gin", "gcn-norm", "gcn", "gat"]
    assert set(fitting(4)) == {*CLASSIFIERS}
    with pytest.raises(ValueError, match=r"Expected graphs with 'edge_attr', which gine reads \(got none\)"):
        train_classifier(small, "gine", epochs=1)


def test_the_readout_is_maximum_and_mean_by_hand():
    model = GIN(1, 2, hidden=2)
    model.layers = torch.nn.ModuleList()  # embeddings are the features
    with torch.no_grad():
        model.linear.weight.copy_(torch.tensor([[1.0, 0, 0, 0], [0, 0, 1, 0]]))
        model.linear.bias.zero_()
    x = torch.tensor([[1.0, 0.0], [3.0, 0.0]])
    logits = model(x, torch.empty(2, 0, dtype=torch.long), torch.zeros(2, dtype=torch.long))
    assert logits.tolist() == [[3, 2]]


def test_a_regression_sums_its_nodes_and_answers_in_the_units_of_the_labels():
    model = GIN(2, 1, hidden=2)
    model.layers = torch.nn.ModuleList()  # embeddings are the features
    model.standardise(torch.tensor([1.0, 3.0, 5.0]))  # mean 3, standard deviation 2
    with torch.no_grad():
        model.linear.weight.copy_(torch.tensor([[1.0, -1.0]]))
        model.linear.bias.fill_(0.5)
    x, none = torch.tensor([[1.0, 0.0], [3.0, 2.0]]), torch.empty(2, 0, dtype=torch.long)
    # 2 × (1 + 3 - 0 - 2 + .5) + 3, and for a graph without nodes 2 × .5 + 3
    assert model(x, none, torch.zeros(2, dtype=torch.long), 2).tolist() == [[8], [4]]


def test_r2_is_one_less_the_error_over_the_spread(small):
    graphs = [Data(x=torch.ones(1, 1), edge_index=torch.empty(2, 0, dtype=torch.long)) for _ in range(2)]
    graphs[0].y, graphs[1].y = torch.tensor([1.0]), torch.tensor([3.0])

    class Always(torch.nn.Module):
        def forward(self, x, edge_index, batch):
            return torch.full((int(batch.max()) + 1, 1), 2.5)

    # Errors 1.5 and .5: mean square 1.25; variance of the labels 1.
    model = Question(Always(), model_config={"mode": "regression"})
    assert classifiers.r2(model, graphs) == pytest.approx(-0.25)
    assert classifiers.score(model, graphs) == classifiers.r2(model, graphs)


def test_rows_of_a_gcn_have_length_one_before_they_are_rectified():
    z = GCN(4, 2).embed(torch.rand(6, 4), torch.tensor([[0, 1], [1, 0]]))
    assert z.shape == (6, 20)
    assert z.min() >= 0
    assert z.norm(dim=1).max() <= 1 + 1e-6


@pytest.mark.parametrize("arch", OF_NODES)
def test_a_model_of_nodes_reads_out_every_layer_and_sees_as_far_as_it_has_layers(arch):
    torch.manual_seed(0)
    model = create(arch, 2, 3, of_nodes=True, hidden=4).eval()
    config = ModelConfig(**model.model_config)
    assert (config.mode.value, config.task_level.value) == ("multiclass_classification", "node")
    path = torch.tensor([[0, 1, 2, 3], [1, 2, 3, 4]])
    edges = torch.cat([path, path.flip(0)], dim=1)
    x = torch.rand(5, 2)
    assert model.embed(x, edges).shape == (5, 3 * 4)
    changed = model(x.index_fill(0, torch.tensor(4), 9), edges) - model(x, edges)
    moved = (changed.abs().amax(1) > 1e-6).tolist()
    assert not moved[0]
    assert all(moved[1:]) or (arch == "gat" and any(moved))  # its attention may pass a node by


def test_a_model_that_divides_by_degrees_predicts_no_nodes():
    with pytest.raises(
        ValueError, match=r"Expected a model of nodes \(got gcn-norm\); choose gcn or gin or gat"
    ):
        create("gcn-norm", 2, 3, of_nodes=True)


def test_training_on_nodes_learns_and_keeps_the_best_epoch_and_its_file_says_so(tmp_path):
    data, seen = load_built_in("tree-cycles"), []
    model, card = train_classifier(data, "gcn", epochs=60, progress=lambda *step: seen.append(step))
    assert len(seen) == 60
    assert card["of_nodes"]
    assert card["val_accuracy"] == max(info["val"] for _, _, info, _ in seen) > 0.7
    alone = [*data.test]
    assert (
        classifiers.accuracy(model, alone) == classifiers.accuracy(model, data.test) == card["test_accuracy"]
    )
    assert classifiers.predict(model, alone).allclose(classifiers.predict(model, data.test), atol=1e-5)
    save_classifier(model, card, tmp_path / "m.safetensors")
    loaded, facts = load_classifier_file(tmp_path / "m.safetensors")
    assert facts == card
    assert classifiers.predict(loaded, data.test).equal(classifiers.predict(model, data.test))
    assert load_classifier_bytes((tmp_path / "m.safetensors").read_bytes(), data)[1]["arch"] == "gcn"
    graphs = load_built_in("ba-2motifs")
    with pytest.raises(ValueError, match="Expected weights for the classes"):
        load_classifier_bytes((tmp_path / "m.safetensors").read_bytes(), graphs)


def test_training_learns_and_repeats_itself():
    data = load_built_in("benzene")
    small = Dataset(data.spec, data.train[:400], data.val[:50], data.test[:50])
    seen = []
    model, card = train_classifier(small, "gin", epochs=12, progress=lambda *step: seen.append(step))
    assert [step[:2] for step in seen] == [(i + 1, 12) for i in range(12)]
    assert card["train_accuracy"] > 0.8
    assert card["test_accuracy"] == classifiers.accuracy(model, small.test)
    assert not model.training
    assert not any(p.requires_grad for p in model.parameters())
    again, _ = train_classifier(small, "gin", epochs=12)
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), again.parameters(), strict=True))


def test_an_unknown_model_is_refused(small):
    with pytest.raises(KeyError, match="gat, gcn, gcn-norm, gin, gine"):
        train_classifier(small, "transformer")


@pytest.mark.parametrize(
    ("name", "arch"), [(name, arch) for name in EMBEDDED for arch in available_classifiers(name)]
)
def test_shipped_weights_reach_what_their_card_says(name, arch):
    data = load_built_in(name)
    model, card = classifiers.load_classifier(name, arch), classifiers.classifier_card(data, arch)
    stated = card["test_r2" if data.spec.regression else "test_accuracy"]
    assert classifiers.score(model, data.test) == pytest.approx(stated, abs=0.002)
    assert card["classes"] == list(data.spec.classes)
    assert stated >= LOWEST.get((name, arch), LOWEST[name])


def test_saving_and_loading_gives_the_same_model(tmp_path, small):
    model = GIN(10, 2).eval()
    card = {"arch": "gin", "num_features": 10, "classes": ["a", "b"]}
    save_classifier(model, card, tmp_path / "new" / "m.safetensors")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["m.safetensors"]  # no half-written rest
    loaded, facts = load_classifier_file(tmp_path / "new" / "m.safetensors")
    assert facts == card
    assert torch.equal(
        classifiers.predict(loaded, small.test), classifiers.predict(copy.deepcopy(model), small.test)
    )


def test_a_damaged_file_is_refused_in_one_sentence(tmp_path):
    path = tmp_path / "m.safetensors"
    path.write_bytes(b"\x08\x00\x00\x00\x00\x00\x00\x00" + json.dumps({}).encode())
    with pytest.raises(ValueError, match="written by 'hpme train'"):
        load_classifier_file(path)


def test_missing_weights_say_how_to_make_them():
    with pytest.raises(KeyError, match="run hpme train mutag --model gin"):
        classifiers.load_classifier("mutag", "gin")
    with pytest.raises(KeyError, match=r"a trained model of mutag \(got none\); run hpme train mutag"):
        classifiers.load_classifier("mutag")


def test_weights_of_a_downloaded_dataset_load_without_its_graphs(tmp_path, monkeypatch):
    monkeypatch.setenv("PYG_HOME", str(tmp_path))
    assert available_classifiers("mutagenicity") == ["gcn-norm"]
    molecule = torch.eye(14)[[0, 4, 1, 1]], torch.tensor([[0, 1, 1, 1, 2, 3], [1, 0, 2, 3, 1, 1]])
    out = classifiers.load_classifier("mutagenicity")(*molecule, torch.zeros(4, dtype=torch.long))
    assert out.softmax(1)[0, 0] > 0.5  # C-NO2 is called mutagenic
    assert not list(tmp_path.iterdir())


def test_a_dataset_whose_model_is_not_named_has_its_default():
    assert type(classifiers.load_classifier("benzene")) is GINE
    assert type(classifiers.load_classifier("ba-2motifs")) is GIN


@pytest.mark.parametrize("arch", CLASSIFIERS)
def test_whole_numbers_as_features_are_taken_as_floats(arch):
    torch.manual_seed(0)
    model = create(arch, 3, 2, num_edge_features=2).eval()
    x, edge_index = torch.tensor([[1, 0, 2], [0, 1, 0]]), torch.tensor([[0, 1], [1, 0]])
    graphs = [Data(x=values, edge_index=edge_index, edge_attr=torch.eye(2)) for values in (x, x.float())]
    outputs = [graph_logits(model, ask(model).pack([graph])) for graph in graphs]
    assert torch.equal(*outputs)
