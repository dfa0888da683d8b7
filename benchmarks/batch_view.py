"""Measures how a batch job's output is looked at: seconds and memory, on rows that repeat explained ones.

python -m benchmarks.batch_view [--rows 1000000] [--distinct 20000] [--dataset benzene]

Memory is what the process that looks has at its peak beyond what it had when the library was imported.
"""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Annotated, Any

import pyarrow as pa
import torch
import typer

from benchmarks.batch import distinct_molecules
from benchmarks.dataset_latency import peak
from hpme.batch import BatchConfig, columns
from hpme.batch.explaining import Explaining
from hpme.batch.output import BatchOutput, RowFilter
from hpme.batch.sources import Part, Row
from hpme.batch.working import CHUNK, Order, write_part
from hpme.classifiers import default_classifier
from hpme.shell.terminal import bar, print_table

PART_ROWS = 50_000
LAST = 1_000  # page


def write_output(folder: str, rows: int, distinct: int, dataset: str) -> None:
    """Writes an output of many rows, each with an id of its own."""
    torch.set_num_threads(1)
    ready = Explaining(BatchConfig(("x",), folder, dataset, default_classifier(dataset)))
    asked = [Row("", smiles) for smiles in islice(distinct_molecules(), distinct)]
    starts = range(0, len(asked), CHUNK)
    told = [one for at in starts for one in ready.explain(asked[at : at + CHUNK], "smiles")]
    explained = columns.table(told, ready.made_by)
    with bar("Writing") as step:
        for number, start in enumerate(range(0, rows, PART_ROWS)):
            places = range(start, min(start + PART_ROWS, rows))
            table = explained.take([place % distinct for place in places])
            table = table.set_column(0, columns.SCHEMA.field("id"), pa.array([f"row {i}" for i in places]))
            write_part(folder, Order(Part(f"part-{number:05d}.parquet", "smiles", []), ""), table)
            step(places[-1] + 1, rows)


def look(folder: str) -> dict[str, float]:
    """Returns how long each way to look takes, in seconds, and the memory, in MB."""
    before, start, told = peak(), perf_counter(), dict[str, float]()
    output = BatchOutput(folder)
    output.find()
    told["open, first page, s"] = perf_counter() - start
    tasks: dict[str, Callable[[], Any]] = {
        f"page {LAST}": lambda: output.find(start=24 * (LAST - 1)),
        "filter by prediction": lambda: output.find(RowFilter(predictions=output.made_by.classes[:1])),
        "filter by flag": lambda: output.find(RowFilter(flags=(columns.PIECES,))),
        "filter by kept share": lambda: output.find(RowFilter(shares=(0.5, 0.6))),
        "filter by text": lambda: output.find(RowFilter(text="999999")),
        "sort by kept share": lambda: output.find(by="kept_share", descending=True),
        f"sort by kept share, page {LAST}": lambda: output.find(by="kept_share", start=24 * (LAST - 1)),
        "1,000 at random": lambda: output.find(by="shuffled", count=1_000, columns=("id", "smiles")),
        "count kept parts": output.count_kept,
    }
    for name, task in tasks.items():
        start = perf_counter()
        task()
        told[f"{name}, s"] = perf_counter() - start
    return told | {"memory, MB": peak() - before}


def main(
    rows: Annotated[int, typer.Option(min=1_000)] = 1_000_000,
    distinct: Annotated[int, typer.Option(min=1_000)] = 20_000,
    dataset: str = "benzene",
) -> None:
    """Prints seconds and MB."""
    fresh = multiprocessing.get_context("spawn")
    with TemporaryDirectory() as folder:
        write_output(folder, rows, distinct, dataset)
        with ProcessPoolExecutor(1, mp_context=fresh) as other:
            told = other.submit(look, folder).result()
    print_table({"rows": rows} | told, as_json=False)


if __name__ == "__main__":
    typer.run(main)
