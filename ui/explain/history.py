"""The edits of a graph: in the address, with undo, redo and reset."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import streamlit as st
from torch_geometric.data import Data

from hpme.editing.edits import Add, Change, Edit, from_text, to_text
from hpme.editing.kinds import largest_columns, node_namer, words
from hpme.figures.scene import numbers
from ui import own_link, state
from ui.plain import plain

ADDRESS = "edits"  # parameter of the address


@dataclass(frozen=True)
class History:
    """The edits of a graph, and those that were undone and can be redone, the next one last."""

    place: tuple[str, int]  # dataset and graph
    done: tuple[Edit, ...] = ()
    undone: tuple[Edit, ...] = ()


def current(case: state.Case) -> History:
    """The history of the picked graph: as it was left; at first, the edits that its address asks for."""
    place = case.pick.dataset, case.pick.graph
    history: History | None = st.session_state.get("history")
    if history is None:
        history = begin(case, _asked(case, st.query_params.get(ADDRESS, "")))
    elif history.place != place:
        left: dict[tuple[str, int], History] = st.session_state.setdefault("histories", {})
        left[history.place] = history
        history = begin(case, ())
        if before := left.get(place):
            with suppress(ValueError):  # in a dataset of one's own another graph may be there by now
                state.edited(case, to_text(before.done))
                history = st.session_state.history = before
    return history


def begin(case: state.Case, done: tuple[Edit, ...]) -> History:
    """Starts the history of the picked graph with edits that can be made."""
    history = st.session_state.history = History((case.pick.dataset, case.pick.graph), done)
    st.session_state.one = st.session_state.other = None
    st.session_state.pop("kind", None)  # another dataset has other types
    return history


def _asked(case: state.Case, text: str) -> tuple[Edit, ...]:
    """The edits of an address; none where they cannot be made, and then the reason is shown."""
    try:
        done = from_text(text)
        state.edited(case, to_text(done))
    except ValueError as error:
        st.session_state.refusal = f"The link asks for edits that cannot be made. {error.args[0]}"
        return ()
    return done


def to_address(case: state.Case, text: str) -> None:
    """Puts the edits into the address, where that can name the graph."""
    if text and own_link.linked(case.pick.dataset, case.pick.graph):
        st.query_params[ADDRESS] = text
    else:
        leave()


def leave() -> None:
    """Takes the edits out of the address."""
    st.query_params.pop(ADDRESS, None)


def make(case: state.Case, edit: Edit) -> None:
    """Makes an edit, or remembers why it cannot be made."""
    history: History = st.session_state.history
    done = (*history.done, edit)
    try:
        state.edited(case, to_text(done))
    except ValueError as error:
        st.session_state.refusal = error.args[0]
    else:
        st.session_state.history = History(history.place, done)


def steps(case: state.Case, history: History) -> None:
    """Shows the buttons to undo, redo and reset, and the edits in words."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Undo", on_click=_undo, disabled=not history.done)
        st.button("Redo", on_click=_redo, disabled=not history.undone)
        st.button("Reset", on_click=_reset, disabled=not history.done)
        st.caption(plain("; ".join(_in_words(case, history.done)) or "No edits."))


def _in_words(case: state.Case, done: tuple[Edit, ...]) -> list[str]:
    """Each edit in words, with the names that its nodes had before it."""
    original, _ = state.edited(case, "")
    kinds, types, lines = state.kinds(case.dataset), largest_columns(original), list[str]()
    name, fresh = node_namer(case.dataset.spec.node_labels, types), first_added(case)
    for edit in done:
        lines.append(words(edit, name, kinds))
        if isinstance(edit, Add | Change):
            types[fresh if isinstance(edit, Add) else edit.node] = int(kinds.rows[edit.kind].argmax())
        fresh += isinstance(edit, Add)
    return lines


def first_added(case: state.Case) -> int:
    """The name of the first node that is added to the picked graph."""
    return max(numbers(case.graph)) + 1 if case.around is None else len(case.around.whole.x)


def namer(case: state.Case, after: Data) -> Callable[[int], str]:
    """A function that names nodes: by element, where they have one, and number in the history."""
    return node_namer(case.dataset.spec.node_labels, largest_columns(after))


def _undo() -> None:
    history: History = st.session_state.history
    *rest, last = history.done
    st.session_state.history = replace(history, done=tuple(rest), undone=(*history.undone, last))


def _redo() -> None:
    history: History = st.session_state.history
    *rest, next_ = history.undone
    st.session_state.history = replace(history, done=(*history.done, next_), undone=tuple(rest))


def _reset() -> None:
    """Goes back to the original graph; "Redo" brings the edits back."""
    history: History = st.session_state.history
    st.session_state.history = replace(history, done=(), undone=(*history.undone, *reversed(history.done)))
