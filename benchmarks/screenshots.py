"""Makes the screenshots of README and docs: starts the explorer and takes pictures in a real Chromium.

python -m benchmarks.screenshots
"""

from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.app_latency import ROOT, answers, chromium, serving, wait
from hpme import HPME, load_dataset, show

SHOTS = {
    "explain": ("?dataset=benzene", None),
    "ask": ("ask?smiles=imatinib", None),
    "changes": ("?dataset=benzene&tool=Change+its+mind", "Look closer"),
    "overall": ("overall?dataset=benzene", None),
    "compare": ("compare?dataset=benzene&with=saliency&with=gradcam&masks=as given (soft)", None),
    "atlas": ("atlas?dataset=benzene", None),
}  # address, and the words that the picture begins with
IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT, PATIENCE = 1500, 900, 300_000  # pixels, pixels, milliseconds
TALL = 4000  # pixels; all of a page
REST = """() => document.querySelector(".stApp[data-test-script-state=notRunning]")
    && !document.querySelector("[data-testid=stSkeleton]")"""


def shoot(browser: Browser, address: str, top: str | None, path: Path) -> None:
    """Saves a picture of an address, once the page has come to rest.

    Where `top` names words, it is of the page's main column from these on.
    """
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.locator("h3, canvas").first.wait_for()
    come_to_rest(page)
    if top:
        page.set_viewport_size({"width": WIDTH, "height": TALL})
        come_to_rest(page)
        box = page.get_by_text(top, exact=True).bounding_box()
        assert box, f"'{top}' is not on the page"
        left = box["x"] - 16
        page.screenshot(path=path, clip={"x": left, "y": box["y"], "width": WIDTH - left, "height": HEIGHT})
    else:
        page.screenshot(path=path)
    page.close()
    with Image.open(path) as picture:  # 256 colours take a third of the bytes
        small = picture.convert("RGB").quantize(dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def come_to_rest(page: Page) -> None:
    """Waits until the script has ended and everything is drawn."""
    for _ in range(2):  # the first may come before the script runs
        page.wait_for_timeout(2000)
        page.wait_for_function(REST)
    page.wait_for_timeout(1000)


def drawn() -> str:
    """The picture of `docs/python.md`, as its code draws it."""
    data, explainer = load_dataset("benzene"), HPME.load("benzene")
    graph, donor = data.test[5], data.test[11]
    mixed = explainer.mix(graph, donor=donor)
    return show(graph, explainer.explain(graph), donor, mixed, labels=data.spec.node_labels).svg


def main() -> None:
    """Writes every picture to `docs/images`."""
    (IMAGES / "show.svg").write_text(drawn(), encoding="utf-8")
    with serving() as address, chromium() as browser:
        wait(lambda: answers(f"{address}/_stcore/health"))
        for name, (query, top) in SHOTS.items():
            shoot(browser, f"{address}/{query}", top, IMAGES / f"{name}.png")


if __name__ == "__main__":
    main()
