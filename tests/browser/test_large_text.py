"""Text of twice the size: nothing is cut off, and no line is so narrow that each word takes one."""

import pytest

from tests.browser.test_accessibility import at_rest

pytestmark = pytest.mark.browser

PAGES = ("", "?dataset=benzene", "ask?smiles=aspirin", "compare?dataset=benzene", "browse", "atlas", "upload")
CUT = """() => {
  const skipped = "[data-testid=stIconMaterial], .spoken, a[href^='#'], svg *, textarea, .js-plotly-plot *";
  const found = [];
  const tell = (one, place) => found.push(`${one.textContent || one.value} in ${place.className}`);
  const look = (root) => root.querySelectorAll("*").forEach((element) => {
    if (element.shadowRoot) look(element.shadowRoot);
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) return;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return;
    if (element.matches(skipped)) return;
    const range = document.createRange();
    range.selectNodeContents(element);
    const { left, right } = range.getBoundingClientRect();
    for (let place = element; place; place = place.parentElement ?? place.getRootNode().host) {
      const style = getComputedStyle(place), box = place.getBoundingClientRect();
      const bounds = style.display !== "inline" && style.overflowX !== "visible";
      if (!bounds && !place.matches(".panel, button")) continue;
      if (right > box.right + 1.5 || left < box.left - 1.5) return tell(element, place);
    }
  });
  look(document);
  document.querySelectorAll("input").forEach((input) => {
    if (input.clientWidth > 20 && input.scrollWidth > input.clientWidth + 1) tell(input, input);
  });
  return found;
}"""
ROOM = """texts => texts.map((text) => text.clientWidth / parseFloat(getComputedStyle(text).fontSize))"""


def test_text_of_twice_the_size_is_nowhere_cut_off_and_has_room_for_some_words(tab):
    page, found = tab.page, {}
    for address in PAGES:
        page.goto(f"{tab.server}/{address}")
        at_rest(page)
        for size in (30, 32):  # Streamlit's own is 15
            page.add_style_tag(content=f"html {{ font-size: {size}px !important; }}")
            page.wait_for_timeout(800)  # the sidebar grows slowly
            if cut := page.evaluate(CUT):
                found[address, size] = cut
            assert all(room > 12 for room in page.locator(".panel .caption").evaluate_all(ROOM)), address
            assert all(room > 3 for room in page.locator(".verdict .bar").evaluate_all(ROOM)), address
    tab.troubles = [trouble for trouble in tab.troubles if "(Not Found)" not in trouble]  # of a page's start
    assert found == {}
