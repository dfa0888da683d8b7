from math import exp

import pytest
import torch
from torch_geometric.nn import global_add_pool

from hpme.analysis.story import Subject, build_story, candidate_donors, scale_of
from hpme.datasets.molecules import ELEMENTS
from hpme.figures import Scale
from hpme.forward.question import Question
from tests.figures.scenes import explanation_of, molecule_graph

CLASSES = ("low", "high")


def first_nodes(count, bits=4.0):
    """An explainer that keeps the first nodes of every graph."""
    return lambda graphs: [explanation_of(graph, list(range(count)), bits) for graph in graphs]


@pytest.fixture
def pool(make_graph):
    """Donors whose rest adds 0, but for the last: there it takes 9 away."""
    donors = [make_graph([5.0, 5.0, 0.0], [(0, 1), (1, 2)], graph_id=i) for i in range(10, 14)]
    return [*donors, make_graph([5.0, 5.0, -9.0], [(0, 1), (1, 2)], graph_id=14)]


@pytest.fixture
def graph(path):
    path.graph_id, path.y = 3, torch.tensor([1])
    return path


def probability_of_high(total):
    return 1 / (1 + exp(2.5 - total))


def test_the_classifier_is_asked_about_all_four_views(feature_sum, graph, pool):
    story = build_story(Subject(feature_sum, graph, pool[0], pool, CLASSES), first_nodes(2))
    # Sums by hand: whole 3 + 2 + 0 + 1, kept 3 + 2, rest 0 + 1, mixed 3 + 2 + 0.
    expected = [probability_of_high(total) for total in (6, 5, 1, 5)]
    assert story.probabilities[:, 1].tolist() == pytest.approx(expected)


def test_the_sentence_counts_nodes_bits_and_predictions_that_hold(feature_sum, graph, pool):
    story = build_story(Subject(feature_sum, graph, pool[0], pool, CLASSES), first_nodes(2))
    # Of five donors one takes 9 away: 5 - 9 is below 2.5.
    assert (
        story.sentence
        == "HPME keeps 2 of 4 nodes (at most 4.0 bits). The prediction *high* holds in 4 of 5 mixed graphs."
    )
    assert story.metrics["kept_on_mix"] == pytest.approx(0.8)


def test_the_kept_atoms_of_a_molecule_are_named(feature_sum):
    graph = molecule_graph("Clc1ccccc1")
    donors = [molecule_graph("CCO"), molecule_graph("CCN")]
    subject = Subject(feature_sum, graph, donors[0], donors, CLASSES, ELEMENTS)
    story = build_story(subject, first_nodes(4))
    names = "Cl, part of a benzene ring (3 of 6 atoms)"
    assert story.sentence.startswith(f"HPME keeps {names}: 4 of 7 atoms (at most 4.0 bits). The prediction *")
    assert (story.kept_names, story.kept_smarts) == (names, "cccCl")
    whole = build_story(subject, first_nodes(9))
    assert whole.sentence.startswith("HPME keeps 7 of 7 atoms")


def test_an_element_that_the_model_does_not_know_is_flagged(feature_sum):
    graph, donors = molecule_graph("C[Si](C)(C)O"), [molecule_graph("CCO"), molecule_graph("CCN")]
    story = build_story(Subject(feature_sum, graph, donors[0], donors, CLASSES, ELEMENTS), first_nodes(2))
    assert "Unknown element" in flags(story)
    assert "does not know Si:" in next(flag.words for flag in story.flags if flag.title == "Unknown element")


def test_measures_are_those_of_this_graph(feature_sum, graph, pool):
    story = build_story(Subject(feature_sum, graph, pool[0], pool, CLASSES), first_nodes(3))
    assert story.metrics["node_iou"] == pytest.approx(2 / 3)
    assert story.metrics["kept_share"] == pytest.approx(3 / 4)
    assert story.metrics["edge_auc"] == 1.0  # scores fall along the path, and its first edge is the true one


def flags(story):
    return [flag.title for flag in story.flags]


def test_a_sound_explanation_has_no_flags(feature_sum, graph, pool):
    assert flags(build_story(Subject(feature_sum, graph, pool[0], pool, CLASSES), first_nodes(2))) == []


def test_a_wrong_prediction_is_flagged(feature_sum, graph, pool):
    graph.y = torch.tensor([0])
    assert flags(build_story(Subject(feature_sum, graph, pool[0], pool, CLASSES), first_nodes(2))) == [
        "Wrong prediction"
    ]


def test_a_prediction_lost_in_the_mix_is_flagged(feature_sum, graph, pool):
    story = build_story(Subject(feature_sum, graph, pool[4], pool, CLASSES), first_nodes(2))
    assert flags(story) == ["Prediction lost in the mix"]


def test_a_fragment_that_only_the_mix_rescues_is_flagged(feature_sum, graph, pool, make_graph):
    generous = make_graph([0.0, 5.0], [(0, 1)], graph_id=20)
    graph.x = torch.tensor([[2.0], [0.0], [0.0], [4.0]])
    story = build_story(Subject(feature_sum, graph, generous, pool, CLASSES), first_nodes(1))
    assert flags(story) == ["Out-of-distribution effect"]  # alone 2, mixed 2 + 5


def test_a_graph_without_ground_truth_is_flagged(feature_sum, graph, pool):
    graph.node_gt = torch.zeros(4, dtype=torch.bool)
    story = build_story(Subject(feature_sum, graph, pool[0], pool, CLASSES), first_nodes(2))
    assert flags(story) == ["Nothing to find"]
    del graph.node_gt
    story = build_story(Subject(feature_sum, graph, pool[0], pool, CLASSES), first_nodes(2))
    assert flags(story) == ["No ground truth"]
    assert story.metrics["node_iou"] is None


@pytest.mark.parametrize(("count", "title"), [(0, "Nothing kept"), (4, "Everything kept")])
def test_an_explanation_that_selects_nothing_is_flagged(feature_sum, graph, pool, count, title):
    assert title in flags(
        build_story(Subject(feature_sum, graph, pool[0], pool, CLASSES), first_nodes(count))
    )


def test_a_disconnected_subgraph_is_flagged(feature_sum, graph, pool):
    def ends(graphs):
        return [explanation_of(one, [0, one.num_nodes - 1], 4.0) for one in graphs]

    story = build_story(Subject(feature_sum, graph, pool[0], pool, CLASSES), ends)
    assert story.pieces == 2
    assert "Disconnected subgraph" in flags(story)


def test_a_graph_without_label_or_number_can_be_explained(feature_sum, path, pool):
    assert flags(build_story(Subject(feature_sum, path, pool[0], pool, CLASSES), first_nodes(2))) == []


def test_donors_are_other_graphs_in_an_order_fixed_by_graph_and_seed(graph, pool):
    first = [donor.graph_id for donor in candidate_donors([*pool, graph], graph, 9, seed=1)]
    assert sorted(first) == [10, 11, 12, 13, 14]
    assert first == [donor.graph_id for donor in candidate_donors([*pool, graph], graph, 9, seed=1)]
    assert first[:2] == [donor.graph_id for donor in candidate_donors([*pool, graph], graph, 2, seed=1)]


class Total(torch.nn.Module):
    """Predicts the sum of the first feature."""

    def embed(self, x, edge_index):
        return x

    def forward(self, x, edge_index, batch):
        return global_add_pool(x[:, :1], batch)


NUMBER = Question(Total(), model_config={"mode": "regression"})


def test_a_number_holds_where_it_stays_near_and_its_bar_is_its_place_in_the_range(graph, pool):
    graph.y = torch.tensor([7.0])
    scale = Scale("total", tolerance=1.5, low=0.0, high=10.0)
    story = build_story(Subject(NUMBER, graph, pool[0], pool, scale=scale), first_nodes(2))
    answers = story.answers
    # Sums by hand: whole 6, kept 3 + 2, rest 0 + 1, mixed 3 + 2 + 0.
    assert [answers.prediction(view) for view in range(4)] == ["6.00", "5.00", "1.00", "5.00"]
    assert [answers.holds(view) for view in range(4)] == [True, True, False, True]
    assert [answers.bar_length(view) for view in range(4)] == pytest.approx([0.6, 0.5, 0.1, 0.5])
    assert (
        "prediction *6.00* holds in 4 of 5 mixed graphs" in story.sentence
    )  # of five donors one takes 9 away
    assert flags(story) == []  # the label is 1 away
    graph.y = torch.tensor([8.0])
    assert flags(story) == ["Wrong prediction"]


def test_the_scale_is_the_range_and_half_the_spread_of_the_numbers(make_graph):
    graphs = [make_graph([total], []) for total in (1.0, 2.0, 3.0)]
    assert scale_of(NUMBER, graphs, "total") == Scale("total", 0.5, 1.0, 3.0)
    assert scale_of(NUMBER, graphs, "") is None


def test_of_another_class_the_story_tells_what_speaks_for_it(feature_sum, graph, pool):
    story = build_story(Subject(feature_sum, graph, pool[0], pool, CLASSES, target=0), first_nodes(2))
    assert story.question("GIN", "graph 3") == (
        "What speaks for “low” in graph 3, for which GIN predicts “high”?"
    )
    # Of five donors one takes 9 away: there alone the model predicts the class that is asked about.
    assert story.sentence.endswith("The model predicts *low* for 1 of 5 mixed graphs.")
    assert story.answers.bar_length(0) == pytest.approx(1 - probability_of_high(6))
    assert "probability of “low”" in story.answers.note
    assert [story.answers.holds(view) for view in range(4)] == [False, False, True, False]
    assert story.metrics["edge_auc"] is None  # the ground truth is of the label, which is high
    assert "Not enough for that class" in [flag.title for flag in story.flags]


def test_where_nothing_speaks_for_a_class_a_flag_says_so(feature_sum, graph, pool):
    story = build_story(Subject(feature_sum, graph, pool[0], pool, CLASSES, target=0), first_nodes(0))
    words = [flag.words for flag in story.flags if flag.title == "Nothing kept"]
    assert words == ["Nothing was found in this graph that speaks for low."]


def test_what_a_result_notes_is_a_flag(feature_sum, graph, pool):
    def noting(graphs):
        explanations = first_nodes(2)(graphs)
        for explanation in explanations:
            explanation.notes = ["The model draws random numbers."]
        return explanations

    story = build_story(Subject(feature_sum, graph, pool[0], pool, CLASSES), noting)
    assert "The model draws random numbers." in [flag.words for flag in story.flags if flag.serious]


class Distances(torch.nn.Module):
    """Votes by how far nodes stand apart along each edge."""

    def forward(self, x, edge_index, pos, batch):
        start, end = edge_index
        far = (pos[start] - pos[end]).norm(dim=1)
        total = far.new_zeros(int(batch.max()) + 1).index_add(0, batch[start], far)
        return torch.stack([torch.ones_like(total), total], dim=1)


def test_of_a_model_that_reads_positions_nothing_is_mixed(graph, pool):
    for item in [graph, *pool]:
        item.pos = torch.rand(item.num_nodes, 3)
    story = build_story(Subject(Distances(), graph, pool[0], pool), first_nodes(2))
    assert (story.num_held, story.draws, story.metrics["kept_on_mix"]) == (0, 0, None)
    assert story.scene.mixed.node_origin.unique().tolist() == [0]
    assert story.scene.mixed.node_id.tolist() == story.scene.keep.nonzero().view(-1).tolist()
