import pytest

from hpme.figures.palette import DARK
from tests.browser.tab import Tab

pytestmark = pytest.mark.browser


def graph_number(tab):
    return int(tab.page.get_by_label("Graph, 0 to").input_value())


def test_the_whole_job_works_in_a_real_browser(tab):
    tab.open()
    page = tab.page

    page.get_by_role("combobox", name="Dataset").click()
    page.get_by_role("option", name="Benzene").click()
    page.get_by_text("Real molecules").wait_for()
    tab.settled()
    first = graph_number(tab)

    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**graph=**")
    tab.settled()
    assert graph_number(tab) > first

    kept = tab.trio("trio.views[2].nodes.getIds().find(id => trio.views[0].nodes.get(id))")
    tab.click_node(kept)
    assert tab.selected() == [[kept]] * 3
    page.get_by_text("Inspector: ").wait_for()
    page.locator("p:visible", has_text="Ground truth: ").wait_for()

    before = tab.positions()
    page.get_by_role("slider", name="Size: whole graph").press("ArrowRight")
    page.wait_for_url("**size=**")
    tab.settled()
    assert tab.positions()[0] == before[0]

    page.get_by_role("button", name="Resample").click()
    page.wait_for_url("**draw=1**")
    tab.settled()
    assert tab.positions()[0] == before[0]

    address, heading = page.url, page.get_by_role("heading", level=3).first.inner_text()
    positions, selected = tab.positions(), tab.selected()
    page.reload()
    tab.settled()
    assert page.url == address
    assert page.get_by_role("heading", level=3).first.inner_text() == heading
    assert tab.positions() == positions
    assert tab.selected() == selected


def test_zoom_and_pan_in_one_panel_are_mirrored_in_the_others(tab):
    tab.open("?dataset=ba-2motifs")
    start = tab.windows()
    assert start[0] == start[1] == start[2]
    box = tab.page.locator(".trio .canvas").nth(1).bounding_box()
    tab.page.mouse.move(box["x"] + 60, box["y"] + 60)
    tab.zoom(-300)
    zoomed = tab.windows()
    assert zoomed[0]["scale"] > start[0]["scale"]
    assert zoomed[0] == zoomed[1] == zoomed[2]
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + 130, box["y"] + 100, steps=5)
    tab.page.mouse.up()
    tab.page.wait_for_timeout(300)
    moved = tab.windows()
    assert moved[0]["x"] != zoomed[0]["x"]
    assert moved[0] == moved[1] == moved[2]


def test_a_click_and_a_switch_leave_zoom_and_positions_alone(tab):
    tab.open("?dataset=ba-2motifs")
    box = tab.page.locator(".trio .canvas").first.bounding_box()
    tab.page.mouse.move(box["x"] + 100, box["y"] + 100)
    tab.zoom(-200)
    window, positions = tab.windows(), tab.positions()
    tab.page.mouse.click(box["x"] + 5, box["y"] + 5)
    tab.page.get_by_text("Hide dropped nodes").click()
    tab.page.wait_for_url("**hide=true**")
    tab.settled()
    assert tab.windows() == window
    assert tab.positions()[0] == positions[0]
    assert len(tab.positions()[1]) < len(positions[1])


def test_selection_follows_the_clicks_and_ends_with_the_graph(tab):
    tab.open("?dataset=ba-2motifs&node=3")
    assert tab.selected()[0] == [3]
    for node in (7, 20):
        tab.click_node(node)
        assert tab.selected()[0] == [node]
        tab.page.get_by_text(f"Inspector: node {node}").wait_for()
        tab.page.wait_for_url(f"**node={node}**")
    box = tab.page.locator(".trio .canvas").first.bounding_box()
    tab.page.mouse.click(box["x"] + 4, box["y"] + 4)
    tab.page.get_by_text("Click a node").wait_for()
    tab.click_node(7)
    tab.page.get_by_role("button", name="Next").click()
    tab.page.get_by_text("Click a node").wait_for()
    assert tab.selected() == [[], [], []]
    tab.page.wait_for_url(lambda url: "node=" not in url)


def test_a_click_on_the_capacity_path_shows_that_size(tab):
    tab.open("?dataset=ba-2motifs")
    before = tab.trio("trio.views[2].nodes.getIds()")
    tab.page.locator(".path .step").first.click(force=True)  # what catches the click is the chart
    tab.page.wait_for_url("**size=0**")
    tab.settled()
    assert tab.trio("trio.views[2].nodes.getIds()") != before
    path = tab.page.get_by_role("slider", name="Capacity path")
    path.press("ArrowLeft")  # towards fewer bits
    assert path.get_attribute("aria-valuetext").startswith("step 1: ")
    path.press("Enter")
    tab.page.wait_for_url("**size=1**")
    tab.settled()


def test_molecules_drawn_as_structures_can_still_be_clicked(tab):
    tab.open("?dataset=benzene")
    assert all(tab.trio("trio.views.map(view => view.marks.length)"))
    tab.click_node(2)
    assert tab.selected()[0] == [2]
    kept = tab.page.locator(".listed span").first
    kept.hover()
    assert kept.inner_text().endswith(str(tab.trio("trio.pointed")))
    tab.page.mouse.move(0, 0)
    assert tab.trio("trio.pointed") is None


def test_dark_browsers_get_dark_panels(chromium, server):
    context = chromium.new_context(viewport={"width": 800, "height": 900}, color_scheme="dark")
    tab = Tab(context.new_page(), server)
    tab.open("?dataset=ba-2motifs")
    fill = tab.trio("trio.views[2].nodes.get().find(node => node.shape === 'dot').color.background")
    assert fill == DARK.explanation
    assert tab.troubles == []
    context.close()


def test_a_phone_has_previous_and_next_in_the_page_and_a_wide_window_in_the_sidebar(tab):
    tab.page.set_viewport_size({"width": 390, "height": 800})
    tab.page.goto(f"{tab.server}/?dataset=ba-2motifs&graph=6")
    steps = tab.page.locator(".st-key-steps")
    steps.get_by_role("button", name="Next").click()
    tab.page.get_by_role("heading", name="for graph 8?").wait_for()
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
    tab.page.set_viewport_size({"width": 1500, "height": 900})
    steps.wait_for(state="hidden")


def test_a_donor_node_is_selected_in_the_mixed_panel_only(tab):
    tab.open("?dataset=ba-2motifs")
    donor = tab.trio("trio.views[2].nodes.getIds().find(id => !trio.views[0].nodes.get(id))")
    tab.click_node(donor, panel=2)
    assert tab.selected() == [[], [], [donor]]
    tab.page.locator("p", has_text="Origin: the donor's rest").wait_for()


def test_the_panels_are_above_the_fold_at_1500_by_900(tab):
    tab.open("?dataset=ba-2motifs")
    box = tab.page.locator(".trio").bounding_box()
    assert box["y"] + box["height"] < 900


def test_on_a_phone_start_cards_fill_the_width_and_columns_stand_one_under_another(tab):
    tab.page.set_viewport_size({"width": 390, "height": 844})
    tab.open()
    cards = tab.page.locator(".st-key-examples > *").evaluate_all("all => all.map(card => card.clientWidth)")
    assert len(cards) == 6
    assert min(cards) > 300
    top = "panel => panel.getBoundingClientRect().top + document.querySelector('.stMain').scrollTop"
    assert tab.page.locator(".panel").first.evaluate(top) < 2200
    columns = tab.page.locator(".stMain [data-testid=stColumn]:has(.st-key-path_table)")
    assert columns.first.evaluate("column => column.clientWidth") > 300
