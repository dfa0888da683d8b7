"""Real molecules: lists of SMILES that are shipped with the package, and molecules as graphs."""

import gzip
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
import torch
from rdkit import Chem, rdBase
from torch import Tensor
from torch_geometric.data import Data

from hpme.chemistry.bonds import one_hot_types
from hpme.chemistry.elements import SYMBOLS
from hpme.chemistry.flat import FlatMolecule, flatten_molecule
from hpme.datasets.columns import cut_rows, join_columns

ELEMENTS = ("C", "N", "O", "S", "F", "P", "Cl", "Br", "Na", "Ca", "I", "B", "H", "*")
# One list each, in the order of their molecules; NOTICE says where they come from.
SOURCES = ("nci", "freesolv", "chembl-drugs", "chembl-samples", "solubility", "cdk2", "chembl-approved")
SOURCE = "RDKit's NCI, solubility and CDK2 samples; FreeSolv; ChEMBL; see NOTICE"
LICENCE = "CC BY-SA 3.0 (ChEMBL), CC BY (FreeSolv), BSD-3-Clause (RDKit's samples); see NOTICE"
KINDS = {symbol: i for i, symbol in enumerate(ELEMENTS)}
ONE_HOT = torch.eye(len(ELEMENTS))
COLUMNS = np.array([KINDS.get(symbol, KINDS["*"]) for symbol in SYMBOLS])  # by atomic number


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


def molecule_columns(molecules: Sequence[FlatMolecule]) -> dict[str, Sequence[Any]]:
    """Returns the fields of each molecule's graph, by name.

    They are `x` ``[N, 14]``, one-hot elements; `edge_index` ``[2, E]``, both directions of each bond in
    order; `edge_attr` ``[E, 4]``, the one-hot type of each bond; and `smiles`.
    """
    arrays = molecule_arrays(molecules)
    return {
        "x": cut_rows(arrays.x, arrays.sizes),
        "edge_index": cut_rows(arrays.ends, arrays.counts, dim=1),
        "edge_attr": cut_rows(arrays.edge_attr, arrays.counts),
        "smiles": [mol.smiles for mol in molecules],
    }


class MoleculeArrays(NamedTuple):
    """Fields of the graphs of many molecules, one molecule after the other."""

    x: Tensor  # [N, 14]
    ends: Tensor  # [2, E], local to each molecule
    edge_attr: Tensor  # [E, 4]
    sizes: list[int]  # atoms of each
    counts: list[int]  # edges of each


def molecule_arrays(molecules: Sequence[FlatMolecule]) -> MoleculeArrays:
    """Returns `molecule_columns` before they are cut."""
    sizes = [len(mol.numbers) for mol in molecules]
    counts = [len(mol.ends) for mol in molecules]
    numbers = np.frombuffer(b"".join(mol.numbers for mol in molecules), np.uint8)
    ends = np.concatenate([mol.ends for mol in molecules]).astype(np.int64)
    ends = np.stack(np.divmod(ends, np.repeat(sizes, counts)))
    orders = np.concatenate([mol.orders for mol in molecules])
    x = torch.from_numpy(ONE_HOT.numpy().take(COLUMNS[numbers], 0))
    return MoleculeArrays(x, torch.from_numpy(ends), one_hot_types(orders), sizes, counts)


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
    (graph,) = join_columns(molecule_columns([flatten_molecule(mol, smiles)]))
    node_gt = torch.zeros(graph.num_nodes, dtype=torch.bool)
    node_gt[sorted(mask)] = True
    truth = {"node_gt": node_gt, "edge_gt": node_gt[graph.edge_index].all(dim=0)}
    return graph.update({"y": torch.tensor([label]), **truth})
