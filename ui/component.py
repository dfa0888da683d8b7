"""Components whose script and style are files: a browser loads them once, and no click sends them again.

Streamlit takes files from the manifests of installed packages alone. Its modules that read these are no
public interface; `tests/ui/test_component.py` holds them to what is used of them here.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

PACKAGE = "hpme"  # what the components' addresses begin with


@cache
def _root() -> TemporaryDirectory[str]:
    """The folder of all components' files; it is there as long as the process."""
    return TemporaryDirectory(prefix=f"{PACKAGE}-components-")


def component(name: str, html: str, script: str, style: str = "") -> Callable[..., Any]:
    """Returns what shows a component, with the arguments of one of Streamlit's own.

    Args:
        name: Its name, also that of its files; they carry a hash of what is in them, too.
        html: What its script finds in its place.
        script: JavaScript module.
        style: Style sheet; none if empty.
    """
    folder = Path(_root().name, name)
    folder.mkdir(exist_ok=True)
    js, css = _written(folder, "js", script), _written(folder, "css", style) if style else None
    manifest = ComponentManifest(PACKAGE, "1", [ComponentConfig(name, name)])

    @cache
    def made() -> Callable[..., Any]:
        return st.components.v2.component(f"{PACKAGE}.{name}", html=html, css=css, js=js)

    def show(**options: Any) -> Any:
        manager = get_bidi_component_manager()
        if (
            manager.get_component_asset_root(f"{PACKAGE}.{name}") is None
        ):  # a server that has not shown it yet
            manager.register_from_manifest(manifest, folder.parent)
        return made()(**options)

    return show


def _written(folder: Path, kind: str, text: str) -> str:
    """The name of a new file with this text."""
    name = f"{folder.name}.{sha256(text.encode()).hexdigest()[:16]}.{kind}"
    (folder / name).write_text(text, encoding="utf8")
    return name
