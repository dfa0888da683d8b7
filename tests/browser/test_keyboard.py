import pytest

from hpme import load_dataset
from tests.browser.tab import IDLE

pytestmark = pytest.mark.browser


def walk_to(page, goal):
    """Presses Tab until something has the focus, which must then be seen."""
    for _ in range(80):
        if goal.evaluate("goal => goal.getRootNode().activeElement === goal"):
            assert goal.evaluate("goal => goal.matches(':focus-visible')")
            return
        page.keyboard.press("Tab")
    pytest.fail("80 steps of Tab do not lead there")


def test_the_explain_page_can_be_used_with_the_keyboard_alone(tab):
    tab.open("?dataset=ba-2motifs")
    page = tab.page

    graph = page.get_by_label("Graph, 0 to").input_value()
    page.keyboard.press("n")
    page.wait_for_url("**graph=**")
    tab.settled()
    assert int(page.get_by_label("Graph, 0 to").input_value()) > int(graph)
    page.keyboard.press("p")
    page.get_by_role("heading", name=f"graph {graph}?").wait_for()
    tab.settled()
    assert page.get_by_label("Graph, 0 to").input_value() == graph

    panel = page.get_by_role("application", name="Original graph: ")
    walk_to(page, page.get_by_role("button", name="Save Original graph as PNG"))
    page.keyboard.press("Tab")
    assert panel.evaluate("panel => getComputedStyle(panel).outlineStyle") == "solid"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    walked = tab.selected()[0]
    assert len(walked) == 1
    assert "Enter selects" in page.locator(".spoken").first.inner_text()
    page.keyboard.press("Enter")
    page.get_by_text(f"Inspector: node {walked[0]}", exact=True).wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("Click a node").wait_for()
    assert tab.selected() == [[], [], []]

    scale = tab.windows()[0]["scale"]
    page.keyboard.press("+")
    assert tab.windows()[2]["scale"] == pytest.approx(1.25 * scale)
    page.keyboard.press("0")
    assert tab.windows()[2]["scale"] == pytest.approx(scale)

    for _ in range(4):  # past the buttons that fit, copy and save the second panel
        page.keyboard.press("Tab")
    assert page.get_by_role("application", name="Hard-pooled subgraph: ").evaluate(
        "panel => panel.matches(':focus-visible')"
    )

    size = page.get_by_role("slider", name="Size: whole graph")
    walk_to(page, size)
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**size=**")
    tab.settled()
    assert size.evaluate("size => size.matches(':focus-visible')")
    walk_to(page, page.get_by_role("button", name="HPME's choice"))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "size=" not in url)
    tab.settled()

    walk_to(page, page.get_by_role("radio", name="Size curve"))
    page.keyboard.press("Space")
    page.get_by_text("The highest-ranked nodes are added one by one").wait_for()
    tab.settled()


def test_the_question_mark_lists_the_keys_but_not_while_something_is_written(tab):
    tab.open("?dataset=ba-2motifs")
    page = tab.page
    page.get_by_label("Graph, 0 to").press("?")
    assert page.get_by_role("dialog").count() == 0
    page.get_by_role("heading", level=3).first.click()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    assert "the next graph, the previous one" in keys.inner_text()
    assert "from node to node" in keys.inner_text()
    page.keyboard.press("Escape")
    keys.wait_for(state="detached")
    page.get_by_role("link", name="Upload", exact=True).click()  # no graph to step from, no panels
    page.get_by_role("heading", name="Explain graphs of your own").wait_for()
    page.locator(IDLE).wait_for()
    page.keyboard.press("?")
    assert "this list" in keys.inner_text()
    assert "the next graph" not in keys.inner_text()
    assert "from node to node" not in keys.inner_text()
    keys.get_by_role("button", name="Close").click()
    keys.wait_for(state="detached")


def test_a_link_skips_the_sidebar_and_the_first_panel_is_near(tab):
    tab.open("?dataset=ba-2motifs")
    page = tab.page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # on "Skip to main content"
    assert page.locator(".stMain").evaluate("main => main === document.activeElement")
    panel = page.get_by_role("application", name="Original graph: ")
    for _ in range(10):
        page.keyboard.press("Tab")
        if panel.evaluate("panel => panel.getRootNode().activeElement === panel"):
            return
    pytest.fail("10 steps of Tab do not lead from the page's start to the first panel")


def test_a_row_of_the_table_is_selected_in_the_panels_and_the_other_way_round(tab):
    tab.open("?dataset=ba-2motifs")
    tab.page.get_by_text("Show as text and table").click()
    table = tab.page.get_by_test_id("stDataFrame").first
    table.wait_for()
    tab.settled()
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    tab.page.mouse.click(box["x"] + 15, box["y"] + 35 + 3.5 * 35)
    tab.page.get_by_text("Inspector: node 3", exact=True).wait_for()
    tab.settled()
    assert tab.selected()[0] == [3]
    tab.click_node(7)
    tab.page.get_by_text("Inspector: node 7", exact=True).wait_for()
    assert tab.page.get_by_test_id("stDataFrame").first.is_visible()


def test_keys_that_are_pressed_while_a_page_is_made_all_count(tab):
    tab.open("?dataset=ba-2motifs")
    test = sorted(int(graph.graph_id) for graph in load_dataset("ba-2motifs").test)
    start = test.index(int(tab.page.get_by_label("Graph, 0 to").input_value()))
    for _ in range(12):
        tab.page.keyboard.press("n")
    tab.page.wait_for_url(f"**graph={test[start + 12]}**")
    tab.settled()
    tab.page.keyboard.press("p")
    tab.page.wait_for_url(f"**graph={test[start + 11]}**")
    tab.settled()
    box = tab.page.get_by_label("Graph, 0 to")
    box.press("n")  # what is typed moves nothing
    assert box.input_value() == str(test[start + 11])


def test_keys_go_on_from_where_they_were_behind_another_page(tab):
    tab.open("?dataset=ba-2motifs")
    page = tab.page
    test = sorted(int(graph.graph_id) for graph in load_dataset("ba-2motifs").test)
    start = test.index(int(page.get_by_label("Graph, 0 to").input_value()))
    for further in (1, 2):
        page.keyboard.press("n")
        page.wait_for_url(f"**graph={test[start + further]}**")
        tab.settled()
    page.get_by_role("link", name="Browse", exact=True).click()
    page.locator("[class*='st-key-card-'] img").first.wait_for()
    page.keyboard.press("n")  # goes nowhere there
    page.get_by_role("link", name="Explain", exact=True).click()
    page.wait_for_url(f"**graph={test[start + 2]}**")
    tab.settled()
    page.keyboard.press("n")
    page.wait_for_url(f"**graph={test[start + 3]}**")
    tab.settled()
    assert page.get_by_label("Graph, 0 to").input_value() == str(test[start + 3])


def test_keys_count_that_a_browser_sends_before_it_has_drawn_the_last_ones_page(tab):
    page, held, holds = tab.page, [], False

    def connect(socket):
        server = socket.connect_to_server()
        server.on_message(lambda said: held.append((socket, said)) if holds else socket.send(said))

    page.route_web_socket("**/_stcore/stream", connect)
    tab.open("?dataset=ba-2motifs")
    test = sorted(int(graph.graph_id) for graph in load_dataset("ba-2motifs").test)
    start = test.index(int(page.get_by_label("Graph, 0 to").input_value()))
    holds = True
    for key in "nnnpn":
        page.keyboard.press(key)
        page.wait_for_timeout(1_000)  # the server answers, the browser hears nothing
    assert held
    holds = False
    for socket, said in held:
        socket.send(said)
    page.wait_for_url(f"**graph={test[start + 3]}**")
    tab.settled()
    assert page.get_by_label("Graph, 0 to").input_value() == str(test[start + 3])
