import json

import pytest

from benchmarks.standing_tables import by_place, front, of_place, opening
from hpme.benchmark.leaderboard import read_rows
from hpme.benchmark.standing import judged_by_all

PLACE = {"dataset": "ba-2motifs", "model": "gin", "split": "held-out"}


def row(explainer, value, **others):
    values = [round(value + 0.001 * i, 4) for i in range(20)]
    facts = {"explainer": explainer, "seed": 0, "classifier": "c", "graphs": 20, "accuracy": 1.0}
    facts |= {"saturated": 0.0}
    return PLACE | facts | {"edge_auc": value, "by_graph": {"edge_auc": values}} | others


@pytest.fixture
def read(tmp_path):
    def read_them(*rows):
        path = tmp_path / "runs.json"
        path.write_text(json.dumps({"meta": {"date": "2026-01-01", "command": "c"}, "rows": rows}))
        return read_rows([path])

    return read_them


def opened(rows):
    return opening(rows, judged_by_all(rows))


def cells(text):
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line[:1] == "|"]


def test_the_opening_table_counts_sets_and_names_the_misses_and_each_rival(read):
    rows = read(row("hpme", 0.8), row("saliency", 0.9), row("random", 0.5))
    text = opened(rows)
    assert cells(text)[2][:7] == ["Edge AUC ↑", "classes of graphs", "1", "0", "0", "1", "0"]
    assert cells(text)[2][7:] == ["2.0 of 3", "Saliency 1.0", "–"]
    assert "* Edge AUC, classes of graphs: ba-2motifs (saliency -0.100)" in text
    assert cells(text)[5:] == [["Random", "1–0–0"], ["Saliency", "0–0–1"]]
    assert cells(front(rows, judged_by_all(rows))) == cells(text)[:3]


def test_what_is_behind_nowhere_is_said_only_of_what_was_tested(read):
    assert "HPME is behind nowhere" in opened(read(row("hpme", 0.9), row("saliency", 0.8)))
    untested = opened(read(row("hpme", 0.9, by_graph=None), row("saliency", 0.8)))
    assert "behind nowhere" not in untested
    assert cells(untested)[2][2:7] == ["1", "0", "0", "0", "1"]


def test_an_auc_stands_beside_its_floor_and_that_of_each_class(read):
    known = {"edge_auc_untrained": 0.6, "edge_auc_by_class": {"house": 0.5, "cycle": 0.7}}
    rows = read(row("hpme", 0.9, **known), row("saliency", 0.8))
    about, table, *rest = of_place(tuple(PLACE.values()), rows, judged_by_all(rows))
    assert about.startswith("**ba-2motifs**, gin, held-out: 20 graphs, 1 classifier, accuracy (or R²) 1.000")
    assert about.endswith("`runs`")
    assert cells(table)[0] == ["explainer", "fits", "Edge AUC ↑", "floor", "by class: house / cycle"]
    assert cells(table)[2:4] == [
        ["hpme", "1", "0.900", "0.600", "0.500 / 0.700"],
        ["saliency", "1", "0.800", "–", "–"],
    ]
    assert cells(table)[4] == ["*HPME, by the test*", "", "first (saliency +0.100)", "", ""]
    assert not rest


def test_a_saturated_mask_has_a_dash_and_the_reason_below(read):
    rows = read(row("hpme", 0.8), row("pgexplainer", 0.9, saturated=0.8), row("gsat", 0.7, by_graph=None))
    _, table, reason = of_place(tuple(PLACE.values()), rows, judged_by_all(rows))
    assert cells(table)[3][:3] == ["pgexplainer", "1", "–"]
    assert reason.startswith(
        "Saturated: pgexplainer (1 of 1 fits); no figure: in more than half of the graphs"
    )
    assert "not tested" in table


def test_rows_that_do_not_say_whether_a_mask_is_saturated_are_named(read):
    told, silent = row("gsat", 0.8), row("pgexplainer", 0.7, saturated=None)
    text = opened(read(row("hpme", 0.9), row("saliency", 0.8), told, silent))
    assert "could be of a mask that keeps everything. Of `pgexplainer`; to be measured anew." in text
    assert "keeps everything" not in opened(read(row("hpme", 0.9), told))


def test_verdicts_stand_one_place_a_line_and_say_how_many_others_were_not_tested(read):
    other = {"model": "gcn"}
    rows = read(
        *(row("hpme", 0.9), row("saliency", 0.8), row("gsat", 0.95, by_graph=None)),
        *(row("hpme", 0.7) | other, row("saliency", 0.8) | other),
    )
    assert cells(by_place(judged_by_all(rows)))[2:] == [
        ["ba-2motifs", "gin", "first (saliency +0.100; 1 not tested)"],
        ["ba-2motifs", "gcn", "behind (saliency -0.100)"],
    ]
    assert by_place(judged_by_all(rows[rows["explainer"] == "hpme"])).startswith("Not tested")
