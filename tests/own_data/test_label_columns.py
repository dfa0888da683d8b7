"""What in a file can be a label is told before it is read, and each of several labels is a dataset."""

import json

import pytest
from own_files import write_tu

from hpme.own_data import LabelColumn, label_columns, read_dataset

ALKANES = ["C" * i for i in range(1, 31)]


def table(header: str, *columns: list[object], separator: str = ",") -> bytes:
    rows = [separator.join(map(str, row)) for row in zip(*columns, strict=True)]
    return "\n".join([header, *rows]).encode()


TOXIC = [[0, 1, ""][i % 3] for i in range(30)]
DOSE = [i / 4 for i in range(30)]
TASKS = table("NR-AR,dose,mol_id,smiles,note", TOXIC, DOSE, [f"T{i}" for i in range(30)], ALKANES, ["x"] * 30)


def test_columns_that_can_be_labels_are_described():
    assert label_columns(TASKS, "tox.csv") == [
        LabelColumn("NR-AR", "classes", 2, 10, ("0", "1")),
        LabelColumn("dose", "numbers", 30, 0, ("0.0", "0.25", "0.5", "0.75", "1.0")),
    ]


def test_each_label_is_a_dataset_of_its_own_with_the_rows_that_have_it():
    assay, dose = (read_dataset(TASKS, "tox.csv", name) for name in ("NR-AR", "dose"))
    assert (assay.spec.name, assay.spec.title) == ("tox-NR-AR", "tox, NR-AR")
    assert (assay.spec.num_graphs, assay.spec.classes) == (20, ("NR-AR 0", "NR-AR 1"))
    assert (
        "10 of 30 lines were left out, as the label is empty (4, 7, 10, 13, 16, …)." in assay.spec.description
    )
    assert (dose.spec.name, dose.spec.num_graphs, dose.spec.quantity) == ("tox-dose", 30, "dose")
    assert "Columns that are left out: NR-AR, note." in dose.spec.description
    assert [graph.name for graph in assay.graphs[:3]] == ["T0", "T1", "T3"]


@pytest.mark.parametrize(
    ("header", "guess"),
    [
        ("dose,smiles,class", "class"),
        ("dose,smiles,Label", "Label"),
        ("smiles,Compound ID,active", "active"),
        ("num,name,smiles,p_np", "p_np"),
        (",smiles,active", "active"),  # the first column is pandas' index
    ],
)
def test_the_guessed_column_comes_first_and_is_what_is_read(header, guess):
    kinds = {"smiles": ALKANES, "dose": DOSE} | {"": [*range(30)], "num": [*range(30)]}
    names = header.split(",")
    content = table(header, *(kinds.get(name, [f"{name[:1]}{i % 2}" for i in range(30)]) for name in names))
    assert label_columns(content, "mine.csv")[0].name == guess
    data = read_dataset(content, "mine.csv")
    assert data.spec.classes == (f"{guess[0]}0", f"{guess[0]}1")
    assert data.spec.name == "mine"


def test_what_can_be_no_label_is_not_offered():
    columns = ([f"text {i}" for i in range(30)], ["same"] * 30, [""] * 30, ["0", "1"] * 15)
    found = label_columns(
        table("comment,source,blank,smiles,active", *columns[:3], ALKANES, columns[3]), "a.csv"
    )
    assert [column.name for column in found] == ["active"]


def test_fields_of_graphs_in_json_are_offered_with_what_lacks_them():
    def graph(i: int) -> dict[str, object]:
        fields = {"toxic": i % 2} if i % 3 else {}
        nodes = [{"id": 0}, {"id": 1}]
        return fields | {"graph": {"y": i / 2, "name": f"g{i}"}, "nodes": nodes, "edges": []}

    lines = "\n".join(json.dumps(graph(i)) for i in range(30)).encode()
    for content, name in ((lines, "a.jsonl"), (json.dumps([graph(i) for i in range(30)]).encode(), "a.json")):
        y, toxic = label_columns(content, name)
        assert (y.name, y.kind, y.different, y.missing) == ("y", "numbers", 30, 0)
        assert toxic == LabelColumn("toxic", "classes", 2, 10, ("1", "0"))
        data = read_dataset(content, name, "toxic")
        assert (data.spec.name, data.spec.num_graphs) == ("a-toxic", 20)
        assert "10 of 30 " in data.spec.description
        assert "Left out: 'y' of the graphs." in data.spec.description
        assert data.graphs[0].name == "g1"


def test_a_file_whose_label_needs_no_name_offers_none():
    assert label_columns(write_tu(), "mine.zip") == []
    with pytest.raises(ValueError, match="a dataset of kind"):
        label_columns(b"x", "mine.docx")


@pytest.mark.parametrize("count", [3, 60])
def test_every_column_is_used_or_named(count):
    names = [f"d{i}" for i in range(count)]
    content = table(
        ",".join(["id", "smiles", "label", *names]),
        *([f"m{i}" for i in range(30)], ALKANES, ["a", "b"] * 15),
        *[DOSE] * count,
    )
    description = read_dataset(content, "a.csv").spec.description
    for name in ("id", "smiles", "label"):
        assert f"from '{name}'" in description
    said = description.partition("left out: ")[2].partition(".")[0]
    assert said == ", ".join(names[:50]) + (" and 10 more" if count == 60 else "")
