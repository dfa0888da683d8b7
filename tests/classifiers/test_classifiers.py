import copy
import json

import pytest
import torch
from torch_geometric.data import Batch, Data

from hpme import classifiers
from hpme.classifiers import CLASSIFIERS, GCN, GIN, load_classifier_file, save_classifier, train_classifier
from hpme.datasets import DATASETS, load_dataset
from hpme.datasets.spec import Dataset

LOWEST = dict.fromkeys(DATASETS, 0.99) | {
    "benzene": 0.93,
    "fluoride-carbonyl": 0.93,
    "alkane-carbonyl": 0.89,
    "nitro-amine": 0.95,
}


@pytest.fixture(scope="module")
def small():
    data = load_dataset("ba-2motifs")
    return Dataset(data.spec, data.train[:160], data.val[:20], data.test[:20])


@pytest.mark.parametrize("arch", CLASSIFIERS)
def test_a_batch_is_classified_like_its_graphs_one_by_one(arch, small):
    model = CLASSIFIERS[arch](10, 2).eval()
    batch = Batch.from_data_list(small.test)
    together = model(batch.x, batch.edge_index, batch.batch)
    zeros = torch.zeros(25, dtype=torch.long)
    alone = torch.cat([model(graph.x, graph.edge_index, zeros) for graph in small.test])
    assert torch.allclose(together, alone, atol=1e-5)


@pytest.mark.parametrize("arch", CLASSIFIERS)
def test_renumbering_the_nodes_changes_nothing(arch, small):
    model, graph = CLASSIFIERS[arch](10, 2).eval(), small.test[0].clone()
    graph.x = torch.rand(25, 10, generator=torch.Generator().manual_seed(0))
    order = torch.randperm(25, generator=torch.Generator().manual_seed(1))
    other = Data(x=graph.x[order], edge_index=order.argsort()[graph.edge_index])
    zeros = torch.zeros(25, dtype=torch.long)
    expected = model(graph.x, graph.edge_index, zeros)
    assert torch.allclose(model(other.x, other.edge_index, zeros), expected, atol=1e-5)


def test_the_readout_is_maximum_and_mean_by_hand():
    model = GIN(1, 2, hidden=2)
    model.layers = torch.nn.ModuleList()  # embeddings are the features
    with torch.no_grad():
        model.linear.weight.copy_(torch.tensor([[1.0, 0, 0, 0], [0, 0, 1, 0]]))
        model.linear.bias.zero_()
    x = torch.tensor([[1.0, 0.0], [3.0, 0.0]])
    logits = model(x, torch.empty(2, 0, dtype=torch.long), torch.zeros(2, dtype=torch.long))
    assert logits.tolist() == [[3, 2]]


def test_rows_of_a_gcn_have_length_one_before_they_are_rectified():
    z = GCN(4, 2).embed(torch.rand(6, 4), torch.tensor([[0, 1], [1, 0]]))
    assert z.shape == (6, 20)
    assert z.min() >= 0
    assert z.norm(dim=1).max() <= 1 + 1e-6


def test_training_learns_and_repeats_itself():
    data = load_dataset("benzene")
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
    with pytest.raises(KeyError, match="gcn, gin"):
        train_classifier(small, "transformer")


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("arch", CLASSIFIERS)
def test_shipped_weights_reach_what_their_card_says(name, arch):
    data = load_dataset(name)
    model, card = classifiers.load_classifier(name, arch), classifiers.classifier_card(name, arch)
    assert classifiers.accuracy(model, data.test) == pytest.approx(card["test_accuracy"], abs=0.002)
    assert card["classes"] == list(data.spec.classes)
    assert card["test_accuracy"] >= LOWEST[name]


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
