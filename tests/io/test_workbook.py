import io

import openpyxl
import pytest

from hpme.io import read_graphs
from hpme.own_data import label_columns, read_dataset


def _book(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_sheets_of_edges_and_nodes_are_one_graph_and_others_are_named():
    content = _book(
        Edges=[["Source", "Target", "strong"], ["a, b", "c", True], ["c", "d", False]],
        Nodes=[["Id", "size"], ["a, b", 1.5], ["c", 2], ["d", 3]],
        Notes=[["to do", "when"], ["nothing", "now"]],
        Empty=[],
    )
    (graph,) = read_graphs(content, "mine.xlsx")
    assert (graph.num_nodes, graph.num_edges) == (3, 4)
    assert (graph.feature_names, graph.x.flatten().tolist()) == (["size"], [1.5, 2, 3])
    assert graph.edge_feature_names == ["strong"]
    assert "'Notes.csv' in the file (no graph)" in graph.left_out


def test_molecules_have_the_numbers_of_their_rows():
    content = _book(a=[["Name", "SMILES"], ["ethanol", "CCO"], [None, None], ["bad", "C1CC"], ["water", "O"]])
    graphs = read_graphs(content, "mine.xlsx")
    assert [graph.name for graph in graphs] == ["ethanol", "water"]
    assert any(words.startswith("line 4 ") for words in graphs[0].left_out)


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ({"a": []}, "empty sheets"),
        ({"a": [["Fruit", "Price"], ["apple", 2]]}, r"graphs or molecules \(got 'a.csv', a table"),
        ({"a": [["Id", "Label"], [1, "x"]]}, "Missing the edges of the nodes"),
    ],
)
def test_workbooks_without_a_graph(sheets, words):
    with pytest.raises(ValueError, match=words):
        read_graphs(_book(**sheets), "mine.xlsx")


def test_a_sheet_of_molecules_is_a_dataset_and_other_sheets_are_named():
    rows = [["smiles", "dose"], *(["C" * i, i / 2] for i in range(1, 41))]
    content = _book(read=[["please"]], data=rows)
    assert [column.name for column in label_columns(content, "a.xlsx")] == ["dose"]
    data = read_dataset(content, "a.xlsx", "dose")
    assert data.spec.num_graphs == 40
    assert "Sheets that are not read: 'read'." in data.spec.description
