import json

import pytest

from hpme.benchmark import leaderboard
from hpme.benchmark.leaderboard import CEILING, LINE


def row(explainer, seed, auc, **others):
    place = {"dataset": "d", "model": "gin", "split": "held-out", "explainer": explainer, "seed": seed}
    return place | {"graphs": 100, "edge_auc": auc} | others


def write(path, rows, date="2026-01-01"):
    path.write_text(json.dumps({"meta": {"date": date, "command": f"run {path.stem}"}, "rows": rows}))
    return path


@pytest.fixture
def rows(tmp_path):
    """a: .9 and .7; b: .8, .5 and .2; c: one seed, the most capacity; and the ceiling."""
    runs = [
        *(row("a", 0, 0.9, fid_minus=0.2, fit_seconds=2.0, explain_ms=10.0), row("a", 1, 0.7, fid_minus=0.4)),
        *(row("b", 0, 0.8, fid_minus=0.1), row("b", 1, 0.5, fid_minus=0.1), row("b", 2, 0.2)),
        *(row("c", 0, 0.1, capacity_bits=3.0), row(CEILING, 0, 1.0, fid_minus=0.0)),
    ]
    return leaderboard.read_rows([write(tmp_path / "runs.json", runs)])


def values(series):
    return dict(zip(series.index.get_level_values("explainer"), series, strict=True))


def test_mean_and_spread_are_taken_over_the_seeds(rows):
    table = leaderboard.summarise(rows)
    # a: mean .8, deviations of .1, so the sample's standard deviation is .1 times the root of two.
    assert values(table["edge_auc", "mean"]) == pytest.approx({"a": 0.8, "b": 0.5, "c": 0.1, CEILING: 1.0})
    assert values(table["edge_auc", "std"])["a"] == pytest.approx(0.1 * 2**0.5)
    assert values(table["edge_auc", "std"])["b"] == pytest.approx(0.3)
    assert values(table["edge_auc", "count"]) == {"a": 2, "b": 3, "c": 1, CEILING: 1}


def test_a_line_says_how_many_seeds_are_behind_it(rows):
    assert values(leaderboard.seeds(leaderboard.summarise(rows))) == {"a": 2, "b": 3, "c": 1, CEILING: 1}


def test_seconds_are_those_of_fitting_and_of_explaining_every_graph(rows):
    assert rows["total_seconds"][0] == pytest.approx(2 + 100 * 0.01)


def test_rank_follows_the_direction_of_the_measure_and_leaves_the_ceiling_out(rows):
    table = leaderboard.summarise(rows)
    by_auc, by_fidelity = (values(leaderboard.rank(table, name)) for name in ("edge_auc", "fid_minus"))
    assert [by_auc[name] for name in "abc"] == [1, 2, 3]
    assert [by_fidelity[name] for name in "ab"] == [2, 1]
    assert str(by_auc[CEILING]) == str(by_fidelity["c"]) == "nan"


def test_the_best_is_marked_only_where_it_has_a_rival(rows):
    marks = leaderboard.best(leaderboard.summarise(rows), list(leaderboard.MEASURES))
    assert values(marks["edge_auc"]) == {"a": True, "b": False, "c": False, CEILING: False}
    assert values(marks["fid_minus"]) == {"a": False, "b": True, "c": False, CEILING: False}
    assert not marks["capacity_bits"].any()
    assert not marks["fit_seconds"].any()


def test_of_two_runs_of_the_same_the_newer_counts_and_a_variant_is_another(tmp_path):
    new = write(tmp_path / "a.json", [row("a", 0, 0.9)], "2026-02-02")
    old = write(tmp_path / "b.json", [row("a", 0, 0.1), row("a", 0, 0.5, variant="soft")], "2026-01-01")
    assert leaderboard.read_rows([new, old])["edge_auc"].tolist() == [0.9, 0.5]


def test_seeds_of_an_older_file_are_not_added_to_those_of_a_newer_one(tmp_path):
    old = write(
        tmp_path / "a.json", [row("a", seed, 0.1) for seed in range(5)] + [row("b", 0, 0.3)], "2026-01-01"
    )
    new = write(tmp_path / "b.json", [row("a", seed, 0.9) for seed in range(2)], "2026-02-02")
    assert leaderboard.read_rows([old, new])["edge_auc"].tolist() == [0.3, 0.9, 0.9]


def test_a_row_names_its_file_and_all_commands_that_wrote_it(tmp_path):
    meta = {"date": "2026-01-01", "command": "second", "earlier": ["first"]}
    (tmp_path / "x.json").write_text(json.dumps({"meta": meta, "rows": [row("a", 0, 0.5)]}))
    (read,) = leaderboard.read_rows([tmp_path / "x.json"]).to_dict("records")
    assert (read["file"], read["commands"]) == ("x", ("first", "second"))


def test_no_files_give_an_empty_table():
    assert leaderboard.read_rows([]).empty


@pytest.mark.parametrize("content", ["", "[]", '{"rows": []}', '{"meta": {"date": 1, "command": 2}}'])
def test_a_file_without_results_is_refused_in_one_sentence(tmp_path, content):
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(ValueError, match=r"Expected results written by 'hpme bench --json' in .*x\.json"):
        leaderboard.read_rows([tmp_path / "x.json"])


def test_a_cell_is_sorted_as_a_number_and_shown_with_its_spread(rows):
    shown = leaderboard.figures(leaderboard.summarise(rows), ["edge_auc", "fid_minus"])
    assert [cell.text for cell in shown["edge_auc"]] == ["0.800 ± 0.141 ★", "0.500 ± 0.300", "0.100", "1.000"]
    assert shown["fid_minus"].iloc[2].text == "–"
    assert sorted(shown["edge_auc"])[0].text == "0.100"


def test_a_saturated_mask_has_no_auc_and_the_cell_says_why(tmp_path):
    runs = [row("a", 0, 0.9, saturated=0.9, node_iou=0.5), row("b", 0, 0.8, saturated=0.2, node_iou=0.4)]
    runs += [row("pgexplainer", 0, 0.7, node_iou=0.3)]
    table = leaderboard.summarise(leaderboard.read_rows([write(tmp_path / "x.json", runs)]))
    shown = leaderboard.figures(table, ["edge_auc", "node_iou"])
    assert [cell.text for cell in shown["edge_auc"]] == ["– saturated", "0.800", "– not recorded"]
    assert [cell.text for cell in shown["node_iou"]] == ["0.500 ★", "0.400", "0.300"]


def test_a_note_stands_in_the_place_of_the_star(rows):
    table = leaderboard.summarise(rows)
    shown = leaderboard.figures(table, ["edge_auc"], {"edge_auc": {table.index[0]: "tied"}})
    assert [cell.text for cell in shown["edge_auc"]][:2] == ["0.800 ± 0.141 tied", "0.500 ± 0.300"]


def test_a_csv_has_no_formula_in_any_cell(tmp_path):
    runs = [row("=1+1", 0, 0.5, cos_mix=-0.25), row("a", 0, None)]
    table = leaderboard.summarise(leaderboard.read_rows([write(tmp_path / "x.json", runs)]))
    head, first, second = leaderboard.to_csv(table[["edge_auc", "cos_mix"]]).splitlines()
    figures = [f"{name}_{part}" for name in ("edge_auc", "cos_mix") for part in ("mean", "std", "count")]
    assert head.split(",") == [*LINE, *figures]
    assert first == "d,gin,held-out,'=1+1,0.5,,1,-0.25,,1"
    assert second == "d,gin,held-out,a,,,0,,,0"


def test_what_rounds_to_nothing_has_no_sign():
    assert leaderboard.text(-0.0001, 0.001, "edge_auc") == "0.000 ± 0.001"
    assert leaderboard.text(-0.0009, float("nan"), "edge_auc") == "-0.001"
