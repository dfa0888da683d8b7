"""Batch jobs: any number of graphs explained in bounded memory, one JSON line each."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TextIO

from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import checks
from hpme.explainers.base import hard_mask


ExplainBatch = Callable[[Sequence[Data]], list[Explanation]]  # such as a fitted explainer's `explain_batch`


def explain_stream(
    explain_batch: ExplainBatch, graphs: Iterable[Data], batch_size: int = 256
) -> Iterator[tuple[Data, Explanation]]:
    """Explains graphs as they come; holds one batch at a time.

    Args:
        explain_batch: Explains a list of graphs, in order.
        graphs: Graphs, also from a generator that never ends.
        batch_size: Graphs explained in one call, ``>= 1``.

    Yields:
        Each graph with its explanation, in order.

    Raises:
        ValueError: If `batch_size` is below 1.
    """
    checks.in_range("batch_size", batch_size, 1, 1_000_000)
    source = iter(graphs)
    while chunk := list(islice(source, batch_size)):
        yield from zip(chunk, explain_batch(chunk), strict=True)


def record(graph: Data, explanation: Explanation) -> dict[str, Any]:
    """One explained graph as plain values.

    Returns:
        `graph_id`, `target` (explained class), `nodes` (kept ids), `node_score` and `edge_score` (rankings),
        `edges` (the graph's own list, one pair an edge score), and `capacity_bits` (null for soft explainers).
    """
    bits = explanation.get("capacity_bits")
    return {
        "graph_id": graph.get("graph_id"),
        "target": int(explanation.target),
        "nodes": hard_mask(explanation).nonzero().view(-1).tolist(),
        "node_score": _short(explanation.node_score.tolist()),
        "edges": graph.edge_index.t().tolist(),
        "edge_score": _short(explanation.edge_score.tolist()),
        "capacity_bits": None if bits is None else round(float(bits), 3),
    }


def write_lines(
    explain_batch: ExplainBatch,
    graphs: Iterable[Data],
    out: TextIO,
    batch_size: int = 256,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Writes one JSON line a graph, as soon as its batch is explained.

    Args:
        explain_batch: Explains a list of graphs, in order.
        graphs: Graphs, in the order of the lines.
        out: Text file, open for writing.
        batch_size: Graphs explained in one call.
        progress: Called after each graph with the number of lines so far.

    Returns:
        The number of lines.
    """
    count = 0
    for count, (graph, explanation) in enumerate(explain_stream(explain_batch, graphs, batch_size), start=1):
        out.write(json.dumps(record(graph, explanation)) + "\n")
        if progress:
            progress(count)
    return count


def _short(values: list[float]) -> list[float]:
    return [round(value, 5) for value in values]
