"""The charts of the Benchmark page."""

import streamlit as st
from pandas import DataFrame

from hpme.benchmark import leaderboard
from hpme.benchmark.leaderboard import PLACE, head
from hpme.classifiers import model_title
from hpme.figures import comparison
from ui.titles import dataset_title, explainer_title

BARE = {"displayModeBar": False}
ABLATIONS = {  # what each variant of `benchmarks.ablation` changes
    "hpme": "HPME as it is",
    "hard-append": "kept part beside the whole donor",
    "soft-replace": "soft masks",
    "soft-append": "soft masks, beside the whole donor",
    "donors-same": "donors of the same class only",
    "donors-other": "donors of other classes only",
    "links-untyped": "new links to nodes of any type",
    "links-none": "no links between the two parts",
    "straight-through": "straight-through gradient",
    "price-0.1": "a node's price fixed at 0.1",
    "price-0.3": "a node's price fixed at 0.3",
    "price-1": "a node's price fixed at 1",
    "penalty-0": "scores may grow without a price",
    "dilation-0": "donors never lose more than their part",
    "dilation-1": "donors always lose its neighbours, too",
    "samples-2": "2 masks drawn a step, not 4",
    "samples-8": "8 masks drawn a step, not 4",
}
ABLATED = """
Each line is HPME with **one** thing changed, fitted and measured anew. In a *mix*, the kept part of a graph
takes the place of the part that a *donor*, another graph, would keep; *links* join the two. Right of
HPME's own mark, by more than the whiskers, HPME would be better with the change.
"""


def axis(name: str) -> tuple[str, str]:
    """A measure and its title, for a chart."""
    return name, head(name)


def auc_and_time(lines: DataFrame, marks: dict) -> comparison.go.Figure:
    """Chart of edge AUC against seconds."""
    return comparison.trade_off(lines, axis("total_seconds"), axis("edge_auc"), marks, log=True)


def auc_and_size(lines: DataFrame, marks: dict) -> comparison.go.Figure:
    """Chart of edge AUC against the share of nodes that are kept."""
    return comparison.trade_off(lines, axis("kept_share"), axis("edge_auc"), marks)


def fidelity(lines: DataFrame, marks: dict) -> comparison.go.Figure:
    """Chart of robust fidelity: up and to the left is better."""
    return comparison.trade_off(lines, axis("robust_fid_minus"), axis("robust_fid_plus"), marks)


def shift(lines: DataFrame, marks: dict) -> comparison.go.Figure:
    """Chart of how near bare subgraph and mixed graph are to the original."""
    ends = ("cos_subgraph", "bare subgraph"), ("cos_mix", "mixed graph")
    return comparison.shift(lines, *ends, marks)


def stability(lines: DataFrame, marks: dict) -> comparison.go.Figure:
    """Chart of how much the kept nodes of different seeds agree."""
    return comparison.ladder(lines, axis("seed_iou"), marks)


def ablations(lines: DataFrame, marks: dict) -> comparison.go.Figure:
    """Chart of what each part of HPME adds."""
    return comparison.ladder(lines, axis("edge_auc"))


CHARTS = {
    "AUC and time": auc_and_time,
    "AUC and size": auc_and_size,
    "Robust fidelity": fidelity,
    "Shift": shift,
    "Stability": stability,
    "Ablations": ablations,
}
NEEDS = {"Stability": "seed_iou", "Robust fidelity": "robust_fid_plus"}


def show(rows: DataFrame, names: list[str]) -> None:
    """Shows the chosen chart, for one dataset, model and protocol."""
    kind = st.segmented_control(
        "Chart", list(CHARTS), default="AUC and time", required=True, key="chart", bind="query-params"
    )
    rows = rows[rows["variant"].notna() if kind == "Ablations" else rows["variant"].isna()]
    needed = NEEDS.get(kind, "edge_auc" if kind != "Shift" else "cos_mix")
    rows = rows[rows[needed].notna()] if needed in rows else rows[:0]
    if rows.empty:
        st.info("None of the results that match the filters has the values for this chart.")
        return
    lines = rows.drop_duplicates([*PLACE, "explainer", "variant"])
    places = list(lines[PLACE].value_counts().index)  # the one with most to see comes first
    place = st.selectbox("Results on", places, format_func=_place_title, key="of", width=360)
    here = rows[(rows[PLACE] == list(place)).all(axis=1)]
    ablated = kind == "Ablations"
    lines = leaderboard.summarise(here, ["variant" if ablated else "explainer"])
    lines = lines.rename(index=lambda name: ABLATIONS.get(name, name) if ablated else explainer_title(name))
    if ablated:
        st.markdown(ABLATED)
    alt = f"{kind} on {_place_title(place)}; the table above has the numbers"
    marks = {explainer_title(name): look for name, look in comparison.looks(names).items()}
    st.plotly_chart(CHARTS[kind](lines, marks), config=BARE, alt=alt)


def _place_title(place: tuple[str, str, str]) -> str:
    dataset, model, protocol = place
    return f"{dataset_title(dataset)}, {model_title(model)}, {protocol}"
