"""Files that grammars write are read as they were written, or refused; none ends or stops a process."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import structure
from truth import Case, Truth

SECONDS = int(os.environ.get("FUZZ_SECONDS", "30"))  # for all kinds together


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    """What came of fuzzing each kind, and the folder with what was found."""
    folder = tmp_path_factory.mktemp("structure")
    command = [sys.executable, structure.__file__, str(SECONDS), str(folder)]
    root = Path(structure.__file__).parents[2]
    paths = os.pathsep.join(map(str, [root, root / "tests"]))
    environment = os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=root, env=environment, stdout=subprocess.PIPE, check=True)
    structure.RESULTS += [json.loads(line) for line in done.stdout.decode().splitlines()]
    return {result["kind"]: result for result in structure.RESULTS}, folder


@pytest.mark.parametrize("kind", structure.KINDS)
def test_what_a_grammar_writes_is_read_as_written_or_refused(kind, fuzzed):
    results, folder = fuzzed
    found = [(folder / f"{kind}-{number}.txt").read_text()[-800:] for number in results[kind]["found"]]
    assert not found
    assert results[kind]["tried"] > 0


@pytest.mark.parametrize("kind", structure.KINDS)
def test_an_input_is_known_by_its_number(kind):
    assert structure.written(kind, 7) == structure.written(kind, 7)
    assert len({repr(structure.written(kind, number)) for number in range(9)}) > 1


def fail(kind: str, case: Case) -> bool:
    """Ends the process or takes for ever, now and then."""
    number = case.truths[0].nodes
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 5:
        time.sleep(60)
    return True


def test_what_ends_or_stops_a_reader_is_found_by_its_number(tmp_path, monkeypatch):
    monkeypatch.setattr(structure, "read", fail)
    monkeypatch.setattr(structure, "written", lambda _, number: Case({}, (Truth(number, frozenset()),)))
    monkeypatch.setattr(structure, "SECONDS", 0.5)
    result = structure.fuzz("failing", 6, tmp_path)
    assert result["found"] == ["3", "5"]
    assert (tmp_path / "failing-3.txt").read_text() == "ended with -9 while it was read"
    assert (tmp_path / "failing-5.txt").read_text() == "too long while it was read"
    assert result["tried"] > 100


def test_a_graph_that_is_read_as_another_is_found(tmp_path, monkeypatch):
    monkeypatch.setitem(
        structure.KINDS, "untrue", lambda rng: Case({"a.smi": b"CC"}, (Truth(3, frozenset()),))
    )
    result = structure.fuzz("untrue", 1, tmp_path)
    assert len(result["found"]) > 0
    assert "2 nodes instead of 3" in next(tmp_path.iterdir()).read_text()
