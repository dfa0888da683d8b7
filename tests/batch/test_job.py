import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pyarrow.parquet as parquet
import pytest

from hpme.batch import BatchConfig, columns, run_batch, workers
from hpme.batch.output import BatchOutput
from hpme.datasets.molecules import bundled_smiles
from tests.crashing import DEADLY, crashing
from tests.processes import children


def dying(link, config, device):
    os._exit(4)


def settings(folder, **more):
    return BatchConfig((str(folder / "in"),), str(folder / "out"), "benzene", "gine", workers=1, **more)


def output(folder):
    parts = sorted((folder / "out").glob("*.parquet"))
    return [row for part in parts for row in parquet.read_table(part).to_pylist()]


def ids(folder):
    return [row["id"] for row in output(folder)]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    lines = [f"{smiles} m{i}" for i, smiles in enumerate(bundled_smiles()[:30])]
    lines[4] = "bad m4"
    (tmp_path / "in" / "list.smi").write_text("\n".join(lines))
    return tmp_path


def test_every_row_is_there_once_and_a_second_run_does_what_is_new_alone(folder):
    heard = []
    summary = run_batch(settings(folder, part_rows=10), heard.append)
    assert ids(folder) == [f"m{i}" for i in range(30)]
    assert [row["id"] for row in output(folder) if row["error"]] == ["m4"]
    assert (summary.rows, summary.errors) == (30, {"Expected a molecule as SMILES": 1})
    assert sum(summary.predictions.values()) == sum(summary.kept_shares) == 29
    assert json.loads((folder / "out" / "summary.json").read_text())["rows"] == 30
    assert (heard[-1].rows, heard[-1].skipped, heard[-1].parts) == (30, 0, 3)
    metadata = parquet.read_schema(folder / "out" / "list-00002.parquet").metadata
    made_by = columns.read_made_by(metadata)
    expected = columns.MadeBy("benzene", "gine", 0, ("no benzene ring", "benzene ring"))
    assert made_by == replace(expected, settings=made_by.settings)
    times = {path.name: path.stat().st_mtime_ns for path in (folder / "out").glob("*.parquet")}
    text = (folder / "in" / "list.smi").read_text()
    (folder / "in" / "list.smi").write_text(text.replace("bad m4", "CCO m4") + "\nCC m30")
    again = run_batch(settings(folder, part_rows=10), heard.append)
    assert (again.rows, again.errors) == (31, {})
    assert (heard[-1].rows, heard[-1].skipped) == (31, 20)
    after = {path.name: path.stat().st_mtime_ns for path in (folder / "out").glob("*.parquet")}
    assert [name for name in times if times[name] != after[name]] == ["list-00000.parquet"]


def test_a_run_that_writes_anew_is_not_finished_until_it_is_at_its_end(folder, monkeypatch):
    run_batch(settings(folder, part_rows=20))
    assert BatchOutput(str(folder / "out")).finished
    text = (folder / "in" / "list.smi").read_text()
    (folder / "in" / "list.smi").write_text(text.replace("bad m4", "CCO m4"))
    looked = []
    run_batch(settings(folder, part_rows=20), lambda _: looked.append(BatchOutput(str(folder / "out"))))
    assert [(one.finished, one.rows) for one in looked] == [(False, 30), (False, 30)]
    assert BatchOutput(str(folder / "out")).finished


def test_a_row_that_ends_its_process_is_a_row_with_an_error(folder, monkeypatch):
    monkeypatch.setattr(workers, "_run", crashing)
    path = folder / "in" / "list.smi"
    path.write_text(path.read_text().replace("bad m4", f"{DEADLY} m4"))
    run_batch(settings(folder))
    rows = output(folder)
    assert [row["id"] for row in rows] == [f"m{i}" for i in range(30)]
    assert [row["id"] for row in rows if row["error"]] == ["m4"]
    assert "got the end of its process" in rows[4]["error"]


def test_workers_that_die_of_themselves_end_the_job_in_a_sentence(folder, monkeypatch):
    monkeypatch.setattr(workers, "_run", dying)
    monkeypatch.setattr(workers, "DEATHS", 1)
    with pytest.raises(
        ValueError, match=r"workers that live \(got 2 deaths in a row, the last by exit code 4\)"
    ):
        run_batch(settings(folder))


def test_a_worker_that_cannot_begin_says_why(folder):
    with pytest.raises(ValueError, match="HPME fitted to gine on benzene with seed 77"):
        run_batch(settings(folder, seed=77))


def test_a_job_that_was_killed_goes_on_where_it_was(folder):
    command = [sys.executable, "-m", "hpme", "batch", str(folder / "in"), "--dataset", "benzene", "--output"]
    command += [str(folder / "out"), "--workers", "1", "--rows", "2"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as job:
        end = time.monotonic() + 120
        while not list((folder / "out").glob("*.parquet")):
            assert job.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
        below = children(job.pid)
        job.send_signal(signal.SIGKILL)
    while any(os.path.exists(f"/proc/{pid}") for pid in below):  # noqa: PTH110
        assert time.monotonic() < end
        time.sleep(0.05)
    summary = run_batch(settings(folder, part_rows=2))
    assert sorted(ids(folder), key=lambda name: int(name[1:])) == [f"m{i}" for i in range(30)]
    assert (summary.rows, len(summary.parts)) == (30, 15)
    assert not list((folder / "out").glob("*.tmp"))


def test_an_input_without_rows_and_gpus_that_are_not_there_are_refused(folder):
    (folder / "in" / "list.smi").write_text("\n")
    with pytest.raises(ValueError, match=r"Expected at least one row to explain \(got none\)"):
        run_batch(settings(folder))
    with pytest.raises(ValueError, match=r"Expected 999 GPUs \(got \d+\); leave --gpus out for the CPU"):
        run_batch(settings(folder, gpus=999))
