import json

import numpy as np
import pytest

from hpme.benchmark import draw_places
from hpme.benchmark.leaderboard import read_rows
from hpme.benchmark.standing import competing, graph_values, judged, judged_by_all, ranks_of, summaries

PLACE = {"dataset": "ba-2motifs", "model": "gin", "split": "held-out"}
GOOD, FAIR, POOR = ([round(base + 0.001 * i, 4) for i in range(20)] for base in (0.9, 0.8, 0.7))


def row(explainer, values, seed=0, classifier="c0", number=0, measure="edge_auc", **others):
    known = [value for value in values if value is not None]
    facts = {"explainer": explainer, "seed": seed, "classifier": classifier, "classifier_seed": number}
    scores = {measure: sum(known) / len(known), "by_graph": {measure: values}}
    return PLACE | facts | {"graphs": len(values), "saturated": 0.0} | scores | others


@pytest.fixture
def read(tmp_path):
    def read_them(*rows):
        path = tmp_path / "x.json"
        path.write_text(json.dumps({"meta": {"date": "", "command": "c"}, "rows": rows}))
        return read_rows([path])

    return read_them


def verdict(rows, measure="edge_auc"):
    (found,) = judged(rows, measure).values()
    return found


def test_first_is_better_than_every_other_by_the_test(read):
    found = verdict(read(row("hpme", GOOD), row("saliency", FAIR), row("random", POOR)))
    assert (found.word, found.rival, found.graphs, found.classifiers) == ("first", "saliency", 20, 1)
    assert found.gap == pytest.approx(0.1)
    assert dict(found.sides) == {"saliency": 1, "random": 1}


def test_behind_names_the_one_furthest_ahead_of_those_that_are_better(read):
    found = verdict(read(row("hpme", POOR), row("saliency", FAIR), row("gsat", GOOD), row("random", POOR)))
    assert (found.word, found.rival) == ("behind", "gsat")
    assert found.gap == pytest.approx(-0.2)
    assert dict(found.sides) == {"saliency": -1, "gsat": -1, "random": 0}


def test_tied_is_neither_even_with_the_best_mean(read):
    mixed = [value + (0.1 if i % 2 else -0.11) for i, value in enumerate(GOOD)]
    found = verdict(read(row("hpme", GOOD), row("saliency", mixed), row("random", POOR)))
    assert (found.word, found.rival) == ("tied", "saliency")
    assert found.gap == pytest.approx(0.005)


def test_less_is_better_where_the_measure_says_so(read):
    rows = [row("hpme", POOR, measure="robust_fid_minus"), row("saliency", GOOD, measure="robust_fid_minus")]
    found = verdict(read(*rows), "robust_fid_minus")
    assert (found.word, found.gap) == ("first", pytest.approx(0.2))


def test_tests_of_one_verdict_are_corrected_for_one_another(read):
    """Six graphs on one side have p = 1/32: enough for one test, not for two."""
    six = [GOOD[:6], FAIR[:6]]
    assert verdict(read(row("hpme", six[0]), row("saliency", six[1]))).word == "first"
    assert verdict(read(row("hpme", six[0]), row("saliency", six[1]), row("gsat", six[1]))).word == "tied"


def test_seeds_of_an_explainer_are_averaged_before_a_graph_is_compared(read):
    low, high = [0.5] * 5 + [None], [0.7] * 5 + [0.9]
    (values,) = graph_values(read(row("hpme", low), row("hpme", high, seed=1)), "edge_auc").values()
    assert values.tolist() == pytest.approx([0.6] * 5 + [0.9])


def test_several_classifiers_make_one_difference_a_graph_not_one_more_graph(read):
    rows = [
        *(row("hpme", GOOD[:6], classifier=f"c{i}", number=i) for i in range(3)),
        *(row("saliency", FAIR[:6], classifier=f"c{i}", number=i) for i in range(2)),
    ]
    found = verdict(read(*rows))
    assert (found.graphs, found.classifiers) == (6, 2)


def test_only_values_of_the_same_classifier_and_graphs_are_compared(read):
    rows = [row("hpme", GOOD), row("saliency", FAIR, classifier="other"), row("subgraphx", FAIR[:5])]
    found = verdict(read(*rows))
    assert (found.word, found.untested) == ("not tested", ("saliency", "subgraphx"))


def test_a_smaller_sample_is_compared_on_its_own_graphs_where_the_pool_is_known(read):
    places = [draw_places(30, count) for count in (20, 7)]
    ours = [round(0.5 + 0.01 * place, 4) for place in places[0]]
    theirs = [round(0.5 + 0.01 * place - 0.1, 4) for place in places[1]]
    found = verdict(read(row("hpme", ours, limit=20, pool=30), row("subgraphx", theirs, limit=7, pool=30)))
    assert (found.word, found.graphs) == ("first", 7)
    assert found.gap == pytest.approx(0.1)


def test_a_pool_that_is_no_larger_than_the_limit_is_all_scored(read):
    places = draw_places(20, 7)
    theirs = [GOOD[place] - 0.1 for place in places]
    found = verdict(read(row("hpme", GOOD, limit=200), row("subgraphx", theirs, limit=7)))
    assert (found.graphs, found.gap) == (7, pytest.approx(0.1))


def test_rows_from_before_values_of_each_graph_are_not_tested(read):
    old = {**row("hpme", GOOD), "by_graph": None}
    assert verdict(read(old, row("saliency", FAIR))).word == "not tested"


def test_a_mask_of_which_it_was_not_recorded_whether_it_is_saturated_is_not_tested_by_its_order(read):
    rows = read(row("hpme", FAIR), row("pgexplainer", GOOD, saturated=None), row("random", POOR))
    assert set(rows.query("edge_auc.isna()")["explainer"]) == {"pgexplainer"}
    (verdict,) = judged(rows, "edge_auc").values()
    assert (verdict.word, verdict.rival, verdict.untested) == ("first", "random", ("pgexplainer",))
    (alone,) = judged(rows.query("explainer != 'random'"), "edge_auc").values()
    assert (alone.word, alone.untested) == ("not tested", ("pgexplainer",))


def test_a_saturated_mask_is_neither_tested_nor_shown_and_comes_last(read):
    rows = read(
        row("hpme", FAIR), row("pgexplainer", GOOD, saturated=0.9), row("random", POOR, saturated=0.5)
    )
    assert rows["edge_auc"].notna().tolist() == [True, False, True]
    assert dict(verdict(rows).sides) == {"random": 1}
    assert ranks_of(rows, "edge_auc").ranks.to_dict() == {"hpme": 1.0, "random": 2.0, "pgexplainer": 3.0}


def test_the_ceiling_does_not_compete_and_at_own_size_only_hard_explainers_do(read):
    rows = [row(name, GOOD) for name in ("hpme", "ground-truth", "saliency", "subgraphx")]
    assert list(competing(read(*rows), "edge_auc")["explainer"]) == ["hpme", "saliency", "subgraphx"]
    assert list(competing(read(*rows), "node_iou")["explainer"]) == ["hpme", "subgraphx"]


def test_a_place_without_a_rival_has_no_verdict_and_no_rank(read):
    alone = read(row("hpme", GOOD), row("ground-truth", GOOD))
    assert judged(alone, "edge_auc") == {}
    assert ranks_of(alone, "edge_auc") is None
    assert summaries(alone, judged_by_all(alone)) == []


def test_the_summary_is_of_default_models_on_held_out_graphs_and_counts_wins_ties_and_losses(read):
    lost = {"dataset": "benzene", "model": "gine", "classifier": "b"}
    rows = read(
        *(row("hpme", GOOD), row("saliency", FAIR), row("random", POOR)),
        *(row("hpme", POOR) | lost, row("saliency", FAIR) | lost, row("random", POOR) | lost),
        *(row("hpme", POOR, classifier="g") | {"model": "gcn"}, row("saliency", GOOD) | {"model": "gcn"}),
        *(row("hpme", GOOD) | {"split": "transductive"}, row("saliency", FAIR) | {"split": "transductive"}),
    )
    (found,) = summaries(rows, judged_by_all(rows))
    assert (found.task, found.measure) == ("graph-classification", "edge_auc")
    assert [found.count(word) for word in ("first", "tied", "behind", "not tested")] == [1, 0, 1, 0]
    assert found.against("saliency") == (1, 0, 1)
    assert found.against("random") == (1, 1, 0)
    assert found.against("gsat") == (0, 0, 0)
    assert found.ranks.ranks.to_dict() == {"saliency": 1.5, "hpme": 1.75, "random": 2.75}


def test_a_measure_without_a_value_on_any_graph_is_not_tested(read):
    rows = read(row("hpme", GOOD), {**row("saliency", FAIR), "by_graph": {"edge_auc": []}})
    assert verdict(rows).word == "not tested"
    assert np.isnan(verdict(rows).gap)
