"""Rings are counted before RDKit looks for them: what no molecule has is refused, and nothing else."""

from pathlib import Path

import pytest
from rdkit import RDConfig
from ring_shapes import REAL, UNREAL, of_smiles

from hpme.chemistry.rings import cap_rings_of


@pytest.mark.parametrize("name", REAL)
def test_what_a_molecule_may_have_passes(name):
    count, bonds = REAL[name]
    assert len({*bonds}) == len(bonds) > 0 or name == "atoms without bonds"
    cap_rings_of(count, bonds)


@pytest.mark.parametrize("name", UNREAL)
def test_what_no_molecule_has_is_refused(name):
    with pytest.raises(
        ValueError, match=r"^Expected .* (rings|atoms|bonds of (rings|an atom)) in a molecule"
    ):
        cap_rings_of(*UNREAL[name])


def test_an_atom_with_more_bonds_than_rdkit_can_count_is_refused():
    cap_rings_of(43, [(0, i) for i in range(1, 43)])
    with pytest.raises(ValueError, match=r"^Expected at most 42 bonds of an atom in a molecule \(got 195\)"):
        cap_rings_of(196, [(0, i) for i in range(1, 196)])


def test_molecules_of_the_national_cancer_institute_pass():
    lines = (Path(RDConfig.RDDataDir) / "NCI/first_5K.smi").read_text().splitlines()
    for line in lines[::5]:
        cap_rings_of(*of_smiles(line.split()[0]))
