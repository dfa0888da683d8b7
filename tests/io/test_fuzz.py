"""Whatever a fuzzer finds that reaches new lines of a reader, it ends in good graphs or a refusal."""

import json
import os
import subprocess
import sys
from pathlib import Path

import fuzzing
import pytest

pytest.importorskip("atheris", reason="the fuzzer has no wheel for this system")
SECONDS = int(os.environ.get("FUZZ_SECONDS", "30"))  # for all readers together


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    """What came of fuzzing each reader, and the folder with logs and the inputs that crashed one."""
    folder = tmp_path_factory.mktemp("fuzz")
    command = [sys.executable, fuzzing.__file__, str(SECONDS), str(folder)]
    root = Path(fuzzing.__file__).parents[2]
    paths = os.pathsep.join(map(str, [root, root / "tests"]))
    environment = os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=root, env=environment, stdout=subprocess.PIPE, check=True)
    lines = [json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith("{")]
    fuzzing.RESULTS.update({line.pop("reader"): line for line in lines})
    return fuzzing.RESULTS, folder


@pytest.mark.parametrize("reader", [*fuzzing.READERS, *fuzzing.DATASETS])
def test_fuzzed_files_are_good_graphs_or_refused_within_time_and_memory(reader, fuzzed):
    results, folder = fuzzed
    assert results[reader]["status"] == 0, (folder / f"{reader}.log").read_text()[-3000:]
    assert results[reader]["accepted"] > 0
    assert results[reader]["refused"] > 10
    assert not [*folder.glob(f"{reader}-crash*")]
