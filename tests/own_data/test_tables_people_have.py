"""Tables of molecules as spreadsheets, pandas and instruments write them."""

import gzip
import random

import pytest
from own_files import write_csv, write_lines, write_tu

from hpme.own_data import label_columns, read_dataset

ALKANES = ["C" * i for i in range(1, 31)]


def table(labels: list[str], header: str = "smiles,label", separator: str = ",", end: str = "\n") -> str:
    rows = [f"{smiles}{separator}{label}" for smiles, label in zip(ALKANES, labels, strict=True)]
    return end.join([header, *rows])


WORDS = ["#N/A", "NA", "None", "-", "nan", "NULL", "?", "", "<NA>", "n/a", "NaN", "--", "-1.#IND", " None "]


@pytest.mark.parametrize("word", WORDS)
def test_words_for_a_missing_label_are_no_class_and_their_rows_are_left_out_with_a_note(word):
    labels = [["active", "inactive", word][i % 3] for i in range(30)]
    data = read_dataset(table(labels).encode(), "mine.csv")
    assert (data.spec.classes, data.spec.num_graphs) == (("active", "inactive"), 20)
    said = repr(word.strip()) if word else "empty"
    assert (
        f"10 of 30 lines were left out, as the label is {said} (4, 7, 10, 13, 16, …)."
        in data.spec.description
    )
    (column,) = label_columns(table(labels).encode(), "mine.csv")
    assert (column.different, column.missing) == (2, 10)


def test_minus_is_a_class_beside_plus():
    data = read_dataset(table(["+", "-"] * 15).encode(), "mine.csv")
    assert (data.spec.classes, data.spec.num_graphs) == (("+", "-"), 30)
    (column,) = label_columns(table(["+", "-"] * 15).encode(), "mine.csv")
    assert (column.kind, column.different, column.missing) == ("classes", 2, 0)


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["5,5", "6,0", "6,5", "7,0", "7,5"], [5.5, 6, 6.5, 7, 7.5]),
        (["0,125", "1", "-3,5", "+2,0", ",5"], [0.125, 1, -3.5, 2, 0.5]),
        (["1.234,5", "12.345.678,0", "7", "0,5", "1,5e3"], [1234.5, 12345678, 7, 0.5, 1500]),
    ],
)
@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_commas_are_numbers_where_cells_are_separated_by_something_else(texts, numbers, separator):
    content = table(texts * 6, f"SMILES{separator}logP", separator, "\r\n").encode()
    data = read_dataset(content, "mine.csv")
    assert data.spec.regression
    assert [float(graph.y) for graph in data.graphs] == numbers * 6
    (column,) = label_columns(content, "mine.csv")
    assert (column.kind, column.different) == ("numbers", 5)


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (['"5,5"', '"6,0"', "7"], [5.5, 6, 7]),
        (['"1,200.5"', "900", '"4,750"'], [1200.5, 900, 4750]),
        (['"1,234,567"', "1.5", '"12,000"'], [1234567, 1.5, 12000]),
    ],
)
def test_numbers_in_quotes_may_have_commas_where_commas_separate_cells(texts, numbers):
    data = read_dataset(table(texts * 10, "SMILES,dose").encode(), "mine.csv")
    assert data.spec.regression
    assert [float(graph.y) for graph in data.graphs] == numbers * 10


@pytest.mark.parametrize("odd", [">10", "inf", "5.5 uM"])
def test_a_text_among_numbers_with_fractions_makes_no_classes_of_them(odd):
    content = table(["5.5", odd, "6.25"] * 10).encode()
    with pytest.raises(ValueError, match=r"Expected numbers as labels \(got .* among 20 numbers\)"):
        read_dataset(content, "mine.csv")


def test_commas_among_words_stay():
    data = read_dataset(table(["1,5", "low"] * 15, "smiles;label", ";").encode(), "mine.csv")
    assert data.spec.classes == ("1,5", "low")


@pytest.mark.parametrize(
    "content",
    [
        f"# exported by a tool\n# on a Friday\n{table(['é', 'b'] * 15)}".encode(),
        f"sep=;\n{table(['é', 'b'] * 15, 'smiles;label', ';')}".encode(),
        table(["é", "b"] * 15).encode("utf-16"),
        table(["é", "b"] * 15).encode("utf-16-le"),
        table(["é", "b"] * 15).encode("cp1252"),
        table(["é", "b"] * 15).encode("utf-8-sig"),
        table(["é", "b"] * 15, "SMILES|Label", "|", "\r\n").encode(),
        table(["é", "b"] * 15, end="\r").encode(),
    ],
    ids=["remarks", "sep=", "UTF-16", "UTF-16 without a mark", "Windows-1252", "a mark", "bars", "old Macs"],
)
def test_tables_are_read_whatever_their_remarks_separators_and_encodings(content):
    data = read_dataset(content, "mine.csv")
    assert (data.spec.classes, data.spec.num_graphs) == (("b", "é"), 30)
    assert data.graphs[0].smiles == "C"


@pytest.mark.parametrize("header", ["source,smiles,target", "from,to,smiles", "id,smiles,y"])
def test_a_table_with_molecules_is_no_list_of_edges_here(header):
    places = {name: i for i, name in enumerate(header.split(","))}
    label = next(name for name in ("target", "to", "y") if name in places)
    rows = [[f"paper {i}", f"paper {i + 1}", ""] for i in range(30)]
    for i, row in enumerate(rows):
        row[places["smiles"]], row[places[label]] = ALKANES[i], str(i % 2)
    content = "\n".join([header, *map(",".join, rows)]).encode()
    data = read_dataset(content, "mine.csv", label)
    assert (data.spec.num_graphs, len(data.spec.classes)) == (30, 2)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (write_csv(), "a.csv.gz"),
        (write_lines(), "a.jsonl.GZ"),
        (write_tu(), "a.zip.gz"),
        (write_csv(), "a.tsv.gz"),
    ],
)
def test_any_file_may_be_packed_with_gzip(content, name):
    data = read_dataset(gzip.compress(content), name)
    assert (data.spec.name, data.spec.num_graphs) == ("a", 40)
    assert len(data.spec.load()) == 40
    assert read_dataset(content, name).spec.num_graphs == 40  # a browser may have unpacked it


def test_one_word_among_numbers_is_named():
    labels = [str(random.Random(i).random()) for i in range(60)]
    rows = "\n".join(f"{'C' * (1 + i % 20)},{label}" for i, label in enumerate([*labels, "about 10"]))
    with pytest.raises(ValueError, match=r"numbers as labels \(got 'about 10' among 60 numbers\)"):
        read_dataset(f"smiles,dose\n{rows}".encode(), "mine.csv")


@pytest.mark.parametrize(
    ("salts", "words"), [(1, "1 molecule is in pieces"), (3, "3 molecules are in pieces")]
)
def test_salts_are_counted_and_the_note_says_how_to_leave_the_largest_piece(salts, words):
    molecules = ["[Cl-].CC[NH3+]"] * salts + ALKANES
    rows = [f"{smiles},{i % 2}" for i, smiles in enumerate(molecules)]
    description = read_dataset("\n".join(["smiles,label", *rows]).encode(), "mine.csv").spec.description
    assert (
        f"{words}, as salts are (the first has 2 pieces that are not joined: C2H8N+, Cl-); hpme"
        in description
    )
    assert "pieces" not in read_dataset(table([0, 1] * 15).encode(), "mine.csv").spec.description


@pytest.mark.parametrize(
    ("name", "separator", "header"),
    [
        ("mine.smi", " ", ""),
        ("mine.txt", "\t", ""),
        ("mine.txt", "\t", "SMILES\tlabel"),
        ("mine.smi", "\t", ""),
    ],
)
def test_lists_of_molecules_with_labels_are_datasets_whatever_they_are_called(name, separator, header):
    rows = [f"{smiles}{separator}{'ab'[i % 2]}" for i, smiles in enumerate(ALKANES)]
    data = read_dataset("\n".join([header, *rows] if header else rows).encode(), name)
    assert (data.spec.num_graphs, data.spec.classes) == (30, ("a", "b"))


def test_labels_with_commas_that_can_be_read_in_two_ways_are_refused_and_other_columns_offered():
    rows = "".join(f"{'C' * (i % 9 + 1)}O\t{i % 7 + 1},{i % 9}50\t{i % 2}\n" for i in range(40))
    content = f"smiles\tdose\tlabel\n{rows}".encode()
    assert len(read_dataset(content, "mine.tsv").graphs) == 40
    assert [column.name for column in label_columns(content, "mine.tsv")] == ["label", "dose"]
    with pytest.raises(ValueError, match="a decimal comma or one of thousands"):
        read_dataset(content, "mine.tsv", "dose")
