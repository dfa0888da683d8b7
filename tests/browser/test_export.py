import csv
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from hpme.io import read_graphs

SVG = "{http://www.w3.org/2000/svg}"
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
        page.get_by_text(facts["command"]).wait_for()
    rows = list(csv.DictReader(file("Metrics, CSV")[1].decode().splitlines()))
    assert float(next(row["value"] for row in rows if row["metric"] == "Kept share")) == pytest.approx(
        kept / 25
    )
    for label, kept_dots in (("Original graph", 25), ("Hard-pooled subgraph", 25), ("Mixed graph", kept)):
        name, content = file(f"{label}, SVG")
        assert name == f"ba-2motifs-gin-6-hpme-{label.lower().replace(' ', '-')}.svg"
        assert len(list(ET.fromstring(content).iter(f"{SVG}circle"))) == kept_dots
    drawn = ET.fromstring(file("All panels, SVG")[1])
    assert len(list(drawn.iter(f"{SVG}circle"))) == 25 + 25 + kept
    assert b"<script type='module'>" in file("Interactive page, HTML")[1]
    report = file("Report, HTML")[1].decode()
    assert report.count("<svg ") == 3
    assert f"keeps {kept} of 25 nodes" in report
    name, picture = saved(page, page.get_by_role("button", name="Save Original graph as PNG"))
    assert name == "ba-2motifs-gin-6-hpme-original-graph.png"
    assert picture.startswith(b"\x89PNG")
    across, down = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    canvas = page.locator(".trio canvas").first.bounding_box()
    assert across >= 3 * canvas["width"]
    assert down >= 3 * (canvas["height"] + 80)  # with heading, legend and bars
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy Original graph as a picture").click()
    page.get_by_text("The picture is copied.").wait_for(state="attached")
    kinds = page.evaluate("async () => (await navigator.clipboard.read())[0].types")
    assert kinds == ["image/png"]


def test_a_comparison_is_saved_as_pictures_as_a_page_and_as_tables(tab):
    page = tab.page
    tab.open("?dataset=ba-2motifs&graph=6")
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("radio", name="Export").click()

    def file(label):
        return saved(page, page.get_by_role("button", name=label, exact=True))

    name, content = file("GradCAM, SVG")
    assert name == "ba-2motifs-gin-6-compared-gradcam.svg"
    assert len(list(ET.fromstring(content).iter(f"{SVG}circle"))) == 25
    assert len(list(ET.fromstring(file("All panels, SVG")[1]).iter(f"{SVG}circle"))) == 5 * 25
    nodes = list(csv.DictReader(file("Nodes, CSV")[1].decode("utf-8-sig").splitlines()))
    assert len(nodes) == 25
    assert sum(row["HPME, kept"] == "True" for row in nodes) == 5
    assert len(file("Edges, CSV")[1].splitlines()) == 1 + 25  # a tree of 20 nodes, a five-cycle and its link
    rows = list(csv.DictReader(file("Explainers, CSV")[1].decode("utf-8-sig").splitlines()))
    assert [row["explainer"] for row in rows] == ["HPME", "Saliency", "Integrated gradients", "GradCAM"]
    report = file("Report, HTML")[1].decode()
    assert report.count("<svg ") == 5
    assert all(f"<td>{row['explainer']}</td>" in report for row in rows)
    assert "Which explainer shows why GIN predicts “cycle” for graph 6?" in report
    offline = page.context.browser.new_page()
    offline.route("**/*", lambda route: route.abort())
    offline.set_content(file("Interactive page, HTML")[1].decode())
    offline.locator(".panel canvas").nth(4).wait_for()
    assert offline.locator(".panel h3").all_inner_texts()[:2] == ["Consensus", "HPME"]
    offline.close()
