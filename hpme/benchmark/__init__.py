"""Comparison of explainers: one row per dataset, model, explainer and seed."""

from hpme.benchmark.config import KEYS, BenchConfig, Split
from hpme.benchmark.direct import Row, compare
from hpme.benchmark.measure import draw_graphs, draw_places, held_out
from hpme.benchmark.oracle import GROUND_TRUTH
from hpme.benchmark.schedule import run

__all__ = [
    "GROUND_TRUTH",
    "KEYS",
    "BenchConfig",
    "Row",
    "Split",
    "compare",
    "draw_graphs",
    "draw_places",
    "held_out",
    "run",
]
