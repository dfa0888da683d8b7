import pickle

import pytest
import torch
from own_files import write_csv, write_lines, write_nodes, write_tu

from hpme import HPME
from hpme.benchmark import KEYS
from hpme.classifiers import score, train_classifier, trained
from hpme.forward.fingerprint import fingerprint
from hpme.jobs.own_dataset import REPORTS, Parcel, bench_work, fit_work, train_work
from hpme.jobs.pool import Jobs, State
from hpme.own_data import as_floats, read_dataset


@pytest.fixture(scope="module")
def data():
    return read_dataset(write_csv(), "alcohols.csv")


@pytest.fixture(scope="module")
def model(data):
    return train_classifier(data, "gin", epochs=20)[0]


class Reports(list):
    """Keeps the reports."""

    def __call__(self, done, total, info=None, partial=None):
        self.append((done, total, info, partial))


@pytest.mark.parametrize(
    ("content", "name"), [(write_csv(), "a.csv"), (write_lines(), "a.jsonl"), (write_tu(), "a.zip")]
)
def test_a_parcel_holds_the_dataset_as_it_was(content, name):
    data = read_dataset(content, name)
    again = pickle.loads(pickle.dumps(Parcel.pack(data))).unpack()
    assert again.spec.classes == data.spec.classes
    for part in ("train", "val", "test"):
        for one, other in zip(getattr(data, part), getattr(again, part), strict=True):
            assert (one.graph_id, {*one.keys()}) == (other.graph_id, {*other.keys()})
            for key in ("x", "edge_index", "y", "node_gt", "edge_gt"):
                assert key not in one or torch.equal(one[key], other[key])
            assert one.get("smiles") == other.get("smiles")


def test_a_parcel_of_nodes_holds_the_whole_graph_once_and_its_parts():
    data = read_dataset(write_nodes(300), "a.json")
    sent = pickle.dumps(Parcel.pack(data))
    assert len(sent) < 3 * len(pickle.dumps((data.graph, data.spec)))
    again = pickle.loads(sent).unpack()
    assert again.graph.y.equal(data.graph.y)
    for part in ("train", "val", "test"):
        assert getattr(again, part).nodes.equal(getattr(data, part).nodes)
    assert again.train.whole is again.test.whole is again.graph


@pytest.mark.usefixtures("quick_fits")
def test_a_model_of_nodes_is_trained_and_fitted_in_jobs():
    data = as_floats(read_dataset(write_nodes(60), "a.json"))
    model, card = train_work(Reports(), Parcel.pack(data), "gcn", 5)
    assert card["of_nodes"]
    fitted = fit_work(Reports(), model, Parcel.pack(data).splits[0], 1)
    out = fitted.explain(data.test[0])
    assert bool(out.node_mask.view(-1)[out.centre].all())


def test_training_in_a_job_tells_every_epoch_and_gives_the_same_model(data):
    job = Jobs().submit("training", train_work, Parcel.pack(data), "gin", 5)
    assert job.wait(60)
    assert job.state is State.DONE, job.error
    model, card = job.result
    ours, expected = train_classifier(data, "gin", 5)
    assert (fingerprint(model), card) == (fingerprint(ours), expected)
    assert [{*point} for point in job.curve] == [{"loss", "train", "val"}] * 5
    assert all(0 <= point["train"] <= 1 and 0 <= point["val"] <= 1 for point in job.curve)
    assert job.curve[-1]["loss"] < job.curve[0]["loss"]


def test_what_a_cancelled_training_leaves_is_the_best_so_far(data):
    reports = Reports()
    train_work(reports, Parcel.pack(data), "gin", 12)
    best, left = 0.0, None
    for _, _, info, partial in reports:
        assert (partial is not None) == (info["val"] >= best)
        best, left = max(best, info["val"]), partial if partial is not None else left
    model, card = trained(data, "gin", 12, 0, left)
    assert card["val_accuracy"] == pytest.approx(best)
    assert score(model, data.val) == pytest.approx(best)


@pytest.mark.usefixtures("quick_fits")
def test_a_fit_in_a_job_tells_objective_capacity_and_kept_predictions(data, model):
    reports = Reports()
    fitted = fit_work(reports, model, Parcel.pack(data).splits[0], 1)
    assert isinstance(fitted, HPME)
    assert fitted.config.seed == 1
    points = [info for _, _, info, _ in reports if "kept" in info]
    walk = fitted.config.checkpoints  # of the last walk; one before it may have told its own
    assert len(points) in (walk, 2 * walk)
    assert [point["bits"] for point in points[-walk:]] == [point.bits for point in fitted.path[-walk:]]
    assert [point["kept"] for point in points[-walk:]] == [point.kept for point in fitted.path[-walk:]]
    assert all({"step", "loss", "share", "price"} <= {*info} for _, _, info, _ in reports)
    assert len(reports) <= REPORTS * 2 + len(points)
    assert reports[-1][0] == reports[-1][1]


@pytest.mark.usefixtures("quick_fits")
def test_a_dataset_without_a_ground_truth_is_benchmarked_without_its_metrics(data, model):
    reports = Reports()
    rows = bench_work(reports, Parcel.pack(data), model, "gin", ["random", "saliency"])
    assert [row["explainer"] for row in rows] == ["hpme", "random", "saliency"]
    assert all(tuple(row) == KEYS for row in rows)
    for row in rows:
        assert row["edge_auc"] is row["node_iou"] is None
        assert 0 <= row["kept_on_mix"] <= 1
        assert row["kept_share"] == rows[0]["kept_share"]
    assert [len(partial) for *_, partial in reports] == [1, 2, 3]


@pytest.mark.usefixtures("quick_fits")
def test_a_dataset_with_a_ground_truth_is_benchmarked_with_it():
    data = read_dataset(write_lines(), "stars.jsonl")
    model, _ = train_classifier(data, "gin", epochs=5)
    (ours,) = bench_work(Reports(), Parcel.pack(data), model, "gin", [])
    assert 0 <= ours["node_iou"] <= 1
    assert ours["graphs"] == 2  # half of the four that are held out
