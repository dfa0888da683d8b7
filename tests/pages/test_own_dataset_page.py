from pathlib import Path

import networkx as nx
import pytest
from own_files import write_csv, write_lines
from safetensors.torch import save

from hpme import HPME, HPMEConfig
from hpme.benchmark import KEYS
from hpme.classifiers import classifier_path, train_classifier
from hpme.classifiers.registry import EPOCHS_OF_NODES
from hpme.jobs.pool import Job, State
from hpme.limits import LIMITS, JobLimits
from hpme.own_data import as_floats, read_dataset
from tests.opened import command, healthy, open_app, title
from tests.pages.test_upload_page import press, texts
from ui import session

SAMPLES = Path(__file__).parents[2] / "assets" / "samples" / "datasets"
SECONDS = 60


def opened():
    return healthy(open_app(upload="A whole dataset").switch_page("pages/upload.py").run())


@pytest.fixture
def page():
    return opened()


@pytest.fixture(scope="module")
def made():
    """A dataset with a classifier and an explainer, quickly made."""
    data = read_dataset(write_lines(), "stars.jsonl")
    model, card = train_classifier(data, "gin", epochs=3)
    explainer = HPME(model, HPMEConfig(min_steps=60, rounds=1)).fit(data.train)
    return session.OwnDataset(data, None, {"gin": (model, card)}, {("gin", 0): explainer})


def upload(page, name, content):
    page.file_uploader[0].set_value([(name, content, "")])
    return press(healthy(page.run()), "Read the dataset")


def options(page):
    return page.sidebar.selectbox[0].options


def labels(page):
    return [button.label for button in page.button]


def test_a_sample_is_read_and_described(page):
    press(page, "carbonyl.csv")
    assert "Graphs: 120" in texts(page)
    assert "Classes: carbonyl (60), no carbonyl (60)" in texts(page)
    assert "Ground truth: no" in texts(page)
    assert "Split: 96 training, 12 validation, 12 test" in texts(page)


def test_rows_that_are_left_out_are_counted(page):
    upload(page, "mine.csv", write_csv() + b"\nC1,amine\n![x](http://a.b),amine\n")
    assert "2 of 42 lines were left out (42, 43)." in texts(page)
    assert not any("http://a.b" in text.value for text in page.markdown)


def test_what_is_no_dataset_is_refused_in_a_sentence_and_nothing_is_lost(page):
    press(page, "rings.zip")
    upload(page, "![x](y).csv", b"a,b\n<b>,2\n")
    assert "Expected a column of molecules" in texts(page)
    assert "Graphs: 60" in texts(page)


def test_labels_are_chosen_from_those_that_the_file_has_and_each_makes_a_dataset(page):
    table = "\n".join(["smiles,a,b", *(f"CCO,{i % 2},{i}" for i in range(30))]).encode()
    page.file_uploader(key="own_file").set_value(("mine.csv", table, ""))
    healthy(page.run())
    labels = page.multiselect(key="own_labels-mine.csv")
    assert (labels.options, labels.value) == (["a (2 classes)", "b (30 values)"], ["a"])
    labels.set_value(["a", "b"])
    press(page, "Read the dataset")
    assert "Label: b, a number from 0 to 29" in texts(page)
    assert len(page.session_state.own_datasets) == 2


def test_molecules_without_labels_go_to_the_section_for_single_graphs(page):
    upload(page, "mine.csv", b"smiles\nCCO\nc1ccccc1\n")
    assert "Expected" in texts(page)
    press(page, "Explain its graphs one by one")
    assert any("2 graphs added." in box.value for box in page.success)


def test_a_session_holds_so_many_datasets_until_one_is_removed(page):
    for _ in range(LIMITS.datasets + 1):
        press(page, "rings.zip")
    assert f"Expected at most {LIMITS.datasets} datasets in a session" in texts(page)
    press(page, "Remove")
    assert len(page.session_state.own_datasets) == LIMITS.datasets - 1


def test_a_classifier_is_trained_in_a_job(page):
    upload(page, "alcohols.csv", write_csv())
    page.number_input(key="own_epochs-gine").set_value(2)  # the default where edges have features
    press(page, "Train")
    (job,) = page.session_state.own_jobs.values()
    assert job.wait(SECONDS)
    assert job.state is State.DONE, job.error
    healthy(page.run())
    assert {metric.label for metric in page.metric} == {
        f"Accuracy on {part} graphs" for part in ("training", "validation", "test")
    }
    (own,) = page.session_state.own_datasets.values()
    assert own.classifiers["gine"][1]["epochs"] == 2


def test_a_benchmark_without_a_ground_truth_has_no_columns_for_it(page, made):
    job = Job("Benchmark", "me", "here", JobLimits())
    blank = dict.fromkeys(KEYS)
    rows = [blank | {"explainer": name, "graphs": 4, "kept_share": 0.5} for name in ("hpme", "random")]
    job._end(State.DONE, result=rows)
    page.session_state.own_datasets = {"stars-1a2b3c": made}
    page.session_state.own_jobs = {("bench", "stars-1a2b3c", "gin"): job}
    healthy(page.run())
    assert page.dataframe[0].value.to_dict("list") == {
        "explainer": ["HPME", "Random"],
        "kept_share": [0.5, 0.5],
    }


def test_a_cancelled_training_keeps_the_best_so_far(page):
    upload(page, "alcohols.csv", write_csv())
    (name,) = page.session_state.own_datasets
    model, _ = train_classifier(read_dataset(write_csv(), "alcohols.csv"), "gine", 2)
    job = Job("Training GINE", "me", "here", JobLimits())
    job.curve = [{"loss": 1.0, "train": 0.5, "val": 0.5}] * 2
    job.partial = model.state_dict()
    job.cancel()
    page.session_state.own_jobs = {("train", name, "gine"): job}
    healthy(page.run())
    assert any("The best model so far is used." in caption.value for caption in page.caption)
    assert page.session_state.own_datasets[name].classifiers["gine"][1]["epochs"] == 2
    assert "Fit HPME" in labels(page)


def test_starting_over_forgets_what_was_trained(page, made):
    page.session_state.own_datasets = {"stars-1a2b3c": made}
    healthy(page.run())
    assert "Fit another seed" in labels(page)
    press(page, "Start over")
    (name,) = page.session_state.own_datasets
    assert name.startswith("stars-")
    assert name.count("-") == 1
    assert name != "stars-1a2b3c"
    assert "Fit another seed" not in labels(page)


@pytest.mark.parametrize("view", ["Explain", "Browse", "Overall", "Compare", "Atlas", "Tour"])
def test_every_page_about_graphs_works_on_it(page, made, view):
    page.session_state.own_datasets = {"stars-1a2b3c": made}
    press(healthy(page.run()), view)
    assert options(page)[-1] == "stars (1a2b3c)"
    assert page.session_state.dataset == "stars-1a2b3c"
    assert "Your own graphs, read from stars.jsonl." in texts(page)


def test_the_shell_command_names_the_file_and_how_the_model_was_made(page, made):
    page.session_state.own_datasets = {"stars-1a2b3c": made}
    press(healthy(page.run()), "Explain")
    assert command(page).startswith(
        "python -m hpme train --data stars.jsonl --model gin --epochs 3 && "
        "python -m hpme fit --data stars.jsonl --model gin --seed 0 && "
        "python -m hpme explain --data stars.jsonl --model gin --graph "
    )
    assert title(page).startswith("Why does GIN predict “")


def test_its_pieces_are_counted_and_saved(page, made):
    page.session_state.own_datasets = {"stars-1a2b3c": made}
    press(healthy(page.run()), "Overall")
    assert page.session_state.dataset == "stars-1a2b3c"
    assert any("HPME keeps a part of" in text.value for text in page.markdown)
    assert [button.label for button in page.get("download_button")] == ["Table, CSV", "Gallery, HTML"]


def test_another_session_knows_nothing_of_it(page):
    press(page, "rings.zip")
    other = opened()
    assert "own_datasets" not in other.session_state or not other.session_state.own_datasets
    (name,) = page.session_state.own_datasets
    asked = open_app(dataset=name)
    assert not any(name.rpartition("-")[2] in option for option in options(asked))
    assert ["someone's own session" in warning.value for warning in asked.warning] == [True]


def weights(page, content, filename="mine.safetensors"):
    page.file_uploader[1].set_value([(filename, content, "")])
    return press(healthy(page.run()), "Use these weights")


def test_weights_of_ones_own_are_taken_for_an_own_dataset(page, made):
    page.session_state.own_datasets = {"stars-1a2b3c": session.OwnDataset(made.dataset)}
    healthy(page.run())
    weights(page, save(made.classifiers["gin"][0].state_dict()))
    assert page.session_state.own_bring is False
    own = page.session_state.own_datasets["stars-1a2b3c"]
    assert own.classifiers["gin"][1]["test_accuracy"] == made.classifiers["gin"][1]["test_accuracy"]
    assert "Fit HPME" in labels(page)
    own.explainers["gin", 0] = made.explainers["gin", 0]
    press(healthy(page.run()), "Explain")
    assert command(page).startswith(
        "python -m hpme train --data stars.jsonl --model gin --weights mine.safetensors && "
    )


def test_weights_that_do_not_fit_are_refused_in_a_sentence(page, made):
    page.session_state.own_datasets = {"stars-1a2b3c": made}
    healthy(page.run())
    weights(page, b"PK\x03\x04")
    assert "Expected weights as safetensors (got an archive, as TorchScript" in texts(page)
    weights(page, save(made.classifiers["gin"][0].state_dict()))
    assert "Expected an architecture without a model (got a second GIN); start over first" in texts(page)


def test_weights_of_ones_own_are_taken_for_a_built_in_dataset(page):
    page.selectbox(key="own_built_in").set_value("ba-2motifs")
    healthy(page.run())
    (name,) = page.session_state.own_datasets
    assert name.startswith("ba-2motifs-")
    weights(page, classifier_path("ba-2motifs", "gcn").read_bytes())
    own = page.session_state.own_datasets[name]
    assert own.classifiers["gcn"][1]["test_accuracy"] == 1.0
    assert page.selectbox(key="own_arch").value == "gcn"
    data, model = own.dataset, own.classifiers["gcn"][0]
    own.explainers["gcn", 0] = HPME(model, HPMEConfig(min_steps=60, rounds=1)).fit(data.train)
    press(healthy(page.run()), "Explain")
    assert command(page).startswith(
        "python -m hpme train ba-2motifs --model gcn --weights mine.safetensors && "
        "python -m hpme fit ba-2motifs --model gcn --seed 0 && "
    )


def karate():
    club = nx.karate_club_graph()
    edges = "source,target\n" + "".join(f"{u},{v}\n" for u, v in club.edges)
    nodes = "id,club,age\n" + "".join(f"{i},{club.nodes[i]['club']},{i % 5}\n" for i in club)
    return [("karate_edges.csv", edges.encode()), ("karate_nodes.csv", nodes.encode())]


def test_two_tables_are_one_graph_whose_nodes_are_predicted_by_the_label_that_is_chosen(page):
    page.file_uploader(key="own_file").set_value([(name, content, "") for name, content in karate()])
    page = healthy(page.run())
    labels = page.multiselect(key="own_labels-karate.zip")
    assert labels.options == ["club (2 classes)", "age (5 classes)"]
    press(page, "Read the dataset")
    assert "Graph: one, of 34 nodes and 78 edges; nodes are predicted" in texts(page)
    assert "Classes: 2: Mr. Hi (17), Officer (17)" in texts(page)
    assert "Split: 28 training, 2 validation, 4 test nodes" in texts(page)
    assert page.selectbox(key="own_arch").options == ["GCN", "GIN", "GAT"]
    assert [box.value for box in page.number_input if box.label == "Epochs"] == [EPOCHS_OF_NODES]


def test_a_graph_whose_nodes_are_predicted_is_explained(page):
    data = as_floats(read_dataset((SAMPLES / "cycles.graphml").read_bytes(), "cycles.graphml"))
    model, card = train_classifier(data, "gcn", epochs=60)
    explainer = HPME(model, HPMEConfig(min_steps=60, rounds=1)).fit(data.train)
    card["same_around"] = 0.5
    made = session.OwnDataset(data, None, {"gcn": (model, card)}, {("gcn", 0): explainer})
    page.session_state.own_datasets = {"cycles-1a2b3c": made}
    healthy(page.run())
    assert any(metric.label == "Accuracy on test nodes" for metric in page.metric)
    assert any("For 50% of test nodes the model predicts the same" in box.value for box in page.caption)
    press(page, "Explain")
    page = healthy(page)
    assert "node " in title(page) or any("node" in box.value for box in page.markdown)
