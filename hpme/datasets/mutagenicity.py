"""Mutagenicity: is the molecule mutagenic?"""

import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.datasets import tu
from hpme.datasets.spec import DatasetSpec

ATOMS = ("C", "O", "Cl", "H", "N", "F", "Br", "S", "P", "I", "Na", "K", "Li", "Ca")
BONDS = ("single", "double", "triple")
MUTAGEN = 0  # the class whose ground truth is known


def _load() -> list[Data]:
    graphs = tu.read_tu("Mutagenicity", MUTAGENICITY.num_graphs, len(BONDS))
    for graph in graphs:
        mutagen = int(graph.y) == MUTAGEN
        graph.node_gt = groups(graph.x, graph.edge_index) & mutagen
        graph.edge_gt = graph.node_gt[graph.edge_index].all(dim=0)
    return graphs


def groups(x: Tensor, edge_index: Tensor) -> Tensor:
    """Marks the atoms of nitro groups (N with two terminal O) and of primary amines (N with two hydrogens).

    Args:
        x: One-hot elements ``[N, 14]``, in the order of `ATOMS`.
        edge_index: Both directions of each bond ``[2, E]``.

    Returns:
        ``bool [N]``: the nitrogens, and those neighbours of theirs.
    """
    atom, (source, target) = x.argmax(dim=1), edge_index
    nitrogen = atom == ATOMS.index("N")
    ends = torch.bincount(source, minlength=len(x)) == 1
    mask = torch.zeros_like(nitrogen)
    for element in ("O", "H"):
        bound = nitrogen[target] & (ends & (atom == ATOMS.index(element)))[source]
        centre = torch.bincount(target[bound], minlength=len(x)) == 2
        mask[source[bound & centre[target]]] = True
        mask |= centre
    return mask


MUTAGENICITY = DatasetSpec(
    name="mutagenicity",
    title="Mutagenicity",
    task="graph-classification",
    description="Real molecules with their hydrogens; mutagenicity was measured. The ground truth of a "
    "mutagen is every nitro group and primary amine, as is usual; other causes are unknown.",
    load=_load,
    num_graphs=4337,
    num_features=len(ATOMS),
    classes=("mutagenic", "not mutagenic"),
    ground_truth=True,
    source=f"Kazius et al. (2005), J. Med. Chem. 48(1); ground truth: arXiv:2011.04573; {tu.SOURCE}",
    licence=tu.LICENCE,
    node_labels=ATOMS,
    num_edge_features=len(BONDS),
    edge_labels=BONDS,
    default_model="gine",
    download=True,
)
