"""Real molecules: lists of SMILES that are shipped with the package, and molecules as graphs."""

import gzip
from functools import cache
from importlib import resources

import numpy as np
import torch
from rdkit import Chem, rdBase
from torch import Tensor
from torch_geometric.data import Data

from hpme.chemistry.bonds import bond_types

ELEMENTS = ("C", "N", "O", "S", "F", "P", "Cl", "Br", "Na", "Ca", "I", "B", "H", "*")
# One list each, in the order of their molecules; NOTICE says where they come from.
SOURCES = ("nci", "freesolv", "chembl-drugs", "chembl-samples", "solubility", "cdk2", "chembl-approved")
SOURCE = "RDKit's NCI, solubility and CDK2 samples; FreeSolv; ChEMBL; see NOTICE"
LICENCE = "CC BY-SA 3.0 (ChEMBL), CC BY (FreeSolv), BSD-3-Clause (RDKit's samples); see NOTICE"
KINDS = {symbol: i for i, symbol in enumerate(ELEMENTS)}
ONE_HOT = torch.eye(len(ELEMENTS))


def source_smiles(source: str) -> tuple[str, ...]:
    """Returns the SMILES in the list of one of `SOURCES`: its molecules that are in no list before it."""
    content = resources.files("hpme.datasets").joinpath("smiles", f"{source}.smi.gz").read_bytes()
    return tuple(gzip.decompress(content).decode().splitlines())


@cache
def bundled_smiles() -> tuple[str, ...]:
    """Returns canonical SMILES, without stereo, of 9,409 molecules, each in one piece of 4-40 heavy atoms."""
    return tuple(smiles for source in SOURCES for smiles in source_smiles(source))


def parse_bundled(smiles: str) -> Chem.Mol:
    """Returns the molecule, whose atom order is the node order of its graph."""
    with rdBase.BlockLogs():
        return Chem.MolFromSmiles(smiles)


def atoms_and_bonds(mol: Chem.Mol) -> tuple[Tensor, Tensor]:
    """Returns one-hot elements ``[N, 14]``, and both directions of each bond in order ``[2, E]``."""
    atoms = map(mol.GetAtomWithIdx, range(mol.GetNumAtoms()))  # twice as fast as the iterator of atoms
    kinds = [KINDS.get(atom.GetSymbol(), KINDS["*"]) for atom in atoms]
    ends = np.array(Chem.GetAdjacencyMatrix(mol).nonzero())
    return torch.from_numpy(ONE_HOT.numpy().take(kinds, 0)), torch.from_numpy(ends)


def molecule_graph(mol: Chem.Mol, smiles: str, label: float, mask: set[int]) -> Data:
    """Returns a molecule as a graph: one-hot elements, both directions of each bond with its one-hot type.

    Args:
        mol: Molecule of `smiles`.
        smiles: Kept on the graph for drawing.
        label: Class, or the number of a regression.
        mask: Atoms of the ground truth; an edge belongs to it when both ends do.

    Returns:
        Graph with `x` ``[N, 14]``, `edge_index` ``[2, E]``, `edge_attr` ``[E, 4]``, `y`, `node_gt`, `edge_gt`
        and `smiles`.
    """
    x, edge_index = atoms_and_bonds(mol)
    node_gt = torch.zeros(len(x), dtype=torch.bool)
    node_gt[sorted(mask)] = True
    return Data(
        x=x,
        edge_index=edge_index,
        edge_attr=bond_types(mol, edge_index),
        y=torch.tensor([label]),
        node_gt=node_gt,
        edge_gt=node_gt[edge_index].all(dim=0),
        smiles=smiles,
    )
