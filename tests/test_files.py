import os

import pytest

from hpme.files import atomic_write, writable_folder


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
