import json

import pytest
from typer.testing import CliRunner

from hpme.shell import cli


def run(*arguments):
    return CliRunner().invoke(cli.app, ["changes", *arguments])


def test_the_smallest_flips_as_json_and_in_words():
    facts = json.loads(run("ba-2motifs", "--graph", "17", "--json").stdout)
    assert facts["inside"] | {"expected": 0} == {
        "flips": 11, "inside": 11, "tried": 325, "tried_inside": 15, "expected": 0,
    }  # fmt: skip
    first = facts["flips"][0]
    assert first["prediction"] == "cycle"
    assert first["probability"] < 0.5
    assert first["inside"]
    assert len(facts["node_effect"]) == 25
    said = run("ba-2motifs", "--graph", "17").stdout
    assert first["change"] in " ".join(said.split())
    assert "Of 11 single ones 11 lie inside what HPME keeps; by chance 0.51 would." in " ".join(said.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("crippen-logp", "--graph", "3"),
            "move the logP by more than 1.00 (half its spread on the test graphs)",
        ),
        (("ba-shapes", "--node", "600"), "drawn from"),
    ],
)
def test_numbers_and_nodes_have_flips_too(arguments, words):
    result = run(*arguments)
    assert result.exit_code == 0
    assert words in " ".join(result.stdout.split())


def test_one_graph_is_asked_for():
    result = CliRunner().invoke(cli.app, ["changes", "ba-2motifs"])
    assert isinstance(result.exception, ValueError) or result.exit_code == 2
    assert "Expected one graph" in f"{result.exception} {result.output}"
