"""Rows of a batch job as cards: what is drawn and said of each comes from the row itself."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from torch_geometric.data import Data

from hpme.batch.columns import MadeBy
from ui import session, sidebar, state
from ui.links import ExplainPage
from ui.own_link import MOST, SMILES
from ui.plain import code, plain
from ui.upload import graphs


def at_hand(made_by: MadeBy) -> bool:
    """Whether the explorer has the model of a job."""
    return made_by.dataset in state.names() and made_by.model in state.models(made_by.dataset)


def show(
    made_by: MadeBy, row: dict[str, Any], key: str, read_input: Callable[[], Data] | None = None
) -> None:
    """Shows a card: its name leads to the row's explanation where the model is at hand.

    Args:
        made_by: What explained the row.
        row: The row.
        key: Tells cards apart.
        read_input: Reads the graph of a row of graphs from the input of its job.
    """
    with st.container(border=True, height="stretch", gap="xsmall", key=f"card-{key}"):
        query = _query(made_by, row)
        if query:
            st.page_link(ExplainPage(), label=plain(row["id"]), query_params=query)
        elif read_input and not row["error"] and not row["smiles"] and at_hand(made_by):
            if st.button(plain(row["id"]), key=f"open-{key}", type="tertiary"):
                _open(made_by, row["id"], read_input)
        else:
            st.markdown(f"**{plain(row['id'])}**")
        if row["error"]:
            st.caption(plain(row["error"]))
            if row["smiles"]:
                st.caption(code(row["smiles"][:200]))
            return
        lines = facts(row)
        if row["smiles"]:
            _draw(row, lines[-1])
        else:
            lines.append(f"nodes {', '.join(map(str, row['kept_atoms'])) or 'none'}")
        st.caption("  \n".join([f"**{plain(lines[0])}**", *map(plain, lines[1:])]))
        if row["flags"]:
            st.markdown(" ".join(f":orange-badge[{plain(flag)}]" for flag in row["flags"]))


def facts(row: dict[str, Any]) -> list[str]:
    """What is known of an explained row, as plain lines; the last one says how much is kept."""
    sure = "" if row["probability"] is None else f", {row['probability']:.0%}"
    held = row["holds_on_mixes"]
    return [
        f"{row['prediction']}{sure}",
        *([] if held is None else [f"Holds in {held:.0%} of mixes"]),
        f"{row['capacity_bits']:.1f} bits",
        f"{len(row['kept_atoms'])} of {len(row['node_score'])} {'atoms' if row['smiles'] else 'nodes'} kept",
    ]


def _draw(row: dict[str, Any], kept: str) -> None:
    try:
        st.image(state.row_picture(row), width="stretch", alt=f"{row['id']}: {kept}")
    except ValueError as error:  # it is too large
        st.caption(plain(error.args[0]))


def _open(made_by: MadeBy, title: str, read_input: Callable[[], Data]) -> None:
    """Opens the graph of a row in Explain as one of the session's own, or says why not."""
    try:
        with st.spinner("Reading …"):
            graph = read_input()
        session.check_drawn(graph)
        session.check_room([graph])
        own = graphs.keep(graph, title, made_by.dataset, made_by.model)
    except ValueError as error:
        st.caption(plain(error.args[0]))
        return
    sidebar.open_own("pages/explain.py", made_by.dataset, made_by.model, own.number, **_seed(made_by))


def _seed(made_by: MadeBy) -> dict[str, str]:
    """What the address names of the job's explainer; nothing where the explorer has it not."""
    fitted = made_by.seed in state.seeds(made_by.dataset, made_by.model)
    return {"seed": str(made_by.seed)} if fitted else {}


def _query(made_by: MadeBy, row: dict[str, Any]) -> dict[str, str]:
    """The address of a row's explanation; empty where there is none."""
    text = f"{row['smiles']} {row['id']}"
    if row["error"] or not row["smiles"] or len(text) > MOST or not at_hand(made_by):
        return {}
    return {"dataset": made_by.dataset, "model": made_by.model, SMILES: text} | _seed(made_by)
