"""The chart of the capacity path: a click on a step, or Enter on it, picks that step."""

from collections.abc import Callable

from hpme.figures import asset
from ui import state
from ui.component import component

_component = component("path", "<div class='path'></div>", asset("scripts/path.js"), asset("path.css"))
KEY = "path"


def show(case: state.Case, on_step: Callable[[], None] | None = None) -> None:
    """Shows the chart; `on_step` is called when a step is picked, then ``step`` of the component's state."""
    data = state.path_chart(case) | {"clickable": on_step is not None}
    _component(key=KEY, data=data, on_step_change=on_step or (lambda: None))
