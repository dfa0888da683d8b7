import math

import pytest
from streamlit.elements.widgets.number_input import NumberInputSerde
from streamlit.elements.widgets.selectbox import SelectboxSerde
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import WStates

from benchmarks._client import Session
from tests.browser.conftest import launched
from tests.ui.test_restart import VIEW, lasting
from ui.server import widgets

NUMBERS = {"nan": math.nan, "inf": -math.inf, "far": 1e300}
VIEWS = {"": VIEW, "compare": VIEW, "upload": {}, "browse": {"dataset": "ba-2motifs"}}


def malformed(widget):
    """All that a browser never says of a widget, at least not of every one."""
    said = [WidgetState(id=widget, double_value=number) for number in NUMBERS.values()]
    said += [WidgetState(id=widget, int_value=number) for number in (2**62, -1)]
    said += [WidgetState(id=widget, json_value=text) for text in ("{]", '{"selection": 5}')]
    said += [
        WidgetState(id=widget, string_value="no such option"),
        WidgetState(id=widget, bytes_value=b"\xff"),
    ]
    said += [WidgetState(id=widget, json_trigger_value="{]"), WidgetState(id=widget)]
    for kind, values in (
        ("double_array_value", [math.nan, 1e99]),
        ("int_array_value", [10**9, -5]),
        ("string_array_value", ["no such option", ""]),
    ):
        said.append(WidgetState(id=widget))
        getattr(said[-1], kind).data.extend(values)
    said.append(WidgetState(id=widget))
    said[-1].file_uploader_state_value.uploaded_file_info.add(name="a", size=3, file_id="no such file")
    return said


async def say(address):
    """Says all of it of one widget of each kind on each page, in one session; returns what went wrong."""
    wrong, tried = [], 0
    async with Session(address) as session:
        for page, view in VIEWS.items():
            await session.open(page, **view)
            kinds = {element.WhichOneof("type"): element for element in session.elements.values()}
            names = {kind: getattr(getattr(element, kind), "id", "") for kind, element in kinds.items()}
            for kind, widget in names.items():
                for said in malformed(widget) if str(widget).startswith("$$") else ():
                    await session.say(said)
                    wrong += [(page, kind, said, error) for error in session.errors]
                    tried += 1
            await session.open(page, **view)
            assert session.errors == []
    return wrong, tried


def test_what_a_browser_never_says_changes_no_page_and_writes_no_log(tmp_path):
    log = tmp_path / "log"
    with launched(log=log) as (address, _):
        wrong, tried = lasting(say(address))
        assert wrong == []
        assert tried > 300
        lines = log.read_text()
        assert "Traceback" not in lines
        assert "site-packages" not in lines


def box(value=3):
    """A number box from 1 to 9 with a value that a browser has sent."""
    serde = NumberInputSerde(1, NumberInput.INT, 1, 9)
    states = WStates()
    states.set_widget_metadata(
        WidgetMetadata("box", serde.deserialize, serde.serialize, value_type="double_value")
    )
    widgets.take(states, WidgetState(id="box", double_value=value))
    return states


def test_a_number_within_the_box_is_taken():
    states = box()
    assert widgets.read(states, "box") == 3
    widgets.take(states, WidgetState(id="box", double_value=4))
    assert widgets.read(states, "box") == 4


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
def test_a_number_that_is_none_gives_the_default(number):
    assert widgets.read(box(number), "box") == 1


def test_a_text_for_a_number_leaves_the_box_as_it_was():
    states = box()
    widgets.take(states, WidgetState(id="box", string_value="4"))
    assert widgets.read(states, "box") == 3


def test_a_text_for_a_box_not_yet_shown_gives_the_default_once_it_is():
    states, shown = WStates(), box()
    widgets.take(states, WidgetState(id="box", string_value="4"))
    with pytest.raises(KeyError):
        widgets.read(states, "box")
    states.set_widget_metadata(shown.widget_metadata["box"])
    assert widgets.read(states, "box") == 1


def test_an_option_that_was_not_offered_leaves_the_choice_as_it_was():
    serde = SelectboxSerde(
        ["a", "b"], formatted_options=["A", "B"], formatted_option_to_option_index={"A": 0, "B": 1}
    )
    states = WStates()
    states.set_widget_metadata(
        WidgetMetadata("box", serde.deserialize, serde.serialize, value_type="string_value")
    )
    for text in ("B", "C"):
        widgets.take(states, WidgetState(id="box", string_value=text))
    assert widgets.read(states, "box") == "b"
