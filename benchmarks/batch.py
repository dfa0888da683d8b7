"""Measures a batch job on distinct molecules, from Parquet to Parquet, end to end and by stage.

python -m benchmarks.batch [--rows 100000] [--workers 2] [--dataset benzene] [--ray]

The molecules are the bundled ones with one more atom, each of them once; one in a hundred rows is bad. Stages
are time of a processor for a part of the rows in one process; what the job takes beyond them is the start of
its workers, and what they wait for.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Annotated, Any

import pyarrow as pa
import pyarrow.parquet as parquet
import torch
import typer
from rdkit import Chem

from hpme.batch import BatchConfig, columns, run_batch
from hpme.batch.config import Engine
from hpme.batch.explaining import Explaining
from hpme.batch.sources import Part, Row, read_parts
from hpme.batch.working import CHUNK, Order, write_part
from hpme.chemistry.flat import flatten_molecule
from hpme.chemistry.fragments import fragment_smarts
from hpme.classifiers import default_classifier
from hpme.datasets.molecules import bundled_smiles, parse_bundled
from hpme.io.smiles import parse_smiles
from hpme.shell.terminal import print_table

GROUPS = ("C", "F", "Cl", "O", "N")
BAD = 100  # every so manieth row
STAGE_ROWS = PART_ROWS = 10_000


def distinct_molecules() -> Iterator[str]:
    """Yields canonical SMILES of bundled molecules with one more atom, each of them once."""
    seen: set[str] = set()
    for group in GROUPS:
        for smiles in bundled_smiles():
            mol = parse_bundled(smiles)
            for atom in mol.GetAtoms():
                if not atom.GetTotalNumHs():
                    continue
                grown = Chem.RWMol(mol)
                grown.AddBond(atom.GetIdx(), grown.AddAtom(Chem.Atom(group)), Chem.BondType.SINGLE)
                if atom.GetNumExplicitHs():
                    grown.GetAtomWithIdx(atom.GetIdx()).SetNumExplicitHs(atom.GetNumExplicitHs() - 1)
                Chem.SanitizeMol(grown)
                new = Chem.MolToSmiles(grown)
                if new not in seen:
                    seen.add(new)
                    yield new


def stages(config: BatchConfig, rows: list[Row]) -> dict[str, float]:
    """Returns the microseconds of a processor that each stage takes a row."""
    ready = Explaining(config)
    ready.explain(rows[:CHUNK], "smiles")
    spent, start = dict[str, float](), process_time()

    def lap(name: str) -> None:
        nonlocal start
        spent[name] = 1e6 * (process_time() - start) / len(rows)
        start = process_time()

    molecules = [parse_smiles(row.text) for row in rows]
    lap("read SMILES")
    for mol, row in zip(molecules, rows, strict=True):
        flatten_molecule(mol, row.text)
    lap("flatten")
    starts = range(0, len(rows), CHUNK)
    told = [one for at in starts for one in ready.explain(rows[at : at + CHUNK], "smiles")]
    lap("explain")
    for mol, one in zip(molecules, told, strict=True):
        fragment_smarts(mol, one["kept_atoms"].tolist())
    lap("kept SMARTS")
    write_part(
        config.output, Order(Part("stage.parquet", "smiles", rows), ""), columns.table(told, ready.made_by)
    )
    lap("write")
    spent["explain"] -= spent["read SMILES"] + spent["flatten"] + spent["kept SMARTS"]  # it does these, too
    return spent


def main(
    rows: Annotated[int, typer.Option(min=1_000)] = 100_000,
    workers: Annotated[int, typer.Option(min=1)] = 2,
    dataset: str = "benzene",
    ray: Annotated[bool, typer.Option(help="Measure Ray, too.")] = False,
) -> None:
    """Prints rows a second, and microseconds a row by stage."""
    torch.set_num_threads(1)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "molecules.parquet"
        write_molecules(path, rows)
        config = BatchConfig(
            (str(path),),
            f"{folder}/out",
            dataset,
            default_classifier(dataset),
            workers=workers,
            part_rows=PART_ROWS,
        )
        engines: list[Engine] = ["ray", "local"] if ray else ["local"]
        results = [job(replace(config, engine=name, output=f"{folder}/{name}")) for name in engines]
        Path(config.output).mkdir()
        some = [row for row in next(read_parts(config)).rows if row.text != "bad"][:STAGE_ROWS]
        stage = stages(config, some)
        missed = _missed(config, [row for part in read_parts(config) for row in part.rows])
    print_table(results, as_json=False)
    told = {f"{name}, us a row": spent for name, spent in stage.items()}
    print_table(told | {"memo missed": missed}, as_json=False)


def write_molecules(path: Path, rows: int) -> None:
    """Writes a table of so many distinct molecules with ids from 0; one row in `BAD` is bad."""
    molecules = islice(distinct_molecules(), rows)
    texts = ["bad" if i % BAD == 0 else text for i, text in enumerate(molecules)]
    parquet.write_table(pa.table({"id": [str(i) for i in range(len(texts))], "smiles": texts}), path)


def job(config: BatchConfig) -> dict[str, Any]:
    """Returns how fast a job is, from its start to its end."""
    start = perf_counter()
    summary = run_batch(config)
    seconds = perf_counter() - start
    return {
        "rows": summary.rows,
        "errors": sum(summary.errors.values()),
        "engine": config.engine,
        "workers": config.workers,
        "seconds": seconds,
        "rows a second": summary.rows / seconds,
        "bytes a row": sum(map(_bytes, Path(config.output).glob("*.parquet"))) / summary.rows,
    }


def _bytes(path: Path) -> int:
    return path.stat().st_size


def _missed(config: BatchConfig, rows: list[Row]) -> float:
    """The share of atoms whose embedding was not seen before, when all rows are explained in one process."""
    ready = Explaining(config)
    for at in range(0, len(rows), CHUNK):
        ready.explain(rows[at : at + CHUNK], "smiles")
    return ready.hpme.seen.missed


if __name__ == "__main__":
    typer.run(main)
