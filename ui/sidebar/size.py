"""Which explainer, how much it keeps, and whose rest the mixed graph gets."""

import streamlit as st

from hpme.explainers import EXPLAINERS
from hpme.explainers.hpme.store import users_fit
from ui import state
from ui.sidebar.carried import AUTO


def pick_explainer() -> str:
    """The key of the picked explainer."""
    return st.selectbox(
        "Explainer",
        list(EXPLAINERS),
        key="explainer",
        bind="query-params",
        help="HPME chooses the size of its explanation; the others are given HPME's, to be fair.",
    )


def pick_seed(dataset: str, model: str) -> int:
    """The picked seed; stops the page where its explainer cannot be loaded."""
    seeds = state.seeds(dataset, model)
    seed = st.segmented_control(
        "Explainer seed",
        seeds,
        default=seeds[0],
        required=True,
        key="seed",
        bind="query-params",
        on_change=forget_size,
        width="stretch",
        help="HPME was fitted once with each of these seeds. If there are several: do they agree?",
    )
    try:
        state.explainer(dataset, model, seed)
    except (KeyError, ValueError) as error:
        st.error(error.args[0])
        st.stop()
    if users_fit(dataset, model, seed):
        st.caption("This is your own fit, used instead of the shipped one.")
    return seed


def pick_views(
    dataset: str, model: str, graph: int, seed: int
) -> tuple[int | None, int | None, int | None, int]:
    """Checkpoint, number of nodes, donor and draw."""
    return (
        pick_size(dataset, model, seed),
        _pick_number(dataset, graph),
        *_pick_donor(dataset, graph),
    )


def pick_size(dataset: str, model: str, seed: int) -> int | None:
    """The picked checkpoint, or None for HPME's own."""
    explainer = state.explainer(dataset, model, seed)
    last = len(explainer.path) - 1
    size = st.select_slider(
        "Size: whole graph → nothing",
        [AUTO, *map(str, range(last + 1))],
        key="size",
        bind="query-params",
        on_change=_forget_number,
        help="HPME chooses a size from predictions alone. To override it, walk its capacity path yourself.",
    )
    choice = f"HPME's own choice is about step {explainer.chosen} of {last}."
    st.caption(choice if size == AUTO else f"Your choice: step {size} of {last}. {choice}")
    return None if size == AUTO else int(size)


def _pick_number(dataset: str, graph: int) -> int | None:
    count = state.graph_of(dataset, graph).num_nodes
    number = st.number_input(
        "Nodes kept",
        *(0, None, None, 1),
        key="k",
        bind="query-params",
        placeholder="as the size above says",
        help="Keeps exactly so many of the highest-ranked nodes. Empty: the size above decides.",
    )
    return None if number is None else min(int(number), count)


def _pick_donor(dataset: str, graph: int) -> tuple[int | None, int]:
    last = state.spec(dataset).num_graphs - 1
    donor = st.number_input(
        "Donor graph",
        *(0, last, None, 1),
        key="donor",
        bind="query-params",
        placeholder="automatic",
        help="The graph that gives the mixed graph its rest. Empty: drawn from the held-out graphs.",
    )
    left, right = st.columns([1, 1], vertical_alignment="bottom")
    draw = left.number_input("Draw", 0, None, step=1, key="draw", bind="query-params")
    right.button("Resample", on_click=_resample, width="stretch", help="Mix with another donor.")
    if donor == graph:
        st.caption("A graph cannot be its own donor; one is drawn instead.")
        donor = None
    return donor, draw


def _resample() -> None:
    st.session_state.donor = None
    st.session_state.draw += 1


def forget_size() -> None:
    """Another explainer has another path: its own choice comes first."""
    st.session_state.size = AUTO
    _forget_number()


def _forget_number() -> None:
    st.session_state.k = None


def on_path() -> None:
    """Shows the checkpoint that was clicked on the chart of the capacity path."""
    points = st.session_state.path.selection.points
    if points:
        st.session_state.size = str(points[0]["point_index"])
        _forget_number()
        st.rerun(scope="app")


def on_curve() -> None:
    """Shows the subgraph of the size that was clicked on the size curve."""
    points = st.session_state.curve.selection.points
    if points:
        st.session_state.k = int(points[0]["customdata"])
        st.rerun(scope="app")


def own_size() -> None:
    """Goes back to the size that the explainer chose."""
    forget_size()
