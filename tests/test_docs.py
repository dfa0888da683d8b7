"""The front page and the docs: their links lead somewhere, and their Python runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

import hpme
from hpme.datasets import DATASETS, EMBEDDED
from hpme.shell.cli import app

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").glob("*.md"))
FRONT = [ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY", "CHANGELOG")]
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")
NAMED = re.compile(r"`((?:assets|benchmarks|docs|examples|hpme|pages|tests|ui)/[\w/.-]+)`")  # of files
COMMAND = re.compile(r"^    (?:hpme|python -m hpme) +(.*?)(?: #.*)?$|`hpme ([^`]*)`", re.MULTILINE)
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def anchors(path: Path) -> set[str]:
    """What a page's headings can be linked by."""
    heads = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", FRONT, ids=lambda path: path.name)
def test_every_link_of_a_front_page_leads_to_a_file_and_a_heading(path):
    links = LINK.findall(path.read_text(encoding="utf-8"))
    for target, anchor in links:
        if not target.startswith("http"):
            file = path.parent / target if target else path
            assert file.exists(), target
            assert not anchor or anchor in anchors(file), f"{target}#{anchor}"


@pytest.mark.parametrize("path", [*FRONT[:3], *PAGES], ids=lambda path: path.name)
def test_every_file_that_a_page_names_is_there(path):
    page = path.read_text(encoding="utf-8")
    names = NAMED.findall(page)
    names += [f"benchmarks/{name}.py" for name in re.findall(r"python -m benchmarks\.(\w+)", page)]
    assert not [name for name in names if not (ROOT / name).exists()]


def test_every_promise_about_security_names_a_test():
    _, _, promises = (ROOT / "SECURITY.md").read_text(encoding="utf-8").partition("\n## Promised\n")
    rows = [line for line in promises.splitlines() if line.startswith("| ") and "---" not in line]
    rows = [row for row in rows if not row.endswith("| test |")]
    assert len(rows) > 30
    assert not [row for row in rows if not re.search(r"\| (`tests/[\w/]+\.py`(, )?)+ \|$", row)]


def test_the_notice_names_every_list_packed_set_and_sample_of_molecules():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    lists = [path.name for path in (ROOT / "hpme" / "datasets" / "smiles").iterdir()]
    molecules = [name for name, spec in DATASETS.items() if spec.molecular and name in EMBEDDED]
    assert len(lists) > 5
    assert not [name for name in [*lists, *molecules, "carbonyl.csv", "nitro.npz"] if name not in notice]


@pytest.mark.parametrize("path", [*FRONT[:3], *PAGES], ids=lambda path: path.name)
def test_every_shell_command_on_a_page_is_one_with_these_options(path):
    known = get_command(app).commands
    for command in COMMAND.findall(path.read_text(encoding="utf-8")):
        name, *words = "".join(command).split()
        options = {option for param in known[name].params for option in param.opts} | {"--help"}
        assert {word for word in words if word.startswith("-")} <= options, command


def test_the_version_to_cite_is_that_of_the_library():
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {hpme.__version__}\n" in cited


def test_the_readme_is_a_front_page():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 130


def test_the_docs_build_without_a_warning_and_ask_nobody_else(tmp_path):
    build = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (build.returncode, build.stdout, build.stderr) == (0, "", "")
    for path in PAGES:
        html = (tmp_path / path.with_suffix(".html").name).read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:script|img|iframe)[^>]* src=[\"']?([^\"' >]+)", html)
        loaded += re.findall(r"<link[^>]* href=[\"']?([^\"' >]+)", html)
        assert loaded
        assert not [address for address in loaded if re.match(r"(https?:)?//", address)]


@pytest.mark.parametrize("path", [ROOT / "README.md", *PAGES], ids=lambda path: path.name)
def test_the_python_on_a_page_runs(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = path.read_text(encoding="utf-8")
    if path.name == "README.md":  # what takes long, and what is the reader's own
        page = page.replace("HPME(model).fit(data.train)", 'HPME.load("benzene")')
        page = page.replace("from mymodels import gat", "gat, graphs = model, data.train[:4]")
        page = page.replace("HPME(gat).fit(graphs)", 'HPME.load("benzene")')
    names: dict[str, object] = {}
    for block in BLOCK.findall(page):
        exec(compile(block, str(path), "exec"), names)


def test_each_feature_names_tests_that_are_there():
    page = (ROOT / "docs" / "features.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:\w+/)?test_\w+\.py)(?:::(test_\w+))?`", page)
    assert len(named) > 40
    for path, test in named:
        assert not test or f"def {test}(" in (ROOT / "tests" / path).read_text(encoding="utf-8")
        assert (ROOT / "tests" / path).exists()
