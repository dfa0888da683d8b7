"""The Benchmark page: where HPME stands by tests, then all explainers on all datasets, and quoted figures."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st
from pandas import DataFrame

from ui import start

with start.loading():
    from hpme.benchmark import leaderboard, published
    from hpme.benchmark.leaderboard import MEASURES, PLACE, RANKED, SATURATED_NOTE, head
    from hpme.benchmark.standing import COMPARED
    from hpme.classifiers import model_title
    from hpme.explainers import EXPLAINERS, REFERENCE
    from ui import benchmark_charts, benchmark_sanity, benchmark_standing, sidebar, state
    from ui.plain import plain
    from ui.titles import dataset_title, explainer_title, model_choice

DEFAULT = [*COMPARED, "kept_share", "total_seconds"]
FILTERS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("Task", "task", str),
    ("Dataset", "dataset", dataset_title),
    ("Model", "model", model_choice),
    ("Explainer", "explainer", explainer_title),
    ("Protocol", "split", str),
)
TITLES: dict[str, Callable[[str], str]] = {  # by column of a table
    "dataset": dataset_title,
    "model": model_choice,
    "explainer": explainer_title,
}
FILES = tuple(leaderboard.SHIPPED)


def titled(table: DataFrame) -> DataFrame:
    """A table with titles in place of names."""
    return table.assign(**{key: table[key].map(title) for key, title in TITLES.items() if key in table})


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
    shown = leaderboard.figures(lines, columns, benchmark_standing.notes(FILES, columns))
    shown.insert(0, "rank", leaderboard.rank(lines, ranked))
    shown.insert(1, "seeds", leaderboard.seeds(lines))
    shown["published"] = [published.quoted(dataset, name) for dataset, _, _, name in shown.index]
    shown = shown.reset_index().sort_values([*PLACE, "rank"], kind="stable").reset_index(drop=True)
    names = shown[["dataset", "model", "explainer"]]
    st.markdown("**Tick a row**, left of it, to open it on the Explain page; click a heading to sort.")
    shown = titled(shown)
    event = st.dataframe(
        shown.style.format(lambda figure: figure.text, subset=columns).format("{:.0f}", ["rank"], "–"),
        column_config=_headings(columns, ranked),
        hide_index=True,
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        key="board",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            "Values are mean ± standard deviation over fits. HPME's cells say first, tied or behind by the "
            f"test; ★ is the best mean, which no test stands behind. Saturated: {SATURATED_NOTE}."
        )
        written = partial(leaderboard.to_csv, lines)
        st.download_button("Download CSV", written, "benchmark.csv", "text/csv", on_click="ignore")
    for row in event.selection.rows:
        explain(*names.loc[row])


def _headings(columns: list[str], ranked: str) -> dict[str, Any]:
    """Headings of the table's columns, with help."""
    config = {
        name: st.column_config.NumberColumn(
            head(name), help=f"{MEASURES[name].help} Source: {MEASURES[name].source}."
        )
        for name in columns
    }
    config["rank"] = st.column_config.NumberColumn("#", help=f"Rank by {MEASURES[ranked].title}; 1 is best.")
    config["seeds"] = st.column_config.NumberColumn(
        "fits", help="Number of fits that are averaged: classifiers times seeds."
    )
    config["split"] = st.column_config.TextColumn(
        "protocol", help="Whether the scored graphs were held out from fitting."
    )
    config["published"] = st.column_config.TextColumn("Quoted AUC", help=published.CAVEAT)
    return config


def explain(dataset: str, model: str, explainer: str) -> None:
    """Opens a row on the Explain page, where the ground truth is marked anyway, or shows why it cannot."""
    if model not in state.models(dataset):
        st.warning(
            f"HPME is not fitted to {model_title(model)} here; "
            f"run python -m hpme fit {dataset} --model {model}"
        )
        return
    named = explainer if explainer in EXPLAINERS else REFERENCE
    query = {"dataset": dataset, "model": model, "explainer": named}
    st.switch_page("pages/explain.py", query_params=query | {"seed": str(state.seeds(dataset, model)[0])})


def sources(rows: DataFrame) -> None:
    """Shows where our figures and the quoted ones come from."""
    with st.expander("Published figures, and the commands behind ours"):
        st.caption(published.CAVEAT)
        quotes = titled(DataFrame(map(vars, published.QUOTES)))
        config = {"edge_auc": st.column_config.NumberColumn("edge AUC")}
        st.dataframe(quotes, column_config=config, hide_index=True, height=220)
        for lines, date in rows[["commands", "date"]].drop_duplicates().itertuples(index=False):
            text = "\n".join(lines)
            st.code(f"{text}  # {date[:10]}", language=None, wrap_lines=True)


st.subheader("Which explainer finds what the model uses?", anchor=False)
try:
    everything = state.measured(FILES)
except ValueError as error:
    st.error(plain(error.args[0]))
    st.stop()
benchmark_standing.summary(FILES)
matching = filtered(everything)
runs = matching[matching["variant"].isna()]
if runs.empty:
    st.info("No results match the filters; clear some of them.")
    st.stop()
benchmark_standing.by_place(FILES, runs)
table(leaderboard.summarise(runs))
benchmark_charts.show(matching, list(everything["explainer"].unique()))
sources(runs)
benchmark_sanity.show()
