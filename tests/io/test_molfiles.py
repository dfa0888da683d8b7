"""MOL and SDF: the order of atoms, what is left out, and tables that lie about themselves."""

import random
import re

import pytest
from rdkit import Chem
from rdkit.Chem.rdDepictor import Compute2DCoords

from hpme.datasets.molecules import bundled_smiles
from hpme.io import read_graphs


def block(
    *symbols: str, bonds: tuple[tuple[int, int], ...] = (), title: str = "", end: str = "M  END\n"
) -> str:
    """A V2000 table of atoms in a row, by single bonds where others are not given."""
    bonds = bonds or tuple((i, i + 1) for i in range(1, len(symbols)))
    lines = [title, "  x", "", f"{len(symbols):3}{len(bonds):3}  0  0  0  0            999 V2000"]
    lines += [f"{i:10.4f}{0:10.4f}{0:10.4f} {symbol:3} 0  0" for i, symbol in enumerate(symbols)]
    lines += [f"{u:3}{v:3}  1  0" for u, v in bonds]
    return "\n".join([*lines, end])


def v3000(*symbols: str, extra: str = "") -> str:
    atoms = [f"M  V30 {i} {symbol} {i} 0 0 0" for i, symbol in enumerate(symbols, start=1)]
    bonds = [f"M  V30 {i} 1 {i} {i + 1}" for i in range(1, len(symbols))]
    return "\n".join(
        [
            *("", "  x", "", "  0  0  0     0  0            999 V3000", "M  V30 BEGIN CTAB"),
            *(
                f"M  V30 COUNTS {len(atoms)} {len(bonds)} 0 0 0",
                "M  V30 BEGIN ATOM",
                *atoms,
                "M  V30 END ATOM",
            ),
            *("M  V30 BEGIN BOND", *bonds, "M  V30 END BOND"),
            *([extra] * bool(extra)),
            *("M  V30 END CTAB", "M  END", ""),
        ]
    )


FIVE = block("N", *"CCCC", bonds=((1, 2), (1, 3), (1, 4), (1, 5)), title="bad nitrogen")


@pytest.mark.parametrize("atoms", [("O", "C", "C"), ("Cl", "C", "C", "F"), ("C", "O", "C", "N", "C")])
@pytest.mark.parametrize("write", [block, v3000])
def test_atoms_keep_the_order_of_the_file(write, atoms):
    (graph,) = read_graphs(write(*atoms).encode(), "a.mol")
    assert graph.element == [*atoms]
    ends = [(i, i + 1) for i in range(len(atoms) - 1)]
    assert graph.edge_index.t().tolist() == sorted(map(list, [*ends, *((v, u) for u, v in ends)]))
    assert [atom.GetSymbol() for atom in Chem.MolFromSmiles(graph.smiles).GetAtoms()] == [*atoms]


@pytest.mark.parametrize("name", ["a.mol", "a.txt"])
def test_an_order_that_no_walk_has_is_kept_too(name):
    content = block("C", "O", "C", "N", bonds=((1, 3), (3, 2), (3, 4)))
    (graph,) = read_graphs(content.encode(), name)
    assert graph.element == ["C", "O", "C", "N"]
    assert graph.edge_index.t().tolist() == [[0, 2], [1, 2], [2, 0], [2, 1], [2, 3], [3, 2]]
    read = Chem.MolFromSmiles(graph.smiles)
    assert [atom.GetSymbol() for atom in read.GetAtoms()] == graph.element
    assert Chem.MolToSmiles(read) == "CC(N)O"


@pytest.mark.parametrize("hydrogens", [False, True])
@pytest.mark.parametrize("extended", [False, True])
def test_molecules_in_any_order_are_read_as_rdkit_reads_them(hydrogens, extended):
    draws = random.Random(0)
    for smiles in draws.sample(bundled_smiles(), 30):
        mol = Chem.MolFromSmiles(smiles)
        mol = Chem.AddHs(mol) if hydrogens else mol
        mol = Chem.RenumberAtoms(mol, draws.sample(range(mol.GetNumAtoms()), mol.GetNumAtoms()))
        Compute2DCoords(mol)
        content = Chem.MolToMolBlock(mol, forceV3000=extended)
        expected = Chem.MolFromMolBlock(content)
        (graph,) = read_graphs(content.encode(), "a.sdf")
        assert graph.element == [atom.GetSymbol() for atom in expected.GetAtoms()]
        types = {
            (bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()): bond.GetBondType().name.lower()
            for bond in expected.GetBonds()
        }
        for (u, v), row in zip(graph.edge_index.t().tolist(), graph.edge_attr, strict=True):
            kind = types.get((u, v)) or types[v, u]
            assert graph.edge_feature_names[int(row.argmax())] == kind
        assert graph.num_edges == 2 * len(types)
        assert Chem.MolToSmiles(Chem.MolFromSmiles(graph.smiles)) == Chem.MolToSmiles(
            expected, isomericSmiles=False
        )
        gone = mol.GetNumAtoms() - expected.GetNumAtoms()
        assert (f"{gone} hydrogen atoms" in graph.left_out) == (gone > 1)


@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_record_that_cannot_be_read_is_left_out_and_named_with_its_cause(place):
    records = [block("C", "O", title="one"), block("C", "N", title="two")]
    records.insert(place - 1, FIVE)
    graphs = read_graphs("$$$$\n".join(records).encode(), "a.sdf")
    assert [graph.name for graph in graphs] == ["one", "two"]
    cause = "'bad nitrogen': 'Explicit valence for atom # 0 N, 4, is greater than permitted'"
    assert f"record {place} (Expected a molecule that RDKit can read (got {cause}" in graphs[0].left_out[0]


def test_a_file_without_a_molecule_that_can_be_read_is_refused_with_the_first_cause():
    with pytest.raises(ValueError, match=r"RDKit can read \(got 'bad nitrogen': 'Explicit valence"):
        read_graphs(FIVE.encode(), "a.mol")
    with pytest.raises(ValueError, match=r"got none in 2 records\)\. Record 1: Expected a molecule"):
        read_graphs(f"{FIVE}$$$$\n{FIVE}".encode(), "a.sdf")


def test_data_fields_and_other_lines_are_named_and_a_field_may_name_the_molecule():
    data = "> <Compound_ID>\nm7\n\n>  <logP> (1)\n0.5\n\n"
    (graph,) = read_graphs(block("C", "O", end=f"M  STY  1   1 DAT\nM  END\n{data}$$$$\n").encode(), "a.sdf")
    assert graph.name == "m7"
    assert graph.left_out == ["coordinates", "lines 'M  STY'", "data fields 'Compound_ID, logP'"]
    extra = "M  V30 BEGIN SGROUP\nM  V30 1 DAT 1 ATOMS=(1 1) -\nM  V30 FIELDNAME=x\nM  V30 END SGROUP"
    (graph,) = read_graphs(v3000("C", "O", extra=extra).encode(), "a.mol")
    assert graph.left_out == ["coordinates", "the block 'SGROUP'"]


def test_charges_radicals_and_isotopes_count():
    (graph,) = read_graphs(block("C", "N", "C", end="M  CHG  1   2   1\nM  END\n").encode(), "a.mol")
    assert graph.smiles == "C[NH2+]C"
    (graph,) = read_graphs(
        v3000("C", "N CHG=1", "C").replace("CHG=1 2 0 0 0", "2 0 0 0 CHG=1").encode(), "a.mol"
    )
    assert graph.smiles == "C[NH2+]C"


def test_a_ring_that_takes_no_double_bonds_by_turns_is_read_and_has_no_smiles():
    ends = ((1, 2), (2, 3), (1, 3))
    content = block("C", "N", "N", bonds=ends, end="M  CHG  1   1   1\nM  END\n")
    content = content.replace("  2  3  1", "  2  3  4").replace("  1  3  1", "  1  3  8")
    content = content.replace(" N    0  0", " N    0  0  0  0  0 15", 1)  # no bonds, it says
    (graph,) = read_graphs(content.encode(), "a.mol")
    assert (graph.element, graph.num_edges, "smiles" in graph) == (["C", "N", "N"], 6, False)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("  3  2", "999999"), "Expected 999 atoms and 999 bonds (got 5 lines)"),
        (
            lambda text: text.replace("  3  2", "  x  2"),
            "the numbers of atoms and bonds above them (got '  x  2",
        ),
        (lambda text: text.replace("  3  2", "  0  0"), "Expected 1 to 500 atoms"),
        (
            lambda text: text.replace("  2  3  1  0", "  2  9  1  0"),
            "Expected two atoms of 3 at each bond (got '  2  9  1  0')",
        ),
        (lambda text: text.replace(" C ", " Xx"), "Expected a molecule that RDKit can read"),
    ],
)
def test_a_table_that_lies_is_refused_before_rdkit_or_by_it(change, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        read_graphs(change(block("O", "C", "C")).encode(), "a.mol")


@pytest.mark.parametrize("counts", ["999999999 1", "4 2", "3 1", "x y", ""])
def test_counts_of_v3000_are_checked_too(counts):
    content = v3000("C", "C", "O").replace("COUNTS 3 2", f"COUNTS {counts}")
    with pytest.raises(ValueError, match=r"^Expected .*(atoms and \d+ bonds|numbers of atoms|500 atoms)"):
        read_graphs(content.encode(), "a.mol")


def test_a_molecule_of_too_many_atoms_is_refused_but_hydrogen_does_not_count():
    chain = v3000(*["C"] * 501)
    with pytest.raises(ValueError, match="Expected 1 to 500 atoms"):
        read_graphs(chain.encode(), "a.mol")
    mol = Chem.AddHs(Chem.MolFromSmiles("C" * 300))
    (graph,) = read_graphs(Chem.MolToMolBlock(mol, forceV3000=True).encode(), "a.mol")
    assert graph.num_nodes == 300
