import json
import shutil
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from batch_folder import write_folder

from hpme import load_dataset
from hpme.batch import columns
from hpme.batch.output import BatchOutput, RowFilter
from hpme.datasets.molecules import bundled_smiles
from hpme.io import write_graph

COUNT = 40


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A folder of four files, and its rows; every eighth row is bad, and one has two pieces."""
    texts = ["bad" if i % 8 == 7 else smiles for i, smiles in enumerate(bundled_smiles()[:COUNT])]
    texts[3] = "CC.c1ccccc1"
    folder = tmp_path_factory.mktemp("batch") / "out"
    return folder, write_folder(folder, texts)


@pytest.fixture
def output(written):
    return BatchOutput(str(written[0]))


def ids(found):
    return [row["id"] for row in found.rows]


def test_rows_are_read_page_by_page_in_the_order_of_the_input(output, written):
    assert (output.rows, output.files, output.finished) == (COUNT, 4, True)
    page = output.find(start=8, count=5)
    assert page.count == COUNT
    assert ids(page) == ["m8", "m9", "m10", "m11", "m12"]
    own = written[1][9]
    assert page.rows[1]["smiles"] == own["smiles"]
    assert page.rows[1]["kept_atoms"] == own["kept_atoms"].tolist()
    assert page.rows[1]["node_score"] == pytest.approx(own["node_score"].tolist())
    assert ids(output.find(start=38)) == ["m38", "m39"]
    assert ids(output.find(start=40)) == []


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        (RowFilter(predictions=("benzene ring",)), lambda row: row["prediction"] == "benzene ring"),
        (RowFilter(flags=(columns.PIECES,)), lambda row: columns.PIECES in (row["flags"] or [])),
        (
            RowFilter(flags=(columns.PIECES, columns.NOTHING)),
            lambda row: {columns.PIECES, columns.NOTHING} & {*(row["flags"] or [])},
        ),
        (RowFilter(shares=(0.2, 0.6)), lambda row: 0.2 <= (row["kept_share"] or 0) <= 0.6),
        (RowFilter(text="m1"), lambda row: "m1" in row["id"]),
        (RowFilter(text="CC.c1"), lambda row: row["id"] == "m3"),
        (RowFilter(errors=True), lambda row: row["smiles"] == "bad"),
        (
            RowFilter(predictions=("no benzene ring",), shares=(0.0, 0.5), errors=False),
            lambda row: row["prediction"] == "no benzene ring" and row["kept_share"] <= 0.5,
        ),
        (RowFilter(text="of no row"), lambda row: False),
    ],
    ids=range(9),
)
def test_a_filter_lets_pass_what_it_says(output, written, wanted, passes):
    expected = [row["id"] for row in written[1] if passes(row)]
    found = output.find(wanted, count=COUNT)
    assert ids(found) == expected
    assert found.count == len(expected)
    assert ids(output.find(wanted, start=1, count=2)) == expected[1:3]


def test_rows_are_sorted_with_what_is_missing_last_and_ties_as_in_the_input(output, written):
    good = [row for row in written[1] if not row.get("error")]
    bad = [row["id"] for row in written[1] if row.get("error")]
    for sign in (1, -1):
        found = output.find(by="kept_share", descending=sign < 0, count=COUNT)
        best = sorted(good, key=lambda row: sign * row["kept_share"])
        assert ids(found) == [row["id"] for row in best] + bad
        assert ids(output.find(by="kept_share", descending=sign < 0, start=7, count=3)) == ids(found)[7:10]


def test_a_sample_is_drawn_without_repeating_and_is_the_same_at_every_call(output):
    some = ids(output.find(by="shuffled", count=10))
    assert len({*some}) == 10
    assert some == ids(output.find(by="shuffled", count=10))
    assert some != sorted(some, key=lambda name: int(name[1:]))
    everything = ids(output.find(by="shuffled", count=COUNT))
    assert everything[:10] == some
    assert {*everything} == {f"m{i}" for i in range(COUNT)}
    wanted = RowFilter(errors=False)
    assert (
        ids(output.find(wanted, "shuffled", count=5))
        == [name for name in everything if name in ids(output.find(wanted, count=COUNT))][:5]
    )


def test_orders_are_those_that_the_job_has_numbers_for(output):
    assert output.orders == ["input", "shuffled", "probability", "kept_share", "capacity_bits"]
    with pytest.raises(KeyError, match="holds_on_mixes"):
        output.find(by="holds_on_mixes")


def test_kept_parts_are_counted_over_all_rows_by_what_is_predicted(output, written):
    good = [row for row in written[1] if not row.get("error")]
    counted = output.count_kept()
    expected = Counter(row["kept_smarts"] for row in good)
    assert {one.smarts: one.count for one in counted.most} == expected
    assert [one.count for one in counted.most] == sorted(expected.values(), reverse=True)
    assert (counted.rows, counted.different, counted.whole) == (len(good), len(expected), True)
    for one in counted.most:
        same = [row for row in good if row["kept_smarts"] == one.smarts]
        assert one.predictions == Counter(row["prediction"] for row in same)
        assert output.rows_at([one.place])[0]["id"] == same[0]["id"]
        assert output.find(RowFilter(kept=one.smarts)).count == one.count
    alone = output.count_kept(RowFilter(text="m3"))
    assert alone.rows == sum("m3" in row["id"] for row in good)


def test_of_too_many_kept_parts_the_rare_ones_are_let_go_and_that_is_said(output, monkeypatch):
    whole = output.count_kept()
    monkeypatch.setattr(BatchOutput, "KEPT", 4)
    some = output.count_kept()
    assert not some.whole
    assert len(some.most) <= 4
    monkeypatch.setattr(BatchOutput, "LISTED", 2)
    assert (len(output.count_kept().most), output.count_kept().left_out) == (2, some.different - 2)
    assert some.rows == whole.rows
    known = {one.smarts: one.count for one in whole.most}
    assert all(one.count <= known[one.smarts] for one in some.most)


def test_numbers_are_sorted_as_numbers_and_graphs_have_no_kept_smarts(tmp_path):
    write_folder(tmp_path / "numbers", ["CCCCCCCCCC", "C", "CCO", "c1ccccc1"], "crippen-logp")
    numbers = BatchOutput(str(tmp_path / "numbers"))
    found = numbers.find(by="prediction", descending=True).rows
    said = [float(row["prediction"]) for row in found]
    assert said == sorted(said, reverse=True)
    assert "probability" not in numbers.orders
    assert all(one.predictions == {} for one in numbers.count_kept().most)
    data = load_dataset("ba-2motifs")
    lines = [write_graph(graph, None, "json").decode().replace("\n", "") for graph in data.test[:2]]
    write_folder(tmp_path / "graphs", lines, "ba-2motifs", "graphs")
    graphs = BatchOutput(str(tmp_path / "graphs"))
    assert [row["smiles"] for row in graphs.find().rows] == [None, None]
    assert graphs.find(RowFilter(text="m1")).count == 1
    assert (graphs.count_kept().rows, graphs.count_kept().most) == (0, [])


def test_a_job_at_work_shows_what_is_there_and_a_finished_one_its_own_files_alone(written, tmp_path):
    folder = shutil.copytree(written[0], tmp_path / "copy")
    (folder / "summary.json").unlink()
    (folder / "list-00003.parquet").rename(folder / "list-00003.parquet.tmp")
    working = BatchOutput(str(folder))
    assert (working.rows, working.files, working.finished) == (30, 3, False)
    (folder / "summary.json").write_text(json.dumps({"parts": ["list-00000.parquet"]}))
    assert (BatchOutput(str(folder)).rows, BatchOutput(str(folder)).finished) == (10, True)


def test_of_a_job_run_again_with_another_model_the_new_files_alone_are_shown(written, tmp_path):
    folder = shutil.copytree(written[0], tmp_path / "copy")
    write_folder(tmp_path / "numbers", ["CCO"], "crippen-logp")
    (folder / "summary.json").unlink()
    shutil.copy(tmp_path / "numbers" / "list-00000.parquet", folder)
    output = BatchOutput(str(folder))
    assert (output.rows, output.files, output.made_by.dataset) == (1, 1, "crippen-logp")


def test_a_folder_that_is_no_output_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(ValueError, match=r"in '.*nowhere' \(got none\); check the path"):
        BatchOutput(str(tmp_path / "nowhere"))
    with pytest.raises(ValueError, match=r"\(got none\); check the path, or wait for the first file"):
        BatchOutput(str(tmp_path))
    parquet.write_table(pa.table({"id": ["a"]}), tmp_path / "other.parquet")
    with pytest.raises(ValueError, match=r"Expected Parquet files of 'hpme batch' in .* \(got other ones\)"):
        BatchOutput(str(tmp_path))
    (tmp_path / "other.parquet").write_text("none")
    with pytest.raises(ValueError, match="Expected a folder of Parquet files"):
        BatchOutput(str(tmp_path))


@pytest.mark.parametrize("summary", ["none", "[]", "{}"])
def test_a_summary_of_something_else_is_refused_in_a_sentence(written, tmp_path, summary):
    folder = shutil.copytree(written[0], tmp_path / "copy")
    (folder / "summary.json").write_text(summary)
    with pytest.raises(
        ValueError, match=r"^Expected a summary.json that 'hpme batch' wrote .* check the path$"
    ):
        BatchOutput(str(folder))
