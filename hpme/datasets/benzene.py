"""Benzene: does the molecule hold a benzene ring?"""

import torch
from rdkit import Chem
from torch_geometric.data import Data

from hpme.datasets.molecules import ELEMENTS, LICENCE, SOURCE, bundled_smiles, molecule, to_graph
from hpme.datasets.spec import DatasetSpec
from hpme.seeding import generator

RING = Chem.MolFromSmarts("c1ccccc1")


def _load() -> list[Data]:
    """All molecules without the ring, and equally many with it, drawn once by seed."""
    found = [(smiles, molecule(smiles)) for smiles in bundled_smiles()]
    without = [pair for pair in found if not pair[1].HasSubstructMatch(RING)]
    with_ring = [pair for pair in found if pair[1].HasSubstructMatch(RING)]
    order = torch.randperm(len(with_ring), generator=generator(0))[: len(without)].sort().values
    chosen = without + [with_ring[i] for i in order.tolist()]
    return [_labelled(smiles, mol) for smiles, mol in chosen]


def _labelled(smiles: str, mol: Chem.Mol) -> Data:
    rings = mol.GetSubstructMatches(RING)
    return to_graph(mol, smiles, int(bool(rings)), {atom for ring in rings for atom in ring})


BENZENE = DatasetSpec(
    name="benzene",
    title="Benzene",
    task="graph-classification",
    description="Real molecules; the question is whether a benzene ring is present. "
    "The ground truth is every atom of such a ring, found by SMARTS.",
    load=_load,
    num_graphs=6582,
    num_features=len(ELEMENTS),
    classes=("no benzene ring", "benzene ring"),
    ground_truth=True,
    source=SOURCE,
    licence=LICENCE,
    node_labels=ELEMENTS,
)
