"""The sidebar's widgets for the explainer, the size of its explanation, and the donor."""

from collections.abc import Callable
from typing import Any, cast

import streamlit as st

from hpme.explainers import HPME, REFERENCE, explainers_of
from hpme.explainers.hpme.store import users_fit
from hpme.method.capacity import Size
from ui import state
from ui.plain import plain
from ui.sidebar.carried import AUTO, PREDICTED
from ui.sidebar.titled import held, selectbox
from ui.titles import explainer_title

NAMED = {"core": "The core", "all": "All that counts"}
MEANING = {
    "core": "The core: the smallest part that still holds in other graphs; with less, predictions are lost.",
    "all": "All that counts: what is left out moves the model's output least.",
}


def pick_explainer(dataset: str) -> str:
    """Shows the box for the explainer; returns the name of the picked one."""
    names = explainers_of(state.spec(dataset).of_nodes)
    if st.session_state.get("explainer", REFERENCE) not in names:
        st.session_state.explainer = REFERENCE  # that of another dataset explains no nodes
    return selectbox(
        "Explainer",
        names,
        "explainer",
        explainer_title,
        help="HPME chooses the size of its explanation; for a fair comparison, the others get the same size.",
    )


def pick_target(dataset: str, model: str, graph: int) -> int | None:
    """Shows the box for the class; returns the picked one, or None for what is predicted anyway."""
    classes = state.spec(dataset).classes
    if not classes:
        return None
    titles = {PREDICTED: "the predicted class"} | {str(i): name for i, name in enumerate(classes)}
    if st.session_state.get("target") not in titles:
        st.session_state.target = PREDICTED
    where = "around this node" if state.spec(dataset).of_nodes else "in this graph"
    picked = selectbox(
        "Class to explain",
        list(titles),
        "target",
        titles.__getitem__,
        on_change=forget_size,
        help=f"What speaks for a class {where}, also where the model predicts another one? HPME is "
        "fitted anew for a class, once.",
    )
    if picked == PREDICTED:
        return None
    predicted = int(state.answer(dataset, model, graph).outputs.argmax())
    return None if int(picked) == predicted else int(picked)


def pick_seed(dataset: str, model: str) -> int:
    """Shows the seeds; returns the picked one, or stops the page if its explainer cannot be loaded."""
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
        help="HPME was fitted once with each of these seeds. If there are several, do they agree?",
    )
    try:
        state.explainer(dataset, model, seed)
    except (KeyError, ValueError) as error:
        st.error(plain(error.args[0]))
        st.stop()
    if users_fit(dataset, model, seed):
        st.caption("This is your own fit, used instead of the shipped one.")
    return seed


def pick_views(
    dataset: str, model: str, graph: int, seed: int, target: int | None, *, below: bool
) -> tuple[int | Size | None, int | None, int | None, int]:
    """Shows the widgets of the views; returns checkpoint or size, number of nodes, donor and draw.

    What stands `below` the panels, the page shows there itself, by `show_size` and `show_resample`.
    """
    own = picked_size if below else pick_size
    return (
        own(dataset, model, seed, target),
        _pick_number(dataset, graph),
        *_pick_donor(dataset, graph, below),
    )


def picked_size(dataset: str, model: str, seed: int, target: int | None = None) -> int | Size | None:
    """The picked checkpoint or named size, or None for HPME's choice."""
    explainer = state.explainer(dataset, model, seed, target)
    size = held([AUTO, *explainer.sizes, *map(str, range(len(explainer.path)))], "size")
    return cast("Size", size) if size in NAMED else None if size == AUTO else int(size)


def pick_size(dataset: str, model: str, seed: int, target: int | None = None) -> int | Size | None:
    """Shows the slider of the size and what goes with it; returns as `picked_size`."""
    size = picked_size(dataset, model, seed, target)
    show_size(state.explainer(dataset, model, seed, target), of_nodes=state.spec(dataset).of_nodes)
    return size


def show_size(explainer: HPME, *, of_nodes: bool) -> None:
    """Shows the slider of the size with HPME's choice marked on it, and buttons for the sizes with a name."""
    size, number, last = st.session_state.size, st.session_state.get("k"), len(explainer.path) - 1
    path_slider(
        explainer,
        f"Size: whole graph → {'the node alone' if of_nodes else 'nothing'}",
        _step(explainer, size),
        "step",
        _take_step,
        help="A step of the capacity path. HPME chooses a size from predictions alone; move the slider to "
        "override its choice.",
    )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "HPME's choice", key="own_size", on_click=own_size, disabled=size == AUTO and number is None
        )
        if explainer.sizes:
            _switch(size)
    choice = f"HPME's choice: about step {explainer.chosen} of {last}."
    words = MEANING.get(size) or ("" if size == AUTO else f"Your choice: step {size}.")
    if number is not None:
        words = f"*Nodes to keep* in the sidebar says {number}, whatever the step."
    st.caption(f"{words} {choice}".strip())


def path_slider(
    explainer: HPME, label: str, step: int, key: str, on_change: Callable[[], None], **options: Any
) -> None:
    """Shows a slider along the capacity path with a mark at HPME's choice; nothing on a path of one step.

    Args:
        explainer: Whose path it is.
        label: Above the slider.
        step: Where it stands.
        key: Of the widget.
        on_change: Called when it was moved, with the new step in the session, under the key.
        **options: For Streamlit.
    """
    last = len(explainer.path) - 1
    if not last:
        return
    st.session_state[key] = step
    with st.container(gap=None):
        st.slider(label, 0, last, key=key, on_change=on_change, **options)
        at = f"--at: {explainer.chosen / last:.4f}"
        late = " late" * (2 * explainer.chosen > last)
        st.html(f"<div class='chosen{late}' style='{at}' aria-hidden='true'>▲ HPME&rsquo;s choice</div>")


def _step(explainer: HPME, size: str) -> int:
    """The step of the path where the slider stands at a size."""
    if size in NAMED:
        named = explainer.sizes[cast("Size", size)]
        return named[len(named) // 2]
    return explainer.chosen if size == AUTO else int(size)


def _take_step() -> None:
    _take(str(st.session_state.step))


def _take(size: str) -> None:
    """Shows a size; the whole page follows, also where the slider is in a part that runs alone."""
    st.session_state.size = size
    _forget_number()
    st.rerun(scope="app")


def _switch(size: str) -> None:
    """Shows the switch between the named sizes; taken back, it gives HPME's choice."""
    st.session_state.named = size if size in NAMED else None
    st.segmented_control(
        "How much counts?",
        [*NAMED],
        key="named",
        format_func=NAMED.__getitem__,
        on_change=_take_named,
        label_visibility="collapsed",
        help="A prediction has no one size: a part may be enough for it, and more may move it.",
    )


def _take_named() -> None:
    _take(st.session_state.named or AUTO)


def _pick_number(dataset: str, graph: int) -> int | None:
    count = state.graph_of(dataset, graph).num_nodes
    number = st.number_input(
        "Nodes to keep",
        0,
        None,
        None,
        1,
        key="k",
        bind="query-params",
        placeholder="set by the size",
        help="Keep exactly this many top-ranked nodes. If empty, the slider of the size decides.",
    )
    return None if number is None else min(int(number), count)


def _pick_donor(dataset: str, graph: int, below: bool) -> tuple[int | None, int]:
    item, last = state.spec(dataset).item, state.spec(dataset).num_graphs - 1
    donor = st.number_input(
        f"Donor {item}",
        0,
        last,
        None,
        1,
        key="donor",
        bind="query-params",
        placeholder="automatic",
        help=f"Whose explanation is replaced by this one. If empty, it is drawn from the test {item}s.",
    )
    left, right = (st.container(), None) if below else st.columns([1, 1], vertical_alignment="bottom")
    draw = left.number_input(
        "Draw",
        0,
        None,
        step=1,
        key="draw",
        bind="query-params",
        help=f"Which of the {item}s drawn as donors; Resample takes the next one.",
    )
    if right:
        with right:
            show_resample()
    if donor == graph:
        st.caption(f"A {item} cannot be its own donor; another one is drawn.")
        donor = None
    return donor, draw


def show_resample() -> None:
    """Shows the button that mixes with another donor."""
    st.button("Resample", on_click=_resample, width="stretch", help="Mix with another donor.")


def _resample() -> None:
    st.session_state.donor = None
    st.session_state.draw += 1
    st.rerun(scope="app")


def forget_size() -> None:
    """Goes back to the size that the explainer chooses; another explainer has another path."""
    st.session_state.size = AUTO
    _forget_number()


def _forget_number() -> None:
    st.session_state.k = None


def on_path() -> None:
    """Shows the checkpoint that was picked on the chart of the capacity path."""
    step = st.session_state.path.step
    if isinstance(step, int):
        _take(str(step))


def on_curve() -> None:
    """Shows the subgraph of the size that was clicked on the size curve."""
    points = st.session_state.curve.selection.points
    if points:
        st.session_state.k = int(points[0]["customdata"])
        st.rerun(scope="app")


def own_size() -> None:
    """Goes back to the size that the explainer chose."""
    _take(AUTO)
