"""Linked views as one HTML file that works with no network: script, style and data are inside."""

import json
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import pyvis

from hpme.figures.payload import PLAIN, Look, trio_data
from hpme.figures.story import Story
from hpme.home import EXPLORER

ASSETS = EXPLORER / "assets"


@cache
def trio_script() -> str:
    """JavaScript module of the linked views: pyvis's bundled vis-network, then ours."""
    vis = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
    own = "".join(_part(name) for name in ("gestures.js", "marks.js", "picture.js", "trio.js"))
    return f"{vis.read_text(encoding='utf8')}\n;const vis = globalThis.vis;\n{own}"


def _part(name: str) -> str:
    """A module as a part of one script, in which the names of the others are known."""
    return re.sub(r"^import .*\n|^export (?!default)", "", asset(f"scripts/{name}"), flags=re.MULTILINE)


def asset(name: str) -> str:
    """The text of a file of the explorer, given by its name in the folder of scripts and styles."""
    return (ASSETS / name).read_text(encoding="utf8")


@cache
def style() -> str:
    """The style sheet of the linked views."""
    return asset("style.css")


def page_html(story: Story, title: str = "HPME explanation", look: Look = PLAIN) -> str:
    """One HTML file with the linked views of an explanation.

    Args:
        story: What to show.
        title: Heading of the page.
        look: How to draw them.

    Returns:
        The document; it loads nothing from elsewhere.
    """
    flags = "".join(f"<li><b>{escape(flag.title)}.</b> {escape(flag.words)}</li>" for flag in story.flags)
    head = f"<p>{escape(story.plain_sentence)}</p><ul>{flags}</ul>"
    return linked_html(trio_data(story, look=look), title, story.note, head)


def linked_html(data: dict[str, Any], title: str, note: str, head: str = "") -> str:
    """One HTML file with linked panels.

    Args:
        data: What the script draws: result of `trio_data`, `grid_data`, `soft_data` or `edit_data`.
        title: Heading of the page.
        note: What stands below the panels.
        head: What stands above them, as HTML.

    Returns:
        The document; it loads nothing from elsewhere.
    """
    plain = json.dumps(data).replace("<", "\\u003c")
    script = trio_script().replace("export default async function", "async function show")
    call = f"show({{data: {plain}, parentElement: document, setStateValue() {{}}}});"
    body = f"<h1>{escape(title)}</h1>{head}<div class='trio'></div><p class='note'>{escape(note)}</p>"
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(title)}</title>"
        f"<style>{style()}{_page_style(data)}</style></head><body>{body}"
        f"<script type='module'>{script}\n{call}</script></body></html>"
    )


def _page_style(data: dict[str, Any]) -> str:
    """The style around the panels: in the browser's theme, or in the one that they are drawn in."""
    if "light" not in data:
        return _DARK + _PAGE_STYLE
    return (
        f"@media (prefers-color-scheme: dark) {{ {_DARK} }} {_PAGE_STYLE}" if "dark" in data else _PAGE_STYLE
    )


_DARK = """
:root { color-scheme: dark; --st-background-color: #12171e; --st-text-color: #e6eaf0;
        --st-border-color: #303947; --st-primary-color: #56b4e9; --st-secondary-background-color: #1b222c; }
"""
_PAGE_STYLE = """
body { max-width: 1280px; margin: 28px auto; padding: 0 20px; font-family: system-ui, sans-serif;
       color: var(--st-text-color, #1b2430); background: var(--st-background-color, #fff); }
h1 { font-size: 22px; margin: 0 0 6px; } ul { padding-left: 18px; } .note { font-size: 13px; opacity: .7; }
"""
