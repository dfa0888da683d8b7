"""Makes the README's screenshots: starts the explorer and looks at it with a real Chromium.

python -m benchmarks.screenshots
"""

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.app_latency import ROOT, answers, free_port, wait

SHOTS = {
    "screenshot": "?dataset=benzene",
    "screenshot_compare": "compare?dataset=ba-2motifs",
    "screenshot_atlas": "atlas?dataset=ba-2motifs",
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
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("Expected the command 'chromium' (got none); install it with your system's packages")
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait(lambda: answers(f"http://127.0.0.1:{port}/_stcore/health"))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            for name, query in SHOTS.items():
                shoot(browser, f"http://127.0.0.1:{port}/{query}", ROOT / "assets" / f"{name}.png")
            browser.close()
    finally:
        server.terminate()
        server.wait(timeout=10)


if __name__ == "__main__":
    main()
