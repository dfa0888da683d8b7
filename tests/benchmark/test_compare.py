import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from packs import write_pack

from hpme import load_dataset
from hpme.benchmark import KEYS, BenchConfig, held_out, measure, run
from hpme.benchmark.by_graph import unpacked
from hpme.benchmark.oracle import GroundTruth
from hpme.benchmark.results import mean_ious
from hpme.classifiers import train_classifier
from hpme.explainers import EXPLAINERS, RandomExplainer
from hpme.explainers.base import NotDefinedError, settings
from hpme.files import only_writer
from hpme.metrics import METRICS
from tests.processes import children, command


class Ours(GroundTruth):
    """Keeps exactly the ground truth, in place of HPME; counts its fits."""

    fits = 0

    def fit(self, graphs):
        Ours.fits += 1
        self.fitted_on = len(graphs)
        return self

    def explain(self, graph, target=None):
        explanation = super().explain(graph, target)
        explanation.capacity_bits = 3.0
        return explanation


class Broken(RandomExplainer):
    """Cannot be fitted."""

    def fit(self, graphs):
        raise RuntimeError("out of order")


class Refuses(RandomExplainer):
    """Knows of no such model."""

    def fit(self, graphs):
        raise NotDefinedError("not defined for triangles")


@pytest.fixture
def pack(tmp_path):
    return write_pack(tmp_path / "triangles.npz")


@pytest.fixture(autouse=True)
def _quick_and_perfect(monkeypatch):
    monkeypatch.setattr(Ours, "fits", 0)
    ours = replace(EXPLAINERS["hpme"], build=lambda model, seed: Ours(model))
    monkeypatch.setitem(EXPLAINERS, "hpme", ours)
    monkeypatch.setattr(
        measure,
        "train_classifier",
        lambda data, arch, seed: train_classifier(data, arch, epochs=2, seed=seed),
    )
    broken = replace(EXPLAINERS["random"], name="broken", build=lambda model, seed: Broken(model))
    monkeypatch.setitem(EXPLAINERS, "broken", broken)
    refuses = replace(EXPLAINERS["random"], name="refuses", build=lambda model, seed: Refuses(model))
    monkeypatch.setitem(EXPLAINERS, "refuses", refuses)


@pytest.fixture
def config(pack):
    return BenchConfig(datasets=(str(pack),), explainers=("random", "hpme"), seeds=2)


@pytest.fixture
def results(config):
    return run(config)


def names(results):
    return [(row["explainer"], row["seed"]) for row in results["rows"]]


def written(path):
    """The rows of a file, with the values of single graphs as lists."""
    rows = json.loads(path.read_text())["rows"]
    return [row | {"by_graph": unpacked(row["by_graph"])} for row in rows]


def test_every_combination_has_one_row_with_all_keys(results, config):
    assert all(tuple(row) == KEYS for row in results["rows"])
    assert names(results) == [("hpme", 0), ("random", 0), ("hpme", 1), ("random", 1)]
    assert {(row["dataset"], row["model"], row["split"]) for row in results["rows"]} == {
        ("triangles", "gin", "held-out")
    }
    assert config.num_rows == 4


def test_a_row_has_every_registered_metric():
    assert METRICS.keys() <= set(KEYS)


def test_the_ground_truth_itself_scores_perfectly(results):
    row = results["rows"][0]
    perfect = ("edge_auc", "edge_auc_pooled", "edge_ap", "node_iou", "exact_rate", "seed_iou")
    assert [row[key] for key in perfect] == [1] * 6
    assert row["kept_share"] == pytest.approx(3 / 5)
    assert row["capacity_bits"] == 3
    assert row["graphs"] == 2  # the tenth of 20 triangles


def test_the_ground_truth_is_the_ceiling_and_its_capacity_that_of_its_size(pack):
    (row,) = run(BenchConfig((str(pack),), explainers=("ground-truth",)))["rows"]
    assert (row["explainer"], row["node_iou"], row["edge_auc"]) == ("ground-truth", 1, 1)
    assert Ours.fits == 0  # it needs no sizes of HPME's
    # Graphs of up to three atoms of 14 elements: none, one, two with 2 edge sets, three with 2 ** 3.
    assert 2 ** row["capacity_bits"] == pytest.approx(1 + 14 + 14**2 * 2 + 14**3 * 8)


def test_a_soft_explainer_keeps_as_many_nodes_as_hpme_in_each_graph(results):
    ours, random = results["rows"][:2]
    assert random["kept_share"] == ours["kept_share"]
    assert random["capacity_bits"] is None


def test_hpme_gives_the_size_also_where_its_row_is_not_asked_for(pack):
    (row,) = run(BenchConfig((str(pack),), explainers=("random",)))["rows"]
    assert row["explainer"] == "random"
    assert row["kept_share"] == pytest.approx(3 / 5)


def test_an_explainer_may_be_limited_to_fewer_graphs_and_seeds(pack, monkeypatch):
    slow = replace(EXPLAINERS["random"], max_graphs=1, max_seeds=1)
    monkeypatch.setitem(EXPLAINERS, "random", slow)
    results = run(BenchConfig((str(pack),), explainers=("random", "hpme"), seeds=2))
    assert names(results) == [("hpme", 0), ("random", 0), ("hpme", 1)]
    assert [(row["graphs"], row["limit"]) for row in results["rows"]] == [(2, 200), (1, 1), (2, 200)]
    assert [row["pool"] for row in results["rows"]] == [2, 2, 2]


def test_times_are_those_of_fitting_and_of_explaining_one_graph(pack, monkeypatch):
    clock = iter([0, 2, 10, 13])  # two seconds of fitting, three for two graphs
    monkeypatch.setattr(measure, "perf_counter", lambda: next(clock))
    (row,) = run(BenchConfig((str(pack),), explainers=("hpme",)))["rows"]
    assert row["fit_seconds"] == 2
    assert row["explain_ms"] == 1500


def test_the_literatures_way_scores_graphs_that_were_fitted_on(pack, monkeypatch):
    fitted = []
    monkeypatch.setattr(Ours, "fit", lambda self, graphs: fitted.append(len(graphs)) or self)
    config = BenchConfig((str(pack),), explainers=("hpme",), split="transductive")
    (row,) = run(config)["rows"]
    assert (row["split"], row["graphs"], fitted) == ("transductive", 20, [40])
    run(replace(config, split="held-out"))
    assert fitted == [40, 32]


def test_a_finished_file_is_resumed_without_work_and_a_longer_one_does_the_rest_only(config, tmp_path):
    out = tmp_path / "rows.json"
    steps = []
    first = run(config, out=out)
    assert Ours.fits == 2
    again = run(config, lambda done, total: steps.append((done, total)), out)
    assert again["rows"] == first["rows"]
    assert steps == [(2, 4), (4, 4)]
    longer = run(replace(config, explainers=("random", "degree")), out=out)
    assert Ours.fits == 2  # the sizes were kept
    assert names(longer)[:3] == [("hpme", 0), ("random", 0), ("degree", 0)]
    assert longer["rows"][:2] == first["rows"][:2]
    assert written(out) == longer["rows"]


def test_rows_of_an_earlier_version_are_read_and_measured_again_when_they_are_asked_for(config, tmp_path):
    out = tmp_path / "rows.json"
    first = run(config, out=out)
    content = json.loads(out.read_text())
    for row in content["rows"]:
        for key in ("by_graph", "mean_mask", "saturated"):
            del row[key]
    out.write_text(json.dumps(content))
    assert len(run(replace(config, explainers=("degree",)), out=out)["rows"]) == 6
    assert [row["by_graph"] is None for row in written(out)] == [True, True, False] * 2
    again = run(config, out=out)["rows"]
    assert [row["by_graph"] for row in again if row["explainer"] != "degree"] == [
        row["by_graph"] for row in first["rows"]
    ]


def test_the_floor_is_measured_where_it_is_wanted_and_only_where_it_is_missing(pack, tmp_path):
    out, fits = tmp_path / "rows.json", []
    config = BenchConfig((str(pack),), explainers=("hpme", "saliency", "ground-truth"), classifier_seeds=2)
    assert {row["edge_auc_untrained"] for row in run(config, out=out)["rows"]} == {None}
    for _ in range(2):
        rows = run(replace(config, floor=True), out=out)["rows"]
        fits.append(Ours.fits)
        assert len(rows) == 6
        for row in rows:
            assert row["floor"]
            assert (row["edge_auc_untrained"] is None) == (row["explainer"] == "ground-truth")
    assert fits == [2 + 4, 2 + 4]  # to two classifiers, then to each and its untrained copy
    assert run(config, out=out)["rows"] == rows  # what has a floor is not measured again without one
    assert Ours.fits == 6


def test_a_row_has_an_auc_of_each_class(results):
    classes = results["rows"][0]["edge_auc_by_class"]
    assert {value for value in classes.values() if value is not None} == {1}


def test_only_fitted_soft_masks_have_a_mean_and_a_share_that_says_nothing(pack):
    config = BenchConfig((str(pack),), explainers=("hpme", "random", "gnnexplainer", "ground-truth"))
    rows = {row["explainer"]: row for row in run(config)["rows"]}
    assert 0 < rows["gnnexplainer"]["mean_mask"] < 1
    assert 0 <= rows["gnnexplainer"]["saturated"] <= 1
    others = [rows[name] for name in ("hpme", "random", "ground-truth")]
    assert all(row["mean_mask"] is row["saturated"] is None for row in others)


def test_rows_of_other_settings_or_another_classifier_are_made_anew(config, tmp_path):
    out = tmp_path / "rows.json"
    run(config, out=out)
    run(replace(config, graphs=1), out=out)
    assert {row["graphs"] for row in json.loads(out.read_text())["rows"]} == {1}
    saved = json.loads(out.read_text())
    for row in saved["rows"]:
        row |= (
            {"classifier": "other", "edge_auc": 0.0} if row["seed"] else {"config": {"a": 1}, "edge_auc": 0.0}
        )
    out.write_text(json.dumps(saved))
    assert run(replace(config, graphs=1), out=out)["rows"][0]["edge_auc"] == 1
    assert {row["classifier"] for row in json.loads(out.read_text())["rows"]} != {"other"}


def test_the_file_is_whole_after_every_row(config, tmp_path):
    out = tmp_path / "rows.json"
    seen = []
    run(config, lambda done, total: seen.append(len(json.loads(out.read_text())["rows"]) if done else 0), out)
    assert seen == [0, 0, 1, 2, 3, 4]


def test_an_explainer_that_fails_leaves_the_others_their_rows(config, tmp_path):
    out = tmp_path / "rows.json"
    with pytest.raises(ValueError, match=r"got 1 that failed: triangles gin 0 broken 0: out of order"):
        run(replace(config, explainers=("hpme", "broken", "random"), seeds=1), out=out)
    assert [row["explainer"] for row in json.loads(out.read_text())["rows"]] == ["hpme", "random"]


def test_an_explainer_that_is_not_defined_for_a_model_says_so_in_its_row(config):
    rows = run(replace(config, explainers=("hpme", "refuses", "random"), seeds=1))["rows"]
    assert {row["explainer"]: row["refused"] for row in rows} == {
        "hpme": None,
        "random": None,
        "refuses": "not defined for triangles",
    }
    assert rows[-1]["edge_auc"] is None
    assert rows[-1]["by_graph"] == {}


def test_a_file_of_something_else_is_not_overwritten(config, tmp_path):
    out = tmp_path / "notes.json"
    out.write_text("notes")
    with pytest.raises(ValueError, match="Expected results written by 'hpme bench'"):
        run(config, out=out)
    assert out.read_text() == "notes"


def test_an_interruption_ends_the_workers_and_leaves_a_whole_file(pack):
    out = pack.parent / "rows.json"
    options = ["bench", "--data", pack, "--explainer", "ground-truth", "--seeds", "1000", "--jobs", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "hpme", *options, "--json", out],
        env=os.environ | {"PYTHONPATH": str(Path.cwd()), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while not (out.exists() and json.loads(out.read_text())["rows"]):
        assert process.poll() is None
        time.sleep(0.2)
    for _ in range(6):  # as a user at a terminal does, to the parent and its workers, until it ends
        os.killpg(process.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=15)  # returns when the last worker has closed standard output
            break
    assert process.returncode != 0
    saved = json.loads(out.read_text())
    assert saved["meta"]["machine"]["jobs"] == 2
    assert {(tuple(row), row["node_iou"]) for row in saved["rows"]} == {(KEYS, 1.0)}


def test_a_second_run_on_one_file_is_told_who_writes_it(tmp_path):
    out = tmp_path / "rows.json"
    config = BenchConfig(datasets=("ba-2motifs",), explainers=("degree",), graphs=4)
    with (
        only_writer(out),
        pytest.raises(ValueError, match=rf"got rows.json, which process {os.getpid()} is writing"),
    ):
        run(config, out=out)
    assert not [*tmp_path.iterdir()]
    rows = run(config, out=out)["rows"]
    assert written(out) == rows


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes where Linux lists them")
@pytest.mark.parametrize("seconds", [0.0, 3.0])  # tests/benchmarks/test_kill.py does so at others
def test_a_killed_benchmark_leaves_no_worker(pack, seconds):
    options = ["bench", "--data", pack, "--explainer", "degree,random", "--seeds", "1000", "--jobs", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "hpme", *options, "--json", pack.parent / "killed.json"],
        env=os.environ | {"PYTHONPATH": str(Path.cwd()), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while len(workers := children(process.pid)) < 3:  # with the one that keeps count of shared things
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(seconds)
    process.kill()
    process.wait()
    end = time.monotonic() + 5
    while any(Path(f"/proc/{worker}/exe").exists() for worker in workers):
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes where Linux lists them")
def test_a_killed_worker_ends_the_benchmark_in_a_sentence(pack):
    options = ["bench", "--data", pack, "--explainer", "degree,random", "--seeds", "1000", "--jobs", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "hpme", *options, "--json", pack.parent / "rows.json"],
        env=os.environ | {"PYTHONPATH": str(Path.cwd()), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )

    def workers():
        return [child for child in children(process.pid) if "spawn_main" in command(child)]

    while not workers():
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(workers()[0], signal.SIGKILL)
    _, shown = process.communicate(timeout=60)
    assert process.returncode == 2
    assert shown.splitlines()[-1].startswith(
        "Error: Expected 2 processes to work to the end (got one that was killed"
    )
    assert "Traceback" not in shown
    assert not (pack.parent / ".rows.json.lock").exists()


def test_stability_is_the_mean_overlap_with_the_other_seeds():
    def keep(*flags):
        return torch.tensor(flags, dtype=torch.bool)

    masks = [
        {"graph-0": keep(1, 1, 0), "graph-1": keep(0, 0), "donor-2": keep(1)},
        {"graph-0": keep(1, 0, 0), "graph-1": keep(0, 0), "donor-2": keep(0)},
        {"graph-0": keep(0, 0, 1), "graph-1": keep(1, 0), "donor-2": keep(0)},
    ]
    # First and second overlap by 1/2 and (empty both) 1; the third shares nothing with either.
    assert mean_ious(masks) == pytest.approx([3 / 8, 3 / 8, 0])


def test_one_seed_alone_has_no_stability(pack):
    (row,) = run(BenchConfig((str(pack),), explainers=("hpme",)))["rows"]
    assert row["seed_iou"] is None


def test_meta_tells_how_to_repeat_the_comparison(results):
    meta = results["meta"]
    assert meta["config"]["seeds"] == 2
    assert meta["versions"]["torch"].startswith(torch.__version__.split("+")[0])
    assert list(meta["classifiers"]) == ["triangles-gin"]
    assert meta["machine"]["cores"] >= 1
    assert meta["command"].startswith("python -m hpme")


def test_held_out_graphs_are_test_graphs_with_a_ground_truth(pack):
    data = load_dataset(pack)
    graphs = held_out(data, 9)
    assert {graph.graph_id for graph in graphs} == {g.graph_id for g in data.test if g.graph_id % 2}
    assert [graph.graph_id for graph in held_out(data, 1)] == [graph.graph_id for graph in held_out(data, 1)]
    assert len(held_out(data, 1)) == 1


def test_a_dataset_whose_ground_truth_is_empty_is_refused(pack):
    data = load_dataset(pack)
    for graph in data.test:
        graph.node_gt[:] = False
    with pytest.raises(
        ValueError, match=r"Expected test graphs with a ground truth in 'triangles' \(got none\)"
    ):
        held_out(data, 9)


def test_settings_are_the_config_as_plain_values(feature_sum):
    gnn = EXPLAINERS["gnnexplainer"].build(feature_sum, 7)
    assert settings(gnn)["seed"] == 7
    assert settings(gnn)["epochs"] == 100
    assert settings(RandomExplainer(feature_sum)) == {}


@pytest.mark.parametrize(
    ("setting", "error", "sentence"),
    [
        ({"datasets": ("mars",)}, KeyError, "Expected a known dataset"),
        (
            {"models": ("transformer",)},
            KeyError,
            "Expected a known model: gat, gcn, gcn-norm, gin, gine",
        ),
        (
            {"explainers": ("magic",)},
            KeyError,
            "Expected a known explainer: broken, degree, eig-search, gnnexplainer",
        ),
        ({"split": "random"}, KeyError, "Expected a known split: held-out, transductive"),
        ({"seeds": 0}, ValueError, r"Expected seeds in \[1, 1000\]"),
        ({"graphs": 0}, ValueError, r"Expected graphs in \[1, 1000000\]"),
    ],
)
def test_a_comparison_that_cannot_be_made_is_refused(setting, error, sentence):
    with pytest.raises(error, match=sentence):
        BenchConfig(**setting)


def test_models_of_other_seeds_are_trained_anew_and_their_rows_stand_beside(pack, tmp_path):
    out = tmp_path / "rows.json"
    config = BenchConfig((str(pack),), explainers=("hpme",), classifier_seeds=2)
    rows = run(config, out=out)["rows"]
    assert [(row["classifier_seed"], row["seed"]) for row in rows] == [(0, 0), (1, 0)]
    assert rows[0]["classifier"] != rows[1]["classifier"]
    assert {row["same_as_model"] for row in rows} == {1.0}
    assert run(config, out=out)["rows"] == rows
    assert len(json.loads(out.read_text())["meta"]["classifiers"]) == 2


def test_rows_of_before_there_were_seeds_of_models_are_of_the_first(pack, tmp_path):
    out = tmp_path / "rows.json"
    config = BenchConfig((str(pack),), explainers=("hpme",))
    content = run(config, out=out)
    for row in content["rows"]:
        for key in ("classifier_seed", "same_as_model", "centre_kept", "path_iou"):
            del row[key]
    out.write_text(json.dumps(content))
    fits = Ours.fits
    (row,) = run(config, out=out)["rows"]
    assert (row["classifier_seed"], Ours.fits) == (0, fits)
