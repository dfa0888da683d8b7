import re

import pytest

from hpme.figures.palette import DARK, LIGHT
from tests.browser.tab import Tab

pytestmark = pytest.mark.browser
LONG = 60_000  # milliseconds, on a machine that may be busy
SCROLLED = "document.querySelector('.stMain').scrollTop"


def test_the_wheel_scrolls_the_page_and_zooms_with_ctrl_and_what_was_moved_can_be_fitted_again(tab):
    tab.open("?dataset=ba-2motifs")
    page, home = tab.page, tab.windows()
    panel = page.locator(".trio .canvas").first
    box = panel.bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.wheel(0, 200)
    page.get_by_text("Hold Ctrl to zoom with the wheel").wait_for()
    page.wait_for_function(f"() => {SCROLLED} > 0")
    assert tab.windows() == home
    page.mouse.wheel(0, -400)
    page.wait_for_function(f"() => {SCROLLED} === 0")

    def double_click():
        page.mouse.dblclick(box["x"] + 8, box["y"] + 8)

    fit = page.get_by_role("button", name="Show all of Mixed graph").click
    for act in (fit, double_click, lambda: page.keyboard.press("0")):
        page.mouse.move(box["x"] + 8, box["y"] + 8)
        tab.zoom(-200)
        act()
        tab.settled()
        assert [view["scale"] for view in tab.windows()] == pytest.approx([home[0]["scale"]] * 3)


def test_words_of_a_node_stand_beside_it_and_not_on_it(tab):
    tab.open("?dataset=ba-2motifs")
    for node in tab.trio("trio.views[0].nodes.getIds()")[:6]:
        x, y = tab.spot(node)
        tab.page.mouse.move(x, y)
        tip = tab.page.locator(".panel .tip").filter(has_text=re.compile(rf"^node {node}\b"))
        tip.wait_for()
        box = tip.bounding_box()
        assert x < box["x"] or x > box["x"] + box["width"]


def test_one_finger_scrolls_the_page_and_two_zoom_all_panels(chromium, server):
    context = chromium.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    tab = Tab(context.new_page(), server)
    tab.open("?dataset=ba-2motifs")
    fingers, panel = context.new_cdp_session(tab.page), tab.page.locator(".trio .canvas").first
    panel.scroll_into_view_if_needed()

    def touch(*places):
        """Fingers go down at the first places and then from place to place."""
        for i, points in enumerate(places):
            kind = "touchMove" if i else "touchStart"
            at = [{"x": box["x"] + x, "y": box["y"] + y} for x, y in points]
            fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    box, home, top = panel.bounding_box(), tab.windows(), tab.page.evaluate(SCROLLED)
    touch(*([(150, 200 - 10 * step)] for step in range(12)))
    tab.page.wait_for_function(f"() => {SCROLLED} > {top} + 40")
    assert tab.windows() == home
    box = panel.bounding_box()
    touch(*([(130 - 5 * step, 150), (170 + 5 * step, 150)] for step in range(10)))
    scales = [view["scale"] for view in tab.windows()]
    assert scales == pytest.approx([home[0]["scale"] * 130 / 40] * 3)
    assert tab.troubles == []
    context.close()


def test_a_small_molecule_fills_its_panels_beside_a_large_donor_and_all_move_alike(tab):
    tab.open("?dataset=benzene&graph=205")
    first, second, mixed = tab.windows()
    assert first == second
    assert first["scale"] > 1.5 * mixed["scale"]
    box = tab.page.locator(".trio .canvas").first.bounding_box()
    tab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.zoom(-300)
    factors = [
        now["scale"] / was["scale"] for now, was in zip(tab.windows(), (first, second, mixed), strict=True)
    ]
    assert factors == pytest.approx([factors[0]] * 3)


def test_a_change_of_theme_draws_the_panels_anew_where_they_were(tab):
    tab.open("?dataset=ba-2motifs")
    kept = "trio.views[1].nodes.get().map(node => node.color.background)"
    assert LIGHT.explanation in tab.trio(kept)
    window = tab.windows()
    tab.page.emulate_media(color_scheme="dark")
    trio = tab.page.locator(".trio").first.element_handle()
    tab.page.wait_for_function(
        f"root => {{ const {{ trio }} = root; return {kept}.includes('{DARK.explanation}'); }}", arg=trio
    )
    tab.settled()
    assert tab.windows() == window
    tab.page.emulate_media(color_scheme="light")


@pytest.mark.parametrize(
    ("page", "card"), [("Browse", "[class*=st-key-card-]"), ("Atlas", "[data-testid=stImage]")]
)
def test_a_change_of_theme_draws_pictures_anew_on_a_page_without_panels(tab, page, card):
    tab.open("?dataset=ba-2motifs")
    tab.page.get_by_role("link", name=page, exact=True).click()
    tab.page.locator(f"{card} img").first.wait_for()
    drawn = f"""colour => {{
        const pictures = [...document.querySelectorAll("{card} img")];
        const shows = picture => atob(picture.src.split(",")[1]).includes(colour);
        return pictures.length > 0 && pictures.every(shows);
    }}"""
    for scheme, palette in (("dark", DARK), ("light", LIGHT)):
        tab.page.emulate_media(color_scheme=scheme)
        tab.page.wait_for_function(drawn, arg=palette.line, timeout=LONG)


@pytest.mark.parametrize(("dataset", "most"), [("ba-2motifs", 70_000), ("benzene", 100_000)])
def test_a_click_sends_the_panels_alone_and_not_their_script(tab, dataset, most):
    frames = []
    tab.page.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(len(data))))
    tab.open(f"?dataset={dataset}")
    for act in (lambda node: tab.page.get_by_role("button", name="Next").click(), tab.click_node):
        sums = []
        for node in (2, 3, 4):
            frames.clear()
            act(node)
            tab.settled()
            assert 0 < max(frames) < most  # never the script
            sums.append(sum(frames))
        assert min(sums) < most  # a busy machine may draw the panels of one click twice
