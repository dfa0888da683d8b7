"""Stability: the same graph under other explainer seeds, and its explanation inside other donors."""

import streamlit as st
from pandas import DataFrame
from torch import Tensor

from hpme import figures
from hpme.metrics import Trials, iou, matrix, votes
from ui import state

NOTE = """
HPME was fitted once with each seed; every fit chooses its own nodes. An explanation that other seeds
repeat does not hang on chance. Donors do not change what is kept: they test whether it
carries the prediction.
"""


def show(case: state.Case, story: figures.Story) -> None:
    """How often each node is kept, how far the seeds agree, and the mixed graphs of several donors."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    left.markdown(NOTE)
    count = right.number_input("Donors", 1, 24, 6, 1, key="donors", bind="query-params")
    found = state.trials(case, int(count))
    _seeds(story, found)
    _gallery(case, story, found)


def _seeds(story: figures.Story, found: dict[int, Trials]) -> None:
    scene = story.scene
    keeps = {seed: trial.keep for seed, trial in found.items()}
    kept = votes(list(keeps.values())).tolist()
    if len(found) == 1:
        st.info("Only one seed is shipped for this model; `hpme fit … --seed 1` fits another.")
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**Kept by how many of the {len(found)} seeds?** The stronger, the more.")
        shares = [count / len(found) for count in kept]
        picture = figures.thumbnail(scene.graph, scene.labels, shares, dark=state.dark())
        st.image(
            picture, width="stretch", alt="How many seeds keep each node; the table Node by node says it"
        )
    with right:
        st.markdown("**Seed by seed**")
        st.dataframe(
            [_row(seed, trial, scene.ground_truth) for seed, trial in found.items()], hide_index=True
        )
        if len(found) > 1:
            st.markdown("**Agreement of two seeds:** nodes that both keep, of those that either keeps")
            table = matrix(list(keeps.values()), iou)
            names = [f"seed {seed}" for seed in found]
            cells = [[f"{value:.2f}" for value in row] for row in table]
            st.table(DataFrame(cells, names, names), border="horizontal")
        with st.expander("Node by node"):
            rows = [
                {"node": scene.name(node), "kept by": f"{count} of {len(found)}"}
                | {f"seed {seed}": bool(keep[node]) for seed, keep in keeps.items()}
                for node, count in enumerate(kept)
            ]
            st.dataframe(rows, hide_index=True)


def _row(seed: int, trial: Trials, truth: Tensor | None) -> dict[str, object]:
    row: dict[str, object] = {"seed": seed, "nodes kept": int(trial.keep.sum())}
    row["prediction held"] = f"{int(trial.held.sum())} of {len(trial.donors)} donors"
    if truth is not None:
        row["IoU with the truth"] = round(iou(trial.keep, truth), 2)
    return row


def _gallery(case: state.Case, story: figures.Story, found: dict[int, Trials]) -> None:
    seed = case.pick.seed
    trial = found[seed]
    answers = figures.Answers(trial.answers, story.classes, story.answers.scale)
    st.markdown(f"**Inside {len(trial.donors)} donors** (seed {seed}): what does the classifier say?")
    st.caption("Blue dots: the explanation. Orange squares: the donor's rest. Dashed: new links.")
    with st.container(horizontal=True):
        for place, (donor, mixed) in enumerate(zip(trial.donors, trial.mixes, strict=True)):
            mark = "✓" if trial.held[place] else "✗"
            picture = figures.mixed_thumbnail(
                mixed, story.scene.graph, donor, story.scene.labels, dark=state.dark()
            )
            with st.container(width=state.CARD):
                st.image(picture, width="stretch", alt=f"Mixed graph: {figures.counts(mixed)}")
                st.caption(f"{mark} donor {int(donor.graph_id)}: {answers.words(place)}")
