"""The tool "Change its mind": the smallest changes that flip the prediction, and where they are."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
import torch

from hpme import figures
from hpme.analysis.changes import change_rows
from hpme.editing.candidates import change_words
from hpme.editing.counterfactuals import KEPT, Counterfactuals
from hpme.editing.trying import Variant
from hpme.figures.scene import numbers
from ui import state, trio
from ui.explain import history
from ui.plain import plain

SHOWN = 8  # graphs
CARD = 270  # pixels: four stand side by side
NOTE = """
What is the smallest change that would flip the prediction? Every single change was tried: {tried}; and
{pairs} pairs of those that come nearest. The fewer changes, nodes and edges, the smaller.
"""
OF_NUMBERS = """
How far can a change move the {quantity}? Every single change was tried: {tried}; and {pairs} pairs of smaller
ones. A move is far if it is of more than **{near:.2f}**: half the spread (standard deviation) of the model's
predictions on the test graphs, as for the ✓ and ✗ above. Single changes come first, the largest moves before
others.
"""
LOG_ODDS = """
Log-odds tell changes apart whose probabilities are all next to 100%: at 0 the class is as likely as not, and
each 2.3 more makes its odds ten times larger. Those that come nearest:
"""
AS_EDITED = """
After an edit the rest is a molecule again: bonds of a ring that is broken are no longer aromatic. In “left
out” above they stay as they were, so that numbers of the two differ there.
"""
MOLECULES = "an atom deleted or made another element, a bond cut or of another order, a small group added"
GRAPHS = "a node deleted, or of another type, an edge cut or added"


def show(case: state.Case, story: figures.Story) -> None:
    """Shows the smallest flips, how many lie in the kept part, and what each node does for the prediction."""
    try:
        with st.spinner("Trying every change …"):
            found = state.counterfactuals(case)
    except ValueError as error:
        st.info(plain(error.args[0]))
        return
    st.markdown(_note(story, found))
    kept = _kept(story)
    _headline(case, story, found, kept)
    _cards(case, story, found, kept)
    left, right = st.columns(2, gap="large")
    with left:
        _effects(story, found)
    with right:
        _table(case, story, found, kept)


def _kept(story: figures.Story) -> set[int]:
    """The kept nodes by the names that edits have for them."""
    names = zip(numbers(story.scene.graph), story.scene.kept, strict=True)
    return {name for name, keep in names if keep}


def _note(story: figures.Story, found: Counterfactuals) -> str:
    what, scale = MOLECULES if "smiles" in found.graph else GRAPHS, story.answers.scale
    facts = {"tried": f"{len(found.singles):,} of them ({what})", "pairs": found.pairs}
    if scale is None:
        note = NOTE.format(**facts)
    else:
        note = OF_NUMBERS.format(**facts, quantity=plain(scale.quantity), near=scale.tolerance)
    if found.left_out:
        possible = len(found.singles) + found.left_out
        note = note.replace(
            "Every single change was tried", f"Of all {possible:,} single changes, some were drawn"
        )
    return note


def _answers(story: figures.Story, found: Counterfactuals, variants: Sequence[Variant]) -> figures.Answers:
    outputs = torch.stack([found.output, *(one.output for one in variants)])
    return replace(story.answers, outputs=outputs, target=None)


def _words(case: state.Case, found: Counterfactuals, one: Variant) -> str:
    name = history.namer(case, found.graph)
    return "; ".join(change_words(step, name, state.kinds(case.dataset)) for step in one.steps)


def _does(story: figures.Story, verb: str = "{}s") -> str:
    """What a change does that counts: to a class, or to a number; `verb` is "{}" of many."""
    scale = story.answers.scale
    if scale is None:
        return f"{verb.format('flip')} the prediction"
    return f"{verb.format('move')} the {plain(scale.quantity)} by more than {scale.tolerance:.2f}"


def _headline(case: state.Case, story: figures.Story, found: Counterfactuals, kept: set[int]) -> None:
    """Says what flips the prediction, and how many flips lie inside the kept part."""
    flips, share = found.flips, found.share(kept)
    if not found.singles:
        st.markdown("**There is nothing to change.**")
        return
    if not flips:
        st.markdown(f"**No change that was tried {_does(story)}.** {_why(case, story)}")
        st.markdown("Those that come nearest:" if found.regression else LOG_ODDS)
        return
    answers = _answers(story, found, flips[:1])
    size = "largest move" if found.regression else "smallest change"
    st.markdown(
        f"The {size}: **{plain(_words(case, found, flips[0]))}**, and {plain(answers.statement(1))} "
        f"instead of {plain(answers.prediction(0))}."
    )
    if not share.flips:
        order = " Here are first the single changes that move it most, then such pairs." * bool(found.short)
        st.markdown(f"**No single change {_does(story)}**, but pairs of changes do.{order}")
        return
    if not share.tried_inside:
        st.markdown(f"No single change that was tried lies inside what {plain(story.explainer)} keeps.")
        return
    whom = "" if story.answers.target is None else f" for “{plain(story.answers.explained_name)}”"
    chance = f"{share.expected:.{1 + (share.expected < 1)}f}"
    st.markdown(
        f"**{share.inside} of {share.flips}** single changes that {_does(story, '{}')} lie inside the part "
        f"that {plain(story.explainer)} keeps{whom}. If their place made no difference, {chance} "
        f"would: {share.tried_inside:,} of the {share.tried:,} changes lie there."
    )


def _why(case: state.Case, story: figures.Story) -> str:
    """Says which parts are enough for the prediction, each alone, where the model was asked and it is so."""
    pieces = [] if story.answers.scale or case.around is not None else state.spare(case)
    if not pieces:
        return ""
    name = story.scene.name
    listed = "; ".join(f"{plain(own.name)} ({', '.join(map(name, own.nodes))})" for own in pieces)
    return (
        f"Each of {len(pieces)} parts alone is enough for “{plain(story.answers.prediction(0))}”, and "
        f"without all of them the model predicts another class: {listed}. A change of one leaves the others."
    )


def _cards(case: state.Case, story: figures.Story, found: Counterfactuals, kept: set[int]) -> None:
    shown = found.shown(SHOWN)
    answers = _answers(story, found, shown)
    positions = state.positions(case.pick.dataset, case.graph)
    with st.container(horizontal=True, gap="small"):
        for place, one in enumerate(shown):
            graphs = found.graph, one.graph
            places = figures.edit_layout(graphs, positions, one.edits, history.first_added(case))
            labels, words = case.dataset.spec.node_labels, _words(case, found, one)
            picture = figures.changed_picture(graphs, places, one.edits, labels, look=state.look())
            with st.container(border=True, width=CARD, height="stretch", gap="xsmall"):
                st.image(picture, width="stretch", alt=f"{words}. {figures.counts(one.graph)}")
                st.markdown(f"**{plain(words)}**")
                mark = "inside" if one.inside(kept) else "not inside"
                st.caption(f"{plain(_change(found, one, answers, place + 1))}; {mark} the kept part")
                st.button("Open in What if", key=f"flip-{place}", on_click=_open, args=(case, one))
    st.caption(figures.CHANGE_KEY)


def _change(found: Counterfactuals, one: Variant, answers: figures.Answers, view: int) -> str:
    if answers.scale is not None:
        return f"{answers.prediction(0)} → {answers.prediction(view)} ({one.effect:+.2f})"
    if not one.flips:
        odds = f"{found.answer:.2f} → {found.answer + one.effect:.2f}"
        return f"still {answers.prediction(0)}: log-odds {odds}"
    return f"{answers.prediction(view)} ({float(answers.probabilities[view].max()):.0%})"


def _open(case: state.Case, one: Variant) -> None:
    """Opens a changed graph in What if."""
    history.begin(case, one.edits)
    st.session_state.tool = "What if"


def _effects(story: figures.Story, found: Counterfactuals) -> None:
    """Shows the graph, coloured by what each node does for the prediction."""
    item = "atom" if story.scene.labels else "node"
    scale, name = story.answers.scale, found.output.argmax()
    what = f"log-odds of “{story.classes[int(name)]}”" if scale is None else scale.quantity
    st.markdown(f"**What happens without each {item}?** Deleted alone, on the {plain(what)}:")
    caption = f"Blue: without it the {what} would fall. Red: it would rise."
    title = "What each node adds, deleted by an edit"
    data = figures.signed_data(story.scene, found.node_effect, what, title, caption, look=state.look())
    trio.show(data, None, "effects")
    if scale is not None and "smiles" in found.graph:
        st.caption(AS_EDITED)


def _table(case: state.Case, story: figures.Story, found: Counterfactuals, kept: set[int]) -> None:
    """Shows all flips that are kept, or what comes nearest, as a table."""
    listed = found.listed
    title = "All flips" if found.flips else "What comes nearest"
    st.markdown(f"**{'Largest moves' if found.regression else title}**")
    before = _answers(story, found, []).explained_name
    st.dataframe(
        change_rows(found, listed, case.dataset.spec, state.kinds(case.dataset), kept),
        hide_index=True,
        column_order=("change", "prediction", "probability", "effect", "inside", "size", "smiles"),
        column_config={
            "probability": st.column_config.NumberColumn(f"probability of “{before}”", format="%.3f"),
            "effect": st.column_config.NumberColumn(
                "move" if found.regression else "on its log-odds", format="%+.2f"
            ),
            "inside": "inside the kept part",
            "size": "nodes and edges",
            "smiles": "SMILES",
        },
        alt="A row for each change, with the prediction after it",
    )
    if len(listed) >= KEPT:
        st.caption(f"The first {KEPT}{' single changes, and pairs that move it far' * bool(found.short)}.")
