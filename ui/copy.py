"""A text with a button that copies it; Streamlit's own box for code would load half a megabyte."""

from hpme.figures import asset
from ui.component import component

_component = component(
    "copy",
    "<div class='copy'><pre></pre><button type='button'>Copy</button></div>",
    asset("scripts/copy.js"),
    asset("copy.css"),
)


def show(text: str, key: str) -> None:
    """Shows the text."""
    _component(key=key, data={"text": text})
