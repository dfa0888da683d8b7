import re

import pytest

from hpme import HPME
from hpme.datasets import DATASETS, EMBEDDED
from hpme.metrics import has_ground_truth
from tests.opened import command, component, healthy, open_app, panels_shown, sentence, title, widget
from ui.plain import plain


@pytest.fixture
def app():
    return open_app()


def test_the_first_page_explains_a_graph_and_says_how_to_repeat_it(app):
    assert title(app) == "Why does GIN predict “cycle” for graph 6?"
    assert sentence(app).startswith("HPME keeps ")
    assert "The prediction *cycle* holds in " in sentence(app)
    assert sentence(app).endswith(" of 20 mixed graphs.")
    assert command(app).startswith(
        "python -m hpme explain ba-2motifs --model gin --graph 6 --seed 0 --donor "
    )
    assert panels_shown(app) == 1


def test_metrics_carry_an_arrow_towards_better(app):
    labels = [metric.label for metric in app.metric]
    assert {"Holds in mixes ↑", "Edge AUC ↑", "Node IoU ↑", "Kept share", "Capacity ↓"} <= set(labels)


def test_the_measures_stand_in_two_groups_and_without_a_truth_one_says_so(app):
    groups = [text.value for text in app.markdown if text.value.startswith("**Does it ")]
    assert groups == ["**Does it hold?**", "**Does it hit the truth?**"]
    other = open_app(dataset="benzene", graph=314)
    assert "Edge AUC ↑" not in [metric.label for metric in other.metric]
    assert any(text.value.startswith("By the label, nothing is there") for text in other.caption)


def test_next_previous_and_random_walk_through_the_test_graphs(app):
    first = widget(app, "graph").value
    healthy(app.button(key="step1").click().run())
    second = widget(app, "graph").value
    assert second > first
    assert f"graph {second}?" in title(app)
    healthy(app.button(key="step-1").click().run())
    assert widget(app, "graph").value == first
    healthy(app.button(key="step0").click().run())
    assert widget(app, "graph").value != first


def test_the_last_graph_is_followed_by_the_first():
    app = open_app(graph=999)
    healthy(app.button(key="step1").click().run())
    assert widget(app, "graph").value == 6


def test_filters_let_through_only_what_they_name():
    app = open_app(dataset="benzene")
    healthy(widget(app, "answer").select("wrong").run())
    assert any("Wrong prediction" in text.value for text in app.markdown)
    healthy(widget(app, "label").select("benzene ring").run())
    assert "“no benzene ring”" in title(app)
    healthy(app.button(key="step1").click().run())
    assert "“no benzene ring”" in title(app)


def test_a_filter_that_nothing_passes_says_so_and_stops_the_buttons(app):
    healthy(widget(app, "answer").select("wrong").run())
    assert any("No test graphs match" in text.value for text in app.caption)
    assert app.button(key="step1").disabled


@pytest.mark.parametrize("dataset", EMBEDDED)
def test_every_dataset_and_model_can_be_explained(app, dataset):
    healthy(widget(app, "dataset").select(dataset).run())
    assert not any("Wrong prediction" in text.value for text in app.markdown)  # a good one to start with
    for model in widget(app, "model").options:
        healthy(widget(app, "model").select(model.lower()).run())
        mark = "" if DATASETS[dataset].regression else "“"
        assert title(app).startswith(f"Why does {model} predict {mark}")
        counted = f"test {DATASETS[dataset].item}s"
        assert any(counted in text.value and "**" in text.value for text in app.caption)


def test_numbers_are_filtered_by_thirds_and_by_nearness_to_the_label():
    app = open_app(dataset="ba-motif-volume")
    assert widget(app, "label").options == ["any", "lowest third", "middle third", "highest third"]
    assert any("Bars show the predicted volume of the house" in text.value for text in app.caption)
    healthy(widget(app, "label").select("highest third").run())
    healthy(widget(app, "answer").select("right").run())
    assert not any("Wrong prediction" in text.value for text in app.markdown)


def test_another_dataset_starts_with_a_graph_of_its_own():
    app = open_app(dataset="benzene", graph=6000, donor=5000, label="benzene ring")
    healthy(widget(app, "dataset").select("ba-2motifs").run())
    assert widget(app, "graph").value == 6
    assert widget(app, "donor").value is None
    assert widget(app, "label").value == "any"


def test_a_dataset_with_one_explainer_offers_only_that_one(monkeypatch):
    from ui.state import sources

    app = open_app(dataset="ba-2motifs", model="gin", seed=3)
    monkeypatch.setattr(sources, "available_explainers", lambda dataset, arch: [0] if arch == "gin" else [])
    healthy(widget(app, "dataset").select("ba-house-grid").run())
    assert widget(app, "model").options == ["GIN"]
    assert widget(app, "seed").options == ["0"]
    assert "explain ba-house-grid --model gin " in command(app)
    assert "--seed 0 " in command(app)
    assert not app.warning


def test_the_model_stays_where_another_dataset_has_it():
    app = open_app(dataset="ba-2motifs", model="gcn")
    healthy(widget(app, "dataset").select("ba-house-grid").run())
    assert widget(app, "model").options == ["GIN", "GCN-norm", "GCN"]
    assert "explain ba-house-grid --model gcn " in command(app)
    assert not app.warning


def test_a_seed_that_another_dataset_lacks_does_not_stay():
    app = open_app(dataset="ba-2motifs", model="gin", seed=3)
    healthy(widget(app, "dataset").select("ba-house-grid").run())
    assert "--seed 0 " in command(app)
    assert not app.warning


def test_the_seed_picks_another_explainer(app):
    healthy(widget(app, "seed").set_value(3).run())
    assert "--seed 3" in command(app)


def test_the_size_is_ours_to_override_and_comes_back_with_another_explainer(app):
    own = sentence(app)
    slider, chosen = widget(app, "step"), HPME.load("ba-2motifs", "gin").chosen
    assert slider.value == chosen
    assert app.button(key="own_size").disabled
    healthy(slider.set_value(0).run())
    assert "--checkpoint 0" in command(app)
    assert sentence(app) != own
    healthy(app.button(key="own_size").click().run())
    assert widget(app, "step").value == chosen
    assert "--checkpoint" not in command(app)
    assert sentence(app) == own
    healthy(widget(app, "step").set_value(0).run())
    healthy(widget(app, "seed").set_value(1).run())
    assert app.button(key="own_size").disabled
    assert "--checkpoint" not in command(app)


def test_the_core_and_all_that_counts_are_a_switch_beside_the_path(app):
    own, switch = sentence(app), widget(app, "named")
    assert switch.value is None
    healthy(switch.set_value("core").run())
    assert "--size core " in command(app)
    assert sentence(app) != own
    assert any("smallest part that still holds" in caption.value for caption in app.caption)
    healthy(widget(app, "named").set_value("all").run())
    assert app.session_state.size == "all"
    assert "--size all " in command(app)
    healthy(widget(app, "step").set_value(0).run())
    assert widget(app, "named").value is None
    assert "--checkpoint 0 " in command(app)
    healthy(widget(app, "named").set_value("core").run())
    healthy(widget(app, "named").set_value(None).run())  # taken back
    assert app.session_state.size == "HPME's choice"
    assert sentence(app) == own


def test_a_donor_can_be_drawn_again_or_picked(app):
    drawn = command(app)
    healthy(next(button for button in app.button if button.label == "Resample").click().run())
    assert widget(app, "draw").value == 1
    assert command(app) != drawn
    healthy(widget(app, "donor").set_value(500).run())
    assert "--donor 500 " in command(app)
    healthy(next(button for button in app.button if button.label == "Resample").click().run())
    assert widget(app, "donor").value is None


def test_a_graph_is_never_its_own_donor():
    app = open_app(graph=6, donor=6)
    assert "--donor 6 " not in command(app)
    assert any("cannot be its own donor" in text.value for text in app.caption)


@pytest.mark.parametrize("switch", ["hide", "structure", "numbers"])
def test_switches_change_the_panels_and_nothing_else(switch):
    app = open_app(dataset="benzene")
    before = sentence(app)
    drawn = component(app, "trio").json
    healthy(widget(app, switch).set_value(not widget(app, switch).value).run())
    assert sentence(app) == before
    assert component(app, "trio").json != drawn


def test_one_switch_is_for_the_molecules_of_all_pages():
    app = open_app(dataset="benzene")
    assert widget(app, "structure").value is True
    healthy(widget(app, "structure").set_value(False).run())
    app.switch_page("pages/browse.py")
    healthy(app.run())
    assert widget(app, "structure").value is False
    app.switch_page("pages/upload.py")
    healthy(app.run())
    app.switch_page("pages/explain.py")
    healthy(app.run())
    assert widget(app, "structure").value is False


def test_only_molecules_can_be_drawn_as_molecules(app):
    assert "structure" not in [toggle.key for toggle in app.toggle]


def test_an_address_restores_everything_that_was_picked():
    query = {
        "dataset": "fluoride-carbonyl",
        "model": "gine",
        "graph": 648,
        "seed": 2,
        "size": 5,
        "donor": 17,
        "node": 1,
    }
    app = open_app(**query, hide="true", structure="false")
    assert not app.warning
    expected = "explain fluoride-carbonyl --model gine --graph 648 --seed 2 --checkpoint 5 --donor 17 "
    assert command(app).startswith(f"python -m hpme {expected}")
    assert widget(app, "hide").value is True
    assert widget(app, "structure").value is False
    texts = [text.value for text in app.markdown]
    place = next(i for i, text in enumerate(texts) if text.startswith("**Inspector: "))
    facts = [line.partition(": ")[0] for line in texts[place + 1].split("  \n")]
    assert facts == ["Features", "Neighbours", "Score", "Explanation", "Ground truth", "Origin"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("graph", "99999"),
        ("graph", "-1"),
        ("graph", "six"),
        ("graph", ""),
        ("dataset", "nonsense"),
        ("model", "nonsense"),
        ("seed", "7"),
        ("size", "999"),
        ("donor", "99999"),
        ("draw", "-3"),
        ("label", "nonsense"),
    ],
)
def test_an_address_that_asks_for_what_is_not_there_gets_the_default_and_a_sentence(key, value):
    app = open_app(**{key: value})
    assert title(app) == "Why does GIN predict “cycle” for graph 6?"
    assert [warning.value for warning in app.warning] == [
        f"The link asks for `{key}={value}`, which does not exist; showing the default instead."
    ]


def test_markdown_in_an_address_is_not_rendered():
    app = open_app(graph="`![x](https://example.org/x.png)")
    (warning,) = app.warning
    assert "`graph='![x](https://example.org/x.png)`" in warning.value


@pytest.mark.parametrize("node", ["999", "-1", "x", ""])
def test_a_node_that_is_not_there_is_simply_not_selected(node):
    app = open_app(node=node)
    assert any("Click a node" in text.value for text in app.caption)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            ValueError("Expected MUTAG from https://x (got: no route); do"),
            "MUTAG from https://x (got: no route)",
        ),
        (
            OSError(28, "No space left on device", "/srv"),
            "Could not keep the dataset (No space left on device)",
        ),
    ],
)
def test_a_dataset_that_cannot_be_downloaded_says_why_and_can_be_tried_again(app, monkeypatch, error, words):
    from ui import state
    from ui.state import sources

    def offline(name):
        raise error

    for cached in (sources.built_in, state.graphs, state.labels_and_predictions):
        cached.clear()
    with monkeypatch.context() as patch:
        patch.setattr(sources, "load_built_in", offline)
        healthy(widget(app, "dataset").select("ba-house-grid").run())
        (shown,) = app.error
        assert plain(words).removeprefix("\\") in shown.value
        assert "/srv" not in shown.value
    healthy(next(button for button in app.button if button.label == "Try again").click().run())
    assert not app.error
    assert title(app).startswith("Why does GIN predict “")


def test_datasets_without_weights_come_with_the_commands_that_make_them(app):
    assert "MUTAG" not in widget(app, "dataset").options
    assert any("MUTAG, Mutagenicity, PROTEINS" in text.value for text in app.markdown)
    assert any(code.value == "python -m hpme train mutag\npython -m hpme fit mutag" for code in app.code)


@pytest.mark.parametrize("dataset", ["benzene", "nitro-amine"])
def test_where_no_ground_truth_is_known_the_first_graph_is_one_of_which_a_part_is_kept(dataset, monkeypatch):
    from ui.state import explainer, graphs, split

    assert has_ground_truth(graphs(dataset)[split.first_graph(dataset, "gin")])
    monkeypatch.setattr(split, "has_ground_truth", lambda graph: False)
    first = split.first_graph(dataset, "gin")
    earlier = [graph for graph in split.labels_and_predictions(dataset, "gin") if graph <= first]
    explanations = explainer(dataset, "gin", 0).explain_batch([graphs(dataset)[g] for g in earlier])
    *others, share = (float(one.node_mask.mean()) for one in explanations)
    assert 0 < share < 1
    assert others
    right = [label == predicted for label, predicted in split.labels_and_predictions(dataset, "gin").values()]
    assert all(share in (0, 1) for share, good in zip(others, right, strict=False) if good)


def test_a_missing_explainer_is_one_sentence_not_a_traceback(app, monkeypatch):
    def load(dataset, arch, seed, target):
        raise KeyError("Expected a shipped explainer (got none); run hpme fit")

    from ui import state

    monkeypatch.setattr(HPME, "load", load)
    state.explainer.clear()
    healthy(widget(app, "seed").set_value(4).run())
    assert [error.value for error in app.error] == ["Expected a shipped explainer (got none); run hpme fit"]


def test_a_quick_explainer_is_shown_at_once_at_hpmes_size_and_can_be_repeated(app):
    ours = sentence(app)
    healthy(widget(app, "explainer").select("saliency").run())
    assert sentence(app).replace("Saliency keeps", "HPME keeps").split(".")[0] == ours.split(" (")[0]
    assert "--explainer saliency --donor" in command(app)
    assert not app.get("plotly_chart")  # the capacity path is HPME's own


def test_a_number_of_nodes_overrides_the_size_until_the_size_is_moved(app):
    healthy(widget(app, "k").set_value(3).run())
    assert sentence(app).startswith("HPME keeps 3 of 25 nodes")
    assert "--nodes 3 " in command(app)
    assert not app.button(key="own_size").disabled
    healthy(widget(app, "step").set_value(0).run())
    assert widget(app, "k").value is None
    assert "--nodes" not in command(app)


def test_more_nodes_than_there_are_is_all_of_them():
    assert sentence(open_app(k=999)).startswith("HPME keeps 25 of 25 nodes")


def test_the_size_curve_says_what_is_shown_chosen_and_true():
    app = open_app(tool="Size curve", k=3, unit="bits")
    expected = "Grey band: the 3 nodes in the panels. HPME's choice: 5. Ground truth: 5."
    assert expected in [caption.value for caption in app.caption]
    healthy(next(button for button in app.button if button.label.startswith("Back")).click().run())
    assert widget(app, "k").value is None
    rows = next(frame.value for frame in app.dataframe if "rest" in frame.value)
    assert rows["nodes"].tolist() == list(range(26))
    assert rows["rest"][0] == rows["subgraph"][25]  # both are the whole graph


def test_stability_shows_every_seed_and_donor():
    app = open_app(tool="Stability", donors=3)
    seeds = next(frame.value for frame in app.dataframe if "prediction holds in" in frame.value)
    assert seeds["seed"].tolist() == [0, 1, 2, 3, 4]
    assert all(words.endswith("of 3 donors") for words in seeds["prediction holds in"])
    nodes = next(frame.value for frame in app.dataframe if "kept by" in frame.value)
    assert set(nodes["kept by"][20:]) == {"5 of 5"}  # the motif
    assert sum(" donor " in caption.value for caption in app.caption) == 3


def test_a_model_with_one_seed_says_so():
    app = open_app(dataset="ba-3motifs", tool="Stability", donors=1)
    assert app.info[0].value.startswith("This model comes with only one seed")


def open_atlas(**query):
    app = open_app(**query)
    app.switch_page("pages/atlas.py")
    for key, value in query.items():
        app.query_params[key] = str(value)
    return healthy(app.run())


def test_the_atlas_says_how_far_each_view_of_the_graph_is_from_real_ones():
    app = open_atlas(graph=17)
    assert title(app) == "How GIN sees BA-2Motifs"
    views = app.dataframe[0].value
    shown = ["original", "bare subgraph", "HPME's mix", "soft mix"]
    assert views["input"].tolist() == shown
    assert views["to the original"][0] == 0
    assert views["to the nearest"][0] > 0  # the graph itself does not count
    assert sum(button.key.startswith("open-near-") for button in app.button if button.key) == 6
    assert views["its class"][0] in ("cycle", "house")
    assert any("to the nearest other graph, farther than " in caption.value for caption in app.caption)


def test_the_atlas_lists_outliers_first_and_colours_by_what_finds_them():
    app = open_atlas(colour="distance to the nearest")
    app.session_state.listed = True
    healthy(app.run())
    table = next(
        frame.value for frame in app.dataframe if "to the nearest" in frame.value and "right" in frame.value
    )
    gaps = table["to the nearest"].tolist()
    assert gaps == sorted(gaps, reverse=True)
    assert len(table) == 1000 - 100  # all test graphs, and the training graphs
    assert {*table["part"]} == {"test", "train"}
    assert table["confidence"].between(0.5, 1).all()


def test_the_atlas_compares_a_whole_split_with_the_training_graphs():
    app = open_atlas(split="true")
    table = app.dataframe[-1].value.set_index("input")
    assert table["MMD²"]["HPME's mix"] < table["MMD²"]["bare subgraph"]
    assert any("against 800 training graphs" in caption.value for caption in app.caption)


def test_of_a_number_it_shows_what_each_node_and_piece_adds_and_how_that_makes_the_prediction():
    app = open_app(dataset="crippen-logp", tool="Export")
    assert any("What does each part add to the logP?" in text.value for text in app.markdown)
    assert any("add up over the parts of a graph" in text.value for text in app.markdown)  # a note of HPME
    assert panels_shown(app) == 2
    pieces = next(frame.value for frame in app.dataframe if "adds" in frame.value)
    (words,) = [text.value for text in app.markdown if text.value.startswith("Without any nodes")]
    nothing, total, together, answer = map(float, re.findall(r"[+-]?\d+\.\d+", words))
    assert pieces["adds"].sum() == pytest.approx(total, abs=0.01)
    assert nothing + total + together == pytest.approx(answer, abs=0.02)
    assert f"predict {answer:.2f} for" in title(app)
    assert any(button.label == "Contributions, CSV" for button in app.get("download_button"))


def test_of_a_class_it_shows_no_contributions(app):
    assert not any("What does each part add" in text.value for text in app.markdown)


def test_part_of_a_ring_is_called_so_and_its_files_are_a_pattern_and_the_marked_molecule():
    app = open_app(dataset="benzene", graph=3304, tool="Export")
    assert sentence(app).startswith("HPME keeps part of a quinoline (6 of 10 atoms): 6 of 13 atoms")
    labels = [button.proto.label for button in app.get("download_button")]
    assert "Kept part, SMARTS" in labels
    assert "Kept part, SMILES" not in labels  # it is no molecule by itself
    assert "Kept atoms marked, SDF" in labels


def test_where_by_the_label_nothing_is_to_be_found_flag_and_measures_say_so():
    app = open_app(dataset="fluoride-carbonyl", smiles="CC(=O)Oc1ccccc1C(=O)O aspirin")
    words = "By the label, nothing is there that would be a true explanation to agree with."
    assert words in [caption.value for caption in app.caption]
    assert any("Nothing to find" in text.value for text in [*app.markdown, *app.caption])
