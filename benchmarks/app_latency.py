"""Measures how long the explorer lets its user wait.

python -m benchmarks.app_latency [--clicks 30]

Prints tables. Server time: to run a page again after an action (after a click on a node, the app runs only a
part of the page, so that figure is an upper bound), and to open a page for a new visitor. Datasets: to open
each in a warm process. First panels: from the start of the process until a real Chromium has painted all
three networks, by the clock of the page, and the CPU time of the server, which others on the machine change
less. Visits: what a visitor waits for in that Chromium, and the bytes that come, on the line as it is and on
one of 1.6 Mbit/s; ``--only visits`` prints that table alone. A newcomer: seconds from the first screen to the
answers about a pasted salt, and to an edit that would change one, on a server that has just started and on
a warm one; ``--only newcomer`` prints that table alone. Drawing: frames in that Chromium while a large graph
is dragged and zoomed in all three panels at once.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep, time
from typing import Any
from urllib.request import urlopen

import networkx as nx
import torch
import typer
from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.testing.v1 import AppTest
from torch_geometric.data import Data
from torch_geometric.utils import from_networkx

from benchmarks._in_browser import LINES, PATIENCE, newcomer, visit
from hpme import load_classifier
from hpme.analysis.story import Subject, build_story
from hpme.datasets import EMBEDDED, _built_in
from hpme.datasets.named import MOLECULES
from hpme.explainers import EXPLAINERS
from hpme.figures import page_html
from hpme.shell.terminal import print_table

ROOT = Path(__file__).resolve().parents[1]
ACTION, OPENING = 300, 1500  # milliseconds; targets of the median
DATASETS = ("ba-2motifs", "benzene")
PAGES = ("explain", "ask", "browse", "pieces", "compare", "atlas", "benchmark", "upload", "tour")
SIZES = ((1000, 3000), (5000, 15000))  # nodes and edges of the graphs that are drawn
PAINTED = """canvas => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return pixels.some((value, i) => i % 4 === 3 && value > 0);
}"""
RECORD = """() => {
    window.frames_seen = [];
    const note = time => { window.frames_seen.push(time); window.noting = requestAnimationFrame(note); };
    window.noting = requestAnimationFrame(note);
}"""
WATCH = """(() => {
    const look = () => {
        const roots = [...document.querySelectorAll("*")].map(element => element.shadowRoot);
        const canvases = roots.flatMap(root => root ? [...root.querySelectorAll(".trio canvas")] : []);
        if (canvases.length < 3 || !canvases.every(PAINTED)) return requestAnimationFrame(look);
        const shown = new MessageChannel();  // its message comes once the frame is on the screen
        shown.port1.onmessage = () => { window.painted_at = Date.now(); };
        shown.port2.postMessage(0);
    };
    requestAnimationFrame(look);
})()""".replace("PAINTED", PAINTED)
STOP = "() => { cancelAnimationFrame(window.noting); return window.frames_seen; }"
Act = Callable[[AppTest, int], None]


def visitor(dataset: str, page: str = "explain", **query: str) -> AppTest:
    """Returns the app of a new visitor who opened it and followed a link to a page that has not run yet."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
    asked = {"dataset": dataset, **query}
    app.query_params.update(asked)
    healthy(app.run())
    app.switch_page(f"pages/{page}.py")
    app.query_params.update(asked)
    return app


def healthy(app: AppTest) -> AppTest:
    """Returns the app, if it ran without an exception."""
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    return app


def next_graph(app: AppTest, _: int) -> None:
    """Clicks on "Next"."""
    app.button(key="step1").click().run()


def move_size(app: AppTest, turn: int) -> None:
    """Moves the slider of the size to a place where it has not been yet."""
    app.slider(key="step").set_value(turn % 25).run()


def pick_node(app: AppTest, turn: int) -> None:
    """Clicks on a node, as the component reports it."""
    app.query_params["node"] = str(turn % 8)
    app.run()


def edit(app: AppTest, turn: int) -> None:
    """Edits the graph: deletes another node, and takes that back on every second turn."""
    if turn % 2:
        next(button for button in app.button if button.label == "Undo").click().run()
        return
    app.selectbox(key="one").set_value(turn // 2 % 8).run()
    app.button(key="do-Delete node").click().run()


def ask(app: AppTest, turn: int) -> None:
    """Asks about a molecule that has not been asked about yet."""
    app.text_area(key="ask_text").set_value([*MOLECULES.values()][turn % len(MOLECULES)])
    next(button for button in app.button if button.label == "Ask all models").click().run()


def sort(app: AppTest, turn: int) -> None:
    """Sorts what is on the page in another way."""
    ways = app.selectbox(key="by")
    ways.set_value(ways.options[(turn + 1) % len(ways.options)]).run()


ACTIONS: tuple[tuple[str, str, dict[str, str], Act], ...] = (
    ("next graph, Explain", "explain", {}, next_graph),
    ("next graph, Compare", "compare", {}, next_graph),
    ("next graph, Atlas", "atlas", {}, next_graph),
    ("size slider", "explain", {}, move_size),
    ("click on a node", "explain", {}, pick_node),
    ("what-if edit", "explain", {"tool": "What if"}, edit),
    ("another molecule, Ask", "ask", {}, ask),
    ("another order, Overall", "pieces", {}, sort),
)


def timed(act: Callable[[], object]) -> float:
    """Returns the milliseconds that something takes."""
    start = perf_counter()
    act()
    return 1000 * (perf_counter() - start)


def row(what: str, times: list[float], target: int, dataset: str) -> dict[str, Any]:
    """Returns a line of the table."""
    return {
        "what": what,
        "dataset": dataset,
        "median ms": median(times),
        "90 % below, ms": quantiles(times, n=10)[-1],
        "times": len(times),
        "target, ms": target,
    }


def actions(dataset: str, clicks: int) -> Iterator[dict[str, Any]]:
    """Yields the server time of every action, without the first one, which fills caches."""
    for what, page, query, act in ACTIONS:
        app = healthy(visitor(dataset, page, **query).run())
        times = [timed(partial(act, app, turn)) for turn in range(clicks + 1)][1:]
        healthy(app)
        yield row(what, times, ACTION, dataset)


def openings(dataset: str, visits: int = 6) -> Iterator[dict[str, Any]]:
    """Yields the server time of every page for a new visitor, without the first, who waits for the models."""
    for page in PAGES:
        times = [timed(visitor(dataset, page).run) for _ in range(visits)][1:]
        yield row(f"open {page.capitalize()}", times, OPENING, dataset)


def wait(ready: Callable[[], bool], limit: float = 120) -> None:
    """Asks again and again until something is ready."""
    end = perf_counter() + limit
    while not ready():
        if perf_counter() > end:
            raise TimeoutError(f"Expected the explorer within {limit:.0f} s (got no answer); look at its log")
        sleep(0.02)


def answers(address: str) -> bool:
    """Returns whether a server answers."""
    try:
        with urlopen(address, timeout=1):
            return True
    except OSError:  # also a server that is too busy to answer
        return False


def painted(page: Page) -> bool:
    """Returns whether all three networks are drawn."""
    canvases = page.locator(".trio canvas").all()  # not those of tables
    return len(canvases) >= 3 and all(canvas.evaluate(PAINTED) for canvas in canvases)


def paint(page: Page, address: str) -> None:
    """Opens a page and waits for its networks."""
    page.goto(address)
    wait(lambda: painted(page))


def free_port() -> int:
    """Returns a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def explorer(port: int) -> list[str]:
    """Returns the command that starts the explorer."""
    return [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]


@contextmanager
def serving() -> Iterator[str]:
    """Yields the address of an explorer that is being started, and ends with the block."""
    port = free_port()
    server = subprocess.Popen(explorer(port), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=10)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yields a real Chromium."""
    path = shutil.which("chromium")
    if path is None:
        raise SystemExit("Expected the command 'chromium' (got none); install it with your system's packages")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def opening(name: str) -> dict[str, Any]:
    """Returns a line of the table of datasets."""
    times = [timed(partial(_built_in.__wrapped__, name)) for _ in range(6)][1:]  # without its memory
    return {"dataset": name, "opened in, ms": median(times)}


def first_panels(browser: Browser, dataset: str) -> dict[str, Any]:
    """Measures the time from the start of the process until the three networks are painted."""
    page = browser.new_page(viewport={"width": 1500, "height": 1000})
    page.add_init_script(WATCH)
    start, before = time(), os.times()
    with serving() as address:
        wait(lambda: answers(address))
        page.goto(f"{address}/?dataset={dataset}")
        wait(lambda: bool(page.evaluate("window.painted_at")))
        seconds = page.evaluate("window.painted_at") / 1000 - start
        page.close()
    after = os.times()  # of the children that have ended: the server is one
    cpu = sum(after[2:4]) - sum(before[2:4])
    return {"dataset": dataset, "process start to first panels, s": seconds, "server CPU, s": cpu}


def large_page(nodes: int, edges: int) -> str:
    """Returns the exported page of a random graph of that size, explained by its degrees."""
    network = nx.gnm_random_graph(nodes, edges, seed=0)
    graph = Data(torch.full((nodes, 10), 0.1), from_networkx(network).edge_index, graph_id=0)
    donor = Data(torch.full((20, 10), 0.1), from_networkx(nx.cycle_graph(20)).edge_index, graph_id=1)
    model = load_classifier("ba-2motifs", "gin")
    explain = EXPLAINERS["degree"].build(model, 0).explain_batch
    return page_html(build_story(Subject(model, graph, donor, [donor], ("cycle", "house")), explain))


def drawing(browser: Browser, nodes: int, edges: int) -> dict[str, Any]:
    """Measures how smoothly Chromium drags and zooms a graph in three linked panels."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.html"
        made = timed(lambda: file.write_text(large_page(nodes, edges), encoding="utf8"))
        page = browser.new_page(viewport={"width": 1500, "height": 900})
        shown = timed(partial(paint, page, file.as_uri()))
    gaps = drag_and_zoom(page)
    page.close()
    return {
        "nodes": nodes,
        "edges": edges,
        "made, s": made / 1000,
        "painted, s": shown / 1000,
        "frames a second": 1000 / median(gaps),
        "longest frame, ms": max(gaps),
    }


def drag_and_zoom(page: Page) -> list[float]:
    """Returns the milliseconds between frames while the first panel is dragged and zoomed."""
    box = page.locator(".canvas").first.bounding_box() or {"x": 0, "y": 0}
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.evaluate(RECORD)
    page.mouse.down()
    for step in range(20):
        page.mouse.move(box["x"] + 20 + 8 * step, box["y"] + 20 + 4 * step)
    page.mouse.up()
    page.keyboard.down("Control")
    for turn in (-120, 120) * 4:
        page.mouse.wheel(0, turn)
    page.keyboard.up("Control")
    times = page.evaluate(STOP)
    return [later - sooner for sooner, later in pairwise(times)]


def visits(browser: Browser, clicks: int) -> Iterator[dict[str, Any]]:
    """Yields a line of the table of visits for each dataset and line."""
    with serving() as address:
        wait(lambda: answers(address))
        for name in DATASETS:
            page = browser.new_page()  # the first one waits for the models
            paint(page, f"{address}/?dataset={name}")
            page.close()
            for line in LINES:
                yield {"dataset": name} | visit(browser, f"{address}/?dataset={name}", line, WATCH, clicks)


def newcomers(browser: Browser) -> Iterator[dict[str, Any]]:
    """Yields what a newcomer waits for on a server that has just started, and what the next one does."""
    with serving() as address:
        wait(lambda: answers(address))
        for server in ("just started", "warm"):
            page = browser.new_context(viewport={"width": 1500, "height": 1000}).new_page()
            page.set_default_timeout(PATIENCE)
            yield {"server": server} | newcomer(page, address)
            page.context.close()


def main(clicks: int = 30, only: str = "") -> None:
    """Prints the tables; with `only` = "visits" or "newcomer", that one alone."""
    if only:
        table = {"visits": lambda browser: visits(browser, clicks), "newcomer": newcomers}[only]
        with chromium() as browser:
            print_table([*table(browser)], as_json=False)
        return
    print_table([line for name in DATASETS for line in actions(name, clicks)], as_json=False)
    print_table([line for name in DATASETS for line in openings(name)], as_json=False)
    print_table([opening(name) for name in EMBEDDED], as_json=False)
    with chromium() as browser:
        print_table([first_panels(browser, name) for name in DATASETS], as_json=False)
        print_table([*visits(browser, clicks)], as_json=False)
        print_table([*newcomers(browser)], as_json=False)
        print_table([drawing(browser, *size) for size in SIZES], as_json=False)


if __name__ == "__main__":
    typer.run(main)
