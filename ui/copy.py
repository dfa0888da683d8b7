"""A text with a button that copies it; Streamlit's own box for code would load half a megabyte."""

from hpme.figures import asset
from ui.component import component

_component = component(
    "copy",
    # Sizes stand here, not in the sheet of styles, which comes later and would move what is below.
    "<div class='copy' style='display: flex; gap: 10px; padding: 10px 12px'>"
    "<pre style='flex: 1; margin: 0; white-space: pre-wrap; font-size: 0.87rem; line-height: 1.5'></pre>"
    "<button type='button' style='padding: 1px 9px; font-size: 0.8rem; line-height: 1.7'>Copy</button></div>",
    asset("scripts/copy.js"),
    asset("copy.css"),
)


def show(text: str, key: str) -> None:
    """Shows the text."""
    _component(key=key, data={"text": text})
