"""Molecules with rings that no molecule has, in every kind of file: each is refused at once."""

import pytest
from bounds import bounded
from rdkit import Chem
from ring_shapes import UNREAL, clique, plane, two_sided

from hpme.io import read_files


def v2000(count: int, bonds: list[tuple[int, int]], kind: int) -> bytes:
    atoms = [f"{'':30} *   0  0" for _ in range(count)]
    ends = [f"{u + 1:3d}{v + 1:3d}{kind:3d}  0" for u, v in bonds]
    head = ["", "", "", f"{count:3d}{len(bonds):3d}  0  0            999 V2000"]
    return "\n".join([*head, *atoms, *ends, "M  END", ""]).encode()


def v3000(count: int, bonds: list[tuple[int, int]], kind: int) -> bytes:
    v30 = "M  V30 "
    atoms = [f"{v30}{i} * {i} 0 0 0" for i in range(1, count + 1)]
    ends = [f"{v30}{i} {kind} {u + 1} {v + 1}" for i, (u, v) in enumerate(bonds, start=1)]
    head = ["", "", "", "  0  0  0     0  0            999 V3000", f"{v30}BEGIN CTAB"]
    body = [f"{v30}COUNTS {count} {len(bonds)} 0 0 0", f"{v30}BEGIN ATOM", *atoms, f"{v30}END ATOM"]
    table = [f"{v30}BEGIN BOND", *ends, f"{v30}END BOND", f"{v30}END CTAB"]
    return "\n".join([*head, *body, *table, "M  END", ""]).encode()


def mol2(count: int, bonds: list[tuple[int, int]], kind: int) -> bytes:
    atoms = [f"{i} X{i} 0 0 0 Du" for i in range(1, count + 1)]
    ends = [f"{i} {u + 1} {v + 1} {'ar' if kind > 3 else kind}" for i, (u, v) in enumerate(bonds, start=1)]
    lines = ["MOLECULE", "x", f"{count} {len(bonds)}", "SMALL", "NO_CHARGES", "@<TRIPOS>ATOM", *atoms]
    return f"@<TRIPOS>{chr(10).join([*lines, '@<TRIPOS>BOND', *ends])}\n".encode()


WRITERS = {"a.mol": v2000, "a.sdf": v3000, "a.mol2": mol2}


@pytest.mark.parametrize("kind", [1, 2, 4, 8])
@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("graph", UNREAL)
def test_files_of_what_no_molecule_has_are_refused_at_once(graph, name, kind):
    count, bonds = UNREAL[graph]
    if name == "a.mol" and max(count, len(bonds)) > 999:
        return  # has no room for more
    with bounded(), pytest.raises(ValueError, match=r"^Expected ") as caught:
        read_files({name: WRITERS[name](count, bonds, kind)})
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("name", ["a.sdf", "a.mol2"])
@pytest.mark.parametrize("chain", [0, 1])
def test_a_hundred_thousand_atoms_are_refused_at_once(name, chain):
    bonds = [(i, i + 1) for i in range(99_999)] * chain
    with bounded(), pytest.raises(ValueError, match=r"^Expected 1 to 500 atoms in a molecule"):
        read_files({name: WRITERS[name](100_000, bonds, 1)})


@pytest.mark.parametrize("graph", [clique(20), two_sided(14, 14), two_sided(2, 100), plane(5)])
def test_smiles_of_what_no_molecule_has_are_refused_at_once(graph):
    mol = Chem.RWMol()
    for _ in range(graph[0]):
        mol.AddAtom(Chem.Atom("*"))
    for bond in graph[1]:
        mol.AddBond(*bond, Chem.BondType.SINGLE)
    with bounded(), pytest.raises(ValueError, match=r"^Expected .* (rings|an atom) in a molecule"):
        read_files({"a.smi": Chem.MolToSmiles(mol, canonical=False).encode()})


@pytest.mark.parametrize("name", WRITERS)
def test_an_atom_with_more_bonds_than_rdkit_can_count_is_refused(name):
    with pytest.raises(ValueError, match=r"^Expected at most 42 bonds of an atom in a molecule \(got 195\)"):
        read_files({name: WRITERS[name](196, [(0, i) for i in range(1, 196)], 1)})


def test_smiles_with_an_atom_of_too_many_bonds_are_refused():
    with pytest.raises(ValueError, match=r"^Expected at most 42 bonds of an atom in a molecule \(got 201\)"):
        read_files({"a.smi": b"*" + b"(C)" * 200 + b"C"})


def test_atoms_of_v3000_may_have_any_numbers():
    text = v3000(3, [(0, 1), (1, 2)], 1).decode().replace("* ", "C ")
    for place, number in ((3, 900), (2, 70), (1, 5000)):
        text = text.replace(f"M  V30 {place} C", f"M  V30 {number} C")
    text = text.replace(" 1 1 1 2\n", " 1 1 5000 70\n").replace(" 2 1 2 3\n", " 2 1 70 900\n")
    (graph,) = read_files({"a.sdf": text.encode()})
    assert graph.edge_index.tolist() == [[0, 1, 1, 2], [1, 0, 2, 1]]


@pytest.mark.parametrize("old", ["M  V30 2 1 2 3", "M  V30 1 1 1 2"])
@pytest.mark.parametrize("new", ["M  V30 2 1 2 9", "M  V30 2 1 2", "M  V30 2 1 2 -3", "M  V30 2 1 x 3"])
def test_a_bond_to_an_atom_that_is_not_there_is_refused(old, new):
    text = v3000(3, [(0, 1), (1, 2)], 1).decode()
    assert old in text
    with pytest.raises(ValueError, match=r"^Expected two atoms of the table at each bond"):
        read_files({"a.sdf": text.replace(old, new).encode()})
