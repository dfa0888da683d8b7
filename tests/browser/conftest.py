import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.tab import IDLE, Tab

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--force-prefers-reduced-motion",  # what moves while a page loads is much work without a GPU
]


@contextmanager
def serving():
    """Address of the explorer, started as a user starts it, on a free port."""
    with launched() as (address, _):
        yield address


@contextmanager
def launched(script="app.py", log=os.devnull, **environment):
    """The same, and its process, with variables of the environment changed, or another script, or a log."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with Path(log).open("w") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=said, stderr=subprocess.STDOUT
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="session")
def server():
    """The one server that most tests share."""
    with serving() as address:
        yield address


def wait_for(address, process, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the server stopped at once; run 'make run' to see why"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not answer within {seconds} s")


@pytest.fixture(scope="module")  # only one Playwright can run at a time, and other folders start theirs
def chromium():
    """A real Chromium; a missing one fails the run."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Expected the command 'chromium' (got none); install it with 'apt-get install chromium'.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def context(chromium):
    """A browser that has the explorer's scripts in its cache once it has opened a page."""
    opened = chromium.new_context(viewport={"width": 1500, "height": 900})
    yield opened
    opened.close()


@pytest.fixture
def tab(context, server):
    """A tab and a session of its own for each test: by its cookie a browser would find the work of before."""
    context.clear_cookies()
    opened = Tab(context.new_page(), server)
    yield opened
    opened.page.close()
    assert opened.troubles == []


@pytest.fixture
def upload_tab(tab):
    """The same, on the Upload page."""
    tab.page.on("dialog", lambda dialog: tab.troubles.append(f"dialog: {dialog.message}"))
    tab.open()
    tab.page.wait_for_function("[...document.images].every(image => image.complete)")  # else they are missed
    tab.page.get_by_role("link", name="Upload", exact=True).click()
    tab.page.get_by_role("heading", name="Explain graphs of your own").wait_for()
    tab.page.locator(IDLE).wait_for()
    return tab
