import re
import tomllib
from pathlib import Path

import pytest

from hpme.own_data.labels import one_line
from tests.opened import open_app
from ui.plain import plain

EVIL = "\n\n[Sign in again](//evil.example/)\n\n# Hi"


def rendered(app) -> str:
    kinds = (app.markdown, app.caption, app.warning, app.error, app.subheader)
    return "\n".join(element.value for kind in kinds for element in kind)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (EVIL, "\\[Sign in again\\](//evil.example/) # Hi"),
        ("www.evil.example", "www\u2060.evil.example"),
        ("pay@evil.example", "pay@\u2060evil.example"),
        ("https://evil.example", "https:\u2060//evil.example"),
        (":red[x] :smile: `x` $x$", ":\u2060red\\[x\\] :\u2060smile: \\`x\\` \\$x\\$"),
        ("# x", "\\# x"),
        ("1. x", "1\\. x"),
        ("a\u202eb\u3164", "a\ufffdb\ufffd"),
    ],
)
def test_text_is_shown_as_it_is(text, shown):
    assert plain(text) == shown


@pytest.mark.parametrize("name", ["www.evil.example", "WWW.evil.example", "pay@evil.example"])
def test_names_from_files_are_no_addresses(name):
    line = one_line(name)
    assert "@" not in line
    assert "www." not in line.lower()
    assert len(line) == len(name)


@pytest.mark.parametrize("name", ["\u3164" * 50, "a" + "\u0301" * 900, "a\u202eb"])
def test_names_from_files_are_seen(name):
    assert len(one_line(name)) <= 5
    assert "\u202e" not in one_line(name)


@pytest.mark.parametrize(
    "query",
    [
        {"model": f"x{EVIL}"},
        {"tool": "What if", "edits": "[x](//2130706433/)"},
        {"graph": "9" * 5000, "node": "9" * 5000},
        {"donor": "1e999", "k": "nan"},
    ],
)
def test_what_stands_in_an_address_is_text(query):
    app = open_app(**query)
    shown = re.sub("`[^`\n]*`", "", rendered(app)).replace("\\](//", "")
    assert "](//" not in shown
    assert "\n# Hi" not in shown


def test_a_page_shows_no_code_and_no_path_of_the_server():
    config = tomllib.loads((Path(__file__).parents[2] / ".streamlit/config.toml").read_text())
    assert config["client"]["showErrorDetails"] == "none"
