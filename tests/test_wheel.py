"""The package as users get it: built, installed into a folder elsewhere, and used from there."""

import os
import socket
import subprocess
import sys
import tarfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from hpme import __version__
from tests.browser import conftest as browser
from tests.browser.tab import Tab

ROOT = Path(__file__).parents[1]
chromium = browser.chromium  # the fixture
EXPLAIN = """
from importlib.metadata import version
import hpme
data = hpme.load_dataset("benzene")
explainer = hpme.HPME.load("benzene")
out = explainer.explain(data.test[5])
print(hpme.__file__, version("hpme"), int(out.node_mask.sum()), hpme.show(data.test[5], out).svg[:4])
"""


def run(*command, **options):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=300, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from the source distribution, which is built from the clone; no network is needed."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    source = folder / archive.name.removesuffix(".tar.gz")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=source)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder that the wheel was installed into with ``pip install --target``."""
    folder = tmp_path_factory.mktemp("installed")
    options = ("--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check", "--target", folder)
    run(sys.executable, "-m", "pip", "install", *options, wheel)
    return folder


@pytest.fixture
def environment(installed):
    """The variables of a process that finds the installed package, and not the clone."""
    return os.environ | {"PYTHONPATH": str(installed)}


@contextmanager
def serving(installed, environment, folder):
    """The address of the explorer, opened as its users open it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, installed / "bin" / "hpme", "app", "--port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = environment | {"STREAMLIT_SERVER_HEADLESS": "true"}  # no browser of the user's
    process = subprocess.Popen(command, cwd=folder, env=environment, **quiet)
    try:
        browser.wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def files(folder):
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {
        path for path in found if not {"__pycache__", "bin"} & {*path.parts} and ".dist-info" not in str(path)
    }


def test_the_wheel_holds_the_library_its_data_and_the_explorer_and_nothing_else(installed):
    library = {Path("hpme") / path for path in files(ROOT / "hpme")}
    pages = {Path(name) / path for name in ("pages", "ui") for path in files(ROOT / name)}
    assets = {Path("assets") / path for path in files(ROOT / "assets") if path.suffix != ".png"}
    explorer = {
        Path("hpme/explorer") / path
        for path in {Path("app.py"), Path(".streamlit/config.toml"), *pages, *assets}
    }
    assert files(installed) == library | explorer
    assert Path("hpme/py.typed") in library


def test_the_wheel_says_what_it_is_and_needs(installed):
    (facts,) = installed.glob("hpme-*.dist-info")
    metadata = (facts / "METADATA").read_text(encoding="utf8")
    assert facts.name == f"hpme-{__version__}.dist-info"
    assert "Requires-Dist: streamlit<2,>=1.67; extra == 'app'" in metadata
    needed = [
        line for line in metadata.splitlines() if line.startswith("Requires-Dist") and "extra" not in line
    ]
    assert any(line.startswith("Requires-Dist: torch") for line in needed)
    assert not any("streamlit" in line or "plotly" in line or "pyvis" in line for line in needed)
    assert {path.name for path in (facts / "licenses").iterdir()} == {"LICENSE", "NOTICE"}


def test_a_molecule_is_explained_and_drawn_from_another_folder(installed, environment, tmp_path):
    out = run(sys.executable, "-c", EXPLAIN, cwd=tmp_path, env=environment)
    place, version, kept, start = out.split()
    assert Path(place).parent == installed / "hpme"
    assert version == __version__
    assert int(kept) > 0
    assert start == "<svg"


def test_the_shell_trains_into_the_folder_of_the_user_and_not_into_the_package(
    installed, environment, tmp_path
):
    before = files(installed)
    command = (sys.executable, installed / "bin" / "hpme", "train", "ba-2motifs", "--epochs", 1)
    run(*command, cwd=tmp_path, env=environment | {"HPME_HOME": str(tmp_path / "mine")})
    assert files(installed) == before
    assert files(tmp_path) == {Path("mine/classifiers/ba-2motifs-gin.safetensors")}


@pytest.mark.browser
def test_the_explorer_opens_from_there_with_its_panels(installed, environment, tmp_path, chromium):
    with serving(installed, environment, tmp_path) as address:
        context = chromium.new_context(viewport={"width": 1500, "height": 900})
        tab = Tab(context.new_page(), address)
        tab.open("?dataset=benzene")
        assert tab.trio("trio.views.length") == 3
        assert tab.page.get_by_role("heading", level=3).first.inner_text().startswith("Why ")
        context.close()
    assert tab.troubles == []
