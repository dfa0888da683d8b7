"""The sidebar of a page about one graph: what is picked is in the URL, under the key of its widget."""

from random import choice

import streamlit as st

from hpme.datasets import DATASETS
from hpme.explainers.store import available_explainers
from pages import _state
from pages._state import Pick

ANY, AUTO = "any", "HPME's choice"


def pick() -> Pick:
    """Draws the sidebar and returns what is picked; says so where the address asks for what is not there."""
    asked = st.session_state.setdefault("asked", st.query_params.to_dict())
    with st.sidebar:
        dataset, model = _pick_model()
        graph = _pick_graph(dataset, model)
        seed, checkpoint = _pick_explainer(dataset, model)
        donor, draw = _pick_donor(dataset, graph)
    for key, value in asked.items():
        if not _holds(key, value):
            code = f"{key}={value}"[:60].replace("`", "'")  # what stands in an address is never rendered
            st.warning(f"The address asks for `{code}`, which does not exist here; shown is the default.")
    st.session_state.asked = {}
    return Pick(dataset, model, seed, checkpoint, graph, donor, draw)


def _holds(key: str, value: str) -> bool:
    """Whether a parameter of the address is what the widget of that name now shows."""
    return key not in st.session_state or str(st.session_state[key]).casefold() == value.casefold()


def _pick_model() -> tuple[str, str]:
    names = [name for name in DATASETS if _state.models(name)]
    dataset = st.selectbox("Dataset", names, key="dataset", bind="query-params", on_change=_on_dataset)
    st.caption(DATASETS[dataset].description)
    model = st.selectbox(
        "Model to explain",
        _state.models(dataset),
        key="model",
        bind="query-params",
        on_change=_on_model,
        help="The trained graph neural network whose predictions are explained.",
    )
    st.caption(f"Right on **{_state.card(dataset, model)['test_accuracy']:.1%}** of the held-out graphs.")
    return dataset, model


def _pick_graph(dataset: str, model: str) -> int:
    left, right = st.columns(2)
    classes = [ANY, *DATASETS[dataset].classes]
    left.selectbox("Class", classes, key="label", bind="query-params", on_change=_on_filter)
    answers = [ANY, "right", "wrong"]
    right.selectbox("Prediction", answers, key="answer", bind="query-params", on_change=_on_filter)
    last = DATASETS[dataset].num_graphs - 1
    if "graph" not in st.session_state and not _is_graph(st.query_params.get("graph", ""), last):
        st.session_state.graph = _state.first_graph(dataset, model)
    number = st.number_input(f"Graph, 0 to {last}", 0, last, None, 1, key="graph", bind="query-params")
    graph = _state.first_graph(dataset, model) if number is None else int(number)
    matches = _matches(dataset, model)
    with st.container(horizontal=True, gap="xsmall"):
        for label, step in (("← Previous", -1), ("Random", 0), ("Next →", 1)):
            st.button(label, key=f"step{step}", on_click=_step, args=(graph, step), disabled=not matches)
    st.caption(_place(graph, matches, graph in _state.held_out(dataset, model)))
    return graph


def _is_graph(text: str, last: int) -> bool:
    return text.isdecimal() and int(text) <= last


def _place(graph: int, matches: list[int], held_out: bool) -> str:
    """Where the graph stands among those that the filters let through."""
    if not matches:
        return "No held-out graph matches; choose “any”."
    if graph in matches:
        return f"No. {matches.index(graph) + 1} of the {len(matches)} held-out graphs that match."
    why = "Does not match" if held_out else "Not held out: the model was trained or tuned on it"
    return f"{why}. {len(matches)} held-out graphs match."


def _pick_explainer(dataset: str, model: str) -> tuple[int, int | None]:
    seeds = available_explainers(dataset, model)
    seed = st.segmented_control(
        "Explainer seed",
        seeds,
        default=seeds[0],
        required=True,
        key="seed",
        bind="query-params",
        on_change=_forget_size,
        width="stretch",
        help="HPME was fitted once with each of these seeds. If there are several: do they agree?",
    )
    try:
        explainer = _state.explainer(dataset, model, seed)
    except (KeyError, ValueError) as error:
        st.error(error.args[0])
        st.stop()
    last = len(explainer.path) - 1
    size = st.select_slider(
        "Size: whole graph → nothing",
        [AUTO, *map(str, range(last + 1))],
        key="size",
        bind="query-params",
        help="HPME chooses a size from predictions alone. To override it, walk its capacity path yourself.",
    )
    choice = f"HPME's own choice is about step {explainer.chosen} of {last}."
    st.caption(choice if size == AUTO else f"Your choice: step {size} of {last}. {choice}")
    return seed, None if size == AUTO else int(size)


def _pick_donor(dataset: str, graph: int) -> tuple[int | None, int]:
    last = DATASETS[dataset].num_graphs - 1
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


def _matches(dataset: str, model: str) -> list[int]:
    """Ids of the held-out graphs that pass the filters."""
    label, answer = st.session_state.label, st.session_state.answer
    classes = DATASETS[dataset].classes
    return [
        graph
        for graph, (true, said) in _state.held_out(dataset, model).items()
        if label in (ANY, classes[true]) and answer in (ANY, "right" if true == said else "wrong")
    ]


def _step(graph: int, step: int) -> None:
    """Goes to the next graph that passes the filters (1), the one before (-1) or any other (0)."""
    matches = _matches(st.session_state.dataset, st.session_state.model)
    if step == 0:
        st.session_state.graph = choice([other for other in matches if other != graph] or matches)
    elif step > 0:
        st.session_state.graph = next((other for other in matches if other > graph), matches[0])
    else:
        st.session_state.graph = next((other for other in reversed(matches) if other < graph), matches[-1])


def _resample() -> None:
    st.session_state.donor = None
    st.session_state.draw += 1


def _on_filter() -> None:
    matches = _matches(st.session_state.dataset, st.session_state.model)
    if matches and st.session_state.graph not in matches:
        st.session_state.graph = matches[0]


def _on_dataset() -> None:
    dataset = st.session_state.dataset
    models = _state.models(dataset)
    if st.session_state.model not in models:
        st.session_state.model = models[0]
    st.session_state.graph = _state.first_graph(dataset, st.session_state.model)
    st.session_state.label, st.session_state.donor, st.session_state.draw = ANY, None, 0
    _on_model()


def _on_model() -> None:
    seeds = available_explainers(st.session_state.dataset, st.session_state.model)
    if st.session_state.seed not in seeds:
        st.session_state.seed = seeds[0]
    _forget_size()


def _forget_size() -> None:
    """Another explainer has another path: its own choice comes first."""
    st.session_state.size = AUTO


def on_path() -> None:
    """Shows the checkpoint that was clicked on the chart of the capacity path."""
    points = st.session_state.path.selection.points
    if points:
        st.session_state.size = str(points[0]["point_index"])
        st.rerun(scope="app")
