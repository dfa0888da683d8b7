"""Addresses of the Explain page, for links that open in the same tab or in a new one."""

import streamlit as st

from hpme.figures import asset
from ui import own_link, session
from ui.component import component
from ui.state import Pick

BUTTON = """
button {
  padding: 0.25rem 0.5rem; border: 0; background: none; cursor: pointer; white-space: nowrap;
  color: var(--st-text-color); font: inherit; font-family: var(--st-font);
}
button:hover, button:focus-visible { color: var(--st-link-color, var(--st-primary-color)); }
"""
SCRIPT = asset("scripts/copy_link.js")
_copy = component("copy_link", "<button type='button'>Copy link</button>", SCRIPT, BUTTON)


class ExplainPage(st.Page):
    """The Explain page as the target of a link.

    It is the first page, whose path is empty. A browser that opens an empty path in a new tab takes it for
    the page that it is on; this one leads to the first page from any other, wherever the explorer is served.
    """

    def __init__(self) -> None:
        super().__init__("pages/explain.py", url_path="", default=True)

    @property
    def url_path(self) -> str:
        """The address that a link leads to."""
        return "./"


def explain_query(pick: Pick) -> dict[str, str]:
    """What the address of a graph's explanation names."""
    query = {"dataset": pick.dataset, "model": pick.model, "seed": str(pick.seed)}
    own = session.graphs(pick.dataset).get(pick.graph)
    query |= own_link.parameters(pick.dataset, own) if own else {"graph": str(pick.graph)}
    return query | ({} if pick.checkpoint is None else {"size": str(pick.checkpoint)})


def explain_link(pick: Pick, label: str) -> None:
    """Shows a link to a graph's explanation."""
    st.page_link(ExplainPage(), label=label, query_params=explain_query(pick))


def copy_link() -> None:
    """Shows the button that copies the address of the page as it is."""
    _copy(key="copy_link", width="content")
