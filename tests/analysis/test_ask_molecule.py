import csv
import io

import pytest
from rdkit import Chem

from hpme.analysis.ask import ASKED, ask_molecule, known_surroundings, load_expert
from hpme.analysis.ask_list import ask_list, list_rows, sdf_text
from hpme.analysis.pasted import read_pasted
from hpme.io import csv_bytes
from hpme.own_data.fit_input import fit_to_input

SMALL = "fluoride-carbonyl"  # the set that is read fastest
HALOPERIDOL = "O=C(CCCN1CCC(O)(c2ccc(Cl)cc2)CC1)c1ccc(F)cc1"


def test_all_shipped_sets_of_molecules_are_asked_the_smallest_first():
    assert ASKED == (SMALL, "alkane-carbonyl", "nitro-amine", "benzene", "crippen-logp")


def test_one_molecule_gets_prediction_kept_atoms_truth_and_neighbours():
    (answer,) = ask_molecule(f"{HALOPERIDOL}\tmine", [SMALL])
    ready = load_expert(SMALL)
    assert answer.prediction == "fluorine and carbonyl" == answer.truth
    assert answer.story.right
    assert answer.probability > 0.9
    mol = Chem.MolFromSmiles(HALOPERIDOL)
    assert {mol.GetAtomWithIdx(atom).GetSymbol() for atom in answer.kept} <= {"C", "O", "F"}
    assert answer.story.kept_names == "carbonyl, F"
    assert answer.near.distances == tuple(sorted(answer.near.distances))
    assert {graph.graph_id for graph in answer.near.graphs} <= {
        graph.graph_id for graph in ready.dataset.train
    }
    assert "No ground truth" not in [flag.title for flag in answer.flags]


def test_a_number_has_its_quantity_and_no_probability():
    (answer,) = ask_molecule("toluene", ["crippen-logp"], with_neighbours=False)
    assert answer.prediction.startswith("logP ")
    assert answer.truth == "logP 2.00"
    assert answer.probability is None
    assert answer.near is None


@pytest.mark.parametrize(
    ("text", "words"),
    [("C1CC", "Line 1: Expected SMILES"), ("CCO\nCCN", r"Expected one molecule \(got 2\)"), ("", "got 0")],
)
def test_what_is_not_one_molecule_is_refused(text, words):
    with pytest.raises(ValueError, match=words):
        next(ask_molecule(text, [SMALL]))


MIXED = ("Prediction lost in the mix", "Out-of-distribution effect")  # flags that need mixed graphs
ASIDE = ("Disconnected subgraph", "Nothing to find")  # they warn of nothing


def listed(text):
    molecules, _ = read_pasted(text)
    ready = load_expert(SMALL)
    graphs = [fit_to_input(one.graph, ready.dataset).graph for one in molecules]
    return list_rows(molecules, {SMALL: ask_list(ready, graphs, known_surroundings(SMALL))})


def test_a_list_has_the_truth_the_distance_and_the_flags_that_each_molecule_alone_has():
    texts = [HALOPERIDOL, "CC", "C[Si](C)(C)C", "FC1(F)C(F)(F)C(F)(F)C1(F)F"]
    rows = listed("\n".join(texts))
    for text, row in zip(texts, rows, strict=True):
        (alone,) = ask_molecule(text, [SMALL])
        assert row["Fluoride-Carbonyl: truth"] == alone.truth
        assert row["Fluoride-Carbonyl: percentile"] == pytest.approx(100 * alone.near.percentile, abs=0.1)
        assert row["Fluoride-Carbonyl: nearest"] == alone.near.graphs[0].smiles
        flags = [flag.title for flag in alone.flags if flag.title not in MIXED + ASIDE]
        assert row["Fluoride-Carbonyl: flags"] == ", ".join(flags)
    assert any("Unknown element" in row["Fluoride-Carbonyl: flags"] for row in rows)


def test_a_list_is_a_table_and_an_sd_file():
    rows = listed(f"{HALOPERIDOL}\t=mine\nCC.Cl")
    assert [row["Fluoride-Carbonyl"] for row in rows] == ["fluorine and carbonyl", "not both"]
    assert rows[0]["p(fluorine and carbonyl)"] > 0.9 > 0.5 > rows[1]["p(fluorine and carbonyl)"]
    assert rows[0]["Fluoride-Carbonyl: kept"] == "carbonyl, F"
    assert rows[1]["note"].startswith("Of 2 pieces")
    assert [row["formula"] for row in rows] == ["C21H23ClFNO2", "C2H6"]
    read = [*csv.DictReader(io.StringIO(csv_bytes(rows).decode("utf-8-sig")))]
    assert [row["SMILES"] for row in read] == [row["SMILES"] for row in rows]
    assert not read[0]["name"].startswith("=")  # which a spreadsheet would run
    supplier = Chem.SDMolSupplier()
    supplier.SetData(sdf_text(rows))
    assert [mol.GetProp("_Name") for mol in supplier] == ["=mine", "CC"]
    assert [mol.GetNumAtoms() for mol in supplier] == [26, 2]
