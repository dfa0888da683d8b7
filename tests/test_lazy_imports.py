"""Libraries that take long to import are imported where they are used, not by everybody who starts."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = (
    "aiohttp",
    "scipy.stats",
    "sklearn",
    "streamlit",
)  # not torch and PyG, without which there is nothing
LIBRARY = "import hpme.analysis.atlas, hpme.analysis.gallery, hpme.benchmark, hpme.figures, hpme.jobs.explain"
EXPLAIN = """
from hpme import HPME, load_classifier, load_dataset
from hpme.metrics import edge_auc
data = load_dataset("ba-2motifs")
explanation = HPME.load("ba-2motifs", "gin").explain(data.test[0])
assert edge_auc(data.test[0], explanation.edge_score) is not None
"""


@pytest.mark.parametrize("code", [LIBRARY, EXPLAIN], ids=["the library", "an explanation and its AUC"])
def test_no_heavy_library_is_imported_for_nothing(code):
    ask = f"{code}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, timeout=300, check=True
    )
    assert done.stdout.split() == []
