"""Checks of the arrays of a packed dataset, each refusal a sentence that quotes what is wrong."""

import numpy as np

from hpme.limits import DATASET_LIMITS, cap

REQUIRED = ("x", "edge_index", "nptr", "eptr", "y")


def check_arrays(pack: dict[str, np.ndarray]) -> None:
    """Raises `ValueError` unless the arrays fit together."""
    missing = [key for key in REQUIRED if key not in pack]
    if missing:
        raise ValueError(
            f"Missing arrays: {', '.join(missing)}. A packed dataset needs {', '.join(REQUIRED[:-1])} and "
            f"{REQUIRED[-1]}"
        )
    check_nodes(pack["x"])
    _check_edges(*(pack[key] for key in REQUIRED))
    _check_labels(pack["y"].ravel())
    for name, length in (("node_gt", len(pack["x"])), ("edge_gt", pack["edge_index"].shape[1])):
        marks = pack.get(name, np.zeros(length))
        if marks.shape != (length,) or marks.dtype.kind not in "iufb":
            got = f"{marks.dtype}{list(marks.shape)}"
            raise ValueError(f"Expected {length} numbers in '{name}' (got {got}); give one each")
    for name in ("edge_attr", "bond_type"):
        if name in pack:
            _check_edge_features(name, pack)
    _check_split(pack, pack["y"].size)


def _check_labels(y: np.ndarray) -> None:
    got = "" if y.dtype.kind in "iubf" else str(y.dtype)
    if not got:
        wrong = y < 0 if y.dtype.kind != "f" else ~np.isfinite(y)
        got = f"{y[wrong][0]} for graph {wrong.argmax()}" if wrong.any() else ""
    if got:
        raise ValueError(
            f"Expected class labels 0, 1, ... or finite numbers in 'y' (got {got}); fix the labels"
        )


def check_nodes(x: np.ndarray) -> None:
    """Raises `ValueError` unless `x` holds features, or types of nodes."""
    cap("nodes", len(x), least=1, limits=DATASET_LIMITS)
    if x.dtype.kind not in "iufb":
        raise ValueError(
            f"Expected numbers 'x' of shape [N] or [N, F] (got {x.dtype}{list(x.shape)}); convert them"
        )
    with np.errstate(over="ignore"):
        wrong = ~np.isfinite(x.astype(np.float32))
    if wrong.any():
        got = f"{x[wrong][0]} at node {np.argwhere(wrong)[0][0]}"
        raise ValueError(f"Expected finite numbers of 32 bits in 'x' (got {got}); fix that number")
    if x.ndim == 1 and (x.dtype.kind == "f" or x.min() < 0 or x.max() > 255):
        place = int(((x < 0) | (x > 255)).argmax())
        got = str(x.dtype) if x.dtype.kind == "f" else f"{x[place]} at node {place}"
        raise ValueError(
            f"Expected integer node types 0 to 255 in a flat 'x' (got {got}); give features as [N, F]"
        )
    width = int(x.max()) + 1 if x.ndim == 1 else x.shape[1]
    cap("features", width, least=1, limits=DATASET_LIMITS)
    cap("values", width * len(x), limits=DATASET_LIMITS)


def _check_edges(x: np.ndarray, edges: np.ndarray, nptr: np.ndarray, eptr: np.ndarray, y: np.ndarray) -> None:
    if edges.ndim != 2 or len(edges) != 2 or edges.dtype.kind not in "iu":
        raise ValueError(
            f"Expected integers 'edge_index' of shape [2, E] (got {edges.dtype}{list(edges.shape)}); "
            "give each edge a column"
        )
    cap("graphs", y.size, least=1, limits=DATASET_LIMITS)
    cap("edges", edges.shape[1], limits=DATASET_LIMITS)
    for name, ptr, total in (("nptr", nptr, len(x)), ("eptr", eptr, edges.shape[1])):
        if ptr.shape != (y.size + 1,) or ptr.dtype.kind not in "iu":
            raise ValueError(
                f"Expected '{name}' of {y.size + 1} integers (got {ptr.dtype}{list(ptr.shape)}); give G + 1"
            )
        steps = np.diff(ptr.astype(np.int64))
        low = steps < (name == "nptr")  # a graph may lack edges, but not nodes
        if ptr[0] != 0 or ptr[-1] != total or low.any():
            got = f"{ptr[0]} to {ptr[-1]}"
            if low.any():
                got = f"{ptr[low.argmax() + 1]} after {ptr[low.argmax()]}"
            raise ValueError(f"Expected '{name}' to rise from 0 to {total} (got {got}); recount the graphs")
    counts, edge_counts = (ptr[1:].astype(np.int64) - ptr[:-1].astype(np.int64) for ptr in (nptr, eptr))
    owner = np.repeat(np.arange(y.size), edge_counts)
    wrong = (edges < 0) | (edges >= counts[owner])
    if wrong.any():
        place = int(wrong.any(0).argmax())
        graph, end = owner[place], edges[:, place][wrong[:, place]][0]
        raise ValueError(
            f"Expected edge ends local to each graph (got {end} in graph {graph}, which has {counts[graph]} "
            "nodes); subtract nptr[i]"
        )
    _check_directions(edges, nptr[:-1].astype(np.int64)[owner], owner)


def _check_directions(edges: np.ndarray, first: np.ndarray, owner: np.ndarray) -> None:
    """Raises `ValueError` unless each edge stands once in both directions; `first` node of its graph."""
    u, v = edges.astype(np.int64) + first
    total = int(max(u.max(), v.max())) + 1 if u.size else 1
    forward, backward = u * total + v, v * total + u
    ordered = np.sort(forward)
    if (ordered == np.sort(backward)).all() and (np.diff(ordered) > 0).all():
        return
    alone = ~np.isin(forward, backward)
    _, places, times = np.unique(forward, return_index=True, return_counts=True)
    place = int(alone.argmax() if alone.any() else places[times > 1][0])
    ends = f"{edges[0, place]} to {edges[1, place]} of graph {owner[place]}"
    got = f"one of {ends}" if alone.any() else f"{ends} twice"
    raise ValueError(f"Expected both directions of each edge, once (got {got}); add or remove one")


def _check_edge_features(name: str, pack: dict[str, np.ndarray]) -> None:
    """Raises `ValueError` unless each edge has finite numbers, or a type, alike in both directions."""
    values, edges = pack[name], pack["edge_index"]
    if len(values) != edges.shape[1] or values.dtype.kind not in "iufb":
        got = f"{values.dtype}{list(values.shape)}"
        raise ValueError(
            f"Expected a row of numbers in '{name}' for each of {edges.shape[1]} edges (got {got})"
        )
    flat = values.ndim == 1
    with np.errstate(over="ignore", invalid="ignore"):
        wrong = ~np.isfinite(values.astype(np.float32))
        wrong |= flat & ((values < 0) | (values > 255) | (values != np.floor(values)))
    if wrong.any():
        kind = "integer types 0 to 255" if flat else "finite numbers of 32 bits"
        got = f"{values[wrong][0]} at edge {np.argwhere(wrong)[0][0]}"
        raise ValueError(f"Expected {kind} in '{name}' (got {got}); give other features as [E, D]")
    width = values.shape[1] if values.ndim == 2 else int(values.max(initial=0)) + 1
    cap("features", width, least=1, limits=DATASET_LIMITS)
    cap("values", width * len(values), limits=DATASET_LIMITS)
    ptr = pack["eptr"].astype(np.int64)
    owner = np.repeat(np.arange(pack["y"].size), ptr[1:] - ptr[:-1])
    u, v = edges.astype(np.int64) + pack["nptr"].astype(np.int64)[owner]
    order, reverse = np.lexsort((v, u)), np.lexsort((u, v))
    unlike = values[order] != values[reverse]
    if unlike.any():
        place = order[int(np.argwhere(unlike)[0][0])]
        ends = f"{edges[0, place]} to {edges[1, place]} of graph {owner[place]}"
        raise ValueError(
            f"Expected one '{name}' for both directions of an edge (got two at {ends}); average them"
        )


def _check_split(pack: dict[str, np.ndarray], count: int) -> None:
    """Raises `ValueError` unless the ids, where there are both parts, are of different graphs."""
    parts = {name: pack.get(name, np.zeros(0, np.int64)) for name in ("train_index", "test_index")}
    for name, part in parts.items():
        if part.ndim != 1 or part.dtype.kind not in "iu":
            got = f"{part.dtype}{list(part.shape)}"
            raise ValueError(f"Expected flat integers in '{name}' (got {got}); give ids of graphs")
        wrong = (part < 0) | (part >= count)
        if wrong.any():
            raise ValueError(
                f"Expected graph ids 0 to {count - 1} in '{name}' (got {part[wrong][0]}); fix that id"
            )
    if all(part.size for part in parts.values()):
        times = np.bincount(np.concatenate([part.astype(np.int64) for part in parts.values()]), None, count)
        if (times != 1).any():
            graph = int((times != 1).argmax())
            raise ValueError(
                "Expected each graph once in 'train_index' or 'test_index' "
                f"(got graph {graph} {times[graph]} times); name all, or none"
            )
