import os
import subprocess
import sys
from pathlib import Path

import pytest
from platformdirs import user_data_path

from hpme.home import EXPLORER, PACKAGE, names_in, user_folder

ROOT = Path(__file__).parents[1]


def test_in_a_clone_the_explorer_is_the_clone():
    assert ROOT == EXPLORER
    assert ROOT / "hpme" == PACKAGE


def test_models_of_a_user_are_in_a_folder_that_can_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("HPME_HOME", str(tmp_path))
    assert user_folder() == tmp_path
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HPME_HOME", "mine")
    assert user_folder() == tmp_path / "mine"
    monkeypatch.setenv("HPME_HOME", "~/mine")
    assert user_folder() == Path.home() / "mine"


@pytest.mark.parametrize("value", [None, ""])
def test_else_they_are_where_the_platform_keeps_the_data_of_users(monkeypatch, value):
    monkeypatch.setenv("HPME_HOME", "")
    if value is None:
        monkeypatch.delenv("HPME_HOME")
    assert user_folder() == user_data_path("hpme", appauthor=False)
    assert PACKAGE not in user_folder().parents


def test_names_in_a_folder_are_those_of_now_and_none_where_it_is_not_there(tmp_path):
    assert names_in(tmp_path / "none") == frozenset()
    (tmp_path / "one").touch()
    assert names_in(tmp_path) == {"one"}
    (tmp_path / "two").touch()
    assert names_in(tmp_path) == {"one", "two"}


def test_no_test_reads_or_writes_the_models_of_whoever_runs_it():
    code = "from hpme.home import user_folder; print(user_folder())"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == str(user_folder()) == os.environ["HPME_HOME"]
    assert not user_folder().is_relative_to(user_data_path("hpme", appauthor=False))
