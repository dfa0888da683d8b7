"""The sidebar's boxes for the dataset, the model, and the filters of its graphs."""

from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from hpme.classifiers import users_weights
from hpme.datasets import DATASETS
from hpme.own_data.fit_input import molecular
from ui import session, state
from ui.plain import plain
from ui.sidebar.carried import ANY, PREDICTED, forget_own
from ui.sidebar.size import forget_size
from ui.sidebar.titled import selectbox
from ui.titles import dataset_title, model_choice
from ui.upload import graphs


def pick_model() -> tuple[str, str]:
    """Shows the boxes for dataset and model; returns what is picked."""
    names = state.usable()
    dataset = selectbox("Dataset", names, "dataset", dataset_title, on_change=_on_dataset)
    if dataset not in DATASETS:
        st.text(state.spec(dataset).description)  # not as Markdown: it quotes a file
    else:
        st.caption(state.spec(dataset).description)
    _more([name for name in state.names() if state.spec(name).download and name not in names])
    _load(dataset)
    model = selectbox(
        "Model to explain",
        state.models(dataset),
        "model",
        model_choice,
        on_change=_on_model,
        help="The trained graph neural network whose predictions are explained.",
    )
    card, item = state.card(dataset, model), state.spec(dataset).item
    if state.spec(dataset).regression:
        st.caption(f"R² **{card['test_r2']:.3f}** on the test {item}s.")
    else:
        st.caption(f"Accuracy **{card['test_accuracy']:.1%}** on the test {item}s.")
    if users_weights(dataset, model):
        st.caption("These are your own weights, used instead of the shipped ones.")
    if state.spec(dataset).molecular:
        pick_look()
    return dataset, model


def pick_look() -> None:
    """Shows the switches for how molecules are drawn, on all pages."""
    with st.container(horizontal=True, gap="small"):
        st.toggle("Draw as molecules", value=True, key="structure", bind="query-params")
        st.toggle(
            "Atom numbers",
            key="numbers",
            bind="query-params",
            disabled=not state.structure(),
            help="In drawings of molecules.",
        )


def _more(names: list[str]) -> None:
    """Shows how to add the datasets that come without weights, as those that are downloaded do."""
    if not names:
        return
    with st.popover("More datasets", type="tertiary"):
        titles = ", ".join(map(dataset_title, names))
        st.markdown(f"**{titles}** need a trained model and a fitted explainer first. For example:")
        commands = (f"python -m hpme {verb} {names[0]}" for verb in ("train", "fit"))
        st.code("\n".join(commands), language=None, wrap_lines=True)
        st.caption("The first command also downloads the dataset. Reload this page afterwards.")


def _load(dataset: str) -> None:
    """Loads the graphs; if that fails, shows why and offers to try again."""
    try:
        state.dataset(dataset)
    except ValueError as error:
        _say(error.args[0])
    except OSError as error:  # of a download
        _say(f"Could not keep the dataset ({error.strerror or 'no room'}); tell whoever runs this page.")


def _say(words: str) -> None:
    st.error(plain(words))
    st.button("Try again")
    st.stop()


def _on_dataset() -> None:
    dataset = st.session_state.dataset
    models = state.models(dataset)
    if st.session_state.model not in models:
        st.session_state.model = models[0]
    try:
        st.session_state.graph = state.first_graph(dataset, st.session_state.model)
    except (ValueError, OSError):  # the graphs cannot be loaded: `_load` shows why
        st.session_state.pop("graph")
    _take_along(dataset)
    st.session_state.label, st.session_state.donor, st.session_state.draw = ANY, None, 0
    st.session_state.target = PREDICTED
    _on_model()


def _take_along(dataset: str) -> None:
    """Keeps an own graph picked under another dataset whose models can read it; one that they cannot waits.

    Molecules go to sets of molecules only, though models of bare graphs could read them, too.
    """
    shared, waits = st.session_state.get("shared", {}), st.session_state.pop("waits", None)
    before, model, number = (shared.get(key) for key in ("dataset", "model", "mine"))
    if number is None and waits and shared.get("graph") == state.first_graph(before, model):
        before, model, number = waits
        if model in state.models(dataset):
            st.session_state.model = model
    own = session.graphs(before or dataset).get(number or 0)
    forget_own()
    if own is None:
        return
    source = graphs.source(own)
    if molecular(source) != state.spec(dataset).molecular:
        st.session_state.waits = before, model, number
        kind = "a molecule" if molecular(source) else "no molecule"
        st.toast(plain(f"{own.title} is {kind}; it is shown again with a dataset that takes it."))
    elif before == dataset:
        st.session_state.mine = number
    else:
        with suppress(ValueError):
            st.session_state.mine = graphs.keep(source, own.title, dataset, brought=False).number


def _on_model() -> None:
    seeds = state.seeds(st.session_state.dataset, st.session_state.model)
    if st.session_state.seed not in seeds:
        st.session_state.seed = seeds[0]
    forget_size()


def pick_filters(dataset: str) -> None:
    """Shows the filters of the graphs to step through."""
    left, right = st.columns(2)
    quantity = state.spec(dataset).quantity or "class"
    left.selectbox(
        quantity.capitalize() if quantity.islower() else quantity,  # logP is written so
        [ANY, *state.groups(dataset)],
        key="label",
        bind="query-params",
        on_change=_on_filter,
    )
    answers = [ANY, "right", "wrong"]
    right.selectbox("Prediction", answers, key="answer", bind="query-params", on_change=_on_filter)


def matching(dataset: str, model: str) -> list[int]:
    """Ids of the test graphs that pass the filters."""
    groups, passes = state.groups(dataset), passing()
    return [
        graph
        for graph, (true, predicted) in state.labels_and_predictions(dataset, model).items()
        if passes(groups[true], true == predicted)
    ]


def passing() -> Callable[[str, bool | None], bool]:
    """Returns what tells whether something of a group, predicted right or not, passes the filters.

    What is predicted of something without a label is neither: None.
    """
    label, answer = st.session_state.label, st.session_state.answer
    words = {True: "right", False: "wrong", None: ""}
    return lambda group, right: label in (ANY, group) and answer in (ANY, words[right])


def _on_filter() -> None:
    matches = matching(st.session_state.dataset, st.session_state.model)
    forget_own()
    if matches and st.session_state.get("graph") not in matches:
        st.session_state.graph = matches[0]
