"""One molecule before every model: a card each, filled as soon as its answer is known."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from hpme.analysis.ask import ASKED, MoleculeAnswer
from hpme.analysis.pasted import PastedMolecule
from hpme.chemistry.names import formula, molecule_of
from hpme.datasets.named import name_of_smiles
from ui import copy, flags, links, session, sidebar, state
from ui.plain import plain
from ui.titles import dataset_title, model_choice
from ui.upload import graphs

WIDTH = 218  # pixels; of a card, of which five stand side by side on a wide screen


def show(asked: PastedMolecule) -> None:
    """Shows what the molecule is, and a card for each model."""
    heading(asked)
    cards: dict[str, tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]] = {}
    with st.container(horizontal=True, gap="small", key="stack_cards"):
        for name in ASKED:
            with st.container(border=True, width=WIDTH, height="stretch", gap="xsmall"):
                st.markdown(f"**{dataset_title(name)}**", help=state.spec(name).description)
                answer, near, below = st.empty(), st.empty(), st.container()
                answer.caption("Loading the model and its molecules …")
                cards[name] = answer, near, below
    session.drop_copies(st.session_state.get("shared", {}).get("mine"))  # of questions before
    own = {name: _answer(asked, name, *cards[name]) for name in ASKED}
    for name, number in own.items():
        if number is not None:
            with cards[name][1].container(gap="xsmall"):
                _near(name, number)


def warm() -> None:
    """Loads the models and their molecules while the user looks for a molecule.

    Streamlit stops a run that is left only where it draws, so it draws nothing after each.
    """
    for name in ASKED:
        state.ready(name)
        st.empty()


def heading(asked: PastedMolecule) -> None:
    """Shows name, formula and SMILES, and what of the line was left aside."""
    mol = molecule_of(asked.graph)
    words = [f"**{plain(asked.name)}**"] if asked.name else []
    words += [formula(mol)] if mol else []
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="stack_heading"):
        st.markdown(" · ".join(words), width="content")
        with st.container():
            copy.show(asked.smiles, "smiles")
        links.copy_link()
    if asked.note:
        st.info(plain(asked.note))


def _answer(
    asked: PastedMolecule, name: str, place: DeltaGenerator, near: DeltaGenerator, below: DeltaGenerator
) -> int | None:
    """Fills a card with an answer; returns the id of the molecule as that model reads it, if it can."""
    try:
        session.check_room([asked.graph])
        session.check_drawn(asked.graph)
        own = graphs.keep(asked.graph, asked.title, name, brought=False)
    except ValueError as error:
        place.error(plain(error.args[0]))
        return None
    answer = state.molecule_answer(name, own.number)
    with place.container(gap="xsmall"):
        _say(answer, name, own.number)
    near.caption("Looking for the nearest training molecules …")
    with below:
        flags.show(answer.flags)
        pick = state.asked_pick(name, own.number)
        for label, key, settings in (
            ("Open on Explain", "open", {}),
            ("What would change it?", "mind", {"tool": "Change its mind"}),
        ):
            if st.button(label, key=f"{key}-{name}"):
                graphs.keep(asked.graph, asked.title, name)
                sidebar.open_own("pages/explain.py", name, pick.model, own.number, **settings)
    return own.number


def _say(answer: MoleculeAnswer, name: str, number: int) -> None:
    """Shows the drawing, the prediction, what is kept, and the truth."""
    drawing = state.picture(name, number, tuple(answer.story.scene.keep.float().tolist()))
    names = answer.story.kept_names
    st.image(drawing, width="stretch", alt=f"The molecule; highlighted, as they are kept: {names}")
    sure = "" if answer.probability is None else f" ({answer.probability:.0%})"
    st.markdown(f"**{plain(answer.prediction)}**{sure}, says {model_choice(state.models(name)[0])}")
    size = answer.graph.num_nodes
    st.markdown(f"Keeps **{plain(names)}**, {len(answer.kept)} of {size} atoms")
    if answer.kept:
        st.caption("These atoms as a SMARTS pattern:")
        copy.show(answer.story.kept_smarts, f"kept-{name}")
    if answer.truth:
        mark = "✓" if answer.story.right else "✗"
        st.caption(f"{mark} By the dataset's rule: {plain(answer.truth)}")


def _near(name: str, number: int) -> None:
    """Shows how far the molecule is from those of the training, and the nearest of those."""
    found = state.nearest_molecules(name, number)
    colour = "orange" if found.far and not found.itself else "gray"
    st.markdown(f":{colour}-badge[{_place(found.percentile)}] :small[{plain(found.words)}]")
    with st.expander("Nearest training molecules"):
        for graph, distance in zip(found.graphs, found.distances, strict=True):
            called = name_of_smiles(graph.smiles) or graph.smiles
            drawing = state.picture(name, int(graph.graph_id), None)
            st.image(drawing, width="stretch", alt=f"Drawing of {called}")
            st.caption(f"Distance {distance:.2f}, graph {int(graph.graph_id)}: {plain(called)}")


def _place(percentile: float) -> str:
    return f"percentile {int(100 * percentile)}"
