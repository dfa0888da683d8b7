"""A session's own work, found again by the same browser after it was loaded anew.

Streamlit begins a new session then, and frees the one of before half a minute later. Until that, a new
session of the same browser takes its work over. The browser is known by a cookie that `ui.server.index` sets:
random, read by no script, and in no link. What is kept lives in sessions alone: nothing stays longer by this.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from time import monotonic
from typing import Any
from uuid import uuid4
from weakref import WeakSet

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.server.index import COOKIE

WORK = ("own_datasets", "own_graphs", "own_digests", "own_jobs", "own_links", "saved_work", "jobs", "fits")
SOON = 10  # seconds in which a session takes work over; later, it is another page of the same browser
MARK = "mark"  # what caches know the session's graphs by


@dataclass(eq=False)
class Held:
    """The work of one session."""

    browser: str
    session: str  # whose it is now
    parts: dict[str, Any] = field(default_factory=dict)  # of the session's state, by key
    owner: str = field(default_factory=lambda: uuid4().hex)  # of its jobs
    stops: list[Callable[[], None]] = field(default_factory=list)  # to be called when it is over
    since: float = field(default_factory=monotonic)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take over."""
        graphs = self.parts.get("own_graphs", {})
        kinds = ("own_datasets", "own_jobs", "jobs", "fits")
        return not (any(map(self.parts.get, kinds)) or any(graphs.values()))


_known: WeakSet[Held] = WeakSet()  # each lives as long as the session that holds it
_lock = Lock()


def begin() -> None:
    """Takes over the work of this browser's session of before, if that has left; notes that of this one."""
    context = get_script_run_ctx()
    if context is None:
        return
    held: Held | None = st.session_state.get("held")
    if held is None:
        held = st.session_state.held = Held(_browser(), context.session_id)
        with _lock:
            _known.add(held)
    if before := _left_before(held):
        held = st.session_state.held = before
        st.session_state.update(before.parts)
        graphs = (own for mine in before.parts["own_graphs"].values() for own in mine.values())
        st.session_state.came = max((own.came for own in graphs), default=0)
    for key in WORK:
        held.parts[key] = st.session_state.setdefault(key, {})
    held.parts[MARK] = st.session_state.setdefault(MARK, uuid4().hex)


def mine() -> Held:
    """The work of this session."""
    if "held" not in st.session_state:
        st.session_state.held = Held("", "")
    held: Held = st.session_state.held
    return held


def end(session: str) -> None:
    """Stops what runs for a session that is over, unless another one has taken its work."""
    with _lock:
        ended = [one for one in _known if one.session == session]
        _known.difference_update(ended)
    for one in ended:
        for stop in one.stops:
            stop()


def _left_before(held: Held) -> Held | None:
    """Work of the same browser that no page shows any more, taken over; a session asks when it begins."""
    if not (held.browser and held.is_empty and monotonic() - held.since < SOON and runtime.exists()):
        return None
    server = runtime.get_instance()
    with _lock:
        for one in [*_known]:
            mine = one is not held and one.browser == held.browser and not one.is_empty
            if mine and not server.is_active_session(one.session):
                one.session = held.session
                _known.discard(held)
                return one
    return None


def _browser() -> str:
    """What this browser is known by, with who has signed in on it; empty if it keeps no cookies."""
    cookie = st.context.cookies.get(COOKIE, "")
    user = str(st.user.get("sub") or st.user.get("email") or "")
    return sha256(f"{cookie} {user}".encode()).hexdigest() if cookie else ""
