"""Graphs of packed files, packed anew for a model without one object a graph."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot
from torch_geometric.data import Data

from hpme.chemistry.bonds import BONDS
from hpme.datasets import Dataset
from hpme.datasets.molecules import ELEMENTS
from hpme.forward.packed import Packed, pointers
from hpme.own_data import fit_to_input


def pack_arrays(graphs: Sequence[Mapping[str, np.ndarray]], dataset: Dataset) -> Packed:
    """Packs graphs with the features that a model expects: `fit_to_input`, asked of all of them as one graph.

    Args:
        graphs: Arrays of each graph, with the names and shapes of `hpme.own_data.packed.unlabelled_arrays`.
        dataset: The dataset that the model was trained on.

    Raises:
        ValueError: If their features do not fit.
    """
    fitted = fit_to_input(join_arrays(graphs, dataset), dataset).graph
    edge_attrs = {"edge_attr": fitted.edge_attr} if "edge_attr" in fitted else {}
    return Packed(fitted.x, fitted.edge_index, *_pointers(graphs), edge_attrs=edge_attrs)


def join_arrays(graphs: Sequence[Mapping[str, np.ndarray]], dataset: Dataset) -> Data:
    """Returns graphs side by side as one, with features as `fit_to_input` takes them; arguments as above."""
    node_ptr, edge_ptr = _pointers(graphs)
    joined = {name: _join([graph[name] for graph in graphs], name) for name in graphs[0]}
    whole = Data(edge_index=joined["edge_index"] + node_ptr[:-1].repeat_interleave(edge_ptr.diff()))
    if "element" in joined:
        whole.element = [ELEMENTS[kind] for kind in joined["element"].tolist()]
    else:
        whole.x = _features(joined["x"], dataset.spec.num_features)
    if "bond_type" in joined:
        whole.edge_attr, whole.edge_feature_names = _features(joined["bond_type"], len(BONDS)), [*BONDS]
    elif "edge_attr" in joined:
        whole.edge_attr = _features(joined["edge_attr"], dataset.spec.num_edge_features)
    whole.num_nodes = int(node_ptr[-1])
    return whole


def _pointers(graphs: Sequence[Mapping[str, np.ndarray]]) -> tuple[Tensor, Tensor]:
    """Where the nodes and the edges of each graph begin, and the last ones end."""
    nodes = "element" if "element" in graphs[0] else "x"
    node_ptr, edge_ptr = (
        pointers(torch.tensor([graph[name].shape[axis] for graph in graphs]))
        for name, axis in ((nodes, 0), ("edge_index", 1))
    )
    return node_ptr, edge_ptr


def _join(values: Sequence[np.ndarray], name: str) -> Tensor:
    return torch.from_numpy(np.concatenate(values, axis=1 if name == "edge_index" else 0))


def _features(values: Tensor, width: int) -> Tensor:
    """Features as they are; types as one-hot, as wide as the model's or wider."""
    if values.dim() == 2:
        return values
    most = int(values.max()) if len(values) else 0
    return one_hot(values, max(width, most + 1)).float()
