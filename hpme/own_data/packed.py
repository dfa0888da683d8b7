"""Packed datasets: one flat ``.npz`` without pickles, for a user's own graphs."""

import io
import math
from tokenize import TokenError

import numpy as np
import torch
from torch_geometric.data import Data

from hpme.datasets.molecules import ELEMENTS
from hpme.io.archive import unpack
from hpme.limits import DATASET_LIMITS, cap
from hpme.own_data.raw import RawDataset

UNREADABLE = (ValueError, TypeError, OverflowError, MemoryError, EOFError, SyntaxError, TokenError)
REQUIRED = ("x", "edge_index", "nptr", "eptr", "y")


def read(content: bytes) -> RawDataset:
    """Reads a packed dataset.

    Arrays: `x` ``[N]`` integer node types or ``[N, F]`` features, `edge_index` ``[2, E]`` with ids local
    to each graph, `nptr` and `eptr` ``[G + 1]`` (graph ``i`` owns nodes ``nptr[i]:nptr[i+1]``), `y` ``[G]``
    class, or float number; optional `node_gt` ``[N]`` and `edge_gt` ``[E]``, `train_index` and
    `test_index`, and `bond_type` ``[E]``, which says that node types are atoms, numbered as in
    `hpme.datasets.molecules.ELEMENTS`. Edges stand in both directions.

    Args:
        content: The file's bytes.

    Returns:
        The graphs; split by their own `train_index` and `test_index` where there are both.

    Raises:
        ValueError: If it is not such an archive, or its arrays do not fit together.
    """
    pack = {
        name.removesuffix(".npy"): _array(name, member)
        for name, member in unpack(content, DATASET_LIMITS).items()
        if name.endswith(".npy")
    }
    _check(pack)
    return RawDataset(
        _graphs(pack),
        pack["y"].ravel().tolist(),
        regression=pack["y"].dtype.kind == "f",
        column="number" if pack["y"].dtype.kind == "f" else "class",
        node_labels=ELEMENTS if _molecular(pack) else (),
        split=_split(pack),
    )


def _array(name: str, content: bytes) -> np.ndarray:
    """One array, flat or of two axes, that is as long as its header says."""
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
            f"Expected a plain array {name[:40]!r} (got: {str(error)[:80]!r}); save it with numpy.savez"
        ) from None


def _check(pack: dict[str, np.ndarray]) -> None:
    """Raises `ValueError` unless the arrays fit together."""
    missing = [key for key in REQUIRED if key not in pack]
    if missing:
        raise ValueError(
            f"Expected the arrays {', '.join(REQUIRED)} (got none of {', '.join(missing)}); add them"
        )
    _check_nodes(pack["x"])
    _check_edges(*(pack[key] for key in REQUIRED))
    y = pack["y"]
    if not (np.isfinite(y).all() if y.dtype.kind == "f" else y.dtype.kind in "iub" and y.min() >= 0):
        raise ValueError(
            f"Expected class labels 0, 1, ... or finite numbers in 'y' (got {y.dtype}); mend the labels"
        )
    for name, length in (("node_gt", len(pack["x"])), ("edge_gt", pack["edge_index"].shape[1])):
        marks = pack.get(name, np.zeros(length))
        if marks.shape != (length,) or marks.dtype.kind not in "iufb":
            got = f"{marks.dtype}{list(marks.shape)}"
            raise ValueError(f"Expected {length} numbers in '{name}' (got {got}); give one each")
    _check_split(pack, y.size)


def _check_nodes(x: np.ndarray) -> None:
    cap("nodes", len(x), least=1, limits=DATASET_LIMITS)
    with np.errstate(over="ignore"):
        if x.dtype.kind not in "iufb" or not np.isfinite(x.astype(np.float32)).all():
            raise ValueError(
                f"Expected finite numbers 'x' of shape [N] or [N, F] (got {x.dtype}{list(x.shape)}); mend it"
            )
    if x.ndim == 1 and (x.dtype.kind == "f" or x.min() < 0 or x.max() > 255):
        raise ValueError("Expected node types 0 to 255 in a flat 'x' (got others); give features as [N, F]")
    width = int(x.max()) + 1 if x.ndim == 1 else x.shape[1]
    cap("features", width, least=1, limits=DATASET_LIMITS)
    cap("values", width * len(x), limits=DATASET_LIMITS)


def _check_edges(x: np.ndarray, edges: np.ndarray, nptr: np.ndarray, eptr: np.ndarray, y: np.ndarray) -> None:
    if edges.ndim != 2 or len(edges) != 2 or edges.dtype.kind not in "iu":
        raise ValueError(
            f"Expected 'edge_index' of shape [2, E], integer (got {edges.dtype}{list(edges.shape)}); mend it"
        )
    cap("graphs", y.size, least=1, limits=DATASET_LIMITS)
    cap("edges", edges.shape[1], limits=DATASET_LIMITS)
    for name, ptr, total in (("nptr", nptr, len(x)), ("eptr", eptr, edges.shape[1])):
        if ptr.shape != (y.size + 1,) or ptr.dtype.kind not in "iu":
            raise ValueError(
                f"Expected '{name}' of {y.size + 1} integers (got {ptr.dtype}{list(ptr.shape)}); give G + 1"
            )
        if ptr[0] != 0 or ptr[-1] != total or (np.diff(ptr.astype(np.int64)) < (name == "nptr")).any():
            raise ValueError(
                f"Expected '{name}' to rise from 0 to {total} (got {ptr[0]} to {ptr[-1]}); recount the graphs"
            )
    node_counts, edge_counts = (ptr[1:].astype(np.int64) - ptr[:-1].astype(np.int64) for ptr in (nptr, eptr))
    sizes = np.repeat(node_counts, edge_counts)
    if edges.size and (edges.min() < 0 or (edges >= sizes).any()):
        raise ValueError(
            "Expected edge ends local to each graph (got an id outside its graph); subtract nptr[i]"
        )
    u, v = edges.astype(np.int64) + np.repeat(nptr[:-1].astype(np.int64), edge_counts)
    forward, backward = np.sort(u * len(x) + v), np.sort(v * len(x) + u)
    if (forward != backward).any() or (np.diff(forward) == 0).any():
        raise ValueError("Expected both directions of each edge, once (got others); add or remove some")


def _check_split(pack: dict[str, np.ndarray], count: int) -> None:
    """Raises `ValueError` unless the ids, where there are both parts, are of different graphs."""
    ids = [pack.get(name, np.zeros(0, np.int64)) for name in ("train_index", "test_index")]
    if any(part.ndim != 1 or part.dtype.kind not in "iu" for part in ids):
        raise ValueError("Expected flat integers in 'train_index' and 'test_index' (got others); mend them")
    both = np.concatenate([part.astype(np.int64) for part in ids])
    if both.size and not 0 <= both.min() <= both.max() < count:
        raise ValueError(
            f"Expected graph ids 0 to {count - 1} in 'train_index' and 'test_index' (got others); mend them"
        )
    if all(part.size for part in ids) and (len(both) != count or len(np.unique(both)) < count):
        raise ValueError(
            "Expected each graph once in 'train_index' or 'test_index' (got others); name all, or none"
        )


def _graphs(pack: dict[str, np.ndarray]) -> list[Data]:
    flat = torch.as_tensor(pack["x"].astype(np.float32 if pack["x"].ndim == 2 else np.int64))
    x = flat if flat.dim() == 2 else torch.nn.functional.one_hot(flat, _width(pack)).float()
    edges = torch.as_tensor(pack["edge_index"].astype(np.int64))
    truth = "node_gt" in pack and "edge_gt" in pack
    graphs = []
    for i in range(pack["y"].size):
        n, e = (slice(*pack[ptr][i : i + 2].tolist()) for ptr in ("nptr", "eptr"))
        graph = Data(x=x[n], edge_index=edges[:, e])
        if truth:
            graph.node_gt = torch.as_tensor(pack["node_gt"][n] > 0)
            graph.edge_gt = torch.as_tensor(pack["edge_gt"][e] > 0)
        graphs.append(graph)
    return graphs


def _molecular(pack: dict[str, np.ndarray]) -> bool:
    """Whether the node types are atoms: they are flat, few enough, and there are bond types beside them."""
    return "bond_type" in pack and pack["x"].ndim == 1 and int(pack["x"].max()) < len(ELEMENTS)


def _width(pack: dict[str, np.ndarray]) -> int:
    """Number of features."""
    if pack["x"].ndim == 2:
        return pack["x"].shape[1]
    return len(ELEMENTS) if _molecular(pack) else int(pack["x"].max()) + 1


def _split(pack: dict[str, np.ndarray]) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The source's own ids of training and test graphs."""
    if not all(pack.get(name, np.zeros(0)).size for name in ("train_index", "test_index")):
        return None
    return tuple(pack["train_index"].tolist()), tuple(pack["test_index"].tolist())
