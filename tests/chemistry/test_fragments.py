import random

import pytest
from rdkit import Chem

from hpme.chemistry.fragments import fragment_smarts, part_smiles
from hpme.datasets.molecules import bundled_smiles


@pytest.mark.parametrize(
    ("smiles", "atoms", "expected"),
    [
        ("CC(=O)Oc1ccccc1", range(4, 10), "c1ccccc1"),
        ("CC(=O)Oc1ccccc1", range(4, 9), "ccccc"),  # a ring that is cut stays aromatic
        ("C[N+](=O)[O-]", [1, 2, 3], "O=[N+][O-]"),
        ("Cn1cccc1", [1, 2, 3, 4, 5], "c1ccnc1"),  # what was cut off leaves its place open
        ("c1cc[nH]c1", range(5), "c1ccnc1"),
        ("Cn1cccc1", range(6), "Cn1cccc1"),
        ("c1ccncc1", range(6), "c1ccncc1"),
        ("N[C@@H](C)C(=O)O", range(3), "CCN"),  # models do not see hands
        ("[13CH3]O", [0, 1], "CO"),
        ("C[Si](C)(C)C", [0, 1], "C[Si]"),
        ("CS(=O)(=O)O", [0, 1, 2], "C[S]=O"),  # no hydrogen takes the place of what was cut off
    ],
)
def test_a_part_has_the_pattern_that_a_chemist_expects(smiles, atoms, expected):
    assert fragment_smarts(Chem.MolFromSmiles(smiles), [*atoms]) == expected


def test_alike_parts_have_the_same_pattern_in_whatever_molecule_and_order():
    long, short = Chem.MolFromSmiles("OCCc1ccccc1"), Chem.MolFromSmiles("CCCO")
    assert fragment_smarts(long, [1, 0, 2]) == fragment_smarts(short, [3, 1, 2]) == "CCO"


@pytest.mark.parametrize("more", ["[O-]Cl(=O)(=O)=O", "C[P](C)(C)(C)C", "[B-](F)(F)F", "c1cc[se]c1", "*C"])
def test_the_pattern_of_any_part_is_smarts_that_fit_these_atoms_in_the_molecule(more):
    draw = random.Random(more)
    for smiles in [*draw.sample(bundled_smiles(), 40), *[more] * 5]:
        molecule = Chem.MolFromSmiles(smiles)
        start = draw.randrange(molecule.GetNumAtoms())  # with atoms around it: a part in one piece
        around = Chem.FindAtomEnvironmentOfRadiusN(molecule, 2, start)
        ends = (molecule.GetBondWithIdx(bond) for bond in around)
        atoms = {start, *(end for bond in ends for end in (bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()))}
        pattern = Chem.MolFromSmarts(fragment_smarts(molecule, atoms))
        found = molecule.GetSubstructMatches(pattern, maxMatches=10_000)
        assert pattern.GetNumAtoms() == len(atoms)
        assert atoms in [{*match} for match in found], (smiles, atoms)


@pytest.mark.parametrize(
    ("smarts", "smiles"),
    [
        ("C=O.c1ccccc1", "C=O.c1ccccc1"),
        ("ccccc", None),  # a ring that is kept in part
        ("ccC", None),
        ("c1cnc1", None),
        ("", ""),
    ],
)
def test_a_part_has_smiles_only_where_they_are_read_as_that_part(smarts, smiles):
    assert part_smiles(smarts) == smiles
