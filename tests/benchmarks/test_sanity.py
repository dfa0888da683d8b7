import json

import pytest
import torch

from benchmarks import sanity
from hpme import load_classifier, load_dataset


@pytest.mark.parametrize(("dataset", "arch", "count"), [("ba-2motifs", "gin", 4), ("benzene", "gine", 5)])
def test_layers_are_drawn_anew_from_the_last_to_the_first(dataset, arch, count):
    model = load_classifier(dataset, arch)
    trained = model.state_dict()
    assert len(sanity.stages(model)) == count
    for depth in range(count + 1):
        drawn = sanity.randomised(model, depth, seed=0)
        changed = {name for name, value in drawn.state_dict().items() if not value.equal(trained[name])}
        heads = {name.split(".")[0] + "." * ("layers" in name) + name.split(".")[1] * ("layers" in name)
                 for name in changed}  # fmt: skip
        order = ["linear", "layers.2", "layers.1", "layers.0", "lift"]
        assert heads == set(order[:depth])


def test_a_drawn_classifier_is_the_same_for_a_seed_and_leaves_the_global_generator_alone():
    model, state = load_classifier("ba-2motifs"), torch.get_rng_state()
    one, two = (sanity.randomised(model, 4, seed=3).state_dict() for _ in range(2))
    assert all(value.equal(two[name]) for name, value in one.items())
    assert torch.equal(torch.get_rng_state(), state)


def test_permuted_labels_are_the_same_labels_at_other_graphs():
    data = load_dataset("ba-2motifs")
    other = sanity.permuted(data, seed=0)
    for before, after in ((data.train, other.train), (data.val, other.val)):
        labels, moved = ([int(graph.y) for graph in graphs] for graphs in (before, after))
        assert labels != moved
        assert sorted(labels) == sorted(moved)
        assert all(old.x is new.x for old, new in zip(before, after, strict=True))


def test_a_check_that_was_made_in_full_is_not_made_again(tmp_path, monkeypatch):
    made = []

    def rows(names, seed):
        for name in names:
            made.append((name, seed))
            yield {"check": "labels", "seed": seed, "explainer": name}
            if len(made) == 3:
                raise KeyboardInterrupt

    monkeypatch.setattr(sanity, "CHECKS", {"labels": rows})
    out, steps = tmp_path / "out.json", []
    with pytest.raises(KeyboardInterrupt):
        sanity.run(["labels"], ["hpme", "random"], 2, out, lambda *step: steps.append(step))
    assert len(json.loads(out.read_text())["rows"]) == 3
    content = sanity.run(["labels"], ["hpme", "random"], 2, out, lambda *step: steps.append(step))
    assert made[3:] == [("hpme", 1), ("random", 1)]
    assert content["rows"] == json.loads(out.read_text())["rows"]
    assert [(row["explainer"], row["seed"]) for row in content["rows"]] == [
        ("hpme", 0), ("random", 0), ("hpme", 1), ("random", 1),
    ]  # fmt: skip
    assert steps == [(1, 2), (1, 2), (2, 2)]
