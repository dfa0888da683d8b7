"""Packed datasets: one flat ``.npz`` without pickles, for a user's own graphs."""

import io
import math
from collections.abc import Sequence
from tokenize import TokenError

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot
from torch_geometric.data import Data

from hpme.box import boxed
from hpme.chemistry.bonds import BONDS
from hpme.datasets.columns import cut_rows, join_columns
from hpme.datasets.molecules import ELEMENTS
from hpme.io.archive import unpack
from hpme.io.summary import list_left_out
from hpme.io.text import quote, shown
from hpme.limits import DATASET_BOX_LIMITS, DATASET_LIMITS
from hpme.own_data.packed_checks import REQUIRED, check_arrays
from hpme.own_data.raw import RawDataset, edge_words

TRUTH = ("node_gt", "edge_gt")
KNOWN = {*REQUIRED, *TRUTH, "edge_attr", "bond_type", "train_index", "test_index"}
UNREADABLE = (ValueError, TypeError, OverflowError, MemoryError, EOFError, SyntaxError, TokenError)


def read(content: bytes) -> RawDataset:
    """Reads a packed dataset.

    Arrays: `x` ``[N]`` integer node types or ``[N, F]`` features, `edge_index` ``[2, E]`` with ids local
    to each graph, `nptr` and `eptr` ``[G + 1]`` (graph ``i`` owns nodes ``nptr[i]:nptr[i+1]``), `y` ``[G]``
    class, or float number; optional `node_gt` ``[N]`` and `edge_gt` ``[E]``, `train_index` and
    `test_index`, `edge_attr` ``[E, D]`` features or ``[E]`` integer types, and `bond_type` ``[E]``, which
    says that node types are atoms, numbered as in `hpme.datasets.molecules.ELEMENTS`, and whose numbers are
    the types of `hpme.chemistry.bonds.BONDS` where there is no `edge_attr`. Edges stand in both directions.

    Args:
        content: The file's bytes.

    Returns:
        The graphs; split by their own `train_index` and `test_index` where there are both.

    Raises:
        ValueError: If it is not such an archive, or its arrays do not fit together.
    """
    pack = _arrays(content)
    check_arrays(pack)
    edges, labels, left_out = _edge_features(pack)
    left_out += [shown(name) for name in pack if name not in KNOWN]
    if not _has_truth(pack):
        left_out += [f"{one!r} without {other!r}" for one, other in (TRUTH, TRUTH[::-1]) if one in pack]
    what = f"are one of {_width(pack)} types" if pack["x"].ndim == 1 else f"have {_width(pack)} features"
    note = f"Nodes {what}{edge_words(0 if edges is None else edges.size(1), labels)}"
    return RawDataset(
        _graphs(pack, edges),
        pack["y"].ravel().tolist(),
        regression=pack["y"].dtype.kind == "f",
        column="number" if pack["y"].dtype.kind == "f" else "class",
        node_labels=ELEMENTS if _molecular(pack) else (),
        edge_labels=labels,
        split=_split(pack),
        notes=(note, *([f"Left out: {list_left_out(left_out)}."] if left_out else [])),
    )


@boxed(DATASET_BOX_LIMITS)
def unlabelled_arrays(content: bytes) -> dict[str, np.ndarray]:
    """Returns the arrays of a packed dataset whose graphs are to be explained, so that `y` may be missing.

    Args:
        content: The file's bytes.

    Returns:
        `edge_index`, `nptr` and `eptr`; `x`, or `element` ``[N]`` where the types of nodes are places in
        `hpme.datasets.molecules.ELEMENTS`; `edge_attr` or `bond_type`, where the file has one of them.

    Raises:
        ValueError: As `read` does.
    """
    pack = _arrays(content)
    pack.setdefault("y", np.zeros(max(0, pack.get("nptr", np.zeros(0)).size - 1), np.int64))
    check_arrays(pack)
    x, edges = pack["x"], "bond_type" if _edge_features(pack)[1] else "edge_attr"
    found = {name: pack[name].astype(np.int64) for name in ("edge_index", "nptr", "eptr")}
    found["element" if _molecular(pack) else "x"] = x.astype(np.int64 if _whole(x) else np.float32)
    if edges in pack:
        found[edges] = pack[edges].astype(np.int64 if pack[edges].ndim == 1 else np.float32)
    return found


def _arrays(content: bytes) -> dict[str, np.ndarray]:
    return {
        name.removesuffix(".npy"): read_array(name, member)
        for name, member in unpack(content, DATASET_LIMITS).items()
        if name.endswith(".npy")
    }


def read_array(name: str, content: bytes) -> np.ndarray:
    """Returns an array of one or two axes, checked to be as long as its header says."""
    file = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(file)
        header = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        shape, _, dtype = header(file)
        size = len(content) - file.tell()
        if dtype.hasobject or math.prod(shape) * dtype.itemsize != size or not 1 <= len(shape) <= 2:
            raise ValueError(f"{dtype} of shape {shape} in {size} bytes")
        file.seek(0)
        return np.lib.format.read_array(file, allow_pickle=False)
    except UNREADABLE as error:
        raise ValueError(
            f"Expected a plain array {quote(name, 40)} (got: {quote(str(error))}); save it with numpy.savez"
        ) from None


def _graphs(pack: dict[str, np.ndarray], edge_attr: Tensor | None) -> list[Data]:
    flat = torch.as_tensor(pack["x"].astype(np.int64 if _whole(pack["x"]) else np.float32))
    x = flat if flat.dim() == 2 else one_hot(flat, _width(pack)).float()
    edges = torch.as_tensor(pack["edge_index"].astype(np.int64))
    nodes, counts = (np.diff(pack[ptr].astype(np.int64)).tolist() for ptr in ("nptr", "eptr"))
    columns: dict[str, Sequence[object]] = {
        "x": cut_rows(x, nodes),
        "edge_index": cut_rows(edges, counts, dim=1),
    }
    if edge_attr is not None:
        columns["edge_attr"] = cut_rows(edge_attr, counts)
    if _has_truth(pack):
        columns["node_gt"] = cut_rows(torch.as_tensor(pack["node_gt"] > 0), nodes)
        columns["edge_gt"] = cut_rows(torch.as_tensor(pack["edge_gt"] > 0), counts)
    return join_columns(columns)


def _edge_features(pack: dict[str, np.ndarray]) -> tuple[Tensor | None, tuple[str, ...], list[str]]:
    """Returns the features of all edges ``[E, D]``, if any, their names, and what of them is left out."""
    if "edge_attr" in pack:
        values = pack["edge_attr"]
        left_out = ["'bond_type' (beside 'edge_attr')"] if "bond_type" in pack else []
        if values.ndim == 2:
            return torch.as_tensor(values.astype(np.float32)), (), left_out
        types = torch.as_tensor(values.astype(np.int64))
        return one_hot(types).float() if len(types) else None, (), left_out
    if "bond_type" not in pack:
        return None, (), []
    types = torch.as_tensor(pack["bond_type"].astype(np.int64))
    if not len(types) or int(types.min()) != 0 or int(types.max()) >= len(BONDS):
        return None, (), ["'bond_type' (not 0 single, 1 double, 2 triple, 3 aromatic)"]
    return one_hot(types, len(BONDS)).float(), BONDS, []


def _whole(x: np.ndarray) -> bool:
    """Returns whether features stay whole numbers; types do, which may be true and false."""
    return x.ndim == 1 or x.dtype.kind in "iu"


def _has_truth(pack: dict[str, np.ndarray]) -> bool:
    return all(name in pack for name in TRUTH)


def _molecular(pack: dict[str, np.ndarray]) -> bool:
    """Returns whether the node types are atoms: flat, few enough, and with bond types beside them."""
    return "bond_type" in pack and pack["x"].ndim == 1 and int(pack["x"].max()) < len(ELEMENTS)


def _width(pack: dict[str, np.ndarray]) -> int:
    """Returns the number of features."""
    if pack["x"].ndim == 2:
        return pack["x"].shape[1]
    return len(ELEMENTS) if _molecular(pack) else int(pack["x"].max()) + 1


def _split(pack: dict[str, np.ndarray]) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Returns the ids of training and test graphs in the file, or None if it has not both."""
    if not all(pack.get(name, np.zeros(0)).size for name in ("train_index", "test_index")):
        return None
    return tuple(pack["train_index"].tolist()), tuple(pack["test_index"].tolist())
