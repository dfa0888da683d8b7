"""Tensors by name, as safetensors: ``edge_index``, ``x``, ``z`` (atomic numbers), ``edge_attr``, and fields.

What is text, or belongs to the whole graph, stands as JSON under ``graph`` in the metadata.
"""

import json
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from hpme.chemistry.elements import SYMBOLS
from hpme.forward.around import MASKS
from hpme.io.of_each_node import LISTS, spread
from hpme.io.record import EDGE_FIELDS, FIXED, GRAPH_FIELDS, NODE_FIELDS, PLACE, Contents, Fields, Record
from hpme.io.source import Source
from hpme.io.text import quote, reason, shown
from hpme.limits import cap

ALSO = {"edge_index", "edge_attr", "edge_feature_names", "feature_names", "num_nodes", "batch", "ptr"}
UNSIGNED = {torch.uint16, torch.uint32, torch.uint64}
KNOWN = {"x", "z", *ALSO, *NODE_FIELDS, *EDGE_FIELDS, *GRAPH_FIELDS}  # never a feature's name


def read(source: Source) -> Contents:
    """Returns the graph of the file."""
    content = source.content
    try:
        values: Fields = load(content)
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        fields = json.loads(header.get("__metadata__", {}).get("graph", "{}"))
    except (SafetensorError, ValueError, KeyError, RecursionError) as error:
        raise ValueError(f"Expected safetensors (got: {quote(reason(error))}); save it again") from None
    if not isinstance(fields, dict):
        got = shown(fields)
        raise ValueError(f"Expected a JSON object under 'graph' in the metadata (got {got}); save it again")
    return Contents([record(values | fields)])


def write(record: Record) -> bytes:
    """Returns the file's content."""
    nodes, ends = [fields for _, fields in record.nodes], [edge[:2] for edge in record.edges]
    values = {"edge_index": torch.tensor(ends, dtype=torch.long).reshape(-1, 2).t().contiguous()}
    names = [name for name in nodes[0] if name != "element"]
    values |= {name: _tensor([fields[name] for fields in nodes]) for name in names}
    if "element" in nodes[0]:
        values["z"] = torch.tensor([PLACE[fields["element"]] for fields in nodes])
    edges = [fields for *_, fields in record.edges] or [{}]
    features = [name for name in edges[0] if name not in EDGE_FIELDS and name != "edge_attr"]
    values |= {name: _tensor([row[name] for row in edges]) for name in edges[0] if name not in features}
    if features:
        values["edge_attr"] = _tensor([[row[name] for name in features] for row in edges])
    # Names in order, as safetensors sorts tensors.
    header = record.graph | {"num_nodes": len(nodes), "feature_names": names}
    header |= {"edge_feature_names": features} if features else {}
    return save(values, {"graph": json.dumps(header, allow_nan=False)})


def record(values: Fields) -> Record:
    """Returns the graph of named tensors and plain values.

    Raises:
        ValueError: If their types or shapes do not fit together.
    """
    values = {name: _signed(name, value) for name, value in values.items()}
    for name, value in values.items():
        if isinstance(value, Tensor):
            cap("values", value.numel())
            if value.is_complex() or value.layout != torch.strided:
                got = f"{value.dtype}, {value.layout}"
                raise ValueError(
                    f"Expected real, dense numbers in {quote(name, 40)} (got {got}); convert them"
                )
    ends = values.get("edge_index")
    if not isinstance(ends, Tensor) or ends.dim() != 2 or len(ends) != 2 or ends.is_floating_point():
        got = f"{ends.dtype}{list(ends.shape)}" if isinstance(ends, Tensor) else shown(ends)
        raise ValueError(
            f"Expected integers 'edge_index' of shape [2, E] (got {got}); give each edge a column"
        )
    cap("edges", ends.shape[1])
    count = _count(values)
    columns = _columns(values, count)
    nodes = [{name: value[i] for name, value in columns.items()} for i in range(count)]
    edge_fields = _edge_columns(values, ends.shape[1]) | {
        name: _list(values[name], ends.shape[1], name) for name in EDGE_FIELDS if name in values
    }
    edges = [
        (u, v, {name: value[i] for name, value in edge_fields.items()})
        for i, (u, v) in enumerate(ends.t().tolist())
    ]
    lists = {name: rows for name in LISTS if (rows := _of_each(name, values.get(name), count))}
    spread(lists, nodes)
    graph = {name: _scalar(values[name], name) for name in GRAPH_FIELDS if name in {*values} - {*lists}}
    taken = {*KNOWN, *columns, *lists}
    left_out = [_described(name, values[name]) for name in values if name not in taken]
    several = [name for name in lists if values[name].numel() > count]
    left_out += [f"{_described(name, values[name])} beyond its first column" for name in several]
    return Record(graph, [*enumerate(nodes)], edges, left_out=left_out)


def _signed(name: str, value: Any) -> Any:
    """Returns unsigned integers of more than 8 bits, with which PyTorch can do little, as int64.

    Raises:
        ValueError: If one is too large.
    """
    if not isinstance(value, Tensor) or value.dtype not in UNSIGNED:
        return value
    signed = value.to(torch.int64)
    if (signed < 0).any():
        got = f"{int(signed.min()) + 2**64}"
        raise ValueError(f"Expected integers below 2^63 in {quote(name, 40)} (got {got}); change that number")
    return signed


def _edge_columns(values: Fields, count: int) -> dict[str, list[Any]]:
    """Returns the features of the edges: by their names where they have some, else as lists."""
    features, names = values.get("edge_attr"), values.get("edge_feature_names")
    if features is None:
        return {}
    if not isinstance(features, Tensor) or not features.dim() or len(features) != count:
        got = list(features.shape) if isinstance(features, Tensor) else shown(features)
        raise ValueError(
            f"Expected 'edge_attr' of shape [{count}, num_edge_features] (got {got}); give each edge a row"
        )
    if not count:
        return {}
    rows = features.double().reshape(count, -1)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        names = []
    if len({*names} - FIXED) == rows.shape[1]:
        return dict(zip(names, rows.t().tolist(), strict=True))
    return {"edge_attr": rows.tolist()}


def _described(name: str, value: Any) -> str:
    words = f" ({value.dtype}{list(value.shape)})" if isinstance(value, Tensor) else ""
    return f"{shown(name)}{words.replace('torch.', '')}"


def _count(values: Fields) -> int:
    """Returns the number of nodes: the rows of `x`, else `num_nodes`, else as many as the edges name."""
    x, ends = values.get("x"), values["edge_index"]
    stated = values.get("num_nodes", int(ends.max()) + 1 if ends.numel() else 0)
    count = len(x) if isinstance(x, Tensor) and x.dim() else _scalar(stated, "num_nodes")
    if not isinstance(count, int) or isinstance(count, bool):
        raise ValueError(f"Expected 'num_nodes' to be an integer (got {shown(count)}); change it")
    if isinstance(x, Tensor) and not x.dim():
        raise ValueError(
            f"Expected 'x' of shape [num_nodes, num_features] (got {x.item()}); give each node a row"
        )
    cap("nodes", count, least=1)
    return count


def _columns(values: Fields, count: int) -> dict[str, list[Any]]:
    """Returns the values of the nodes, by name."""
    columns: dict[str, list[Any]] = {}
    x = values.get("x")
    if isinstance(x, Tensor):
        columns["x"] = _numbers(x).reshape(count, -1).tolist()
    columns |= {name: _list(values[name], count, name) for name in NODE_FIELDS if name in values}
    if "z" in values:
        numbers = _list(values["z"], count, "z")
        for i, number in enumerate(numbers):
            if not isinstance(number, int) or not 0 <= number < len(SYMBOLS):
                raise ValueError(
                    f"Expected atomic numbers 'z' from 0 to 118 (got {number} at node {i}); fix that number"
                )
        columns["element"] = [SYMBOLS[number] for number in numbers]
    order = values.get("feature_names")
    names = [name for name in order if isinstance(name, str)] if isinstance(order, list) else [*values]
    for name in names if x is None else []:
        value = values.get(name)
        if name not in {*KNOWN, *LISTS} and isinstance(value, Tensor) and value.shape == (count,):
            columns[name] = _numbers(value).tolist()
    return columns


def _numbers(values: Tensor) -> Tensor:
    """Returns integers as they are, all else as float64."""
    integers = not values.is_floating_point() and values.dtype != torch.bool
    return values if integers else values.double()


def _list(value: Any, size: int, name: str) -> list[Any]:
    if not isinstance(value, Tensor) or value.numel() != size:
        got = value.numel() if isinstance(value, Tensor) else shown(value)
        raise ValueError(f"Expected {size} values of {name!r} (got {got}); give one each")
    return value.reshape(-1).tolist()


def _of_each(name: str, value: Any, count: int) -> list[Any]:
    """Returns the value of each node, the first of several in a mask; nothing if it is no list."""
    if not isinstance(value, Tensor) or count < 2:
        return []
    if name == "y" and value.numel() not in (1, count):
        wanted, got = f"one value of 'y', or one for each of {count:,} nodes", list(value.shape)
        raise ValueError(f"Expected {wanted} (got {got}); choose one of them")
    if value.numel() == count:
        return value.reshape(-1).tolist()
    wide = name in MASKS and value.dim() == 2 and len(value) == count and value.numel()
    return value[:, 0].tolist() if wide else []


def _scalar(value: Any, name: str) -> Any:
    return _list(value, 1, name)[0] if isinstance(value, Tensor) else value


def _tensor(values: list[Any]) -> Tensor:
    """Returns the values as a tensor; floats become float32, as `x` is."""
    return torch.tensor(values)
