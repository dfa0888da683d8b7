"""Output of batch jobs, written in this process."""

import json

from hpme.batch import BatchConfig, columns
from hpme.batch.explaining import Explaining
from hpme.batch.sources import Part, Row
from hpme.batch.summary import SUMMARY
from hpme.batch.working import Order, write_part
from hpme.classifiers import default_classifier


def write_folder(folder, texts, dataset="benzene", kind="smiles", part_rows=10, finished=True):
    """Explains texts, with ids m0, m1, …, into files of a folder; returns the rows."""
    folder.mkdir()
    ready = Explaining(BatchConfig(("x",), str(folder), dataset, default_classifier(dataset)))
    rows = ready.explain([Row(f"m{i}", text) for i, text in enumerate(texts)], kind)
    names = []
    for number, start in enumerate(range(0, len(rows), part_rows)):
        names.append(f"list-{number:05d}.parquet")
        table = columns.table(rows[start : start + part_rows], ready.made_by)
        write_part(str(folder), Order(Part(names[-1], kind, []), ""), table)
    if finished:
        (folder / SUMMARY).write_text(json.dumps({"rows": len(rows), "parts": names}))
    return [columns.EMPTY | row for row in rows]
