import pytest
import torch

from hpme import HPME, HPMEConfig, load_classifier, load_dataset
from hpme.datasets.motifs import CYCLE, GRID, HOUSE, tree_with

QUICK = HPMEConfig(rounds=1, min_steps=600, batch_size=64, checkpoints=10, draws=2)
SIZES = (5, 5, 9)  # nodes of the motifs, in the order of their classes; they follow a tree of 20


@pytest.fixture(scope="module")
def data():
    return load_dataset("ba-3motifs")


@pytest.fixture(scope="module")
def model():
    return load_classifier("ba-3motifs", "gin")


@pytest.fixture(scope="module")
def triples():
    """Graphs that have a motif of each of the three classes."""
    return [tree_with([CYCLE, HOUSE, GRID], 0, (1, i)) for i in range(20)]


@pytest.fixture(scope="module", params=range(3))
def fitted(request, data, model):
    return HPME(model, QUICK).fit(data.train[:400], target=request.param)


def test_it_finds_the_motif_of_the_class_it_is_asked_about_in_graphs_with_all_three(fitted, triples):
    outs = fitted.explain_batch(triples)
    score = torch.stack([out.node_score for out in outs]).mean(0)
    places = dict(enumerate(score[20:].split(SIZES)))
    own = places.pop(fitted.target).mean()
    assert own > 0.5
    assert all(own > other.mean() + 0.2 for other in [*places.values(), score[:20]])
    assert {int(out.target) for out in outs} == {fitted.target}


def test_another_class_than_it_was_fitted_for_is_refused(fitted, triples):
    other = (fitted.target + 1) % 3
    with pytest.raises(ValueError, match=rf"^Expected the class {fitted.target} that this HPME was fitted"):
        fitted.explain(triples[0], target=other)
    assert int(fitted.explain(triples[0], target=fitted.target).target) == fitted.target


def test_the_class_is_saved_with_it(fitted, triples, model, tmp_path):
    fitted.save(tmp_path / "e.safetensors")
    again = HPME.load_file(tmp_path / "e.safetensors", model)
    assert again.target == fitted.target
    assert int(again.explain(triples[0]).target) == fitted.target


def test_a_class_that_is_hardly_predicted_or_does_not_exist_is_refused(data, model):
    cycles = [graph for graph in data.train if int(graph.y) == 0][:20]
    with pytest.raises(ValueError, match=r"^Expected at least 4 graphs that the model predicts as class 2"):
        HPME(model, QUICK).fit(cycles, target=2)
    with pytest.raises(ValueError, match=r"^Expected target in \[0, 2\] \(got 3\)"):
        HPME(model, QUICK).fit(cycles, target=3)
