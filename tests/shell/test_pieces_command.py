import csv
import io
import json

import pytest
from typer.testing import CliRunner

from hpme.shell import cli


def run(*arguments):
    return CliRunner().invoke(cli.app, ["pieces", *arguments])


def test_the_pieces_of_a_dataset_are_counted_as_json_and_as_csv():
    answer = run("ba-2motifs", "--json")
    assert answer.exit_code == 0, answer.output
    facts = json.loads(answer.stdout)
    assert facts["graphs"] == sum(facts["kept"].values()) == 100
    assert facts["pieces"][0]["piece"] in ("ring of 5", "house")
    assert facts["pieces"] == sorted(facts["pieces"], key=lambda row: -row["graphs"])
    table = run("ba-2motifs", "--csv")
    rows = [*csv.DictReader(io.StringIO(table.stdout))]
    assert [row["piece"] for row in rows] == [row["piece"] for row in facts["pieces"]]


def test_another_explainer_keeps_as_many_nodes_as_hpme_does():
    answer = run("ba-2motifs", "--explainer", "degree")
    assert answer.exit_code == 0, answer.output
    assert "Of 100 test graphs a part is kept of 100" in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ba-2motifs", "--json", "--csv"], "Expected --json or --csv (got both)"),
        (["ba-2motifs", "--explainer", "lime"], "Expected a known explainer"),
        ([], "Expected one dataset (got none)"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_one_sentence(arguments, words):
    answer = run(*arguments)
    assert answer.exit_code == 2
    assert words in answer.stderr
