"""A user's own models, in the user's folder."""

import json
import os
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from hpme import HPME, load_classifier
from hpme.classifiers import classifier_path, save_classifier, train_classifier, user_classifier_path
from hpme.datasets import load_built_in
from hpme.explainers.hpme.store import available_explainers, explainer_path, user_explainer_path
from hpme.forward.fingerprint import fingerprint
from hpme.home import YoursInUse
from hpme.shell import cli, fitted

APP = Path(cli.__file__).parents[2] / "app.py"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HPME_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def weights(folder):
    """The user's own GIN of ba-2motifs, hardly trained."""
    model, card = train_classifier(load_built_in("ba-2motifs"), "gin", 1, 7)
    path = user_classifier_path("ba-2motifs", "gin")
    save_classifier(model, card, path)
    return path, fingerprint(model)


@pytest.fixture
def fit(folder):
    """The user's own fit to the shipped GIN of ba-2motifs, which is the shipped one of another seed."""
    path = user_explainer_path("ba-2motifs", "gin", 0)
    path.parent.mkdir(parents=True)
    return Path(shutil.copy(explainer_path("ba-2motifs", "gin", 1), path))


def shell(*arguments):
    result = CliRunner(env={"COLUMNS": "80"}).invoke(cli.app, [*map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def test_own_weights_come_before_shipped_ones_and_that_is_said(weights):
    path, own = weights
    assert classifier_path("ba-2motifs", "gin") == path
    with pytest.warns(YoursInUse, match=f"your own gin of ba-2motifs instead of the shipped one: {path}"):
        assert fingerprint(load_classifier("ba-2motifs", "gin")) == own
    path.unlink()
    assert fingerprint(load_classifier("ba-2motifs", "gin")) != own  # a warning would fail the test


def test_explainers_of_shipped_weights_are_not_taken_for_own_ones(weights):
    assert available_explainers("ba-2motifs", "gin") == []
    assert available_explainers("ba-2motifs", "gcn") == [0]
    with pytest.raises(KeyError, match="run hpme fit ba-2motifs --model gin --seed 0"):
        HPME.load("ba-2motifs", "gin")


def test_an_own_fit_comes_before_a_shipped_one_and_that_is_said(fit):
    assert available_explainers("ba-2motifs", "gin") == [0, 1, 2, 3, 4]
    with pytest.warns(YoursInUse, match="your own HPME for gin of ba-2motifs instead of the shipped one"):
        explainer = HPME.load("ba-2motifs", "gin")
    assert explainer.config.seed == 1


def test_what_has_no_shipped_counterpart_is_used_without_a_word(fit):
    fit.rename(user_explainer_path("ba-2motifs", "gin", 9))
    assert available_explainers("ba-2motifs", "gin") == [0, 1, 2, 3, 4, 9]
    assert HPME.load("ba-2motifs", "gin", 9).config.seed == 1


def test_the_shell_says_whose_model_it_uses_in_a_line_and_lists_what_is_yours(weights):
    code, out, err = shell("explain", "ba-2motifs", "--explainer", "degree", "--graph", 3)
    assert code == 0
    assert json.loads(out)["graph"]["graph_id"] == 3
    notes = [line for line in err.splitlines() if line.startswith("Note: ")]
    assert notes == [f"Note: Using your own gin of ba-2motifs instead of the shipped one: {weights[0]}"]
    rows = {row["name"]: row["yours"] for row in json.loads(shell("datasets", "--json")[1])}
    assert rows["ba-2motifs"] == ["gin"]
    assert rows["benzene"] == []
    assert " yours " in shell("datasets")[1]


def test_no_column_of_yours_where_nothing_is(folder):
    assert " yours " not in shell("datasets")[1]


def test_own_fits_are_listed(fit):
    (row,) = [row for row in json.loads(shell("datasets", "--json")[1]) if row["name"] == "ba-2motifs"]
    assert row["yours"] == ["gin-hpme-0"]


@pytest.mark.filterwarnings("ignore::hpme.home.YoursInUse")
def test_the_explorer_says_whose_explainer_it_shows(fit):
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params["dataset"] = "ba-2motifs"
    app.run()
    assert not app.exception
    words = [caption.value for caption in app.caption]
    assert "This is your own fit, used instead of the shipped one." in words
    assert "These are your own weights, used instead of the shipped ones." not in words


def test_what_is_trained_is_written_to_the_folder_and_nowhere_else(folder):
    code, out, _ = shell("train", "ba-2motifs", "--epochs", 1, "--json")
    assert code == 0
    assert json.loads(out)["saved"] == str(folder / "classifiers" / "ba-2motifs-gin.safetensors")
    assert [path.name for path in folder.rglob("*.*")] == ["ba-2motifs-gin.safetensors"]


@pytest.mark.parametrize("command", ["train", "fit"])
def test_a_folder_that_cannot_be_written_to_is_a_sentence_before_any_work(command, tmp_path, monkeypatch):
    monkeypatch.setattr(cli, "train_classifier", lambda *_, **__: pytest.fail("trained"))
    monkeypatch.setattr(fitted.HPME, "fit", lambda *_, **__: pytest.fail("fitted"))
    (tmp_path / "file").touch()
    monkeypatch.setenv("HPME_HOME", str(tmp_path / "file"))
    code, out, err = shell(command, "ba-2motifs")
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: Could not read or write '{tmp_path / 'file'}")
    assert err.endswith("; set HPME_HOME to a folder that you can write to\n")
    assert len(err.splitlines()) == 1


def test_a_folder_without_the_right_to_write_is_refused(folder, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # whoever runs the tests may be root
    code, _, err = shell("train", "ba-2motifs")
    assert code == 2
    assert f"'{folder / 'classifiers'}' (Permission denied)" in err


def test_a_place_to_write_to_elsewhere_is_refused_with_other_advice(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device", str(tmp_path / "out.json"))

    monkeypatch.setattr(cli, "write_lines", full)
    options = ("--explainer", "degree", "--graph", 0)
    code, _, err = shell("explain", "ba-2motifs", *options, "--output", tmp_path / "out.json")
    assert code == 2
    words = f"Could not read or write '{tmp_path / 'out.json'}' (No space left on device)"
    assert f"Error: {words}; make room there\n" in err


def test_a_reader_that_has_enough_is_no_error(monkeypatch):
    def closed(*_, **__):
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(cli, "write_lines", closed)
    code, _, err = shell("explain", "ba-2motifs", "--explainer", "degree", "--graph", 0)
    assert code == 1
    assert "Error" not in err


def test_an_error_shows_where_it_came_from_when_asked_to(monkeypatch):
    monkeypatch.setenv("HPME_DEBUG", "1")
    code, _, err = shell("explain", "mutagg")
    assert code == 2
    assert err.startswith("Traceback (most recent call last):")
    assert err.splitlines()[-1].startswith("Error: Expected a known dataset")
    monkeypatch.setenv("HPME_DEBUG", "0")
    assert len(shell("explain", "mutagg")[2].splitlines()) == 1


def test_the_app_looks_in_the_same_folders_as_the_shell_that_starts_it(monkeypatch, tmp_path):
    started = []
    monkeypatch.setattr(os, "execv", lambda *_: started.append(dict(os.environ)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HPME_HOME", "mine")
    monkeypatch.setenv("PYTHONPATH", "here")
    assert shell("app")[0] == 0
    assert started[0]["HPME_HOME"] == str(tmp_path / "mine")
    assert started[0]["PYTHONPATH"] == str(tmp_path / "here")
