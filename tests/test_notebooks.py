"""The notebooks in `examples` run from top to bottom, and are stored without what they print."""

import ast
import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "examples").glob("*.ipynb"))


def cells(path: Path) -> list[dict]:
    return [
        cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"
    ]


def run(source: str, names: dict[str, object]) -> object:
    """Runs a cell as Jupyter does: the value of its last line, if that has one, is what it shows."""
    lines = ast.parse(source).body
    last = ast.Expression(lines.pop().value) if isinstance(lines[-1], ast.Expr) else None
    exec(compile(ast.Module(lines, []), "cell", "exec"), names)
    return eval(compile(last, "cell", "eval"), names) if last else None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_its_pictures(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    shown = [run("".join(cell["source"]), names) for cell in cells(path)]
    assert any("<svg" in value._repr_html_() for value in shown if hasattr(value, "_repr_html_"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_what_it_prints(path):
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells(path))
