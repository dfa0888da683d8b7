import json
import re
from pathlib import Path

import pytest

from hpme.io import FORMATS
from tests.browser.tab import IDLE

pytestmark = pytest.mark.browser
SAMPLES = Path(__file__).parents[2] / "assets" / "samples"
OPENED = {  # the graph at the top of the list, by the file that brings it
    "house.json": "house on a tree",
    "house.graphml": "house on a tree",
    "house_edges.csv": "house_edges.csv",
    "ring.csv": "ring.csv",
    "two.mol2": "acetamide",
    "two.inchi": "caffeine",
    "house.gexf": "house.gexf",
    "house.gml": "house.gml",
    "house.net": "house.net",
    "house.gv": "house",
    "house.mtx": "house.mtx",
    "house.xlsx": "house.xlsx",
    "aspirin.smi": "aspirin",
    "pasted.txt": "ethanol",
    "caffeine.mol": "caffeine",
    "two.sdf": "acetone",
    "house.pt": "house.pt",
    "house.safetensors": "house on a tree",
    "house.zip": "house.zip",
}
EXPLAINED = ("house.json", "ring.csv", "aspirin.smi")  # from there on, formats do not differ
EVIL = "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script> ![](http://evil.example/)"


@pytest.fixture
def page(upload_tab):
    return upload_tab.page


def explained(page, title):
    """Opens the graph at the top of the list on the Explain page."""
    page.get_by_role("button", name="Explain", exact=True).first.click()
    page.get_by_role("heading", name=re.compile(rf"Why does .* for {re.escape(title)}\?")).wait_for()
    page.locator(".trio[data-token]").wait_for()
    page.locator(IDLE).wait_for()


def test_every_format_is_tried_here():
    assert {form.samples[0] for form in FORMATS.values() if form.samples} <= {*OPENED}


def upload(page, name):
    """Uploads a sample, and waits until the list has its graph."""
    names = {name, name.replace("edges", "nodes")}
    page.locator("input[type=file]").set_input_files([SAMPLES / one for one in names])
    page.get_by_text(re.compile(r"graphs? added\.")).wait_for()
    page.get_by_text(OPENED[name], exact=True).first.wait_for()
    page.get_by_text(re.compile("The model predicts ")).first.wait_for()


@pytest.mark.parametrize("name", sorted(OPENED.keys() - EXPLAINED))
def test_a_file_is_uploaded_and_predicted(page, name):
    upload(page, name)


@pytest.mark.parametrize("name", EXPLAINED)
def test_a_file_is_uploaded_and_explained(page, tab, name):
    upload(page, name)
    explained(page, OPENED[name])
    assert tab.trio("trio.views[0].nodes.length") >= 3


def test_pasted_aspirin_is_explained_by_the_benzene_model(page):
    page.get_by_label("Or paste text").fill("CC(=O)Oc1ccccc1C(=O)O aspirin")
    page.get_by_role("button", name="Add the text").click()
    page.get_by_text("The model predicts benzene ring").wait_for()
    explained(page, "aspirin")
    assert "dataset=benzene" in page.url


def test_a_sample_is_one_click_away_and_another_file_joins_the_list(page):
    page.get_by_text("caffeine.mol", exact=True).first.click()
    page.get_by_text("Your graphs in this session: 1").wait_for()
    page.locator("input[type=file]").set_input_files([SAMPLES / "house.json", __file__])
    page.get_by_text("Your graphs in this session: 2").wait_for()
    page.get_by_text("Rejected: 1").wait_for()
    page.get_by_role("button", name="Remove", exact=True).first.click()
    page.get_by_text("Your graphs in this session: 1").wait_for()


def exports_are_harmless(page, tmp_path, chromium):
    """Opens all that a page exports in another browser: nothing runs, and documents hold what was tried."""
    page.get_by_text("Export", exact=True).click()
    page.get_by_role("button", name="Report, HTML", exact=True).wait_for()
    labels = page.get_by_role("button", name=re.compile(r", (HTML|SVG)$")).all_inner_texts()
    assert any(label.endswith("SVG") for label in labels)
    for label in labels:
        with page.expect_download() as started:
            page.get_by_role("button", name=label, exact=True).click()
        file = tmp_path / f"saved.{label.rpartition(' ')[2].lower()}"
        started.value.save_as(file)
        context = chromium.new_context(offline=True)
        saved = context.new_page()
        saved.goto(file.as_uri())
        saved.wait_for_timeout(500)
        assert saved.evaluate("window.hacked") is None
        assert label.endswith("SVG") or label.startswith("Report") or "onerror" in saved.content()
        context.close()


def test_script_in_labels_titles_ids_and_file_names_never_runs(page, tab, tmp_path, chromium):
    nodes = [{"id": f"{EVIL}{i}", EVIL: i, "color": EVIL, "label": EVIL, "title": EVIL} for i in range(4)]
    edges = [{"source": nodes[i]["id"], "target": nodes[i + 1]["id"], "label": EVIL} for i in range(3)]
    facts = json.dumps(dict.fromkeys(("dataset", "model", "explainer", "seed"), EVIL))
    graph = {"name": EVIL, "provenance": facts}
    good = json.dumps({"graph": graph, "nodes": nodes, "edges": edges}).encode()
    bad = json.dumps({"graph": {"name": 1}, "nodes": [{"id": EVIL}], "edges": [{"source": EVIL}]}).encode()
    page.locator("input[type=file]").set_input_files(
        [
            {"name": f"{EVIL.replace('/', '_')}.json", "mimeType": "text/html", "buffer": good},
            {"name": f"{EVIL.replace('/', '_')}.graphml", "mimeType": "text/html", "buffer": bad},
            {"name": "edges.csv", "mimeType": "text/csv", "buffer": f"from,to\n{EVIL},b{EVIL}\n".encode()},
        ]
    )
    page.get_by_text("Rejected: 1").wait_for()
    page.locator(IDLE).wait_for()  # the whole list stands there: the graph that came first is its last one
    page.get_by_role("button", name="Explain", exact=True).last.click()
    page.get_by_role("heading", name="Why does").wait_for()
    page.locator(IDLE).wait_for()
    exports_are_harmless(page, tmp_path, chromium)
    for name in ("Compare", "Atlas", "Tour", "Upload"):
        page.get_by_role("link", name=name, exact=True).click()
        page.locator(IDLE).wait_for()
        page.get_by_text("onerror").locator("visible=true").first.wait_for()
        if name == "Compare":
            exports_are_harmless(page, tmp_path, chromium)
    assert page.evaluate("window.hacked") is None
