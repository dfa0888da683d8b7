"""Results that were measured, and what tests say of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st
from pandas import DataFrame
from plotly.graph_objects import Figure

from hpme import figures
from hpme.benchmark import leaderboard, standing


@st.cache_resource(max_entries=2, show_spinner="Reading the results …")
def measured(files: tuple[Path, ...]) -> DataFrame:
    """Returns all rows of results files."""
    return leaderboard.read_rows(files)


@st.cache_resource(max_entries=2, show_spinner="Testing the results, once …")
def summaries(files: tuple[Path, ...]) -> list[standing.Summary]:
    """Returns where HPME stands, by task and measure."""
    return standing.summaries(measured(files), {name: verdicts(files, name) for name in standing.COMPARED})


@st.cache_resource(max_entries=32, show_spinner=False)
def verdicts(files: tuple[Path, ...], measure: str) -> dict[standing.Place, standing.Verdict]:
    """Returns HPME's verdict by one measure at each place."""
    return standing.judged(measured(files), measure)


@st.cache_resource(max_entries=1, show_spinner=False)
def sanity(file: Path, _title: Callable[[str], str]) -> tuple[dict[str, Any], Figure]:
    """Returns what a file of `benchmarks.sanity` holds, and its chart, with titles of explainers."""
    content = json.loads(file.read_text(encoding="utf-8"))
    return content, figures.sanity_chart(content["rows"], _title)
