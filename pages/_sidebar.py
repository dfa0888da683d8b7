"""The sidebar of a page about one graph: what is picked is in the URL, under the key of its widget."""

from random import choice
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from hpme.explainers import EXPLAINERS
from pages import _own, _state
from pages._state import Pick

ANY, AUTO = "any", "HPME's choice"
SHARED = (
    *("dataset", "model", "label", "answer", "graph", "mine"),
    *("explainer", "seed", "size", "k", "donor", "draw"),
)  # keys of the widgets whose state every page about one graph takes over
_AUTOMATIC = (None, None, None, 0)  # checkpoint, number of nodes, donor, draw


def pick(*, one_explainer: bool = True, own_views: bool = True) -> Pick:
    """Draws the sidebar and returns what is picked; says so where the address asks for what is not there.

    Args:
        one_explainer: Whether the page is about one explainer, to be picked here; else it is HPME.
        own_views: Whether size and donor are to be picked here, too; else they are automatic.
    """
    asked = st.session_state.setdefault("asked", st.query_params.to_dict())
    _take_over()
    with st.sidebar:
        dataset, model = _pick_model()
        graph = _pick_graph(dataset, model)
        explainer = _pick_explainer() if one_explainer else "hpme"
        seed = _pick_seed(dataset, model)
        checkpoint, k, donor, draw = _pick_views(dataset, model, graph, seed) if own_views else _AUTOMATIC
    for key, value in asked.items():
        if not _holds(key, value):
            code = f"{key}={value}"[:60].replace("`", "'")  # what stands in an address is never rendered
            st.warning(f"The address asks for `{code}`, which does not exist here; shown is the default.")
    st.session_state.asked = {}
    _share()
    return Pick(dataset, model, seed, checkpoint, graph, donor, draw, k, explainer)


def filters() -> tuple[Pick, list[int]]:
    """Draws the sidebar of a page about many graphs; returns what is picked and the graphs that match."""
    _take_over()
    with st.sidebar:
        dataset, model = _pick_model()
        _pick_filters(dataset)
        seed = _pick_seed(dataset, model)
        checkpoint = _pick_size(dataset, model, seed)
    _share()
    graph = st.session_state.get("graph") or _state.first_graph(dataset, model)
    return Pick(dataset, model, seed, checkpoint, graph, None, 0), _matches(dataset, model)


def start_at(model: str, values: dict[str, Any]) -> None:
    """Sets widgets to values, by key, and all else of the sidebar to its start; in callbacks only."""
    first = {"label": ANY, "answer": ANY, "explainer": "hpme", "seed": 0, "size": AUTO, "draw": 0}
    fresh = dict.fromkeys(SHARED) | {"structure": False} | first | {"model": model} | values
    st.session_state.update(fresh)
    st.session_state.shared = {key: fresh[key] for key in SHARED}
    st.query_params.pop("node", None)


def open_own(page: str, dataset: str, model: str, number: int | None = None, **settings: object) -> None:
    """Opens a page on what is the session's own; of what was picked before, the explainer stays.

    Args:
        page: Path of its file.
        dataset: Whose model is asked.
        model: The model.
        number: Id of an own graph; without it, the page's default.
        **settings: What else to pick, by the keys in `SHARED`.
    """
    explainer = st.session_state.get("shared", {}).get("explainer", "hpme")
    for key in SHARED:
        st.session_state.pop(key, None)
    st.session_state.shared = {} if number is None else {"mine": number}
    query = {"dataset": dataset, "model": model, "explainer": explainer, **settings}
    st.switch_page(page, query_params={key: str(value) for key, value in query.items()})


def _take_over() -> None:
    """Sets the widgets to what another page had, unless the address knows: a new page has new widgets."""
    moved = st.session_state.get("shared_by") != _here()
    for key, value in st.session_state.setdefault("shared", {}).items():
        if (moved or key not in st.session_state) and key not in st.query_params:
            st.session_state[key] = value


def _share() -> None:
    """Keeps what the widgets have, for the next page."""
    st.session_state.shared |= {key: st.session_state[key] for key in SHARED if key in st.session_state}
    st.session_state.shared_by = _here()


def _here() -> str:
    """What tells this page from others."""
    context = get_script_run_ctx()
    return context.page_script_hash if context else ""


def _holds(key: str, value: str) -> bool:
    """Whether a parameter of the address is what the widget of that name now shows."""
    return key not in st.session_state or str(st.session_state[key]).casefold() == value.casefold()


def _pick_model() -> tuple[str, str]:
    names = [name for name in _state.names() if _state.models(name)]
    dataset = st.selectbox("Dataset", names, key="dataset", bind="query-params", on_change=_on_dataset)
    if dataset in _own.datasets():
        st.text(_state.spec(dataset).description)  # not as Markdown: it quotes a file
    else:
        st.caption(_state.spec(dataset).description)
    _more([name for name in _state.names() if _state.spec(name).download and name not in names])
    _load(dataset)
    model = st.selectbox(
        "Model to explain",
        _state.models(dataset),
        key="model",
        bind="query-params",
        on_change=_on_model,
        help="The trained graph neural network whose predictions are explained.",
    )
    card = _state.card(dataset, model)
    if _state.spec(dataset).regression:
        st.caption(f"R² **{card['test_r2']:.3f}** on the held-out graphs.")
    else:
        st.caption(f"Right on **{card['test_accuracy']:.1%}** of the held-out graphs.")
    return dataset, model


def _more(names: list[str]) -> None:
    """How to bring in the datasets that come without weights, as those that are downloaded do."""
    if not names:
        return
    with st.popover("More datasets", type="tertiary"):
        st.markdown(f"**{', '.join(names)}**: each needs a classifier and an explainer first, for instance")
        commands = (f"python -m hpme {verb} {names[0]}" for verb in ("train", "fit"))
        st.code("\n".join(commands), language="bash", wrap_lines=True)
        st.caption("The first command downloads what is not embedded. Then load this page again.")


def _load(dataset: str) -> None:
    """Loads the graphs; where they cannot be had, says why and offers to try again."""
    try:
        _state.dataset(dataset)
    except ValueError as error:
        st.error(error.args[0])
        st.button("Try again")
        st.stop()


def _pick_filters(dataset: str) -> None:
    left, right = st.columns(2)
    left.selectbox(
        _state.spec(dataset).quantity.capitalize() or "Class",
        [ANY, *_state.groups(dataset)],
        key="label",
        bind="query-params",
        on_change=_on_filter,
    )
    answers = [ANY, "right", "wrong"]
    right.selectbox("Prediction", answers, key="answer", bind="query-params", on_change=_on_filter)


def _pick_graph(dataset: str, model: str) -> int:
    _pick_filters(dataset)
    last = _state.spec(dataset).num_graphs - 1
    if "graph" not in st.session_state and not _is_graph(st.query_params.get("graph", ""), last):
        st.session_state.graph = _state.first_graph(dataset, model)
    if "graph" in st.session_state:  # told again on each run: a browser that missed it shows an empty box
        st.session_state.graph = st.session_state.graph
    number = st.number_input(
        f"Graph, 0 to {last}", 0, last, None, 1, key="graph", bind="query-params", on_change=forget_own
    )
    graph = _state.first_graph(dataset, model) if number is None else int(number)
    own = _pick_own(dataset)
    matches = _matches(dataset, model)
    with st.container(horizontal=True, gap="xsmall"):
        for label, step, letter in (("Previous", -1, "P"), ("Random", 0, None), ("Next", 1, "N")):
            st.button(
                label,
                key=f"step{step}",
                on_click=_step,
                args=(graph, step),
                disabled=not matches,
                shortcut=letter,
            )
    if own is not None:
        st.text(_own.graphs(dataset)[own].how)  # not as Markdown: it names what a file holds
        return own
    st.caption(_place(graph, matches, graph in _state.held_out(dataset, model)))
    return graph


def _pick_own(dataset: str) -> int | None:
    """One of the graphs that the session brought for this dataset's models, where there are some."""
    mine = _own.graphs(dataset)
    if st.session_state.get("mine") not in mine:
        forget_own()
    if not mine:
        return None
    return st.selectbox(
        "Or one of your own",
        [None, *mine],
        key="mine",
        format_func=lambda number: "–" if number is None else mine[number].title,
    )


def forget_own() -> None:
    """Back to the dataset's graphs."""
    st.session_state.mine = None


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


def _pick_explainer() -> str:
    return st.selectbox(
        "Explainer",
        list(EXPLAINERS),
        key="explainer",
        bind="query-params",
        help="HPME chooses the size of its explanation; the others are given HPME's, to be fair.",
    )


def _pick_views(
    dataset: str, model: str, graph: int, seed: int
) -> tuple[int | None, int | None, int | None, int]:
    """Checkpoint, number of nodes, donor and draw."""
    return (
        _pick_size(dataset, model, seed),
        _pick_number(dataset, graph),
        *_pick_donor(dataset, graph),
    )


def _pick_seed(dataset: str, model: str) -> int:
    seeds = _state.seeds(dataset, model)
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
        _state.explainer(dataset, model, seed)
    except (KeyError, ValueError) as error:
        st.error(error.args[0])
        st.stop()
    return seed


def _pick_size(dataset: str, model: str, seed: int) -> int | None:
    explainer = _state.explainer(dataset, model, seed)
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
    count = _state.graph_of(dataset, graph).num_nodes
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
    last = _state.spec(dataset).num_graphs - 1
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
    groups = _state.groups(dataset)
    return [
        graph
        for graph, (true, said) in _state.held_out(dataset, model).items()
        if label in (ANY, groups[true]) and answer in (ANY, "right" if true == said else "wrong")
    ]


def _step(graph: int, step: int) -> None:
    """Goes to the next graph that passes the filters (1), the one before (-1) or any other (0)."""
    forget_own()
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
    forget_own()
    if matches and st.session_state.get("graph") not in matches:
        st.session_state.graph = matches[0]


def _on_dataset() -> None:
    dataset = st.session_state.dataset
    models = _state.models(dataset)
    if st.session_state.model not in models:
        st.session_state.model = models[0]
    try:
        st.session_state.graph = _state.first_graph(dataset, st.session_state.model)
    except ValueError:  # no graphs to be had: `_load` says so
        st.session_state.pop("graph")
    forget_own()
    st.session_state.label, st.session_state.donor, st.session_state.draw = ANY, None, 0
    _on_model()


def _on_model() -> None:
    seeds = _state.seeds(st.session_state.dataset, st.session_state.model)
    if st.session_state.seed not in seeds:
        st.session_state.seed = seeds[0]
    _forget_size()


def _forget_size() -> None:
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
    _forget_size()
