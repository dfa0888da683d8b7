"""The app without a browser, opened at an address, and what its pages show."""

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[1] / "app.py"


def open_app(**query):
    """The app after its first run at an address."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = str(value)
    return healthy(app.run())


def healthy(app):
    assert not app.exception, app.exception[0].message
    return app


def title(app):
    return app.subheader[0].value


def sentence(app):
    return next(text.value for text in app.markdown if " keeps " in text.value)


def command(app):
    return next(text for text in copied(app) if "-m hpme" in text)


def copied(app):
    """The texts with a button that copies them."""
    parts = (part.proto for part in app.get("bidi_component"))
    return [json.loads(part.json)["text"] for part in parts if part.component_name == "hpme.copy"]


def component(app, name):
    """What a component of the explorer was last sent."""
    named = (part.proto for part in app.get("bidi_component"))
    return next(part for part in named if part.component_name == f"hpme.{name}")


def panels_shown(app):
    """How many rows of linked panels there are."""
    return sum(part.proto.component_name == "hpme.trio" for part in app.get("bidi_component"))


def widget(app, key):
    kinds = (
        app.selectbox,
        app.multiselect,
        app.number_input,
        app.toggle,
        app.slider,
        app.button_group,
    )
    return next(element for kind in kinds for element in kind if element.key == key)
