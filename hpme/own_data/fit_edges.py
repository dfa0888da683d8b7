"""Features of edges from anywhere, fitted to those that a dataset's edges have."""

from functools import lru_cache

import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.chemistry.bonds import BONDS, bonds_by_name
from hpme.datasets import Dataset
from hpme.io.smiles import parse_smiles


def fit_edges(graph: Data, dataset: Dataset) -> tuple[Tensor | None, str]:
    """Gives a graph's edges the features that the dataset's edges have.

    Args:
        graph: As `hpme.io.read_graphs` returns it.
        dataset: The dataset that the model was trained on.

    Returns:
        Rows ``[E, num_edge_features]``, or None where there are no such features, and a sentence that says
        where they come from or what is missing; empty where that goes without saying.
    """
    spec, labels = dataset.spec, dataset.spec.edge_labels
    width, own, names = spec.num_edge_features, graph.get("edge_attr"), graph.get("edge_feature_names")
    have = "" if own is None else f"{own.size(1)} features of each edge"
    if not width:
        return None, f" The {have} are left out: edges of {spec.title} have none." if have else ""
    if not graph.num_edges:
        return torch.zeros(0, width), ""
    columns = _by_name(names or [], labels)
    if own is not None and columns:
        rows = torch.zeros(graph.num_edges, width)
        rows[:, columns] = own.float()
        return rows, "" if [*labels] == names else " Features of edges are matched by name."
    if own is not None and own.size(1) == width and not (names and labels):
        return own.float(), f" The {have} are taken as they are."
    if {*labels} <= {*BONDS} and labels and "smiles" in graph and is_molecule(graph):
        return bonds_by_name(
            parse_smiles(graph.smiles), graph.edge_index, labels
        ), " The types of bonds are read from its SMILES."
    wanted = f"{width} ({', '.join(labels)[:60]})" if labels else f"{width}"
    if have:
        return None, f" The {have} are left out: edges of {spec.title} have {wanted}."
    return (
        None,
        f" The edges have no features; those of {spec.title} have {wanted}, and some models need them.",
    )


def is_molecule(graph: Data) -> bool:
    """Returns whether the atoms of a graph's SMILES are its nodes, and the bonds its edges."""
    ends = {(u, v) for u, v in graph.edge_index.t().tolist() if u < v}
    return _size_and_bonds(graph.smiles) == (graph.num_nodes, ends)


@lru_cache(1024)
def _size_and_bonds(smiles: str) -> tuple[int, set[tuple[int, int]]] | None:
    """The number of atoms and the ends of the bonds; None if it is no molecule."""
    try:
        mol = parse_smiles(smiles)
    except ValueError:
        return None
    bonds = [(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()) for bond in mol.GetBonds()]
    return mol.GetNumAtoms(), {(min(bond), max(bond)) for bond in bonds}


def _by_name(names: list[str], labels: tuple[str, ...]) -> list[int]:
    """Returns the dataset's column of each name, or none if one has no column or two have the same."""
    found = [name if name in labels else name.rpartition("=")[2].lower() for name in names]
    fits = len({*found}) == len(found) and {*found} <= {*labels}
    return [labels.index(name) for name in found] if fits else []
