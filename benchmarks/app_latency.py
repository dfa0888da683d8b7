"""How long does the explorer let its user wait: for the first panels, and for the next graph?

python -m benchmarks.app_latency [--clicks 30]

"Next graph" is the time that the server needs to run the page again after a click; "what-if edit" the same
after an edit, with the whole page, of which a browser asks for the tool's part only. "First panels" is the
time from the start of the process until a real Chromium has painted all three networks.
"""

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.request import urlopen

import typer
from playwright.sync_api import Page, sync_playwright
from streamlit.testing.v1 import AppTest

from hpme.datasets import EMBEDDED
from hpme.terminal import show

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "pages" / "explain.py"
PAINTED = """canvas => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return pixels.some((value, i) => i % 4 === 3 && value > 0);
}"""


def next_graph(dataset: str, clicks: int) -> list[float]:
    """Seconds that the server takes for each click on "Next", after the first page is there."""
    app = AppTest.from_file(str(PAGE), default_timeout=120)
    app.query_params["dataset"] = dataset
    app.run()
    times = []
    for _ in range(clicks):
        start = perf_counter()
        app.button(key="step1").click().run()
        times.append(perf_counter() - start)
        if app.exception:
            raise RuntimeError(app.exception[0].message)
    return times


def edits(dataset: str, clicks: int) -> list[float]:
    """Seconds that the server takes for each edit in "What if": a node is added, then taken back."""
    app = AppTest.from_file(str(PAGE), default_timeout=120)
    app.query_params["dataset"], app.query_params["tool"] = dataset, "What if"
    app.run()
    app.selectbox(key="one").select(0).run()
    times = []
    for click in range(clicks):
        label = "Undo" if click % 2 else "Add node here"
        button = next(found for found in app.button if found.label == label)
        start = perf_counter()
        button.click().run()
        times.append(perf_counter() - start)
        if app.exception:
            raise RuntimeError(app.exception[0].message)
    return times


def wait(ready: Callable[[], bool], limit: float = 120) -> None:
    """Asks again and again until something is ready."""
    end = perf_counter() + limit
    while not ready():
        if perf_counter() > end:
            raise TimeoutError(f"Expected the explorer within {limit:.0f} s (got none); look at its log")
        sleep(0.02)


def answers(address: str) -> bool:
    """Whether a server is there."""
    try:
        with urlopen(address, timeout=1):
            return True
    except URLError:
        return False


def painted(page: Page) -> bool:
    """Whether all three networks have something drawn on them."""
    canvases = page.locator("canvas").all()
    return len(canvases) >= 3 and all(canvas.evaluate(PAINTED) for canvas in canvases)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def first_panels(dataset: str) -> float:
    """Seconds from the start of the process until the three networks are painted."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, *("-m", "streamlit", "run", "app.py", "--server.port", str(port))]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1500, "height": 1000})
        start = perf_counter()
        server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            wait(lambda: answers(address))
            page.goto(f"{address}/?dataset={dataset}")
            wait(lambda: painted(page))
            return perf_counter() - start
        finally:
            server.terminate()
            server.wait()


def main(clicks: int = 30) -> None:
    """Prints one row a dataset."""
    rows = []
    for dataset in EMBEDDED:
        times = [1000 * time for time in next_graph(dataset, clicks)]
        rows.append(
            {
                "dataset": dataset,
                "next graph, median ms": median(times),
                "90 % below, ms": quantiles(times, n=10)[-1],
                "what-if edit, median ms": 1000 * median(edits(dataset, clicks)),
                "clicks": clicks,
                "target, ms": 300,
                "process start to first panels, s": first_panels(dataset),
            }
        )
    show(rows, as_json=False)


if __name__ == "__main__":
    typer.run(main)
