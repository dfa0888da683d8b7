"""Back and Forward lead to the whole address of before, parameters included.

On the way to another page Streamlit drops the parameters that widgets of the page that is left are bound to.
By a link that is right, as the address is still the old page's; by Back or Forward it is the new page's own.
"""

from typing import Any

from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

_reset = ScriptRunContext.reset


def keep_parameters() -> None:
    """Has Streamlit keep them, in all sessions of this process from now on."""
    ScriptRunContext.reset = reset  # type: ignore[method-assign, assignment]


def reset(context: ScriptRunContext, *arguments: Any, **named: Any) -> None:
    """Prepares a run, as Streamlit does; after Back or Forward with all that the address holds."""
    _reset(context, *arguments, **named)
    if context.is_history_navigation:
        with context.session_state.query_params() as parameters:
            parameters.set_initial_query_params(context.query_string)
            parameters.populate_from_query_string(context.query_string)
            parameters._send_query_param_msg()  # the browser has been told of what was dropped
