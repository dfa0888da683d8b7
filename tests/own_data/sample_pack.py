"""Writes the packed sample: ``python -m tests.own_data.sample_pack``."""

from pathlib import Path

import numpy as np
import torch
from rdkit import Chem
from torch_geometric.data import Data

from hpme.datasets.rules import by_content, draw, labelled

NITRO = Chem.MolFromSmarts("[NX3+](=O)[O-]")
SMALL = range(8, 17)  # atoms
COUNT = 60  # of each class
FILE = Path(__file__).parents[2] / "assets/samples/datasets/nitro.npz"


def graphs() -> list[Data]:
    """Molecules without and with a nitro group, which is the ground truth."""
    found = by_content(NITRO)
    parts = [
        draw(
            [smiles for smiles in found[(holds,)] if Chem.MolFromSmiles(smiles).GetNumAtoms() in SMALL], COUNT
        )
        for holds in (False, True)
    ]
    return labelled(*parts, NITRO)


def arrays() -> dict[str, np.ndarray]:
    """The same as `hpme.own_data.packed` reads it."""
    data = graphs()
    sizes = [[0, *(graph.num_nodes for graph in data)], [0, *(graph.num_edges for graph in data)]]
    nptr, eptr = np.cumsum(sizes, axis=1)
    return {
        "x": torch.cat([graph.x.argmax(1) for graph in data]).numpy().astype(np.uint8),
        "edge_index": torch.cat([graph.edge_index for graph in data], dim=1).numpy().astype(np.uint8),
        "nptr": nptr,
        "eptr": eptr,
        "y": np.array([int(graph.y) for graph in data], np.uint8),
        "node_gt": torch.cat([graph.node_gt for graph in data]).numpy(),
        "edge_gt": torch.cat([graph.edge_gt for graph in data]).numpy(),
        "bond_type": np.ones(eptr[-1], np.uint8),
    }


if __name__ == "__main__":
    np.savez_compressed(FILE, **arrays())
