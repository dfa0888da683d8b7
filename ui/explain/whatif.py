"""The tool "What if": edits of the graph, and the model's prediction after them."""

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st
import torch
from torch_geometric.data import Data

from hpme import figures, io
from hpme.editing.edits import Add, Change, Cut, Delete, Edit, Join, to_text
from hpme.editing.kinds import has_bonds
from hpme.explainers.sizes import hard_mask
from ui import export, session, state, trio
from ui.explain import history
from ui.plain import plain
from ui.titles import dataset_title

NOTE = """
Would the prediction hold if the graph were different? **Click a node** in a panel to change it, click a
second one to connect the two, or click an **edge** to delete it. The lists below do the same from the
keyboard.
"""
BONDS = {"single": 1, "double": 2, "triple": 3}


def show(case: state.Case, story: figures.Story) -> None:
    """Shows the graph before and after its edits, and the means to edit it."""
    log = history.current(case)
    text = to_text(log.done)
    after, output = state.edited(case, text)
    history.to_address(case, text)
    st.markdown(NOTE)
    again = st.toggle(
        "Explain the edited graph",
        key="again",
        bind="query-params",
        help="Runs HPME after each edit; if off, only the prediction is updated.",
    )
    one, other = _picked(after)
    outputs = torch.cat([story.answers.outputs[:1], output])
    answers = replace(story.answers, outputs=outputs, target=None)  # edits are about the prediction
    st.markdown(_outcome(answers) if log.done else "No edits yet.")
    drawn = _panels(case, log, after, answers, again, (one, other))
    st.caption(plain(answers.note))
    _refusal()
    _tools(case, after, one, other)
    history.steps(case, log)
    _take_away(case, log, after, again)
    export.pictures(drawn, f"{case.pick.dataset}-{case.pick.graph}-edited")


def _picked(after: Data) -> tuple[int | None, int | None]:
    """The node that is picked and the one picked before it; None where there is none any more."""
    names = after.node_name.tolist()
    for key in ("one", "other"):
        if st.session_state.get(key) not in names:
            st.session_state[key] = None
    return st.session_state.one, st.session_state.other


def _outcome(answers: figures.Answers) -> str:
    before, after = plain(answers.prediction(0)), plain(answers.prediction(1))
    if answers.scale is not None:
        verdict = "stays near" if answers.holds(1) else "moves away"
        return f"The prediction **{verdict}**: {before} → **{after}**."
    if answers.holds(1):
        return f"The prediction **stays “{before}”**: {answers.bar_text(0)} → **{answers.bar_text(1)}**."
    sure = [f"{float(answers.probabilities[view].max()):.0%}" for view in (0, 1)]
    return f"The prediction **changes** from “{before}” ({sure[0]}) to **“{after}”** ({sure[1]})."


def _panels(
    case: state.Case,
    log: history.History,
    after: Data,
    answers: figures.Answers,
    again: bool,
    picked: tuple[int | None, int | None],
) -> dict[str, Any]:
    """Shows the graph before and after; returns what is drawn."""
    before, _ = state.edited(case, "")
    first = state.edited_explanation(case, "")
    second = state.edited_explanation(case, to_text(log.done)) if again else None
    positions = state.positions(case.pick.dataset, case.graph)
    data = figures.edit_data(
        (before, after),
        figures.edit_layout((before, after), positions, log.done, history.first_added(case)),
        answers,
        (hard_mask(first), None if second is None else hard_mask(second)),
        case.dataset.spec.node_labels,
        look=state.look(),
    )
    pair = None if None in picked else list(picked)
    trio.draw(data | {"selected": picked[0], "edge": pair}, "edited", _on_pick)
    return data


def _on_pick(picked: dict[str, Any]) -> None:
    """Picks the clicked node and keeps the one before as the second; a click on an edge picks both ends."""
    if picked["edge"]:
        st.session_state.one, st.session_state.other = picked["edge"]
    elif picked["node"] is None:
        st.session_state.one = st.session_state.other = None
    elif picked["node"] != st.session_state.one:
        st.session_state.one, st.session_state.other = picked["node"], st.session_state.one


def _refusal() -> None:
    """Shows why the last edit was not made, if it was not."""
    refusal = st.session_state.pop("refusal", None)
    if refusal:
        st.error(plain(refusal))


def _tools(case: state.Case, after: Data, one: int | None, other: int | None) -> None:
    """Shows lists of nodes and types, and the buttons that edit."""
    names = after.node_name.tolist()
    kind, order = _choices(case, after)
    ends = {(names[u], names[v]) for u, v in after.edge_index.t().tolist()}
    a, b = -1 if one is None else one, -1 if other is None else other
    linked, apart = (a, b) in ends, len({a, b} - {-1}) == 2 and (a, b) not in ends
    edits: dict[str, tuple[Edit, bool]] = {
        "Delete node": (Delete(a), one is not None),
        "Change type": (Change(a, kind), one is not None and len(state.kinds(case.dataset).names) > 1),
        "Add node here": (Add(a, kind, order), one is not None),
        "Delete edge": (Cut(a, b), linked),
        "Connect the two": (Join(a, b, order), apart),
    }
    with st.container(horizontal=True, gap="small"):
        for label, (edit, possible) in edits.items():
            st.button(
                label, key=f"do-{label}", on_click=history.make, args=(case, edit), disabled=not possible
            )


def _choices(case: state.Case, after: Data) -> tuple[int, int]:
    """Shows lists for two nodes, a type and, in molecules, a bond order; returns the latter two."""
    kinds, name = state.kinds(case.dataset), history.namer(case, after)
    nodes, kind, order = sorted(after.node_name.tolist()), 0, "single"
    left, right, third, fourth = st.columns(4)
    for column, key, label in ((left, "one", "Node"), (right, "other", "Second node")):
        column.selectbox(label, nodes, None, key=key, format_func=name, placeholder="none")
    if len(kinds.names) > 1:
        kind = third.selectbox(
            "Type", range(len(kinds.names)), format_func=kinds.names.__getitem__, key="kind"
        )
    if has_bonds(case.graph, kinds):
        order = fourth.segmented_control("Bond", list(BONDS), default=order, required=True, key="bond")
    return kind, BONDS[order]


def _take_away(case: state.Case, log: history.History, after: Data, again: bool) -> None:
    """Shows buttons to download the edited graph, or to keep it as one of the session's own graphs."""
    text = to_text(log.done)
    explanation = state.edited_explanation(case, text) if again else None
    files = {kind: io.write_graph(after, explanation, kind) for kind in ("json", "graphml")}
    if "smiles" in after:
        files["smi"] = f"{after.smiles}\n".encode()
        st.code(after.smiles, language=None, wrap_lines=True)
    labels = {
        "json": "Edited graph, JSON",
        "graphml": "Edited graph, GraphML",
        "smi": "Edited molecule, SMILES",
    }
    with st.container(horizontal=True, gap="small"):
        for kind, content in files.items():
            name = f"{case.pick.dataset}-{case.pick.graph}-edited.{kind}"
            st.download_button(
                labels[kind], partial(bytes, content), name, key=f"save-edited-{kind}", on_click="ignore"
            )
        kept = st.button(
            "Add to my graphs",
            on_click=_keep,
            args=(case, after, text),
            disabled=not text,
            help="Opens it at once; for this session, the sidebar lists it under “Or one of your own”.",
        )
    if kept:
        st.rerun(scope="app")


def _keep(case: state.Case, after: Data, text: str) -> None:
    source = case.title.replace("`", "")
    drawn = ("node_name", "reached", "edge_reached")
    graph = Data(**{key: value for key, value in after.to_dict().items() if key not in drawn})
    how = f"Made from {source} of {dataset_title(case.pick.dataset)} by the edits {text}."
    own = session.keep(case.pick.dataset, graph, f"{source}, edited: {text}", how)
    st.session_state.mine = own.number
