"""What a visitor waits for in a real Chromium, on a fast line and a slow one, and the bytes that come."""

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import time
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

LINES: dict[str, dict[str, float]] = {
    "as it is": {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
    "1.6 Mbit/s": {"latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 96_000},
}  # as Chromium emulates them: milliseconds, bytes a second
PATIENCE = 300_000  # milliseconds
SHIFTS = """window.shifted = 0;
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""
ROOT = '[...document.querySelectorAll("*")].map(e => e.shadowRoot?.querySelector(".trio")).find(e => e)'
NEXT = """() => new Promise(done => {
    const root = ROOT;
    const { token } = root.dataset, start = performance.now();
    [...document.querySelectorAll("button")].find(button => button.innerText.trim() === "Next").click();
    const look = () => {
        if (root.isConnected && root.dataset.token === token) return requestAnimationFrame(look);
        const shown = new MessageChannel();  // its message comes once the frame is on the screen
        shown.port1.onmessage = () => done(performance.now() - start);
        requestAnimationFrame(() => shown.port2.postMessage(0));
    };
    look();
})""".replace("ROOT", ROOT)
NODE = """node => new Promise(done => {
    const root = ROOT;
    const start = performance.now(), before = document.querySelector(".stMain").innerText;
    root.trio.select(node, true);
    const look = () => {
        const words = document.querySelector(".stMain").innerText;
        if (words === before || !words.includes("Inspector: ")) return requestAnimationFrame(look);
        done(performance.now() - start);
    };
    look();
})""".replace("ROOT", ROOT)
REST = """() => document.querySelector(".stApp[data-test-script-state=notRunning]")
    && !document.querySelector("[data-testid=stSkeleton]")"""
SALT = "Cc1ccc(NC(=O)c2ccc(CN3CCN(C)CC3)cc2)cc1Nc1nccc(-c2cccnc2)n1.CS(=O)(=O)O"  # imatinib as it is sold


class Wire:
    """Counts the bytes that come to a page: files as they are sent, messages before any compression."""

    def __init__(self, line: CDPSession) -> None:
        self.count = 0
        line.on("Network.loadingFinished", lambda event: self._add(event["encodedDataLength"]))
        line.on("Network.webSocketFrameReceived", lambda event: self._hear(event["response"]))

    def _add(self, size: float) -> None:
        self.count += int(size)

    def _hear(self, frame: dict[str, Any]) -> None:
        size = len(frame["payloadData"])
        self._add(size * 3 // 4 if frame["opcode"] == 2 else size)  # binary ones come in base64

    def taken(self) -> int:
        """Kilobytes since the last time."""
        size, self.count = self.count, 0
        return round(size / 1000)


@contextmanager
def visitor(browser: Browser, line: str, script: str) -> Iterator[tuple[Page, Wire]]:
    """Yields the page of a new visitor with an empty cache on a line, and what counts its bytes."""
    page = browser.new_page(viewport={"width": 1500, "height": 1000})
    page.set_default_timeout(PATIENCE)
    page.add_init_script(SHIFTS + script)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {"offline": False, **LINES[line]})
    yield page, Wire(session)
    page.close()


def visit(browser: Browser, address: str, line: str, script: str, clicks: int) -> dict[str, Any]:
    """Measures a first visit, steps to the next graph and clicks on nodes.

    Args:
        browser: Chromium.
        address: Of the explorer, with a dataset that it has opened before.
        line: One of `LINES`.
        script: Sets ``painted_at`` once the panels are painted.
        clicks: How many clicks of each kind.
    """
    with visitor(browser, line, script) as (page, wire):
        start = time()
        page.goto(address)
        page.wait_for_function("() => window.painted_at")
        panels = page.evaluate("() => window.painted_at") / 1000 - start
        rest(page)
        row = {"line": line, "first visit, kB": wire.taken(), "to panels, s": panels}
        row["layout shift"] = page.evaluate("() => window.shifted")
        for name, act in (("next graph", NEXT), ("node", NODE)):
            times, sizes = [], []
            for turn in range(clicks):
                times.append(page.evaluate(act, turn))
                rest(page)
                sizes.append(wire.taken())
            row |= {f"{name}, ms": median(times), f"{name}, kB": median(sizes)}
    return row


def newcomer(page: Page, address: str) -> dict[str, float]:
    """Goes from the first screen to an edit that would change a model's mind about a pasted salt.

    Args:
        page: A fresh tab.
        address: Of the explorer.

    Returns:
        Seconds since the start, by what is seen: the box to paste into, the first model's answer, all
        answers, the nearest training molecules of all, and the smallest flip.
    """
    start, seen = time(), {}

    def note(what: str) -> None:
        seen[what] = round(time() - start, 1)

    page.goto(address)
    main = page.get_by_test_id("stMain")
    box = main.get_by_role("textbox", name="Ask about my molecule")
    box.wait_for()
    note("box")
    box.fill(SALT)
    main.get_by_role("button", name="Ask all models").click()
    opens = page.get_by_role("button", name="Open on Explain")
    opens.first.wait_for()
    note("first answer")
    opens.nth(4).wait_for()
    note("all answers")
    page.get_by_text("percentile").nth(4).wait_for()
    note("neighbours")
    page.locator(".st-key-mind-fluoride-carbonyl button").click()
    page.get_by_text("The smallest change:").wait_for()
    note("smallest flip")
    return seen


def rest(page: Page) -> None:
    """Waits until the script has ended and everything is drawn."""
    page.wait_for_timeout(500)  # a click needs a moment to reach the server
    page.wait_for_function(REST)
    page.wait_for_timeout(200)
