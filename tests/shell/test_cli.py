import json
import os
import sys

import pytest
import torch
from batch_folder import write_folder
from own_files import write_all
from packs import write_pack
from typer.testing import CliRunner

from hpme import load_classifier, load_dataset
from hpme.analysis.breakdown import break_down
from hpme.classifiers import load_classifier_file, store
from hpme.datasets import load_built_in
from hpme.datasets.molecules import ELEMENTS
from hpme.io import read_graphs
from hpme.shell import bench, cli

ERRORS = {
    "an unknown dataset": (["train", "mutagg"], "Expected a known dataset"),
    "no dataset": (["train"], "Expected one dataset (got none)"),
    "two datasets": (["train", "benzene", "--data", "x.npz"], "Expected one dataset (got benzene and x.npz)"),
    "a missing pack": (["train", "--data", "missing.npz"], "Expected a readable .npz"),
    "an unknown model": (
        ["train", "ba-2motifs", "--model", "transformer"],
        "Expected a known model: gat, gcn, gcn-norm, gin, gine",
    ),
    "a model of edges without features": (
        ["train", "ba-2motifs", "--model", "gine"],
        "Expected graphs with 'edge_attr', which gine reads (got none); choose gin",
    ),
    "weights that are not there": (
        ["train", "ba-2motifs", "--weights", "missing.safetensors"],
        "Expected a file (got 'missing.safetensors')",
    ),
    "epochs of weights": (
        ["train", "ba-2motifs", "--weights", "mine.safetensors", "--epochs", "2"],
        "Expected --epochs or --weights (got both)",
    ),
    "an unknown explainer": (["fit", "ba-2motifs", "--explainer", "lime"], "Expected a known explainer"),
    "an explainer that is not kept": (
        ["fit", "ba-2motifs", "--explainer", "random"],
        "Expected an explainer that can be saved: hpme (got 'random')",
    ),
    "a graph that is not there": (
        ["explain", "ba-2motifs", "--graph", "1000"],
        "Expected a graph's id in [0, 999] (got 1000)",
    ),
    "a node that is not there": (
        ["explain", "tree-cycles", "--node", "991"],
        "Expected the number of a node in [0, 990] (got 991)",
    ),
    "a node of a set of graphs": (
        ["explain", "ba-2motifs", "--node", "3"],
        "Expected --graph for ba-2motifs, whose graphs are predicted (got --node 3)",
    ),
    "a graph where nodes are predicted": (
        ["explain", "tree-cycles", "--graph", "3"],
        "Expected --node for tree-cycles, whose nodes are predicted (got --graph 3)",
    ),
    "an input file that is not there": (
        ["explain", "ba-2motifs", "--input", "missing.json"],
        "Expected a file (got 'missing.json')",
    ),
    "a thousand graphs in one drawing": (
        ["explain", "ba-2motifs", "--explainer", "random", "--format", "svg"],
        "Expected one graph for svg (got 1000)",
    ),
    "a setting of the wrong kind": (
        ["train", "ba-2motifs", "--epochs", "many"],
        "Invalid value for '--epochs'",
    ),
    "an unknown setting": (["train", "ba-2motifs", "--speed", "9"], "No such option: --speed"),
    "an unknown command": (["explode"], "No such command 'explode'"),
    "an unknown dataset to compare on": (["bench", "--dataset", "mutagg"], "Expected a known dataset"),
}


@pytest.fixture
def shell(monkeypatch):
    """Runs a command; returns exit code, standard output and standard error."""
    runner = CliRunner(env={"COLUMNS": "80"})

    def run(*arguments: object) -> tuple[int, str, str]:
        result = runner.invoke(cli.app, [*map(str, arguments)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return run


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder, for the user's own models."""
    monkeypatch.setenv("HPME_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def pack(folder):
    return write_pack(folder / "closed.npz")


@pytest.fixture
def trained(shell, pack):
    """The pack, with a classifier trained on it."""
    assert shell("train", "--data", pack, "--epochs", 20)[0] == 0
    return pack


@pytest.mark.parametrize(("arguments", "sentence"), ERRORS.values(), ids=ERRORS.keys())
def test_bad_input_ends_with_one_sentence_and_exit_code_2(shell, arguments, sentence):
    code, out, err = shell(*arguments)
    assert (code, out) == (2, "")
    (line,) = [line for line in err.splitlines() if "━" not in line]  # a progress bar may have begun
    assert line.startswith(f"Error: {sentence}")


def test_datasets_are_listed_with_size_ground_truth_and_licence(shell):
    code, out, _ = shell("datasets", "--json")
    (row,) = [row for row in json.loads(out) if row["name"] == "ba-2motifs"]
    assert code == 0
    assert (row["num_graphs"], row["ground_truth"], row["licence"]) == (1000, True, "generated")
    assert "ba-2motifs" in shell("datasets")[1]


def test_no_cell_of_a_table_is_cut_off_on_a_narrow_screen(shell):
    assert "no benzene ring, benzene ring" in shell("datasets")[1]


def test_train_saves_a_classifier_and_reports_its_held_out_accuracy(shell, pack):
    code, out, err = shell("train", "--data", pack, "--model", "gcn", "--epochs", 2, "--json")
    facts = json.loads(out)
    assert code == 0
    assert "2/2" in err
    _, card = load_classifier_file(pack.parent / "classifiers" / "closed-gcn.safetensors")
    assert card["test_accuracy"] == facts["test_accuracy"]
    assert (card["arch"], card["epochs"]) == ("gcn", 2)


def test_a_path_is_taken_where_a_name_is(shell, pack):
    assert shell("train", pack, "--epochs", 1)[0] == 0


def test_train_takes_weights_as_they_are(shell, pack, tmp_path):
    shell("train", "--data", pack, "--model", "gcn", "--epochs", 20)
    trained = store.classifier_path(pack.stem, "gcn")
    mine = trained.rename(tmp_path / "mine.safetensors")
    code, out, _ = shell("train", "--data", pack, "--weights", mine, "--json")
    assert code == 0
    assert json.loads(out)["arch"] == "gcn"
    model, card = load_classifier_file(trained)
    before, old = load_classifier_file(mine)
    assert all(map(torch.equal, model.state_dict().values(), before.state_dict().values()))
    assert card["test_accuracy"] == old["test_accuracy"]


@pytest.mark.parametrize("name", ["alcohols.csv", "stars.jsonl", "rings.zip"])
def test_every_kind_of_own_dataset_is_trained_on_and_explained(shell, folder, name):
    (path,) = [path for path in write_all(folder) if path.name == name]
    code, out, err = shell("train", "--data", path, "--epochs", 5, "--json")
    assert code == 0
    assert f"Your own graphs, read from {name}." in err
    assert json.loads(out)["dataset"] == path.stem
    code, out, _ = shell("explain", "--data", path, "--explainer", "saliency", "--graph", 3)
    assert code == 0
    assert read_graphs(out.encode(), "line.json")[0].graph_id == 3


@pytest.mark.usefixtures("quick_fits")
def test_the_column_of_the_label_can_be_named(shell, folder):
    table = "\n".join(["smiles,a,dose", *(f"CCO,{i % 2},{i}" for i in range(40))])
    path = folder / "doses.csv"
    path.write_text(table)
    assert "say which one holds the label" in shell("train", "--data", path)[2]
    code, out, _ = shell("train", "--data", path, "--label", "dose", "--epochs", 1, "--json")
    assert code == 0
    assert "test_r2" in json.loads(out)
    bench = ("bench", "--data", path, "--label", "a", "--explainer", "degree", "--jobs", 1)
    code, out, _ = shell(*bench, "--json", "-")
    assert code == 0
    (row,) = json.loads(out)["rows"]
    assert (row["dataset"], row["edge_auc"]) == ("doses-a", None)


def test_a_pack_named_like_a_built_in_dataset_does_not_replace_its_classifier(shell, folder):
    code, _, err = shell("train", "--data", write_pack(folder / "benzene.npz"))
    assert code == 2
    assert "Expected a file that is not named like a built-in dataset (got " in err
    assert not list(folder.rglob("*.safetensors"))


@pytest.mark.usefixtures("quick_fits")
def test_hpme_is_fitted_saved_and_explains_all_graphs_as_lines(shell, trained):
    code, out, _ = shell("fit", "--data", trained, "--seed", 1, "--json")
    facts = json.loads(out)
    assert code == 0
    assert 0 <= facts["kept_share"] <= 1
    code, out, _ = shell("explain", "--data", trained, "--seed", 1, "--graph", 0, "--nodes", 2)
    assert read_graphs(out.encode(), "line.json")[0].node_mask.sum() == 2
    code, out, _ = shell("explain", "--data", trained, "--seed", 1)
    graphs = [read_graphs(line.encode(), "line.json")[0] for line in out.splitlines()]
    assert code == 0
    assert [graph.graph_id for graph in graphs] == list(range(40))
    assert set(graphs[1].node_mask.unique().tolist()) <= {0.0, 1.0}


def test_an_explainer_that_was_not_fitted_is_refused(shell, trained):
    code, _, err = shell("explain", "--data", trained, "--graph", 0)
    assert code == 2
    assert "Expected HPME fitted to gin on closed with seed 0 (got none); run hpme fit --data FILE " in err


def test_a_file_without_a_model_is_refused_with_how_to_train_one(shell, pack):
    code, _, err = shell("explain", "--data", pack, "--graph", 0)
    assert code == 2
    assert f"Expected a trained model of {pack.stem} (got none); run hpme train" in " ".join(err.split())


def test_a_seed_that_is_not_there_is_refused_with_those_that_are(shell):
    code, _, err = shell("explain", "ba-3motifs", "--graph", 0, "--seed", 17)
    assert code == 2
    assert "(got seeds: 0); run hpme fit ba-3motifs --model gin --seed 17" in err


def test_a_line_says_what_the_model_predicts_how_sure_it_is_and_what_each_atom_is(shell):
    _, out, _ = shell("explain", "fluoride-carbonyl", "--graph", 0, "--explainer", "random")
    line = json.loads(out)
    assert line["graph"]["prediction"] in load_built_in("fluoride-carbonyl").spec.classes
    assert 0.5 <= line["graph"]["probability"] <= 1
    assert {node["element"] for node in line["nodes"]} <= {*ELEMENTS}
    assert "C" in [node["element"] for node in line["nodes"]]


def test_of_a_regression_a_line_says_the_number(shell):
    _, out, _ = shell("explain", "ba-motif-volume", "--graph", 0, "--explainer", "random")
    facts = json.loads(out)["graph"]
    assert isinstance(facts["prediction"], float)
    assert "probability" not in facts


def test_of_a_regression_a_line_says_what_each_node_and_piece_adds_to_the_number(shell):
    _, out, _ = shell("explain", "crippen-logp", "--graph", 3, "--explainer", "random")
    graph = load_built_in("crippen-logp").graphs[3]
    (parts,) = break_down(load_classifier("crippen-logp"), [graph])
    nodes = json.loads(out)["nodes"]
    assert [node["contribution"] for node in nodes] == pytest.approx(parts.contribution.tolist(), abs=1e-4)
    held = {piece: [node["id"] for node in nodes if node["piece_id"] == piece] for piece in range(99)}
    for piece, (own, added) in enumerate(zip(parts.pieces, parts.added, strict=True)):
        assert held[piece] == list(own.nodes)
        assert nodes[own.nodes[0]]["piece_contribution"] == pytest.approx(added, abs=1e-4)


def test_a_node_is_explained_by_the_graph_around_it_with_its_numbers_in_the_whole(shell):
    whole = load_built_in("tree-cycles").graph
    _, out, _ = shell("explain", "tree-cycles", "--node", 600, "--explainer", "random")
    line = json.loads(out)
    (own,) = [node for node in line["nodes"] if node["centre"]]
    assert (own["node_number"], line["graph"]["graph_id"]) == (600, 600)
    assert line["graph"]["prediction"] == ("tree", "cycle")[int(whole.y[600])]
    assert {node["node_number"] for node in line["nodes"] if node["node_gt"]} == set(
        (whole.motif == whole.motif[600]).nonzero().view(-1).tolist()
    )


def test_an_exported_graph_can_be_given_back_as_input(shell, trained):
    saved = trained.parent / "graph.graphml"
    common = ("explain", "--data", trained, "--explainer", "random")
    assert shell(*common, "--graph", 3, "--format", "graphml", "--output", saved)[0] == 0
    code, out, _ = shell(*common, "--input", saved)
    (graph,) = read_graphs(out.encode(), "out.json")
    assert code == 0
    assert graph.graph_id == 3
    assert graph.node_score.tolist() == read_graphs(saved.read_bytes(), saved.name)[0].node_score.tolist()


def test_an_input_with_other_features_is_refused(shell, trained):
    given = trained.parent / "graph.json"
    given.write_text('{"nodes": [{"id": 0, "x": [1.0]}], "edges": []}')
    code, _, err = shell("explain", "--data", trained, "--explainer", "random", "--input", given)
    assert code == 2
    assert "Expected molecules" in err


def test_an_input_without_a_label_is_drawn(shell, trained):
    given = trained.parent / "graph.json"
    atom = [1.0] + [0.0] * 13
    given.write_text(json.dumps({"nodes": [{"id": i, "x": atom} for i in (0, 1)], "edges": []}))
    common = ("explain", "--data", trained, "--explainer", "random", "--format", "html")
    assert shell(*common, "--input", given)[0] == 0


@pytest.mark.parametrize(("kind", "start"), [("svg", "<svg "), ("html", "<!doctype html>")])
def test_one_graph_is_drawn_with_its_donor(shell, trained, kind, start):
    common = ("explain", "--data", trained, "--explainer", "random", "--graph", 3, "--format", kind)
    code, out, _ = shell(*common, "--donor", 5)
    assert code == 0
    assert out.startswith(start)
    assert "(graph 5)" in out
    assert ("<h1>Why does GIN of closed predict “" in out) == (kind == "html")
    assert shell(*common, "--donor", 5)[1] == out


def test_a_donor_that_is_not_there_is_refused(shell, trained):
    common = ("explain", "--data", trained, "--explainer", "random", "--graph", 3, "--format", "svg")
    code, _, err = shell(*common, "--donor", 40)
    assert code == 2
    assert "in [0, 39] (got 40)" in err


def test_output_into_a_folder_that_does_not_exist_is_refused(shell, trained):
    code, _, err = shell("explain", "--data", trained, "--explainer", "random", "--output", "no/where.json")
    assert code == 2
    assert "Expected a folder that exists (got 'no')" in err


def test_bench_writes_json_to_standard_output_and_progress_to_standard_error(shell, pack, monkeypatch):
    results = {"meta": {}, "rows": []}
    seen = []

    def run(config, progress, out, jobs):
        seen.append((config, out, jobs))
        progress(1, 1)
        return results

    monkeypatch.setattr(bench.benchmark, "run", run)
    code, out, err = shell(
        "bench", "--data", pack, "--explainer", "hpme,random", "--seeds", 3, "--jobs", 1, "--json", "-"
    )
    assert code == 0
    assert json.loads(out) == results
    assert "1/1" in err
    assert seen == [(bench.benchmark.BenchConfig((str(pack),), (), ("hpme", "random"), seeds=3), None, 1)]


def test_bench_prints_a_table_of_what_it_saves(shell, folder, monkeypatch):
    row = dict.fromkeys(bench.benchmark.KEYS) | {"dataset": "ba-2motifs", "edge_auc": 0.98765}
    seen = []

    def run(config, progress, out, jobs):
        seen.append((config.split, config.explainers[-1], out, jobs))
        return {"meta": {}, "rows": [row]}

    monkeypatch.setattr(bench.benchmark, "run", run)
    options = ("--dataset", "ba-2motifs", "--split", "transductive", "--json", folder / "rows.json")
    code, out, _ = shell("bench", *options)
    assert code == 0
    assert "0.988" in out
    assert seen == [("transductive", "ground-truth", folder / "rows.json", os.cpu_count())]


def test_app_opens_the_explorer_where_its_settings_lie(shell, monkeypatch):
    calls = []
    monkeypatch.setattr(os, "chdir", lambda path: calls.append(path))
    monkeypatch.setattr(os, "execv", lambda program, arguments: calls.append([program, *arguments[1:]]))
    assert shell("app", "--port", 8600)[0] == 0
    root, command = calls
    assert (root / ".streamlit" / "config.toml").is_file()
    assert (root / "app.py").is_file()
    assert command == [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "8600"]


def test_app_is_told_of_a_batch_that_is_there_and_does_not_start_without(shell, tmp_path, monkeypatch):
    started = []
    monkeypatch.setenv("HPME_BATCH", "")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "chdir", lambda path: None)
    monkeypatch.setattr(os, "execv", lambda *arguments: started.append(os.environ["HPME_BATCH"]))
    code, _, err = shell("app", "--batch", "out")
    assert (code, started) == (2, [])
    assert "Expected Parquet files of 'hpme batch' in " in err
    write_folder(tmp_path / "out", ["CCO"])
    code, out, _ = shell("app", "--batch", "out", "--port", 8600)
    assert (code, started) == (0, [str(tmp_path / "out")])
    assert out == "The batch is the page http://localhost:8600/batch\n"


@pytest.mark.usefixtures("quick_fits")
def test_a_class_is_fitted_and_explained_by_its_number(shell, trained):
    code, out, err = shell("fit", "--data", trained, "--target", 1, "--json")
    assert code == 0, err
    facts = json.loads(out)
    assert (code, facts["target"], facts["same_as_model"]) == (0, 1, 1.0)
    assert "-hpme-class1-0." in facts["saved"]
    for explainer in ("hpme", "saliency"):
        code, out, _ = shell("explain", "--data", trained, "--explainer", explainer, "--target", 1)
        assert code == 0
        assert {json.loads(line)["graph"]["target"] for line in out.splitlines()} == {1}
    graphs = [json.loads(line)["graph"] for line in out.splitlines()]
    name = load_dataset(trained).spec.classes[1]
    other = next(graph["graph_id"] for graph in graphs if graph["prediction"] != name)
    page = ("--graph", other, "--target", 1, "--format", "html")
    _, out, _ = shell("explain", "--data", trained, *page)
    assert f"<h1>What speaks for “{name}” in graph {other}, for which GIN of closed predicts" in out
    code, _, err = shell("explain", "--data", trained, "--target", 0)
    assert code == 2
    assert "for class 0 with seed 0" in err


def test_torch_has_one_thread_unless_the_environment_says_how_many(monkeypatch):
    before = torch.get_num_threads()
    try:
        for said, expected in (({"OMP_NUM_THREADS": "2"}, 2), ({}, 1)):
            monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
            torch.set_num_threads(2)
            assert CliRunner().invoke(cli.app, ["datasets", "--json"], env=said).exit_code == 0
            assert torch.get_num_threads() == expected
    finally:
        torch.set_num_threads(before)
