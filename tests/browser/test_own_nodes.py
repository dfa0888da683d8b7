"""A graph whose nodes have labels, from its file to the explanation of a node."""

from pathlib import Path

import pytest

from tests.browser.test_own_dataset import LONG, still, train_and_fit, upload

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[2] / "assets" / "samples" / "datasets" / "cycles.graphml"


def test_a_graph_with_labels_at_its_nodes_is_trained_on_fitted_and_a_node_is_explained(tab):
    page = tab.page
    upload(tab, SAMPLE, "Graph: one, of 247 nodes and 266 edges; nodes are predicted")
    assert page.get_by_text("Classes: 2: cycle (120), tree (127)").is_visible()
    train_and_fit(tab, "nodes", 60)

    page.get_by_role("button", name="Explain", exact=True).click()
    page.wait_for_url("**dataset=cycles-**")
    tab.settled()
    assert page.get_by_text("Your own graph, read from cycles.graphml.").is_visible()
    assert page.locator("h3").first.inner_text().startswith("Why does GCN predict “")
    assert tab.trio("trio.views[0].nodes.length") >= 2
    still(tab)

    page.get_by_role("link", name="Compare").click()
    page.get_by_text("HPME", exact=True).first.wait_for(timeout=LONG)
    tab.settled()
    assert tab.troubles == []
