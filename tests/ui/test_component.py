from hashlib import sha256

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = """
from ui.component import component
show = component("probe", "<p></p>", "export default function () {}", "p { color: red }")
show(key="probe", data={"a": 1})
"""


@pytest.mark.parametrize("server", ["first", "second"])
def test_only_the_address_of_script_and_style_is_sent_by_each_new_server(server):
    app = AppTest.from_string(SCRIPT).run()
    assert not app.exception
    sent = app.get("bidi_component")[0].proto
    for kind, path, inline in (
        ("js", sent.js_source_path, sent.js_content),
        ("css", sent.css_source_path, sent.css_content),
    ):
        text = "export default function () {}" if kind == "js" else "p { color: red }"
        assert path == f"probe.{sha256(text.encode()).hexdigest()[:16]}.{kind}"
        assert not inline
    assert sent.component_name == "hpme.probe"
