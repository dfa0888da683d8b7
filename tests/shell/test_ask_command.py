import json

import pytest
from typer.testing import CliRunner

from hpme.shell import cli


@pytest.fixture
def shell(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    return lambda *words: CliRunner().invoke(cli.app, ["ask", *words])


def test_a_molecule_is_asked_about_with_its_salt_left_aside(shell):
    ended = shell("NC(=O)c1ccc(F)cc1.Cl\tmine", "--dataset", "fluoride-carbonyl", "--json")
    assert ended.exit_code == 0
    (row,) = json.loads(ended.stdout)
    assert row["prediction"] == row["truth"] == "fluorine and carbonyl"
    assert row["note"] == "Of 2 pieces that are not joined: C7H6FNO, HCl, the largest is taken."
    assert len(row["nearest"]) == 3
    assert row["seconds"] > 0


def test_without_json_it_is_a_table(shell):
    ended = shell("aspirin", "--dataset", "fluoride-carbonyl")
    assert ended.exit_code == 0
    assert "2 × carbonyl" in ended.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["C1CC"], "Expected SMILES or one of 84 known names"),
        (["CCO", "--dataset", "cora"], "Expected a known set of molecules"),
    ],
)
def test_what_is_no_molecule_or_no_set_of_them_is_refused(shell, words, sentence):
    ended = shell(*words)
    assert ended.exit_code == 2
    assert sentence in ended.stderr
