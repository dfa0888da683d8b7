"""Packed datasets: one flat ``.npz`` without pickles, for a user's own graphs."""

from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import torch
from torch_geometric.data import Data

from hpme.datasets.molecules import ELEMENTS
from hpme.datasets.spec import Dataset, DatasetSpec, split

REQUIRED = ("x", "edge_index", "nptr", "eptr", "y")


def load_packed(path: Path) -> Dataset:
    """Reads a packed dataset.

    Arrays: `x` ``[N]`` integer node types or ``[N, F]`` features, `edge_index` ``[2, E]`` with ids local
    to each graph, `nptr` and `eptr` ``[G + 1]`` (graph ``i`` owns nodes ``nptr[i]:nptr[i+1]``), `y` ``[G]``
    class, or float number; optional `node_gt` ``[N]`` and `edge_gt` ``[E]``, `train_index` and
    `test_index`, and `bond_type` ``[E]``, which says that node types are atoms, numbered as in
    `hpme.datasets.molecules.ELEMENTS`.

    Args:
        path: File ending in ``.npz``.

    Returns:
        The dataset, split by its own `train_index` and `test_index` where it has both, else 80/10/10.

    Raises:
        ValueError: If the file is missing, not such an archive, or its arrays do not fit together.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            pack = {key: archive[key] for key in archive.files}
    except (OSError, ValueError, BadZipFile, EOFError) as error:
        raise ValueError(
            f"Expected a readable .npz of plain arrays at {path} (got: {error}); save it with numpy.savez"
        ) from error
    _check(pack)
    return split(_spec(path, pack), _graphs(pack))


def _check(pack: dict[str, np.ndarray]) -> None:
    """Raises `ValueError` unless the arrays fit together."""
    missing = [key for key in REQUIRED if key not in pack]
    if missing:
        raise ValueError(
            f"Expected the arrays {', '.join(REQUIRED)} (got none of {', '.join(missing)}); add them"
        )
    x, edges, nptr, eptr, y = (pack[key] for key in REQUIRED)
    for name, ptr, total in (("nptr", nptr, len(x)), ("eptr", eptr, edges.shape[-1])):
        if ptr.ndim != 1 or ptr.dtype.kind not in "iu" or len(ptr) != y.size + 1 or len(ptr) < 2:
            raise ValueError(
                f"Expected '{name}' of {y.size + 1} integers (got {ptr.dtype}{list(ptr.shape)}); give G + 1"
            )
        if ptr[0] != 0 or ptr[-1] != total or (np.diff(ptr.astype(np.int64)) < (name == "nptr")).any():
            raise ValueError(
                f"Expected '{name}' to rise from 0 to {total} (got {ptr[0]} to {ptr[-1]}); recount the graphs"
            )
    if edges.ndim != 2 or len(edges) != 2 or edges.dtype.kind not in "iu":
        raise ValueError(
            f"Expected 'edge_index' of shape [2, E], integer (got {edges.dtype}{list(edges.shape)}); mend it"
        )
    node_counts, edge_counts = (ptr[1:].astype(np.int64) - ptr[:-1].astype(np.int64) for ptr in (nptr, eptr))
    sizes = np.repeat(node_counts, edge_counts)
    if edges.size and (edges.min() < 0 or (edges >= sizes).any()):
        raise ValueError(
            "Expected edge ends local to each graph (got an id outside its graph); subtract nptr[i]"
        )
    if (
        x.ndim not in (1, 2)
        or x.dtype.kind not in "iufb"
        or (x.dtype.kind == "f" and not np.isfinite(x).all())
    ):
        raise ValueError(
            f"Expected finite numbers 'x' of shape [N] or [N, F] (got {x.dtype}{list(x.shape)}); mend it"
        )
    if x.ndim == 1 and (x.dtype.kind == "f" or x.min() < 0 or x.max() > 255):
        raise ValueError("Expected node types 0 to 255 in a flat 'x' (got others); give features as [N, F]")
    if not (np.isfinite(y).all() if y.dtype.kind == "f" else y.dtype.kind in "iub" and y.min() >= 0):
        raise ValueError(
            f"Expected class labels 0, 1, ... or finite numbers in 'y' (got {y.dtype}); mend the labels"
        )
    for name, length in (("node_gt", len(x)), ("edge_gt", edges.shape[1])):
        if name in pack and len(pack[name]) != length:
            raise ValueError(f"Expected {length} values in '{name}' (got {len(pack[name])}); give one each")
    for name in ("train_index", "test_index"):
        ids = pack.get(name, np.zeros(0, np.int64))
        if (
            ids.ndim != 1
            or ids.dtype.kind not in "iu"
            or (ids.size and not 0 <= ids.min() <= ids.max() < y.size)
        ):
            raise ValueError(f"Expected graph ids 0 to {y.size - 1} in '{name}' (got others); mend them")


def _graphs(pack: dict[str, np.ndarray]) -> list[Data]:
    flat = torch.as_tensor(pack["x"].astype(np.float32 if pack["x"].ndim == 2 else np.int64))
    x = flat if flat.dim() == 2 else torch.nn.functional.one_hot(flat, _width(pack)).float()
    edges = torch.as_tensor(pack["edge_index"].astype(np.int64))
    truth = "node_gt" in pack and "edge_gt" in pack
    graphs = []
    labels = torch.as_tensor(pack["y"].reshape(-1, 1))
    labels = labels.float() if labels.is_floating_point() else labels.long()
    for i, label in enumerate(labels):
        n, e = (slice(*pack[ptr][i : i + 2].tolist()) for ptr in ("nptr", "eptr"))
        graph = Data(x=x[n], edge_index=edges[:, e], y=label)
        if truth:
            graph.node_gt = torch.as_tensor(pack["node_gt"][n]) > 0
            graph.edge_gt = torch.as_tensor(pack["edge_gt"][e]) > 0
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


def _spec(path: Path, pack: dict[str, np.ndarray]) -> DatasetSpec:
    own = None
    if "train_index" in pack and "test_index" in pack:
        own = (tuple(pack["train_index"].tolist()), tuple(pack["test_index"].tolist()))
    regression = pack["y"].dtype.kind == "f"
    return DatasetSpec(
        name=path.stem,
        title=path.stem,
        task="graph-regression" if regression else "graph-classification",
        description=f"Your own graphs, read from {path.name}.",
        load=lambda: _graphs(pack),
        num_graphs=pack["y"].size,
        num_features=_width(pack),
        classes=() if regression else tuple(f"class {i}" for i in range(int(pack["y"].max()) + 1)),
        ground_truth="node_gt" in pack and "edge_gt" in pack,
        source=str(path),
        licence="yours",
        node_labels=ELEMENTS if _molecular(pack) else (),
        split=own,
        quantity="number" if regression else "",
    )
