"""The library and the shell without what the extra 'app' brings."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WITHOUT_APP = """
import sys
from importlib.machinery import PathFinder

class WithoutApp(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        missing = name.partition(".")[0] in ("streamlit", "starlette", "plotly", "pyarrow", "pyvis")
        return None if missing else PathFinder.find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = WithoutApp
"""


def run_without_app(code, *arguments):
    command = [sys.executable, "-c", WITHOUT_APP + code, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


def shell(*arguments):
    return run_without_app("from hpme.shell.cli import app\napp()", *arguments)


def test_the_library_explains_and_mixes():
    done = run_without_app("""
from hpme import HPME, load_dataset
graphs = load_dataset("ba-2motifs").test[:2]
explainer = HPME.load("ba-2motifs")
print(int(explainer.explain(graphs[0]).node_mask.sum()), explainer.mix(*graphs).num_nodes > 0)
""")
    assert done.returncode == 0, done.stderr
    kept, mixed = done.stdout.split()
    assert 0 < int(kept) < 25
    assert mixed == "True"


def test_the_shell_lists_and_explains():
    assert "ba-2motifs" in shell("datasets").stdout
    done = shell("explain", "ba-2motifs", "--graph", 3)
    assert done.returncode == 0, done.stderr
    assert '"node_mask"' in done.stdout


def test_the_shell_compares(tmp_path):
    done = shell("bench", "--dataset", "ba-2motifs", "--explainer", "degree", "--graphs", 5, "--jobs", 1)
    assert done.returncode == 0, done.stderr
    assert "degree" in done.stdout


@pytest.mark.parametrize(
    "arguments", [("app",), ("explain", "ba-2motifs", "--graph", 3, "--format", "svg")], ids=["app", "svg"]
)
def test_what_needs_the_extra_says_in_a_sentence_what_to_install(arguments):
    done = shell(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: Expected the packages that ")
    assert done.stderr.endswith("pip install '.[app]' in the project's folder\n")
    assert len(done.stderr.splitlines()) == 1


def test_batch_jobs_say_which_extra_brings_what_they_need(tmp_path):
    done = shell("batch", tmp_path, "--dataset", "benzene", "--output", tmp_path / "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert "batch jobs need: pyarrow (got no pyarrow); install hpme with its extra 'batch'" in done.stderr
    extras = PROJECT["optional-dependencies"]
    assert {*extras["batch"]} <= {*extras["app"]}


def test_figures_say_so_in_python_too():
    done = run_without_app("import hpme.figures")
    words = "Expected the packages that figures need: plotly, pyvis (got no plotly, pyvis); install hpme with"
    assert f"ModuleNotFoundError: {words}" in done.stderr


def test_the_pinned_versions_are_those_of_library_and_app_and_within_their_bounds():
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line[:1] != "#"]
    pins = dict(line.split("==") for line in lines)
    bounds = {
        wanted.name: wanted.specifier
        for wanted in map(Requirement, [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["app"]])
    }
    assert pins.keys() == bounds.keys()
    assert [name for name, pin in pins.items() if pin not in bounds[name]] == []
    assert all("==" not in str(bound) and ">=" in str(bound) for bound in bounds.values())
