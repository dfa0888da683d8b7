"""Makes the README's screenshots: starts the explorer and looks at it with a real Chromium.

python -m benchmarks.screenshots
"""

from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.app_latency import ROOT, answers, chromium, serving, wait

SHOTS = {
    "screenshot": "?dataset=benzene&structure=true",
    "screenshot_compare": "compare?dataset=benzene&with=saliency&with=gradcam",
    "screenshot_atlas": "atlas?dataset=benzene",
}
WIDTH, HEIGHT, PATIENCE = 1500, 900, 300_000  # pixels, pixels, milliseconds
IDLE = ".stApp[data-test-script-state=notRunning]"


def shoot(browser: Browser, address: str, path: Path) -> None:
    """Saves what stands at an address once it has come to rest."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.locator("h3, canvas").first.wait_for()
    page.wait_for_timeout(2000)  # panels are drawn after the script has ended
    page.locator(IDLE).wait_for()
    page.wait_for_timeout(2000)
    page.screenshot(path=path)
    page.close()


def main() -> None:
    """Writes every screenshot to `assets`."""
    with serving() as address, chromium() as browser:
        wait(lambda: answers(f"{address}/_stcore/health"))
        for name, query in SHOTS.items():
            shoot(browser, f"{address}/{query}", ROOT / "assets" / f"{name}.png")


if __name__ == "__main__":
    main()
