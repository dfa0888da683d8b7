"""Pages of pictures without panels: they are drawn anew when the theme is switched in Streamlit's menu."""

from hpme.figures import asset
from ui import state
from ui.component import component

_component = component("theme", "", asset("scripts/theme.js"))


def follow() -> None:
    """Has the page run again once the browser shows another theme than that which it is drawn for."""
    _component(key="theme", data={"theme": "dark" if state.dark() else "light"}, on_theme_change=lambda: None)
