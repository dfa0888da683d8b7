"""Saved work: what was saved is read back as it was, and a changed file is refused in a sentence."""

import json
from dataclasses import replace

import pytest
import torch

from hpme import HPMEConfig
from hpme.classifiers import train_classifier
from hpme.explainers import HPME
from hpme.home import EXPLORER
from hpme.io.archive import unpack, zipped
from hpme.jobs.work_file import DATA, FACTS, SavedWork, graphs_digest, is_work, pack_work, unpack_work
from hpme.own_data import as_floats, read_dataset

SAMPLE = EXPLORER / "assets" / "samples" / "datasets" / "motifs.jsonl"
QUICK = HPMEConfig(rounds=1, min_steps=20, checkpoints=5, draws=2)


@pytest.fixture(scope="module")
def work():
    content = SAMPLE.read_bytes()
    dataset = as_floats(read_dataset(content, SAMPLE.name))
    model, card = train_classifier(dataset, "gin", 2, 0)
    fitted = HPME(model, QUICK).fit(dataset.train)
    rows = [{"explainer": "hpme", "graphs": 4, "edge_auc": 0.75, "by_graph": {"edge_auc": [1.0]}}]
    trained = {"gin": (model, card)}
    return SavedWork(dataset, SAMPLE.name, content, None, "", trained, {("gin", 0): fitted}, {"gin": rows})


@pytest.fixture(scope="module")
def saved(work):
    return pack_work(work)


def changed(saved, **files):
    """The file with some of its members replaced, or left out where they are None."""
    inside = unpack(saved) | {name.replace("__", "."): content for name, content in files.items()}
    return zipped({name: content for name, content in inside.items() if content is not None})


def facts(saved, **values):
    return changed(saved, work__json=json.dumps(json.loads(unpack(saved)[FACTS]) | values).encode())


def test_what_was_saved_is_read_back_as_it_was(work, saved):
    assert is_work(saved)
    read = unpack_work(saved)
    assert graphs_digest(read.dataset) == graphs_digest(work.dataset)
    assert (read.filename, read.content, read.label) == (work.filename, work.content, None)
    model, card = read.classifiers["gin"]
    for name, value in work.classifiers["gin"][0].state_dict().items():
        assert torch.equal(model.state_dict()[name], value)
    assert card["test_accuracy"] == work.classifiers["gin"][1]["test_accuracy"]
    one, other = read.explainers["gin", 0], work.explainers["gin", 0]
    assert (one.path, one.plateau, one.sizes) == (other.path, other.plateau, other.sizes)
    graph = work.dataset.test[0]
    mine, theirs = one.explain(graph), other.explain(graph)
    assert torch.allclose(mine.node_score, theirs.node_score, atol=1e-2)  # weights are rounded
    assert read.results["gin"][0]["edge_auc"] == 0.75
    assert "by_graph" not in read.results["gin"][0]


def test_a_built_in_dataset_is_named_and_not_copied():
    from hpme import load_classifier, load_dataset

    data, model = load_dataset("ba-2motifs"), load_classifier("ba-2motifs", "gin")
    content = pack_work(SavedWork(data, built_in="ba-2motifs", classifiers={"gin": (model, {})}))
    assert DATA not in unpack(content)
    assert unpack_work(content).built_in == "ba-2motifs"


def damaged(saved):
    """Files that are not as they were saved, by what is wrong."""
    inside = unpack(saved)
    lines = inside[DATA].splitlines()
    weights = bytearray(inside["model-gin.safetensors"])
    weights[-1] ^= 1
    return {
        "no facts": changed(saved, work__json=None),
        "facts that are no object": changed(saved, work__json=b"[]"),
        "facts that nest deeply": changed(saved, work__json=b"[" * 100_000),
        "another kind": facts(saved, kind="x"),
        "an unknown model": facts(saved, models={"../gin": "x"}),
        "an explainer of no model": facts(saved, explainers=[["gcn", 0]]),
        "a seed that is a text": facts(saved, explainers=[["gin", "0"]]),
        "results of nobody": facts(saved, results={"gin": [{"explainer": "x", "graphs": 1}]}),
        "results that are no rows": facts(saved, results={"gin": "rows"}),
        "a file too many": changed(saved, more=b"x"),
        "a path": changed(saved, **{"folder/x": b"x"}),
        "a file too few": changed(saved, data=None),
        "other graphs": changed(saved, data=b"\n".join(lines[::-1])),
        "no graphs": changed(saved, data=b"x"),
        "other weights": changed(saved, **{"model-gin.safetensors": bytes(weights)}),
        "no weights": changed(saved, **{"model-gin.safetensors": b"x"}),
        "no explainer": changed(saved, **{"explainer-gin-0.safetensors": inside["model-gin.safetensors"]}),
        "a part of an archive": saved[: len(saved) // 2],
    }


def refusal(content):
    try:
        unpack_work(content)
    except ValueError as error:
        return error.args[0]
    return ""


def test_a_changed_file_is_refused_in_one_sentence(saved):
    for what, content in damaged(saved).items():
        sentence = refusal(content)
        assert sentence.startswith("Expected "), what
        assert len(sentence) <= 300, what
        assert "\n" not in sentence, what
        assert "unexpectedly" not in sentence, what


def test_an_explainer_of_impossible_values_is_refused(work):
    fitted = work.explainers["gin", 0]
    path, plateau = fitted.path, fitted.plateau
    try:
        fitted.plateau = [len(path)]
        content = pack_work(work)
    finally:
        fitted.plateau = plateau
    other = replace(work, explainers={("gin", 1): fitted})  # of another seed
    for refused in (content, pack_work(other)):
        assert refusal(refused).startswith("Expected an explainer as it was saved")
