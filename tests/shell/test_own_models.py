"""Models of users, from their module to the explorer's list."""

import json
import os
import sys
from pathlib import Path

import own_models
import pytest
import torch
from own_files import write_lines
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from hpme import HPME, HPMEConfig, load_dataset
from hpme import classifiers as registry
from hpme.analysis.model_check import check_model
from hpme.classifiers import own
from hpme.classifiers import store as weights
from hpme.explainers import EXPLAINERS
from hpme.explainers.hpme import store as explainers
from hpme.forward.ask import node_embedding
from hpme.forward.fingerprint import fingerprint
from hpme.forward.packed import pack
from hpme.own_data import registered
from hpme.shell import brought, cli
from ui import state
from ui.state import sources

NODES = Path(__file__).parents[2] / "assets/samples/datasets/cycles.graphml"
GOOD = ("own_models:GAT", "own_models:sage", "own_models:rule", "own_models:Closed")
LACKS = {
    "nothing": ("loads", "has no attribute 'nothing'"),
    "number": ("loads", "Expected a torch.nn.Module from own_models:number (got int)"),
    "broken": ("loads", "RuntimeError: no weights"),
    "NoGraphs": ("output", "has to return [8, 2]"),
    "Writing": ("call", "got x changed in place"),
    "PerNode": ("call", "Expected logits [8, C] of 8 graphs from PerNode"),
    "NotANumber": ("finite", "NaN or infinity"),
    "Drawing": ("repeatable", "called again"),
    "random": ("reloads", "different weights"),
    "Crowded": ("alone or in a batch", "pool by 'batch'"),
    "Numbered": ("order of nodes", "depends on the order of the nodes"),
    "Dividing": ("small parts", "a single node"),
    "local": ("copies", "define its class at the top"),
}
TINY = HPMEConfig(rounds=1, min_steps=4, checkpoints=2, batch_size=8, samples=2, draws=1)


@pytest.fixture(autouse=True)
def unregistered(monkeypatch):
    monkeypatch.setenv(own.VARIABLE, "")
    monkeypatch.setenv(registered.VARIABLE, "")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Empty folders in place of the user's models and of what is shipped."""
    monkeypatch.setenv("HPME_HOME", str(tmp_path))
    monkeypatch.setattr(weights, "SHIPPED", tmp_path / "none")
    monkeypatch.setattr(explainers, "SHIPPED", tmp_path / "none")
    return tmp_path


@pytest.fixture
def tiny(folder, quick_fits, monkeypatch):
    """The same folder, and fits that take few steps."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    return folder


@pytest.fixture(scope="module")
def data():
    return load_dataset("ba-2motifs")


def shell(*arguments):
    result = CliRunner(env={"COLUMNS": "80"}).invoke(cli.app, [*map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("name", GOOD)
def test_an_own_model_lacks_nothing_and_is_fitted_explained_and_mixed(name, data, monkeypatch):
    assert [finding.check for finding in check_model(name, data) if not finding.passed] == []
    registry.register("ba-2motifs", name)
    model = registry.load_classifier("ba-2motifs", name)
    assert not model.training
    explainer = HPME(model, TINY).fit(data.train[:24])
    out = explainer.explain(data.test[0])
    assert out.node_mask.unique().tolist() in ([0], [1], [0, 1])
    assert out.node_score.isfinite().all()
    assert out.node_score.std() > 0  # the scorer tells nodes apart
    mixed = explainer.mix(data.test[0], donor=data.test[1])
    kept = [int(explainer.explain(graph).node_mask.sum()) for graph in data.test[:2]]
    assert mixed.num_nodes == kept[0] + data.test[1].num_nodes - kept[1]


@pytest.mark.parametrize("name", GOOD)
def test_a_registered_model_is_in_the_list_of_its_dataset_only_with_a_card(name, data):
    registry.register("ba-2motifs", name)
    registry.register("ba-2motifs", name)
    assert registry.available_classifiers("ba-2motifs") == ["gin", "gcn-norm", "gcn", name]
    assert name not in registry.available_classifiers("ba-3motifs")
    card = registry.classifier_card(data, name)
    assert card["classes"] == ["cycle", "house"]
    assert card["test_accuracy"] == (1.0 if name.endswith("rule") else 0.5)
    with pytest.raises(KeyError, match="Expected a known model"):
        registry.load_classifier("ba-3motifs", name)


def test_no_model_is_imported_that_was_not_registered():
    with pytest.raises(KeyError, match="Expected a known model"):
        registry.load_classifier("ba-2motifs", "os:getcwd")


@pytest.mark.parametrize("name", ["", "GAT", ":GAT", "a:", "a b:c", "a..b:c", "a:b.c", "../a:b", "a:b,c=d:e"])
def test_a_name_of_another_form_is_refused(name):
    with pytest.raises(ValueError, match="Expected a model as package"):
        registry.register("ba-2motifs", name)
    assert os.environ[own.VARIABLE] == ""


@pytest.mark.parametrize("name", LACKS)
def test_check_model_says_what_is_lacking(name, data):
    check, words = LACKS[name]
    lacks = {
        finding.check: finding.message
        for finding in check_model(f"own_models:{name}", data)
        if not finding.passed
    }
    assert words in lacks[check]
    assert all("\n" not in message for message in lacks.values())
    assert next(iter(lacks)) in (check, "same as the model")  # which a cause makes fail, too


def test_check_model_in_the_shell_prints_a_line_a_check_and_ends_with_2_where_something_lacks():
    code, out, _ = shell("check-model", "own_models:rule", "--dataset", "ba-2motifs")
    assert code == 0
    assert len(out.splitlines()) == 15
    assert "accuracy 100.0% on 100 test graphs" in out
    code, out, _ = shell("check-model", "own_models:PerNode", "--dataset", "ba-2motifs", "--json")
    assert code == 2
    assert '"check": "call", "passed": false' in out


def test_models_that_differ_have_other_fingerprints():
    models = [own_models.GAT(0), own_models.GAT(1), own_models.rule, own_models.NoGraphs()]
    assert len({fingerprint(model) for model in models}) == 4
    assert fingerprint(own_models.GAT(0)) == fingerprint(own_models.GAT(0))
    assert fingerprint(torch.nn.Linear(1, 1, dtype=torch.bfloat16)) != fingerprint(torch.nn.Linear(1, 1))


def test_the_embedding_is_of_the_layer_that_is_called_last(data):
    model, graph = own_models.GAT(), data.test[0]
    expected = model.second(torch.nn.functional.elu(model.first(graph.x, graph.edge_index)), graph.edge_index)
    assert torch.equal(node_embedding(model, pack([graph])), expected)


@pytest.mark.parametrize("name", ["random", "degree", "saliency", "gradcam", "subgraphx", "gnnexplainer"])
def test_peers_explain_a_gat(name, data):
    explainer = EXPLAINERS[name].build(own_models.GAT().eval(), 0).fit(data.train[:8])
    assert explainer.explain(data.test[0]).edge_score.isfinite().all()


def test_the_shell_fits_explains_and_compares_an_own_model(tiny):
    code, out, _ = shell("fit", "ba-2motifs", "--model", "own_models:rule", "--json")
    assert code == 0
    assert json.loads(out)["saved"] == str(
        tiny / "explainers" / "ba-2motifs-own_models.rule-hpme-0.safetensors"
    )
    code, out, _ = shell("explain", "ba-2motifs", "--model", "own_models:rule", "--graph", 1)
    assert code == 0
    assert json.loads(out)["nodes"][0].keys() >= {"node_mask", "node_score"}
    command = ("bench", "--dataset", "ba-2motifs", "--model", "own_models:rule", "--explainer", "degree")
    code, out, _ = shell(*command, "--graphs", 2, "--jobs", 1, "--json", "-")
    assert code == 0
    (row,) = json.loads(out)["rows"]
    assert (row["model"], row["accuracy"]) == ("own_models:rule", 1.0)


@pytest.fixture
def started(monkeypatch):
    """The environment of each explorer that is started."""
    started = []
    monkeypatch.setattr(os, "execv", lambda *arguments: started.append(dict(os.environ)))
    monkeypatch.setattr(os, "chdir", lambda path: None)
    return started


def test_the_app_starts_with_own_models_of_built_in_datasets(tiny, started, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    named = [f"ba-2motifs=own_models:{name}" for name in ("rule", "GAT", "sage")]
    code, _, _ = shell("app", *(word for name in named for word in ("--model", name)))
    assert code == 0
    assert started[0]["HPME_MODELS"] == ",".join(named)
    assert started[0]["PYTHONPATH"] == f"{Path.cwd()}{os.pathsep}{Path.cwd() / 'elsewhere'}"


def test_the_app_starts_with_several_files_and_every_model_of_each(tiny, started):
    files = stars, chains = tiny / "stars.jsonl", tiny / "chains.jsonl"
    for file in files:
        file.write_bytes(write_lines())
    data = [word for file in files for word in ("--data", file)]
    models = ("--model", "own_models:Hub", "--model", "chains=own_models:questioned")
    assert shell("app", *data, *models)[0] == 0
    hub, question = "own_models:Hub", "own_models:questioned"
    assert started[0]["HPME_MODELS"] == f"stars={hub},chains={hub},chains={question}"
    known = {"stars": [str(stars), None], "chains": [str(chains), None]}
    assert json.loads(started[0]["HPME_DATASETS"]) == known
    assert load_dataset("stars").spec.title == "stars"


def test_the_app_refuses_files_that_it_could_not_explain(tiny, started):
    (tiny / "stars.jsonl").write_bytes(write_lines())
    (tiny / "other").mkdir()
    (tiny / "other" / "stars.jsonl").write_bytes(write_lines())
    data = ("--data", tiny / "stars.jsonl")
    for more, words in {
        (): "Expected a model of stars (got none)",
        ("--data", tiny / "other" / "stars.jsonl"): "Expected files of different names",
        ("--model", "own_models:GAT"): "see hpme check-model own_models:GAT --data FILE",
        ("--label", "colour"): "colour",
    }.items():
        code, _, err = shell("app", *data, *more)
        assert code == 2
        assert words in err
        os.environ[registered.VARIABLE] = ""
    assert not started


def test_the_app_does_not_start_with_a_model_that_lacks_something(tiny, monkeypatch):
    monkeypatch.setattr(os, "execv", lambda *arguments: pytest.fail("started"))
    code, _, err = shell("app", "--model", "ba-2motifs=own_models:PerNode")
    assert code == 2
    assert "(got one that fails 'call': Expected logits [8, C]" in err
    assert "hpme check-model own_models:PerNode --dataset ba-2motifs" in err
    for entry, words in (("own_models:GAT", "name both"), ("gin", "name both"), ("x=a:b", "known dataset")):
        code, _, err = shell("app", "--model", entry)
        assert code == 2
        assert words in err
    assert os.environ[own.VARIABLE] == ""


@pytest.mark.parametrize("reference", GOOD)
def test_the_explorer_lists_and_explains_a_registered_model(reference, tiny, data):
    registry.register("ba-2motifs", reference)
    model = registry.load_own(reference)
    HPME(model, TINY).fit(data.train[:24]).save(explainers.user_explainer_path("ba-2motifs", reference, 0))
    app = AppTest.from_file(str(Path(cli.__file__).parents[2] / "app.py"), default_timeout=120)
    app.query_params["model"] = reference
    app.run()
    assert not app.exception
    assert app.selectbox(key="model").options == [reference]
    assert app.subheader[0].value.startswith(f"Why does {registry.model_title(reference)} predict “")
    accuracy = f"Accuracy **{registry.score(model, data.test):.1%}** on the test graphs."
    assert accuracy in [caption.value for caption in app.caption]


def test_a_model_of_nodes_is_checked_in_the_whole_graph_and_around_its_nodes():
    data = load_dataset(NODES)
    findings = {finding.check: finding for finding in check_model("own_models:NodeGCN", data)}
    assert [check for check, finding in findings.items() if not finding.passed] == []
    assert "up to 4 steps away" in findings["reach"].message
    assert "a row for each node" in findings["output"].message
    assert "on 25 test nodes" in findings["test graphs"].message


@pytest.mark.parametrize(
    ("name", "words"), [("Untold", "a model of nodes for cycles"), ("Whole", "as in the whole graph")]
)
def test_a_model_that_answers_otherwise_around_a_node_is_refused(name, words):
    (loads, reach) = check_model(f"own_models:{name}", load_dataset(NODES))
    assert (loads.passed, reach.check, reach.passed) == (True, "reach", False)
    assert words in reach.message
    result = CliRunner().invoke(
        cli.app, ["explain", "--data", str(NODES), "--model", f"own_models:{name}", "--node", "3"]
    )
    assert result.exit_code == 2
    assert words in " ".join(result.output.split())


@pytest.mark.usefixtures("tiny")
def test_a_model_of_nodes_is_fitted_and_explained_from_the_shell():
    data = ["--data", str(NODES), "--model", "own_models:NodeGCN"]
    fitted = CliRunner().invoke(cli.app, ["fit", *data])
    assert fitted.exit_code == 0, fitted.output
    result = CliRunner().invoke(cli.app, ["explain", *data, "--node", "200"])
    assert result.exit_code == 0, result.output
    explained = json.loads(result.stdout.splitlines()[-1])
    assert explained["graph"]["graph_id"] == 200


@pytest.mark.usefixtures("folder")
def test_the_explorer_cuts_the_graphs_of_a_brought_dataset_as_far_as_its_models_see():
    brought.add([NODES], None, ["own_models:NodeGCN"])
    sources.brought.clear()
    assert state.dataset("cycles").train.hops == 4
    assert state.models("cycles") == ["own_models:NodeGCN"]
    with pytest.raises(ValueError, match="fails 'reach'"):
        brought.add([NODES], None, ["own_models:Whole"])
