import pytest

from hpme.analysis.pasted import MOST, read_pasted
from hpme.chemistry.names import molecule_of

IMATINIB = "CC1=C(C=C(C=C1)NC(=O)C2=CC=C(C=C2)CN3CCN(CC3)C)NC4=NC=CC(=N4)C5=CN=CC=C5"


def read(text):
    molecules, troubles = read_pasted(text)
    return [(one.line, one.smiles, one.name) for one in molecules], troubles


@pytest.mark.parametrize("separator", ["\t", ",", ";", " ", " | ", ", ", "\t\t"])
def test_a_name_stands_before_or_behind_whatever_the_separator(separator):
    assert read(f"CCO{separator}my ethanol") == ([(1, "CCO", "my ethanol")], [])
    assert read(f"ethyl{separator}CCO") == ([(1, "CCO", "ethyl")], [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("\n  \n", []),
        ("smiles,name\nCCO,one\nCCN;two", [(2, "CCO", "one"), (3, "CCN", "two")]),
        ("Name\tSMILES\none\tCCO", [(2, "CCO", "one")]),
        ("CCO,CCN CCC", [(1, "CCO", ""), (1, "CCN", ""), (1, "CCC", "")]),
        ("  Citric   ACID ", [(1, "O=C(O)CC(O)(CC(=O)O)C(=O)O", "citric acid")]),
        ("7;aspirin", [(1, "CC(=O)Oc1ccccc1C(=O)O", "aspirin")]),
        ("InChI=1S/CH4/h1H4 methane", [(1, "C", "methane")]),
        ("O=C(C)Oc1ccccc1C(=O)O", [(1, "O=C(C)Oc1ccccc1C(=O)O", "aspirin")]),  # in its own order, named
    ],
)
def test_lines_are_smiles_inchi_or_known_names_with_or_without_a_header(text, found):
    assert read(text) == (found, [])


def test_a_bad_line_is_named_by_its_number_and_takes_nothing_else_along():
    found, troubles = read("CCO\nnotasmiles\nCCN\nInChI=1S/nothing\nC1CC x")
    assert [line for line, *_ in found] == [1, 3]
    assert [trouble.partition(":")[0] for trouble in troubles] == ["Line 2", "Line 4", "Line 5"]
    assert "(got 'notasmiles')" in troubles[0]


def test_of_a_salt_the_largest_piece_is_taken_and_it_says_so():
    (salt,), troubles = read_pasted(f"{IMATINIB}.CS(=O)(=O)O\timatinib mesylate")
    assert not troubles
    assert salt.graph.num_nodes == 37
    assert salt.note == "Of 2 pieces that are not joined: C29H31N7O, CH4O3S, the largest is taken."
    assert (salt.name, salt.title) == ("imatinib mesylate", "imatinib mesylate")
    assert molecule_of(salt.graph) is not None
    assert read_pasted(f"{IMATINIB}.CS(=O)(=O)O")[0][0].name == "imatinib"  # whose list has it without salt


def test_there_is_a_most_of_molecules_and_of_letters():
    found, troubles = read("\n".join(["CCO"] * (MOST + 2)))
    assert len(found) == MOST
    assert troubles == [f"Line {MOST + 1} and those below: Expected at most {MOST} molecules; ask in parts"]
    assert read("C" * 5000)[0] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "C" * 3000,
            "Line 1: Expected at most 1,000 characters of a molecule (got 3,000); ask about a smaller",
        ),
        (
            "Café",
            "Line 1: Expected SMILES or one of 84 known names (got 'Café'); it is neither: give its SMILES",
        ),
        ("アスピリン", "(got 'アスピリン'); it is neither: give its SMILES"),
        ("C1CC", "(got 'C1CC'); mend rings, brackets or valences"),
        ("C(C)(C)(C)(C)C x", "mend rings, brackets or valences"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_as_it_is(text, words):
    found, (trouble,) = read(text)
    assert not found
    assert words in trouble
