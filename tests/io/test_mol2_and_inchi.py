"""MOL2 and InChI: what is read, in which order, and what is left out and named."""

import re

import pytest
from rdkit import Chem

from hpme.datasets.molecules import bundled_smiles
from hpme.io import read_graphs
from hpme.io.mol2 import _coordinate
from hpme.own_data import label_columns, read_dataset

ETHANOL = "InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3"
BENZENE = "InChI=1S/C6H6/c1-2-4-6-5-3-1/h1-6H"
SALT = "InChI=1S/ClH.Na/h1H;/q;+1/p-1"


def mol2(*atoms: str, bonds: str, title: str = "amide", counts: str = "", more: str = "") -> str:
    rows = [f"{i:>4} A{i} {i}.0 0.0 0.0 {kind}" for i, kind in enumerate(atoms, start=1)]
    links = [f"{i} {link}" for i, link in enumerate(bonds.split(", "), start=1)]
    counts = counts or f"{len(rows)} {len(links)}"
    head = ["@<TRIPOS>MOLECULE", title, counts, "SMALL", "NO_CHARGES", "", "@<TRIPOS>ATOM"]
    return "\n".join([*head, *rows, "@<TRIPOS>BOND", *links, more, ""])


AMIDE = mol2("O.2", "C.2", "N.am", "C.3", bonds="1 2 2, 2 3 am, 2 4 1")


@pytest.mark.parametrize("name", ["a.mol2", "a.txt"])
def test_atoms_and_bonds_of_mol2_keep_their_order(name):
    (graph,) = read_graphs(AMIDE.encode(), name)
    assert graph.element == ["O", "C", "N", "C"]
    assert graph.edge_index.t().tolist() == [[0, 1], [1, 0], [1, 2], [1, 3], [2, 1], [3, 1]]
    assert graph.edge_attr[0].tolist() == [0, 1, 0, 0]
    assert (graph.name, Chem.MolToSmiles(Chem.MolFromSmiles(graph.smiles))) == ("amide", "CC(N)=O")


def test_aromatic_rings_and_hydrogen_of_mol2():
    ring = ", ".join(f"{i + 1} {(i + 1) % 6 + 1} ar" for i in range(6))
    (graph,) = read_graphs(mol2(*["C.ar"] * 5, "N.ar", bonds=ring).encode(), "a.mol2")
    assert graph.edge_attr.argmax(1).tolist() == [3] * 12
    assert graph.smiles.count("[") == 0
    (graph,) = read_graphs(mol2("H", "C.3", "O.3", "H", bonds="1 2 1, 2 3 1, 3 4 1").encode(), "a.mol2")
    assert (graph.element, graph.left_out[0]) == (["C", "O"], "2 hydrogen atoms")


def test_what_of_mol2_is_not_read_is_named():
    more = "@<TRIPOS>SUBSTRUCTURE\n1 LIG 1\n@<TRIPOS>COMMENT\n"
    (graph,) = read_graphs(mol2("C.3", "O.3 1 LIG 0.2", bonds="1 2 1", more=more).encode(), "a.mol2")
    assert graph.left_out == [
        "names and coordinates of atoms",
        "charges and parts of atoms",
        "the section 'SUBSTRUCTURE'",
    ]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (mol2("C.3", "O.3", bonds="1 9 1"), "Expected two atoms and a type of each bond (got '1 1 9 1')"),
        (mol2("C.3", "O.3", bonds="1 2 1", counts="5 1"), "atoms and bonds that follow, 2 1 (got '5 1')"),
        (mol2("C.3", "Xx", bonds="1 2 1"), "Expected a molecule that RDKit can read (got 'amide'"),
        (mol2("C.3", "O.3", bonds="1 2 1").replace(" A2 ", " "), "place and type of each atom (got '2 2.0"),
        (
            mol2(*["C.3"] * 6, bonds=", ".join(f"1 {i} 1" for i in range(2, 7))),
            "Explicit valence for atom # 0 C",
        ),
    ],
)
def test_a_record_of_mol2_that_cannot_be_read_is_left_out_with_its_reason(bad, reason):
    with pytest.raises(ValueError, match=re.escape(reason)):
        read_graphs(bad.encode(), "a.mol2")
    graphs = read_graphs(f"{AMIDE}{bad}{AMIDE}".encode(), "a.mol2")
    assert [graph.num_nodes for graph in graphs] == [4, 4]
    assert graphs[0].left_out[0].startswith("record 2 (")
    assert reason in graphs[0].left_out[0]


@pytest.mark.parametrize("name", ["a.inchi", "a.txt"])
def test_lists_of_inchi_are_molecules_with_their_names(name):
    graphs = read_graphs(f"{ETHANOL} ethanol\n\n{BENZENE}\tbenzene ring\n{SALT}\n".encode(), name)
    assert [graph.get("name") for graph in graphs] == ["ethanol", "benzene ring", None]
    assert [graph.num_nodes for graph in graphs] == [3, 6, 2]
    assert graphs[0].element == ["C", "C", "O"]
    assert graphs[1].edge_attr.argmax(1).tolist() == [3] * 12


def test_inchi_gives_the_molecules_that_rdkit_reads():
    for smiles in bundled_smiles()[::600]:
        inchi = Chem.MolToInchi(Chem.MolFromSmiles(smiles))
        expected = Chem.MolFromInchi(inchi)
        (graph,) = read_graphs(inchi.encode(), "a.inchi")
        assert graph.element == [atom.GetSymbol() for atom in expected.GetAtoms()]
        assert graph.num_edges == 2 * expected.GetNumBonds()
        assert Chem.MolToSmiles(Chem.MolFromSmiles(graph.smiles)) == Chem.MolToSmiles(
            expected, isomericSmiles=False
        )


def test_lines_that_are_no_inchi_are_left_out_and_named():
    bad = f"{ETHANOL}\nInChI=1S/junk\nAuxInfo=1/0/N:1,2,3\n{BENZENE}\n"
    first, _ = read_graphs(bad.encode(), "a.inchi")
    assert first.left_out[0].startswith("lines 2, 3 (Expected a molecule that RDKit can read")
    with pytest.raises(ValueError, match=r"Expected a molecule as InChI=1S/… \(got 'InChI=1S'\)"):
        read_graphs(b"InChI=1S", "a.inchi")


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_a_column_of_inchi_is_one_of_molecules(separator):
    rows = [
        ["name", "InChI", "active"],
        *([f"m{i}", [ETHANOL, BENZENE][i % 2], str(i % 2)] for i in range(20)),
    ]
    content = "\n".join(map(separator.join, rows)).encode()
    first, second = read_graphs(content, "a.csv")[:2]
    assert (first.name, first.num_nodes, second.name, second.num_nodes) == ("m0", 3, "m1", 6)
    assert [column.name for column in label_columns(content, "a.csv")] == ["active"]
    data = read_dataset(content, "a.csv")
    assert (data.spec.num_graphs, data.spec.classes) == (20, ("active 0", "active 1"))
    assert (data.graphs[1].smiles, data.graphs[1].name) == ("c1ccccc1", "m1")


@pytest.mark.parametrize(
    ("word", "kept"), [("-1.25", "-1.25"), ("1e99", "0"), ("nan", "0"), ("9" * 400, "0")]
)
def test_places_of_atoms_are_given_to_rdkit_as_plain_numbers(word, kept):
    assert _coordinate(word) == kept
