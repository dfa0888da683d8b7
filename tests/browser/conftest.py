import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]

IN_STEP = """() => {
  const number = document.querySelector('.st-key-graph input')?.value;
  const roots = [...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.trio'));
  const root = roots.find(e => e);
  return number && root?.dataset.token?.startsWith(`${number}-`);
}"""  # the panels show the graph that the sidebar names


@pytest.fixture(scope="session")
def server():
    """Address of the explorer, started as a user starts it, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


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


@pytest.fixture(scope="session")
def chromium():
    """A real Chromium; a missing one fails the run."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Expected the command 'chromium' (got none); install it with 'apt-get install chromium'.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Tab:
    """A browser tab that keeps what went wrong in it, and the explorer's own names for what it shows."""

    def __init__(self, page, server):
        self.page, self.server, self.troubles = page, server, []
        page.on("pageerror", lambda error: self.troubles.append(f"page error: {error}"))
        page.on("console", self.hear)
        page.on("request", self.watch)
        page.set_default_timeout(30_000)

    def hear(self, message):
        if message.type == "error":
            self.troubles.append(f"console: {message.text}")

    def watch(self, request):
        inside = (self.server, self.server.replace("http", "ws"), "data:", "blob:")
        if not request.url.startswith(inside):
            self.troubles.append(f"outside request: {request.url}")

    def open(self, query=""):
        self.page.goto(f"{self.server}/{query}")
        self.settled()

    def settled(self):
        """Waits until no script runs and the panels show the graph that the sidebar names."""
        self.page.wait_for_timeout(300)  # a click needs a moment to reach the server
        self.page.locator(".stApp[data-test-script-state=notRunning]").wait_for(timeout=120_000)
        self.page.wait_for_function(IN_STEP)
        self.page.wait_for_timeout(200)

    def trio(self, expression):
        """Evaluates JavaScript in which ``trio`` is the linked views."""
        return self.page.locator(".trio").evaluate(
            f"root => {{ const trio = root.trio; return {expression}; }}"
        )

    def selected(self):
        return self.trio("trio.views.map(view => view.network.getSelectedNodes())")

    def positions(self):
        return self.trio("trio.views.map(view => view.network.getPositions())")

    def windows(self):
        return self.trio(
            "trio.views.map(v => ({scale: v.network.getScale(), ...v.network.getViewPosition()}))"
        )

    def click_node(self, node, panel=0):
        spot = self.trio(
            f"(() => {{ const view = trio.views[{panel}];"
            f" const at = view.network.canvasToDOM(view.network.getPosition({node}));"
            " const box = view.canvas.getBoundingClientRect();"
            " return {x: box.x + at.x, y: box.y + at.y}; })()"
        )
        self.page.mouse.click(spot["x"], spot["y"])
        self.settled()


@pytest.fixture
def tab(chromium, server):
    context = chromium.new_context(viewport={"width": 1500, "height": 900})
    opened = Tab(context.new_page(), server)
    yield opened
    context.close()
    assert opened.troubles == []
