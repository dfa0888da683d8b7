"""Writes the packed sample: ``python -m tests.own_data.sample_pack``."""

from pathlib import Path

import numpy as np
import torch
from rdkit import Chem
from torch_geometric.data import Data

from hpme.datasets.molecules import parse_bundled
from hpme.datasets.rules import by_content, draw_smiles, labelled
from tests.packs import flatten

NITRO = Chem.MolFromSmarts("[NX3+](=O)[O-]")
SMALL = range(8, 17)  # atoms
COUNT = 60  # of each class
FILE = Path(__file__).parents[2] / "assets/samples/datasets/nitro.npz"


def graphs() -> list[Data]:
    """Molecules without and with a nitro group, which is the ground truth."""
    groups = by_content(NITRO)
    parts = [
        draw_smiles(
            [smiles for smiles in groups[(holds,)] if parse_bundled(smiles).GetNumAtoms() in SMALL], COUNT
        )
        for holds in (False, True)
    ]
    return labelled(*parts, NITRO)


def arrays() -> dict[str, np.ndarray]:
    """The same as `hpme.own_data.packed` reads it."""
    data = graphs()
    flat = flatten(data)
    return flat | {
        "x": flat["x"].argmax(1).astype(np.uint8),
        "edge_index": flat["edge_index"].astype(np.uint8),
        "node_gt": torch.cat([graph.node_gt for graph in data]).numpy(),
        "edge_gt": torch.cat([graph.edge_gt for graph in data]).numpy(),
        "bond_type": torch.cat([graph.edge_attr for graph in data]).argmax(1).numpy().astype(np.uint8),
    }


if __name__ == "__main__":
    np.savez_compressed(FILE, **arrays())
