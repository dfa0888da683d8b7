"""Batch jobs: any number of graphs explained in bounded memory, one JSON line each."""

from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import checks
from hpme.explainers.base import ExplainBatch
from hpme.forward.packed import chunks
from hpme.io import write_graph


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
    checks.in_range("batch_size", batch_size, 1, float("inf"))
    for chunk in chunks(graphs, batch_size):
        yield from zip(chunk, explain_batch(chunk), strict=True)


def write_lines(
    explain_batch: ExplainBatch,
    graphs: Iterable[Data],
    out: TextIO,
    batch_size: int = 256,
    progress: Callable[[int], None] = lambda count: None,
) -> None:
    """Writes each graph with its explanation as a line of node-link JSON, as soon as its batch is explained.

    Args:
        explain_batch: Explains a list of graphs, in order.
        graphs: Graphs, in the order of the lines; `hpme.io.read_graphs` reads a line back.
        out: Text file, open for writing.
        batch_size: Graphs explained in one call, ``>= 1``.
        progress: Called after each line with the number of lines so far.
    """
    stream = explain_stream(explain_batch, graphs, batch_size)
    for count, (graph, explanation) in enumerate(stream, start=1):
        out.write(write_graph(graph, explanation, "json").decode() + "\n")
        progress(count)
