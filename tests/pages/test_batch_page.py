import pytest
from batch_folder import write_folder

from hpme import load_dataset
from hpme.batch import BatchConfig, run_batch
from hpme.batch.output import VARIABLE
from hpme.datasets.molecules import bundled_smiles
from hpme.io import write_graph
from tests.opened import healthy, open_app, title, widget

COUNT = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Sixty molecules, of which every tenth is bad."""
    texts = ["bad" if i % 10 == 9 else smiles for i, smiles in enumerate(bundled_smiles()[:COUNT])]
    path = tmp_path_factory.mktemp("batch") / "library"
    write_folder(path, texts, part_rows=25)
    return path


def open_batch(folder, monkeypatch, **query):
    monkeypatch.setenv(VARIABLE, str(folder))
    app = open_app()
    app.query_params.clear()
    for key, value in query.items():
        app.query_params[key] = value
    app.switch_page("pages/batch.py")
    return healthy(app.run())


def links(app):
    return [link.proto.label for link in app.get("page_link")]


def said(app):
    return [text.value for text in app.markdown]


def test_rows_are_shown_page_by_page_with_pictures_and_links_that_hold_the_molecule(folder, monkeypatch):
    app = open_batch(folder, monkeypatch)
    assert title(app) == "What GINE looks at in a batch"
    assert "60 rows in 3 files of `library`, explained by GINE of Benzene." in said(app)
    assert "60 of 60 rows match." in said(app)
    assert links(app) == [f"m{i}" for i in range(24) if i % 10 != 9]
    assert len(app.get("image")) == 22
    query = app.get("page_link")[2].proto.query_string
    assert "dataset=benzene&model=gine&smiles=" in query
    assert query.endswith("+m2&seed=0")
    healthy(widget(app, "page").set_value(3).run())
    assert links(app) == [f"m{i}" for i in range(48, 60) if i % 10 != 9]
    assert sum("Expected a molecule as SMILES" in caption.value for caption in app.caption) == 2


def test_filters_and_orders_change_what_is_shown_and_back_to_the_first_page(folder, monkeypatch):
    app = open_batch(folder, monkeypatch)
    healthy(widget(app, "page").set_value(2).run())
    healthy(widget(app, "errors").select("with an error").run())
    assert "6 of 60 rows match." in said(app)
    assert (links(app), widget(app, "page").value) == ([], 1)
    healthy(widget(app, "errors").select("explained").run())
    healthy(app.text_input(key="text").set_value("m1").run())
    assert "10 of 60 rows match." in said(app)
    healthy(widget(app, "sort").select("kept_share").run())
    low = links(app)
    healthy(widget(app, "order").set_value("high first").run())
    assert {*links(app)} == {*low}
    assert links(app) != low
    healthy(app.text_input(key="text").set_value("of no row").run())
    assert app.info[0].value.startswith("None of these rows match")


def test_pieces_are_counted_over_all_rows_and_open_theirs(folder, monkeypatch):
    app = open_batch(folder, monkeypatch, view="Pieces")
    assert any("different parts are kept of 54 rows with SMILES." in text for text in said(app))
    buttons = [button for button in app.button if (button.key or "").startswith("open-")]
    counts = [int(button.label.split()[0]) for button in buttons]
    assert counts == sorted(counts, reverse=True)
    place = next(i for i, count in enumerate(counts[1:], 1) if count < 24)
    healthy(buttons[place].click().run())
    assert widget(app, "view").value == "Rows"
    assert f"{counts[place]} of 60 rows match." in said(app)
    assert len(links(app)) == counts[place]


def test_the_map_says_how_large_its_sample_is(folder, monkeypatch):
    app = open_batch(folder, monkeypatch, view="Map")
    assert any(
        text.startswith("54 molecules, drawn at random from the 60 rows that match") for text in said(app)
    )
    assert len(app.get("plotly_chart")) == 1
    healthy(widget(app, "colour").select("kept_share").run())
    healthy(app.text_input(key="text").set_value("m11").run())
    assert app.info[0].value.startswith("Expected at least 3 molecules for a map (got 1)")


def test_rows_of_numbers_and_of_graphs_and_of_a_job_at_work(tmp_path, monkeypatch):
    write_folder(tmp_path / "numbers", ["CCO", "c1ccccc1", "CCCC"], "crippen-logp", finished=False)
    app = open_batch(tmp_path / "numbers", monkeypatch)
    assert app.info[0].value.startswith("The job is still at work, or was stopped")
    assert len(links(app)) == 3
    healthy(widget(app, "view").set_value("Map").run())
    assert len(app.get("plotly_chart")) == 1
    graphs = load_dataset("ba-2motifs").test[:2]
    lines = [write_graph(graph, None, "json").decode().replace("\n", "") for graph in graphs]
    write_folder(tmp_path / "graphs", lines, "ba-2motifs", "graphs")
    app = open_batch(tmp_path / "graphs", monkeypatch)
    assert links(app) == []
    assert any("of 25 nodes kept" in caption.value for caption in app.caption)
    healthy(widget(app, "view").set_value("Pieces").run())
    assert app.info[0].value.startswith("There are no kept parts of molecules")


def test_a_row_of_graphs_opens_the_graph_of_its_input_in_explain(tmp_path, monkeypatch):
    graphs = load_dataset("ba-2motifs").test[:2]
    lines = [write_graph(graph, None, "json").decode().replace("\n", "") for graph in graphs]
    (tmp_path / "graphs.jsonl").write_text("\n".join(lines))
    output = str(tmp_path / "out")
    run_batch(BatchConfig((str(tmp_path / "graphs.jsonl"),), output, "ba-2motifs", "gin", workers=1))
    app = open_batch(output, monkeypatch)
    healthy(app.button(key="open-1").click().run())
    assert title(app) == "Why does GIN predict “house” for `graphs.jsonl:2`?"
    (tmp_path / "graphs.jsonl").write_text(lines[0])
    app = open_batch(output, monkeypatch)
    healthy(app.button(key="open-1").click().run())
    assert any("(got other rows); run the job again" in caption.value for caption in app.caption)


def test_rows_of_a_model_that_is_not_at_hand_are_shown_without_links(folder, monkeypatch):
    monkeypatch.setattr("ui.state.models", lambda name: ["gin"])
    app = open_batch(folder, monkeypatch)
    assert links(app) == []
    assert "**m0**" in said(app)
    assert len(app.get("image")) == 22
    healthy(widget(app, "view").set_value("Map").run())
    assert app.info[0].value.startswith("The model of this job is not at hand")


def test_a_folder_that_is_no_output_is_said_so_in_a_sentence(tmp_path, monkeypatch):
    app = open_batch(tmp_path, monkeypatch)
    assert app.error[0].value.startswith("Expected Parquet files of 'hpme batch' in ")


def test_without_a_folder_there_is_no_such_page(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    app = open_app()
    with pytest.raises(ValueError, match="batch"):
        app.switch_page("pages/batch.py").run()
