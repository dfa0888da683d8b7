"""Files as people have them, from the drop to the explanation or to what is offered instead."""

import re

import pytest

from tests.browser.tab import IDLE

pytestmark = pytest.mark.browser
NODES = b"Id,Label,Size\n1,one,4.5\n2,two,1.5\n3,three,2\n4,alone,3\n"
EDGES = b"Source,Target,Type,Id,Label,Weight\n1,2,Undirected,0,,1.0\n2,3,Undirected,1,,2.0\n"


@pytest.fixture
def page(upload_tab):
    return upload_tab.page


def drop(page, **files):
    """Drops files, given by name with a `_` for the point."""
    page.locator("input[type=file]").set_input_files(
        [
            {"name": name.replace("_", "."), "mimeType": "text/csv", "buffer": content}
            for name, content in files.items()
        ]
    )


def choose(page, label, option):
    """Chooses an option of a box by its label."""
    page.get_by_role("combobox", name=re.compile(label)).click()
    page.get_by_role("option", name=option, exact=True).click()
    page.locator(IDLE).wait_for()


def test_two_columns_pasted_from_a_spreadsheet_are_molecules_with_names(page):
    page.get_by_label("Or paste text").fill("CCO\tethanol\nc1ccccc1\tbenzene ring\n")
    page.get_by_role("button", name="Add the text").click()
    page.get_by_text("2 graphs added.").wait_for()
    page.get_by_text("benzene ring", exact=True).first.wait_for()
    page.get_by_text("What the file was read as").click()
    page.get_by_text("names are from 'column 2'").wait_for()


def test_the_pair_of_tables_that_gephi_writes_is_one_graph(page):
    drop(page, Nodes_csv=NODES, Edges_csv=EDGES)
    page.get_by_text("1 graph added.").wait_for()
    page.get_by_text("Nodes: 4").wait_for()
    page.get_by_text("What the files were read as").click()
    page.get_by_text("Edges.csv: Table of edges").wait_for()


def test_a_table_of_molecules_on_the_wrong_tab_goes_on_to_the_other_one(page):
    rows = "".join(f"C{'C' * (i % 30)}{'NO'[i % 2]},{i % 2}\n" for i in range(1_100))
    drop(page, many_csv=f"smiles,label\n{rows}".encode())
    page.get_by_role("button", name="Train on it as a whole dataset").click()
    page.get_by_text("Graphs: 1,100").wait_for()
    page.get_by_role("button", name="Train", exact=True).wait_for()


def test_a_wrong_guess_is_corrected(page):
    drop(page, letters_csv=b"when,who,whom\n1999,ann,bob\n2004,bob,cid\n")
    page.get_by_text("say what each column is").wait_for()
    choose(page, "One end", "who")
    choose(page, "Other end", "whom")
    page.get_by_role("button", name="Read it so").click()
    page.get_by_text("1 graph added.").wait_for()
    page.get_by_text("Nodes: 3").wait_for()
