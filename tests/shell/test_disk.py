"""On a full disk, and in a folder that cannot be written to: a sentence, and nothing half written."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMANDS = """
import sys
from typer.testing import CliRunner
from hpme.shell.cli import app
for line in sys.stdin:
    done = CliRunner().invoke(app, line.split())
    print(done.exit_code, done.stderr.strip().splitlines()[-1])
"""
FULL = 'mount -t tmpfs -o size=64k none "$0" && head -c 61440 /dev/zero > "$0/rest"; "$@"; find "$0" -type f'
TRAIN = "train ba-2motifs --epochs 1"
FIT = "fit ba-2motifs --model gin"
BENCH = "bench --dataset ba-2motifs --explainer degree --graphs 4 --jobs {jobs} --json {folder}/rows.json"
EXPLAIN = "explain ba-2motifs --graph 3 --explainer degree --format {format} --output {folder}/out"


def run(before, folder, commands):
    """The last lines of some commands' output, each behind its exit code, with user data in a folder."""
    given = "\n".join(commands).replace("{folder}", str(folder))
    places = {"HPME_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*before, sys.executable, "-c", COMMANDS],
        input=given,
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | places,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.fixture
def private():
    """A command before others that gives them mounts of their own; the test is skipped where none does."""
    for command in (["unshare", "-m"], ["unshare", "-rm"]):
        if (
            shutil.which(command[0])
            and subprocess.run([*command, "true"], capture_output=True).returncode == 0
        ):
            return command
    return pytest.skip("this system lets nobody mount a small disk")


def test_a_full_disk_is_one_sentence_of_each_command_and_nothing_is_half_written(tmp_path, private):
    commands = [TRAIN, BENCH.replace("{jobs}", "1"), EXPLAIN.replace("{format}", "html")]
    full = run([*private, "sh", "-c", FULL, tmp_path], tmp_path, commands)
    weights = tmp_path / "home" / "classifiers" / "ba-2motifs-gin.safetensors"
    kept = tmp_path / "rows.kept" / "ba-2motifs-gin-0-degree-0-held-out.safetensors"
    words = "2 Error: Could not read or write '{}' (No space left on device); {}"
    assert full == [
        words.format(weights, "set HPME_HOME to a folder on another disk"),
        words.format(kept, "make room there"),
        words.format(tmp_path / "out", "make room there"),
        str(tmp_path / "rest"),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of folders are others")
def test_a_folder_that_cannot_be_written_to_is_one_sentence_of_each_command(tmp_path):
    before = [] if os.geteuid() else ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    tmp_path.chmod(0o555)
    commands = [TRAIN, FIT, BENCH.replace("{jobs}", "2"), EXPLAIN.replace("{format}", "svg")]
    refused = run(before, tmp_path, commands)
    tmp_path.chmod(0o755)
    words = "2 Error: Could not read or write '{}' (Permission denied); {}"
    home = words.format(tmp_path / "home", "set HPME_HOME to a folder that you can write to")
    assert refused == [
        home,
        home,
        *(
            words.format(tmp_path / name, "check the path and its permissions")
            for name in ("rows.json", "out")
        ),
    ]
    assert not [*tmp_path.iterdir()]
