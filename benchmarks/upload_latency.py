"""Measures the time from pasting a molecule to seeing its explanation.

python -m benchmarks.upload_latency [--repeats 10]

It uses a real Chromium and a warm server, on which the Upload page has been open before. "Add" is the time
from the click on "Add the text" until the prediction is shown, "explain" that from the click on "Explain"
until the three networks of the molecule are painted.
"""

import shutil
import subprocess
from statistics import median
from time import perf_counter

import typer
from playwright.sync_api import Page, sync_playwright

from benchmarks.app_latency import ROOT, answers, explorer, free_port, painted, wait
from hpme.shell.terminal import print_table

ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"
IDLE = ".stApp[data-test-script-state=notRunning]"


def paste(page: Page, name: str) -> tuple[float, float]:
    """Returns the seconds until pasted aspirin is predicted, and from then until it is explained."""
    page.get_by_role("link", name="Upload", exact=True).click()
    page.get_by_role("button", name="Add the text").wait_for()
    page.locator(IDLE).wait_for()
    page.get_by_label("Or paste text").fill(f"{ASPIRIN} {name}")
    start = perf_counter()
    page.get_by_role("button", name="Add the text").click()
    page.get_by_text(name, exact=True).wait_for()
    added = perf_counter()
    page.get_by_role("button", name="Explain", exact=True).first.click()
    page.get_by_role("heading", name=f"for {name}?").wait_for()
    wait(lambda: painted(page))
    return added - start, perf_counter() - added


def main(repeats: int = 10) -> None:
    """Prints the first time, and median and worst of the later ones."""
    port = free_port()
    server = subprocess.Popen(explorer(port), cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": 1500, "height": 1000})
            page.set_default_timeout(120_000)
            wait(lambda: answers(f"http://127.0.0.1:{port}"))
            page.goto(f"http://127.0.0.1:{port}")
            wait(lambda: painted(page))
            times = [paste(page, f"aspirin {number}") for number in range(repeats + 1)]
    finally:
        server.terminate()
        server.wait()
    first, *later = [added + explained for added, explained in times]
    row = {
        "first, s": first,
        "later, median s": median(later),
        "worst, s": max(later),
        "of that add, median s": median(added for added, _ in times[1:]),
        "target, s": 2,
    }
    print_table([row], as_json=False)


if __name__ == "__main__":
    typer.run(main)
