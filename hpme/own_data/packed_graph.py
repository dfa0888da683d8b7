"""One graph as a ``.npz`` of plain arrays, named as in `torch_geometric.data.Data`; its nodes have labels."""

from collections.abc import Collection

import numpy as np
import torch
from safetensors.torch import save
from torch.nn.functional import one_hot

from hpme.io.archive import unpack
from hpme.io.text import quote
from hpme.limits import DATASET_LIMITS
from hpme.own_data.packed import read_array
from hpme.own_data.packed_checks import check_nodes


def is_graph(names: Collection[str]) -> bool:
    """Returns whether the files in an archive are the arrays of one graph, not of many with their sizes."""
    return "edge_index.npy" in names and not {"nptr.npy", "eptr.npy"} & {*names}


def to_tensors(content: bytes) -> bytes:
    """Returns the arrays of one graph as safetensors; a flat `x` of integers, types of nodes, as one-hot.

    Raises:
        ValueError: If there are other arrays than of numbers, or `y` has no value for each node.
    """
    arrays = {
        name.removesuffix(".npy"): read_array(name, member)
        for name, member in unpack(content, DATASET_LIMITS).items()
        if name.endswith(".npy")
    }
    for name, array in arrays.items():
        if array.dtype.kind not in "iufb":
            got = f"{array.dtype} in {quote(name, 40)}"
            raise ValueError(f"Expected arrays of numbers for one graph (got {got}); number what is text")
    tensors = {
        name: torch.as_tensor(array.astype(array.dtype.newbyteorder("="))) for name, array in arrays.items()
    }
    if "x" in arrays:
        check_nodes(arrays["x"])
        if arrays["x"].ndim == 1:
            tensors["x"] = one_hot(tensors["x"].long()).float()
        rows, labels = len(arrays["x"]), arrays.get("y", np.zeros(0))
        if len(labels) != rows:
            raise ValueError(
                f"Expected a class for each of {rows:,} nodes in 'y', as arrays without 'nptr' and 'eptr' "
                f"are one graph (got {len(labels):,}); add it, or the two for a dataset of graphs"
            )
    return save({name: tensor.contiguous() for name, tensor in tensors.items()})
