from collections import Counter
from hashlib import sha256

import pytest
import torch
from rdkit import Chem

from hpme.datasets import load_built_in
from hpme.datasets.molecules import SOURCES, bundled_smiles, parse_bundled, source_smiles

LISTS = {  # number of molecules, and hash of the text: the shipped models were trained on exactly these
    "nci": (4692, "ceabdc99031cc9516ba78dca80eda1244ae4f0c914b361a1036d8e2e5c9ef87d"),
    "freesolv": (521, "f87f1bc6c6dfcca2dc14b2e20091f2c501985f6c6a40b392a9816bc432b90841"),
    "chembl-drugs": (1518, "b912c4e0d64b25cefdc72d302eb6ceb2fae124428a824691925bccebc0f35297"),
    "chembl-samples": (1772, "ead52d774c8744b051a9fd6bcca953ed25fa73d471aa326df38f767758673103"),
    "solubility": (640, "7faa056e53806ed8fb03a6564ccf05c52c7544bf9663a3c9633e9617d3af6011"),
    "cdk2": (46, "bffb6667132e81e3b80e9344b1df9e2f0460cb16d973815bede76bb5ade5e4ce"),
    "chembl-approved": (220, "f7b81ab050bfb1c0402f45b429816d6c777df33b00ae8f5de5143fed3f76fee9"),
}


@pytest.mark.parametrize("source", SOURCES)
def test_each_list_has_its_count_and_its_hash(source):
    smiles = source_smiles(source)
    text = "".join(f"{one}\n" for one in smiles)
    assert (len(smiles), sha256(text.encode()).hexdigest()) == LISTS[source]


def test_the_bonds_of_all_molecules_are_of_four_types_and_one_is_dative():
    bonds = Counter(bond.GetBondType().name for s in bundled_smiles() for bond in parse_bundled(s).GetBonds())
    assert bonds == {"SINGLE": 95082, "AROMATIC": 78143, "DOUBLE": 13341, "TRIPLE": 592, "DATIVE": 1}
    graphs = load_built_in("crippen-logp").graphs  # all of them
    types = torch.cat([graph.edge_attr for graph in graphs]).sum(0) / 2
    assert types.tolist() == [95083, 13341, 592, 78143]


def test_no_molecule_is_listed_twice_and_each_is_one_fragment_of_4_to_40_heavy_atoms():
    assert len(set(bundled_smiles())) == len(bundled_smiles()) == 9409
    for mol in map(parse_bundled, bundled_smiles()):
        assert 4 <= mol.GetNumHeavyAtoms() <= 40
        assert len(Chem.GetMolFrags(mol)) == 1
