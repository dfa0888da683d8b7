"""A graph of one's own in the address: a molecule as SMILES, another one as its file, packed, if it is small.

What a link holds is read as an upload is. A graph that is too large for a link, and a dataset, are known to
their session alone; whoever opens their link elsewhere is told so.
"""

import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from contextlib import suppress
from copy import copy

import streamlit as st

from hpme import io
from hpme.limits import LIMITS
from ui import session
from ui.plain import plain
from ui.upload import graphs

SMILES, PACKED = "smiles", "own"  # parameters of the address
MOST = 2_000  # characters of either
HERE = "in-session-"  # what stands for a graph that no link can hold, before its id
OWN_DATASET = re.compile(r".*-[0-9a-f]{32}")  # as `ui.session.add` names them


def parameters(dataset: str, own: session.OwnGraph) -> dict[str, str]:
    """Returns what the address says of an own graph, by parameter: all of it, or that it is too large."""
    known: dict[tuple[str, int], dict[str, str]] = st.session_state.setdefault("own_links", {})
    key = dataset, own.number
    if key not in known:
        known[key] = _smallest(dataset, own) or {PACKED: f"{HERE}{own.number}"}
    return known[key]


def linked(dataset: str, number: int) -> bool:
    """Returns whether a link can name a graph: one of the dataset, or an own one that is small enough."""
    own = session.graphs(dataset).get(number)
    return own is None or not parameters(dataset, own).get(PACKED, "").startswith(HERE)


def _smallest(dataset: str, own: session.OwnGraph) -> dict[str, str]:
    source = graphs.source(own)
    smiles = source.get("smiles", "")
    tries = [{SMILES: smiles}, {SMILES: f"{smiles} {own.title}"}] if smiles else []
    with suppress(ValueError):  # such as a value that is not finite
        named = copy(source)
        named.name = own.title
        tries.append({PACKED: pack(io.write_graph(named, None, "json"))})
    for query in tries:
        with suppress(ValueError):
            if _is_same(_fit(dataset, own.model, query), own):
                return query
    return {}


def _is_same(one: session.OwnGraph, other: session.OwnGraph) -> bool:
    return session.digest(one.graph) == session.digest(other.graph)


def write(dataset: str, number: int) -> None:
    """Puts the picked graph into the address if it is the session's own, else takes that out."""
    own = session.graphs(dataset).get(number)
    query = parameters(dataset, own) if own else {}
    for name in (SMILES, PACKED):
        if name not in query:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != query[name]:
            st.query_params[name] = query[name]
    st.session_state.own_in_address = query


def take(dataset: str, model: str) -> None:
    """Picks the graph that the address holds, if this page has not written it there; says if it is none."""
    asked = {name: st.query_params[name] for name in (SMILES, PACKED) if name in st.query_params}
    if not asked or asked == st.session_state.get("own_in_address"):
        return
    st.session_state.own_in_address = asked
    text = asked.get(PACKED, "")
    if text.startswith(HERE):
        number = text.removeprefix(HERE)
        if number in map(str, session.graphs(dataset)):
            st.session_state.mine = int(number)
        else:
            st.warning(
                "The link was of a graph of someone's own session that is too large for a link; ask for its "
                "file, and upload that. A graph of the dataset is shown instead."
            )
        return
    try:
        own = _fit(dataset, model, asked)
        session.check_drawn(own.graph)
        session.check_room([own.graph])
    except ValueError as error:
        st.warning(f"The link holds a graph that cannot be shown. {plain(error.args[0])}.")
        return
    kept = session.keep(dataset, own.graph, own.title, own.how, own.model, own.source)
    st.session_state.mine = kept.number


def _fit(dataset: str, model: str, query: dict[str, str]) -> session.OwnGraph:
    """The graph of an address, fitted to the input of a model.

    Raises:
        ValueError: If it is none, or does not fit.
    """
    if max(map(len, query.values())) > MOST:
        raise ValueError(f"Expected at most {MOST:,} characters of a graph in a link (got more); upload it")
    if SMILES in query:
        name, content = "link.smi", query[SMILES].encode()
    else:
        name, content = "link.json", unpack(query[PACKED])
    found = io.read_graphs(content, name)
    if len(found) != 1:
        raise ValueError(f"Expected one graph in a link (got {len(found)}); upload the others")
    title = found[0].get("name", "").strip() or found[0].get("smiles") or "from a link"
    return graphs.fit(found[0], title, dataset, model)


def pack(content: bytes) -> str:
    """Returns a file as text that an address can hold."""
    return urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")


def unpack(text: str) -> bytes:
    """Returns the file that was packed.

    Raises:
        ValueError: If nothing was, or more than one upload may hold.
    """
    try:
        packed = urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        reader = zlib.decompressobj()
        content = reader.decompress(packed, LIMITS.unpacked_bytes)
    except (Error, ValueError, zlib.error):
        raise ValueError(
            "Expected a packed graph in the link (got other text); copy the whole link"
        ) from None
    if not reader.eof:
        raise ValueError(
            "Expected a whole packed graph in the link (got a part, or too much); upload its file"
        )
    return content


def is_own_dataset(name: str) -> bool:
    """Returns whether a name in an address is that of somebody's own dataset."""
    return OWN_DATASET.fullmatch(name) is not None
