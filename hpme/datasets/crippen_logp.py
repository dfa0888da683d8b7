"""Crippen logP: how much better does the molecule dissolve in fat than in water?"""

import numpy as np
from rdkit import Chem
from rdkit.Chem import rdMolDescriptors
from torch_geometric.data import Data

from hpme.chemistry.bonds import BONDS
from hpme.datasets.molecules import (
    ELEMENTS,
    LICENCE,
    SOURCE,
    bundled_smiles,
    molecule_graph,
    parse_bundled,
)
from hpme.datasets.spec import DatasetSpec

SHARE = 0.7  # of all that the atoms contribute, without sign


def contributions(mol: Chem.Mol) -> np.ndarray:
    """Returns the part ``[N]`` of each heavy atom and its hydrogens in the logP; the sum is RDKit's logP."""
    complete = Chem.AddHs(mol)
    parts = rdMolDescriptors._CalcCrippenContribs(complete)  # RDKit has no public function for it
    each = np.array(parts)[:, 0]
    owner = [*range(mol.GetNumAtoms())]
    owner += [atom.GetNeighbors()[0].GetIdx() for atom in list(complete.GetAtoms())[mol.GetNumAtoms() :]]
    return np.bincount(owner, each)


def strongest(value: np.ndarray) -> set[int]:
    """Returns the atoms that contribute most, in either direction, together less than `SHARE` of the total.

    RegExplainer's code (arXiv:2307.07840) applies this cut to bonds, by the mean of their ends.
    """
    size = np.abs(value)
    order = np.argsort(-size, kind="stable")
    return set(order[np.cumsum(size[order]) < SHARE * size.sum()].tolist())


def _judge(mol: Chem.Mol) -> tuple[float, set[int]]:
    """Returns the logP of a molecule, and the atoms that it is due to."""
    value = contributions(mol)
    return float(value.sum()), strongest(value)


def _graph(smiles: str) -> Data:
    mol = parse_bundled(smiles)
    return molecule_graph(mol, smiles, *_judge(mol))


def _load() -> list[Data]:
    return [_graph(smiles) for smiles in bundled_smiles()]


CRIPPEN_LOGP = DatasetSpec(
    name="crippen-logp",
    title="Crippen logP",
    task="graph-regression",
    description="Real molecules; the number to predict is their logP, the sum of a part for each atom. "
    "The ground truth is the atoms that raise or lower it most, up to 70 % of the total.",
    load=_load,
    num_graphs=9409,
    num_features=len(ELEMENTS),
    classes=(),
    ground_truth=True,
    source=f"{SOURCE}; Wildman & Crippen (1999); https://arxiv.org/abs/2307.07840",
    licence=LICENCE,
    node_labels=ELEMENTS,
    num_edge_features=len(BONDS),
    edge_labels=BONDS,
    default_model="gine",
    quantity="logP",
    rule=_judge,
)
