import re

import pytest
from batch_folder import write_folder

from hpme.batch.output import VARIABLE
from hpme.datasets.molecules import bundled_smiles
from tests.browser.conftest import launched
from tests.browser.tab import IDLE, Tab
from tests.browser.test_accessibility import at_rest, axe, violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def batch_server(tmp_path_factory):
    """The explorer, started with forty molecules, of which two are bad."""
    folder = tmp_path_factory.mktemp("batch") / "library"
    texts = ["bad" if i % 20 == 9 else smiles for i, smiles in enumerate(bundled_smiles()[:40])]
    write_folder(folder, texts)
    with launched(**{VARIABLE: str(folder)}) as (address, _):
        yield address


@pytest.fixture
def batch_tab(context, batch_server):
    context.clear_cookies()
    opened = Tab(context.new_page(), batch_server)
    yield opened
    opened.page.close()
    assert opened.troubles == []


def test_a_batch_is_filtered_counted_mapped_and_a_row_opens_in_explain(batch_tab):
    page = batch_tab.page
    batch_tab.open()
    assert page.get_by_test_id("stSidebarNavLink").first.inner_text().strip() == "Batch"
    page.get_by_role("link", name="Batch", exact=True).click()
    page.get_by_text("40 of 40 rows match.").wait_for(timeout=120_000)
    page.get_by_role("combobox", name="Prediction").click()
    page.get_by_role("option", name="benzene ring", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_text(re.compile(r"^\d+ of 40 rows match\.$")).wait_for()
    page.get_by_text("40 of 40 rows match.").wait_for(state="detached")
    page.get_by_test_id("stButtonGroup").get_by_text("Map", exact=True).click()
    page.get_by_text("drawn at random from the").wait_for()
    page.locator(IDLE).wait_for(timeout=120_000)
    page.locator(".scatterlayer .points path").first.wait_for()
    page.get_by_test_id("stButtonGroup").get_by_text("Pieces", exact=True).click()
    page.get_by_text(re.compile("different parts are kept of")).wait_for()
    page.locator(IDLE).wait_for(timeout=120_000)
    card = page.locator('.st-key-cards [data-testid="stImage"]').first.bounding_box()
    page.mouse.click(card["x"] + card["width"] / 2, card["y"] + card["height"] / 2)
    page.wait_for_url("**kept=**")
    page.get_by_text(re.compile(r"^\d+ of 40 rows match\.$")).wait_for()
    page.locator(IDLE).wait_for(timeout=120_000)
    link = page.locator(".st-key-cards").get_by_role("link").first
    name = link.inner_text().strip()
    card = page.locator('.st-key-cards [data-testid="stImage"]').first.bounding_box()
    page.mouse.click(card["x"] + card["width"] / 2, card["y"] + card["height"] / 2)
    page.get_by_text(re.compile(rf"for {name}\?")).wait_for(timeout=60_000)
    assert "smiles=" in page.url
    assert len(page.context.pages) == 1


def test_the_page_of_a_batch_breaks_no_rule_of_wcag_in_either_theme(batch_tab):
    page, script, found = batch_tab.page, axe(), {}
    for address in ("batch", "batch?view=Map", "batch?view=Pieces"):
        page.emulate_media(color_scheme="light")
        page.goto(f"{batch_tab.server}/{address}")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            shown = "getComputedStyle(document.querySelector('.stApp')).colorScheme"
            page.wait_for_function(f"() => document.querySelector('.stApp') && {shown} === '{scheme}'")
            at_rest(page)
            page.evaluate(script)
            if broken := violations(page):
                found[address, scheme] = broken
    batch_tab.troubles = [trouble for trouble in batch_tab.troubles if "(Not Found)" not in trouble]
    assert found == {}
