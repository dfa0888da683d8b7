"""The Benchmark page: all explainers on all datasets, as table and charts, beside published figures."""

from collections.abc import Callable

import streamlit as st
from pandas import DataFrame

from ui import start

with start.loading():
    from hpme.benchmark import leaderboard, published
    from hpme.benchmark.leaderboard import MEASURES, PLACE, RANKED, head
    from hpme.classifiers import model_title
    from hpme.explainers import EXPLAINERS, REFERENCE
    from hpme.figures import comparison
    from hpme.home import PACKAGE
    from ui import sidebar, state
    from ui.titles import dataset_title, explainer_title, model_choice

SHOWN = [
    "edge_auc",
    "node_iou",
    "kept_on_mix",
    "robust_fid_plus",
    "robust_fid_minus",
    "cos_mix",
    "kept_share",
    "total_seconds",
]
DEFAULT = [name for name in SHOWN if name in MEASURES]
FILTERS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("Task", "task", str),
    ("Dataset", "dataset", dataset_title),
    ("Model", "model", model_choice),
    ("Explainer", "explainer", explainer_title),
    ("Protocol", "split", str),
)
BARE = {"displayModeBar": False}
RESULTS = PACKAGE / "benchmark" / "results"


def axis(name: str) -> tuple[str, str]:
    """A measure and its title, for a chart."""
    return name, head(name)


def filtered(rows: DataFrame) -> DataFrame:
    """Shows the sidebar's filters; returns the rows that match, all of them where a filter is empty."""
    with st.sidebar:
        for label, key, title in FILTERS:
            names = list(rows[key].unique())
            chosen = sidebar.multiselect(label, names, f"{key}s", title, placeholder="all")
            if chosen:
                rows = rows[rows[key].isin(chosen)]
    return rows


def table(lines: DataFrame) -> None:
    """Shows mean ± standard deviation; a ticked row opens the Explain page."""
    ranked = st.selectbox("Rank by", RANKED, format_func=head, key="rank", bind="query-params", width=260)
    columns = st.multiselect(
        "Columns", list(MEASURES), DEFAULT, format_func=head, key="columns", bind="query-params"
    )
    shown = leaderboard.figures(lines, columns)
    shown.insert(0, "rank", leaderboard.rank(lines, ranked))
    shown.insert(1, "seeds", leaderboard.seeds(lines))
    shown["published"] = [published.quoted(dataset, name) for dataset, _, _, name in shown.index]
    shown = shown.reset_index().sort_values([*PLACE, "rank"], kind="stable").reset_index(drop=True)
    config = {
        name: st.column_config.NumberColumn(
            head(name), help=f"{MEASURES[name].help} Source: {MEASURES[name].source}."
        )
        for name in columns
    }
    config["rank"] = st.column_config.NumberColumn("#", help=f"Rank by {MEASURES[ranked].title}; 1 is best.")
    config["seeds"] = st.column_config.NumberColumn(
        help="Number of fits with different seeds that are averaged."
    )
    config["split"] = st.column_config.TextColumn(
        help="Whether the scored graphs were held out from fitting."
    )
    config["published"] = st.column_config.TextColumn("Quoted AUC", help=published.CAVEAT)
    event = st.dataframe(
        shown.style.format(lambda figure: figure.text, subset=columns)
        .format("{:.0f}", ["rank"], "–")
        .format(dataset_title, ["dataset"])
        .format(model_choice, ["model"])
        .format(explainer_title, ["explainer"]),
        column_config=config,
        hide_index=True,
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        key="board",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            "★ best for this dataset and model. Values are mean ± standard deviation over seeds. Click a "
            "column heading to sort; tick a row to open it on the Explain page."
        )
        st.download_button("Download CSV", leaderboard.to_csv(lines), "benchmark.csv", "text/csv")
    for row in event.selection.rows:
        explain(*shown.loc[row, ["dataset", "model", "explainer"]])


def explain(dataset: str, model: str, explainer: str) -> None:
    """Opens a row on the Explain page, where the ground truth is marked anyway, or shows why it cannot."""
    if dataset not in state.names():
        st.warning(
            f"{dataset} was measured from a file that is not part of the explorer; "
            "the commands below name it. To explore such a file, upload it as a whole dataset."
        )
        return
    if model not in state.models(dataset):
        st.warning(
            f"HPME is not fitted to {model_title(model)} here; "
            f"run python -m hpme fit {dataset} --model {model}"
        )
        return
    named = explainer if explainer in EXPLAINERS else REFERENCE
    query = {"dataset": dataset, "model": model, "explainer": named}
    st.switch_page("pages/explain.py", query_params=query | {"seed": str(state.seeds(dataset, model)[0])})


def who_leads(rows: DataFrame) -> None:
    """Shows the best explainer on each dataset, and by how much it leads."""
    measure = st.session_state.rank
    ahead = leaderboard.leads(rows, measure)
    if ahead.empty:
        return
    st.markdown(f"**Which explainer leads in {MEASURES[measure].title}, and by how much?**")
    pairs = zip(ahead["ahead"], ahead["spread"], strict=True)
    ahead["lead"] = [leaderboard.text(mean, spread, measure) for mean, spread in pairs]
    config = {
        "lead": st.column_config.TextColumn(
            "ahead by",
            help="Mean ± standard deviation of the difference, over the seeds that both have. Below 0: the "
            "first leads by its mean over all of its seeds, but not on these.",
        )
    }
    st.dataframe(ahead.drop(columns=["ahead", "spread"]), column_config=config, hide_index=True)


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


def chart(rows: DataFrame, names: list[str]) -> None:
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
    places = list(rows[PLACE].value_counts().index)  # the one with most to see comes first
    place = st.selectbox("Results on", places, format_func=_place_title, key="of", width=360)
    here = rows[(rows[PLACE] == list(place)).all(axis=1)]
    lines = leaderboard.summarise(here, ["variant" if kind == "Ablations" else "explainer"])
    alt = f"{kind} for {len(lines)} lines on {_place_title(place)}; the table above has the numbers"
    marks = {explainer_title(name): look for name, look in comparison.looks(names).items()}
    st.plotly_chart(CHARTS[kind](lines.rename(index=explainer_title), marks), config=BARE, alt=alt)


def _place_title(place: tuple[str, str, str]) -> str:
    dataset, model, protocol = place
    return f"{dataset_title(dataset)}, {model_title(model)}, {protocol}"


def sources(rows: DataFrame) -> None:
    """Shows where our figures and the quoted ones come from."""
    with st.expander("Published figures, and the commands behind ours"):
        st.caption(published.CAVEAT)
        st.dataframe([vars(quote) for quote in published.QUOTES], hide_index=True, height=220)
        for command, date in rows[["command", "date"]].drop_duplicates().itertuples(index=False):
            st.code(f"{command}  # {date[:10]}", language="bash", wrap_lines=True)


st.subheader("Which explainer finds what the model uses?")
try:
    everything = leaderboard.read_rows(sorted(RESULTS.glob("*.json")))
except ValueError as error:
    st.error(error.args[0])
    st.stop()
matching = filtered(everything)
runs = matching[matching["variant"].isna()]
if runs.empty:
    st.info("No results match the filters; clear some of them.")
    st.stop()
table(leaderboard.summarise(runs))
who_leads(runs)
chart(matching, list(everything["explainer"].unique()))
sources(runs)
