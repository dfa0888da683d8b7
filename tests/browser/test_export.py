import csv
import json
import re
from pathlib import Path

import pytest

from hpme.io import read_graphs

pytestmark = pytest.mark.browser


def saved(page, button):
    """Name and content of the file that a button downloads."""
    with page.expect_download() as started:
        button.click()
    file = started.value
    return file.suggested_filename, Path(file.path()).read_bytes()


def test_every_export_holds_what_the_page_shows(tab):
    tab.open("?dataset=ba-2motifs&graph=6&tool=Export")
    page = tab.page
    kept = int(re.search(r"keeps (\d+) of 25", page.get_by_text("HPME keeps").first.inner_text())[1])

    def file(label):
        return saved(page, page.get_by_role("button", name=label, exact=True))

    for label, kind in (("Graph, JSON", "json"), ("Graph, GraphML", "graphml")):
        name, content = file(label)
        assert name == f"ba-2motifs-gin-6-hpme-graph.{kind}"
        (graph,) = read_graphs(content, name)
        assert (graph.num_nodes, int(graph.node_mask.sum()), graph.graph_id) == (25, kept, 6)
        facts = json.loads(graph.provenance)
        assert (facts["dataset"], facts["explainer"], facts["seed"]) == ("ba-2motifs", "hpme", 0)
        assert facts["command"] in page.locator("code").all_inner_texts()
    rows = list(csv.DictReader(file("Metrics, CSV")[1].decode().splitlines()))
    assert float(next(row["value"] for row in rows if row["metric"] == "Kept share")) == pytest.approx(
        kept / 25
    )
    assert file("Mixed graph, SVG")[1].startswith(b"<svg ")
    assert b"<script type='module'>" in file("Interactive page, HTML")[1]
    report = file("Report, HTML")[1].decode()
    assert report.count("<svg ") == 3
    assert f"keeps {kept} of 25 nodes" in report
    name, picture = saved(page, page.get_by_role("button", name="Save Original graph as PNG"))
    assert name == "6-25-original-graph.png"
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 5000  # more than a blank surface
