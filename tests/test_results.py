import json
from pathlib import Path

import pytest

from benchmarks.results_table import table
from hpme.benchmark import KEYS
from hpme.classifiers import load_classifier
from hpme.explainers.store import fingerprint
from hpme.metrics import METRICS

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "assets" / "results").glob("*.json"))


def rows(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["rows"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_results_file_has_whole_rows_in_range_on_the_shipped_classifiers(path):
    meta = json.loads(path.read_text(encoding="utf-8"))["meta"]
    assert {"date", "command", "config", "classifiers", "versions", "machine"} <= set(meta)
    for name, digest in meta["classifiers"].items():
        assert fingerprint(load_classifier(*name.rsplit("-", 1))) == digest
    for row in rows(path):
        assert tuple(row) == KEYS
        for name in METRICS.keys() & row.keys():
            assert row[name] is None or METRICS[name].low <= row[name] <= METRICS[name].high


def test_the_readme_shows_the_table_of_these_files():
    assert FILES
    assert table(row for path in FILES for row in rows(path)) in (ROOT / "README.md").read_text(
        encoding="utf-8"
    )


def test_a_table_gives_mean_and_spread_over_seeds():
    keys = dict.fromkeys(KEYS, 0.0)
    lines = table(
        [
            keys | {"dataset": "d", "model": "m", "explainer": "e", "edge_auc": 0.5},
            keys | {"dataset": "d", "model": "m", "explainer": "e", "edge_auc": 0.7},
        ]
    ).splitlines()
    # Mean .6; deviations of .1 to either side: the sample's standard deviation is .1 times the root of two.
    assert lines[2].startswith("| d | m | e | 2 | 0.600 ± 0.141 |")
