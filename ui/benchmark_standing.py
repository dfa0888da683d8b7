"""Where HPME stands, on the Benchmark page: its summary, and the verdict of each dataset."""

from math import isnan
from pathlib import Path

import streamlit as st
from pandas import DataFrame

from hpme.benchmark import standing
from hpme.benchmark.leaderboard import PLACE, head
from hpme.benchmark.standing import COMPARED, TASKS, WORDS, Place, Summary, Verdict
from hpme.datasets import DATASETS
from hpme.explainers import REFERENCE
from hpme.figures import comparison
from ui import state
from ui.titles import dataset_title, explainer_title, model_choice

BARE = {"displayModeBar": False}
Files = tuple[Path, ...]


def summary(files: Files) -> None:
    """Shows how often HPME is first, tied or behind, and a chart of the mean ranks."""
    found = state.summaries(files)
    tasks = list(dict.fromkeys(one.task for one in found))
    if not tasks:
        return
    task = st.segmented_control(
        "Predicted", tasks, default=tasks[0], required=True, key="predicted", format_func=TASKS.__getitem__
    )
    here = [one for one in found if one.task == task]
    left, right = st.columns([3, 2])
    with left:
        config = {"mean rank": st.column_config.NumberColumn(format="%.1f", help="HPME's; 1 is best.")}
        st.dataframe(
            DataFrame(map(_line, here)),
            column_config=config,
            hide_index=True,
            placeholder="–",
            key="standing",
        )
        st.caption(
            "On how many sets, each on its default model and held-out graphs, HPME is *first*: better than "
            "every other explainer by Wilcoxon's signed-rank test over graphs, with Holm's correction; "
            "*behind*: another is better; *tied*: neither. *Not tested*: measured before values of each "
            "graph were kept, and before HPME's rule for the size and its peers' choice of settings, or on "
            "other graphs."
        )
        silent = standing.unknown_saturation(state.measured(files))
        if silent:
            names = ", ".join(map(explainer_title, silent))
            st.caption(
                f"Rows of {names} from before it was recorded whether a mask is saturated show no AUC: it "
                "could be of a mask that keeps everything."
            )
    with right:
        _ranks({head(one.measure): one for one in here if one.ranks and len(one.ranks.ranks) > 1})


def _line(one: Summary) -> dict[str, object]:
    counts = {word: one.count(word) for word in WORDS}
    line: dict[str, object] = {"measure": head(one.measure), "sets": len(one.verdicts)} | counts
    if one.ranks and len(one.ranks.ranks) > 1:
        others = one.ranks.ranks.drop(REFERENCE)
        line |= {"mean rank": one.ranks.ranks[REFERENCE], "of": len(one.ranks.ranks)}
        line |= {"best other": f"{explainer_title(others.index[0])} {others.iloc[0]:.1f}"}
    return line


def _ranks(by_title: dict[str, Summary]) -> None:
    if not by_title:
        return
    title = st.selectbox("Mean ranks by", list(by_title), key="ranks_by", width=260)
    ranks = by_title[title].ranks
    assert ranks
    marks = {explainer_title(name): look for name, look in comparison.looks(list(ranks.ranks.index)).items()}
    named = {explainer_title(name): float(value) for name, value in ranks.ranks.items()}
    figure = comparison.rank_chart(named, explainer_title(REFERENCE), ranks.difference, marks)
    high = 100 + 22 * len(named)  # so that every name has its line
    st.plotly_chart(figure.update_layout(height=high), config=BARE, alt=f"Mean ranks by {title}")
    band = (
        ""
        if isnan(ranks.difference)
        else (
            " What is in the band is not told apart from HPME by Nemenyi's critical difference, "
            f"{ranks.difference:.1f}."
        )
    )
    st.caption(f"Over {ranks.places} set{'s' if ranks.places > 1 else ''}.{band}")


def by_place(files: Files, rows: DataFrame) -> None:
    """Shows HPME's verdict at each place that the rows are of, by each measure."""
    places = set(rows[PLACE].itertuples(index=False, name=None))
    verdicts = {name: state.verdicts(files, name) for name in COMPARED}
    known = dict.fromkeys(place for found in verdicts.values() for place in found if place in places)
    if not known:
        return
    st.markdown(
        "**Is HPME first, tied or behind?** On every set and model that the filters let through, by the "
        "test; in brackets its lead."
    )
    lines = [
        {
            "dataset": dataset_title(place[0]),
            "model": model_choice(place[1]),
            "protocol": place[2],
            **{
                head(name): said(found[place]) if place in found else None for name, found in verdicts.items()
            },
        }
        for place in sorted(known, key=_not_the_default)
    ]
    st.dataframe(DataFrame(lines), hide_index=True, placeholder="–", height=260, key="verdicts")


def _not_the_default(place: Place) -> bool:
    """Sorts the models that the summary is of to the front."""
    return place[0] in DATASETS and DATASETS[place[0]].default_model != place[1]


def said(verdict: Verdict) -> str:
    """A verdict, unless it is first against whom, and in brackets HPME's lead and how many lack a test."""
    if verdict.word == "not tested":
        return verdict.word
    rival = "" if verdict.word == "first" else f" {explainer_title(verdict.rival)}"
    more = f"; {len(verdict.untested)} not tested" if verdict.untested else ""
    return f"{verdict.word}{rival} ({verdict.gap:+z.3f}{more})"


def notes(files: Files, columns: list[str]) -> dict[str, dict[tuple, str]]:
    """Words for HPME's cells by measure and line, where its measure was tested."""
    return {
        name: {
            (*place, REFERENCE): verdict.word
            for place, verdict in state.verdicts(files, name).items()
            if verdict.word != "not tested"
        }
        for name in columns
        if name in COMPARED
    }
