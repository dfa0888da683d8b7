"""Every page by axe-core's rules of WCAG 2.2, A and AA, in both themes; nothing is left out."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.browser.tab import IDLE

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPEN = (
    "?dataset=benzene&tool=What if",
    "?tool=Size curve",
    "compare?below=Agreement&masks=as given (soft)",
    "ask?smiles=aspirin",
    "ask?smiles=aspirin%0ACCO",
    "upload?upload=A whole dataset",
    "upload?sample=aspirin.smi",
)
FOLDED = "[data-testid=stExpander] details:not([open]) > summary"


def axe():
    """The script of axe-core, as a package brings it: nothing is fetched."""
    found = find_spec("axe_playwright_python")
    if found is None:
        pytest.fail(
            "Expected the package axe-playwright-python (got none); run 'make test', which installs it."
        )
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf8")


def at_rest(page):
    """Waits until the page is whole: what its script prints last is there, and no place is kept for more."""
    page.wait_for_timeout(300)
    page.locator(IDLE).wait_for(timeout=120_000)
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")
    page.locator(IDLE).wait_for(timeout=120_000)


def violations(page, place="html"):
    """What axe finds in a place of the page, a line for each element."""
    found = page.evaluate(f"axe.run('{place}', {{runOnly: {RULES}, resultTypes: ['violations']}})")
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]]


def unfold(page):
    """Opens all that is folded."""
    while page.locator(FOLDED).count():
        page.locator(FOLDED).first.click()
    at_rest(page)


def on_request(page):
    """What axe finds in each popover, and in the list of keys."""
    found = []
    for popover in page.get_by_test_id("stPopoverButton").all():
        popover.click()
        page.get_by_test_id("stPopoverBody").wait_for()
        found += violations(page, "[data-testid=stPopoverBody]")
        page.keyboard.press("Escape")
        page.get_by_test_id("stPopoverBody").wait_for(state="detached")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    found += violations(page, "dialog")
    page.keyboard.press("Escape")
    return found


def test_no_page_breaks_a_rule_of_wcag_in_either_theme(tab):
    page, script, found = tab.page, axe(), {}
    tab.open()
    links = page.get_by_test_id("stSidebarNavLink")
    addresses = ["", *(link.get_attribute("href").rpartition("/")[2] for link in links.all()[1:]), *OPEN]
    assert len(addresses) >= 10
    for address in addresses:
        page.emulate_media(color_scheme="light")
        page.goto(f"{tab.server}/{address}")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            shown = "getComputedStyle(document.querySelector('.stApp')).colorScheme"
            page.wait_for_function(f"() => document.querySelector('.stApp') && {shown} === '{scheme}'")
            at_rest(page)
            unfold(page)
            page.evaluate(script)
            if broken := violations(page) + on_request(page):
                found[address, scheme] = broken
    tab.troubles = [
        trouble for trouble in tab.troubles if "(Not Found)" not in trouble
    ]  # of a sub-page's start
    assert found == {}


def test_text_of_twice_the_size_is_whole_and_nothing_moves_where_that_is_asked_for(tab):
    page = tab.page
    page.emulate_media(reduced_motion="reduce")
    tab.open("?dataset=benzene")
    bar = page.locator(".verdict .bar i").first
    assert bar.evaluate("bar => getComputedStyle(bar).transitionDuration") == "0s"
    heading = page.locator(".panel h3").first
    before = heading.evaluate("heading => parseFloat(getComputedStyle(heading).fontSize)")
    page.add_style_tag(content="html { font-size: 30px !important; }")  # Streamlit's own is 15
    after = heading.evaluate("heading => parseFloat(getComputedStyle(heading).fontSize)")
    assert after == pytest.approx(2 * before)
    labels = page.get_by_test_id("stCheckbox").locator("p")
    assert labels.count() >= 1
    assert labels.evaluate_all("all => all.every(label => label.scrollWidth <= label.clientWidth + 1)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
