"""What a browser says of a widget is checked against the widget: Streamlit itself takes its word for it.

A number box told "not a number", a text for a number or an option that was not offered would be an error in
the middle of a run, after which some sessions answer no more. Here such words count as not said.
"""

from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import Serialized, WStates

_read, _take = WStates.__getitem__, WStates.set_widget_from_proto


def check() -> None:
    """Has Streamlit check what browsers say, in all sessions of this process from now on."""
    WStates.__getitem__ = read  # type: ignore[method-assign]
    WStates.set_widget_from_proto = take  # type: ignore[method-assign, assignment]


def take(states: WStates, widget_state: WidgetState) -> None:
    """Takes what a browser says of a widget, unless it cannot come from the widget as it was last shown."""
    widget = states.widget_metadata.get(widget_state.id)
    if widget is None or (_is_of_its_kind(widget_state, widget) and _was_offered(widget_state, widget)):
        _take(states, widget_state)


def read(states: WStates, name: str) -> Any:
    """Returns the value of a widget, given by its id; its default where what was said is no value of it.

    Raises:
        KeyError: If there is no such widget.
    """
    state, widget = states.states.get(name), states.widget_metadata.get(name)
    if widget is None or not isinstance(state, Serialized):
        return _read(states, name)
    try:
        if _is_of_its_kind(state.value, widget):
            return _read(states, name)
    except Exception:  # whatever a widget says to a value that its own page never sends
        pass
    default = widget.deserializer(None)
    states.set_from_value(name, default)
    return default


def _is_of_its_kind(said: WidgetState, widget: WidgetMetadata[Any]) -> bool:
    """Whether the value is of the widget's kind, such as a number, or none at all."""
    kind = said.WhichOneof("value")
    return kind is None or widget.value_type in (None, kind)


def _was_offered(said: WidgetState, widget: WidgetMetadata[Any]) -> bool:
    """Whether all that was chosen is an option of the widget, if it has options."""
    serde = getattr(widget.deserializer, "__self__", None)  # what knows the widget's options
    options = getattr(serde, "formatted_option_to_option_index", None)
    kind = said.WhichOneof("value")
    if options is None or kind is None:
        return True
    chosen = [said.string_value] if kind == "string_value" else said.string_array_value.data
    return all(option in options for option in chosen)
