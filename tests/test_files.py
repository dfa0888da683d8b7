import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

from hpme.files import FAR, STALE, atomic_write, only_writer, writable_folder

WRITER = """
import json, sys
from pathlib import Path
from hpme.files import atomic_write
for i in range(200):
    with atomic_write(Path(sys.argv[1])) as part:
        part.write_text(json.dumps([i] * 5000))
"""


def test_a_file_takes_its_place_when_all_is_written(tmp_path):
    with atomic_write(tmp_path / "out.json") as part:
        part.write_text("new")
        assert not (tmp_path / "out.json").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]
    assert (tmp_path / "out.json").read_text() == "new"


def test_an_error_leaves_the_old_file_and_no_part(tmp_path):
    path = tmp_path / "out.json"
    path.write_text("old")

    def fail_halfway():
        with atomic_write(path) as part:
            part.write_text("ne")
            raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        fail_halfway()
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]
    assert path.read_text() == "old"


def test_a_folder_to_write_to_is_made_or_refused(tmp_path, monkeypatch):
    folder = tmp_path / "a" / "b"
    assert writable_folder(folder) == writable_folder(folder) == folder
    assert folder.is_dir()
    (folder / "file").touch()
    with pytest.raises(OSError, match="file"):
        writable_folder(folder / "file" / "c")
    monkeypatch.setattr(
        os, "access", lambda path, mode: mode != os.W_OK
    )  # whoever runs the tests may be root
    with pytest.raises(PermissionError) as caught:
        writable_folder(folder)
    assert caught.value.filename == str(folder)


def test_two_writers_of_one_file_leave_it_whole_at_every_moment(tmp_path):
    path = tmp_path / "out.json"
    path.write_text("[]")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, path], env=os.environ | {"PYTHONPATH": str(Path.cwd())}
        )
        for _ in range(2)
    ]
    reads = 0
    while any(writer.poll() is None for writer in writers):
        assert len({*json.loads(path.read_text())}) <= 1
        reads += 1
    assert [writer.returncode for writer in writers] == [0, 0]
    assert reads > 10
    assert [file.name for file in tmp_path.iterdir()] == ["out.json"]


def test_what_a_killed_process_left_long_ago_is_removed(tmp_path):
    old, new = tmp_path / ".out[1].json.a.part", tmp_path / ".out[1].json.b.part"
    old.touch()
    new.touch()
    os.utime(old, (time.time() - STALE - 1,) * 2)
    with atomic_write(tmp_path / "out[1].json") as part:
        part.touch()
    assert {file.name for file in tmp_path.iterdir()} == {"out[1].json", new.name}


def full(part: Path) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def full_for_tensors(part: Path) -> None:
    words = f"Error while serializing: I/O error: No space left on device (os error {errno.ENOSPC})"
    raise SafetensorError(words)


def in_no_folder(part: Path) -> None:
    save_file({"x": torch.ones(1)}, part / "no" / "x")


@pytest.mark.parametrize(
    ("write", "number"),
    [(full, errno.ENOSPC), (full_for_tensors, errno.ENOSPC), (in_no_folder, errno.ENOENT)],
)
def test_an_error_of_the_system_names_the_file_whichever_library_met_it(tmp_path, write, number):
    def fail():
        with atomic_write(tmp_path / "out.json") as part:
            write(part)

    with pytest.raises(OSError, match=r"out\.json") as caught:
        fail()
    assert (caught.value.errno, caught.value.filename) == (number, str(tmp_path / "out.json"))
    assert not [*tmp_path.iterdir()]


def test_a_folder_that_is_gone_is_an_error_that_names_the_file(tmp_path):
    def fail():
        with atomic_write(tmp_path / "no" / "out.json") as part:
            part.touch()

    with pytest.raises(FileNotFoundError) as caught:
        fail()
    assert caught.value.filename == str(tmp_path / "no" / "out.json")


def test_a_file_has_one_writer_and_the_second_is_told_who(tmp_path):
    path = tmp_path / "out.json"
    with (
        only_writer(path),
        pytest.raises(ValueError, match=f"process {os.getpid()} is writing"),
        only_writer(path),
    ):
        pass
    with only_writer(path):
        assert not path.exists()
    assert not [*tmp_path.iterdir()]


def test_a_file_has_one_writer_on_windows_too(tmp_path, monkeypatch):
    """With a stand-in for its module: a byte far behind the text is locked; never tried on Windows itself."""
    locked = []

    def locking(file, mode, size):
        assert (mode, size, os.lseek(file, 0, os.SEEK_CUR)) == ("no wait", 1, FAR)
        if locked:
            raise PermissionError(errno.EACCES, "Permission denied")
        locked.append(file)

    msvcrt = SimpleNamespace(LK_NBLCK="no wait", locking=locking)
    monkeypatch.setitem(sys.modules, "msvcrt", msvcrt)
    monkeypatch.setattr(sys, "platform", "win32")
    path = tmp_path / "out.json"
    with (
        only_writer(path),
        pytest.raises(ValueError, match=f"process {os.getpid()} is writing"),
        only_writer(path),
    ):
        pass
    locked.clear()
    with only_writer(path):
        assert (tmp_path / ".out.json.lock").read_text() == f"process {os.getpid()}"
