"""The tool "Stability": the same graph under other explainer seeds and in other donors."""

import streamlit as st
from pandas import DataFrame
from torch import Tensor

from hpme import figures
from hpme.metrics import Trials, iou, matrix, votes
from ui import state
from ui.plain import plain

NOTE = """
HPME was fitted once with each seed, and every fit chooses its own nodes. An explanation that other seeds
reproduce is not a matter of chance. Donors do not change which nodes are kept: they test whether those nodes
carry the prediction.
"""


def show(case: state.Case, story: figures.Story) -> None:
    """Shows how often each node is kept, how far the seeds agree, and the mixed graphs of several donors."""
    if case.pick.target is not None:
        st.info("The seeds are those of the predicted class; pick it under “Class to explain”.")
        return
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    left.markdown(NOTE)
    count = right.number_input("Donors", 1, 24, 6, 1, key="donors", bind="query-params")
    trials = state.trials(case, int(count))
    _seeds(story, trials)
    _gallery(case, story, trials)


def _seeds(story: figures.Story, trials: dict[int, Trials]) -> None:
    scene = story.scene
    keeps = {seed: trial.keep for seed, trial in trials.items()}
    kept = votes(list(keeps.values())).tolist()
    if len(trials) == 1:
        st.info("This model comes with only one seed; `hpme fit … --seed 1` fits another.")
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**How many of the {len(trials)} seeds keep each node?** A stronger colour means more.")
        shares = [count / len(trials) for count in kept]
        picture = figures.thumbnail(scene.graph, scene.labels, shares, look=state.look())
        st.image(
            picture, width="stretch", alt="How many seeds keep each node; the table below has the numbers"
        )
    with right:
        st.markdown("**Seed by seed**")
        st.dataframe(
            [_row(seed, trial, scene.ground_truth) for seed, trial in trials.items()], hide_index=True
        )
        if len(trials) > 1:
            st.markdown("**Agreement of seeds:** nodes kept by both, out of those kept by either (IoU)")
            table = matrix(list(keeps.values()), iou)
            names = [f"seed {seed}" for seed in trials]
            cells = [[f"{value:.2f}" for value in row] for row in table]
            st.table(DataFrame(cells, names, names), border="horizontal")
        with st.expander("Node by node"):
            rows = [
                {"node": scene.name(node), "kept by": f"{count} of {len(trials)}"}
                | {f"seed {seed}": bool(keep[node]) for seed, keep in keeps.items()}
                for node, count in enumerate(kept)
            ]
            st.dataframe(rows, hide_index=True)


def _row(seed: int, trial: Trials, truth: Tensor | None) -> dict[str, object]:
    row: dict[str, object] = {"seed": seed, "nodes kept": int(trial.keep.sum())}
    row["prediction holds in"] = f"{int(trial.holds.sum())} of {len(trial.donors)} donors"
    if truth is not None:
        row["IoU with the truth"] = round(iou(trial.keep, truth), 2)
    return row


def _gallery(case: state.Case, story: figures.Story, trials: dict[int, Trials]) -> None:
    seed = case.pick.seed
    trial = trials[seed]
    answers = figures.Answers(trial.answers, story.classes, story.answers.scale)
    st.markdown(f"**Inside {len(trial.donors)} donors** (seed {seed}): what does the model predict?")
    st.caption(figures.MIX_KEY)
    with st.container(horizontal=True):
        for place, (donor, mixed) in enumerate(zip(trial.donors, trial.mixes, strict=True)):
            mark = "✓" if trial.holds[place] else "✗"
            scene = story.scene
            picture = figures.mixed_thumbnail(mixed, scene.graph, donor, scene.labels, look=state.look())
            with st.container(width=state.CARD):
                st.image(picture, width="stretch", alt=f"Mixed graph: {figures.counts(mixed)}")
                st.caption(f"{mark} donor {int(donor.graph_id)}: {plain(answers.statement(place))}")
