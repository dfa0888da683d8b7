"""The Ask page, and own molecules that go with their user from page to page."""

from base64 import b64decode

from rdkit import Chem

from tests.opened import copied, healthy, open_app, sentence, title, widget

IMATINIB = "CC1=C(C=C(C=C1)NC(=O)C2=CC=C(C=C2)CN3CCN(CC3)C)NC4=NC=CC(=N4)C5=CN=CC=C5"
SALT = f"{IMATINIB}.CS(=O)(=O)O"


def ask(text=None):
    app = open_app(dataset="ba-2motifs")
    app.switch_page("pages/ask.py")
    if text:
        app.query_params["smiles"] = text
    return healthy(app.run())


def in_address(app):
    """The molecules in the address; set by a test it is a text, by the page a list."""
    value = app.query_params["smiles"]
    return value if isinstance(value, str) else value[0]


def texts(app):
    return [text.value for text in app.markdown]


def submit(app, text):
    app.text_area(key="ask_text").set_value(text)
    return healthy(next(b for b in app.button if b.label == "Ask all models").click().run())


def test_one_molecule_is_answered_by_every_model_with_names_truth_and_neighbours():
    app = ask(SALT)
    shown = texts(app)
    for name in ("Fluoride-Carbonyl", "Alkane-Carbonyl", "Nitro-Amine", "Benzene", "Crippen logP"):
        assert f"**{name}**" in shown
    assert app.info[0].value.startswith("Of 2 pieces that are not joined: C29H31N7O, CH4O3S")
    assert "**imatinib** · C29H31N7O" in shown
    assert "**benzene ring** (100%), says GINE" in shown
    assert "Keeps **2 × benzene ring**, 12 of 37 atoms" in shown
    assert "c1ccccc1.c1ccccc1" in copied(app)
    assert "✓ By the dataset's rule: benzene ring" in [caption.value for caption in app.caption]
    assert any("It was trained on this very molecule" in text for text in shown)
    assert any("Nothing kept" in text for text in shown)
    assert in_address(app) == SALT


def test_what_can_be_copied_of_a_kept_part_fits_it_in_the_molecule_and_is_called_a_pattern():
    app = ask(IMATINIB)
    molecule = Chem.MolFromSmiles(IMATINIB)
    smiles, *patterns = copied(app)
    assert Chem.MolFromSmiles(smiles) is not None
    assert patterns
    assert all(molecule.HasSubstructMatch(Chem.MolFromSmarts(pattern)) for pattern in patterns)
    captions = [caption.value for caption in app.caption]
    assert captions.count("These atoms as a SMARTS pattern:") == len(patterns)
    assert any("part of a benzene ring (5 of 6 atoms)" in text for text in texts(app))


def test_the_switches_of_all_pages_hold_for_the_drawings_and_go_along_to_explain():
    app = open_app(dataset="ba-2motifs")
    app.switch_page("pages/ask.py")
    app.query_params["smiles"] = "CCO"
    app.query_params["structure"] = "false"
    app.query_params["numbers"] = "true"
    healthy(app.run())
    assert not widget(app, "structure").value
    assert widget(app, "numbers").disabled
    healthy(next(b for b in app.button if b.label == "Open on Explain").click().run())
    assert not widget(app, "structure").value
    assert widget(app, "numbers").value


def test_a_button_of_each_answer_opens_what_would_change_it():
    app = ask("CCOc1ccccc1")
    healthy(app.button(key="mind-benzene").click().run())
    assert widget(app, "tool").value == "Change its mind"
    assert any(text.startswith("The smallest change: ") for text in texts(app))


def test_a_list_is_a_table_and_a_bad_line_is_named():
    app = submit(ask(), "aspirin\nnotasmiles\nCCO.Cl\tmine")
    table = app.dataframe[0].value
    assert table["name"].tolist() == ["aspirin", "mine"]
    assert table["Benzene"].tolist() == ["benzene ring", "no benzene ring"]
    assert table["Benzene: truth"].tolist() == ["benzene ring", "no benzene ring"]
    assert table["Benzene: percentile"].between(0, 100).all()
    assert "Nothing kept" in table["Benzene: flags"][1]
    assert table[""].str.startswith("data:image/svg+xml;base64,").all()
    assert any(text.value.startswith("Line 2: ") for text in app.text)
    assert in_address(app) == "aspirin\nnotasmiles\nCCO.Cl\tmine"


def test_a_list_that_is_too_long_for_the_link_says_so():
    app = submit(ask(), "\n".join(["CCCCCCCCO"] * 210))
    assert "smiles" not in app.query_params
    assert any("too long for the link" in caption.value for caption in app.caption)
    assert "Line 201 and those below" in app.text[-1].value


def test_a_link_with_smiles_opens_them_on_explain_and_they_go_along_to_another_dataset():
    app = open_app(dataset="fluoride-carbonyl", smiles=f"{IMATINIB} my drug")
    assert "my drug" in app.subheader[0].value
    assert sentence(app).startswith("HPME keeps carbonyl: 2 of 37 atoms")
    assert "**my drug** · C29H31N7O" in texts(app)
    assert IMATINIB in copied(app)
    healthy(widget(app, "dataset").select("Alkane-Carbonyl").run())
    assert "my drug" in app.subheader[0].value
    assert in_address(app) == f"{IMATINIB} my drug"
    healthy(widget(app, "dataset").select("BA-2Motifs").run())
    assert "my drug" not in app.subheader[0].value
    assert "smiles" not in app.query_params


def test_a_link_with_bad_smiles_says_so_and_shows_the_default():
    app = open_app(dataset="fluoride-carbonyl", smiles="C1CC")
    assert app.warning[0].value.startswith("The link holds a graph that cannot be shown. Expected a molecule")
    assert "graph" in app.subheader[0].value


def picture_of_a_list(app):
    """The drawing of the first molecule of a list."""
    return b64decode(app.dataframe[0].value[""][0].partition(",")[2]).decode()


def test_molecules_of_a_list_are_drawn_as_the_switches_say():
    app = ask("OCC\nCCN")
    assert ">OH<" in picture_of_a_list(app)
    healthy(widget(app, "numbers").set_value(True).run())
    assert ">2<" in picture_of_a_list(app)
    healthy(widget(app, "structure").set_value(False).run())
    assert [f">{letter}<" in picture_of_a_list(app) for letter in ("O", "C", "OH")] == [True, True, False]


def brought(app):
    """How many graphs of one's own the Upload page lists."""
    app.switch_page("pages/upload.py")
    heads = [text for text in texts(healthy(app.run())) if text.startswith("**Your graphs")]
    return int(heads[0].strip("*").split()[-1]) if heads else 0


def test_a_question_adds_no_graph_of_ones_own_but_what_is_opened():
    app = ask("CCO")
    assert brought(app) == 0
    app = ask("CCO")
    healthy(next(b for b in app.button if b.label == "Open on Explain").click().run())
    healthy(app.switch_page("pages/explain.py").run())
    healthy(widget(app, "dataset").set_value("nitro-amine").run())
    assert title(app).endswith("for `CCO`?")
    assert brought(app) == 1  # though two models were asked


def test_a_molecule_waits_while_a_dataset_without_molecules_is_shown():
    app = open_app(dataset="benzene", model="gine", smiles="CCO")
    healthy(widget(app, "dataset").set_value("ba-2motifs").run())
    assert app.toast[0].value == "CCO is a molecule; it is shown again with a dataset that takes it."
    healthy(widget(app, "dataset").set_value("nitro-amine").run())
    assert title(app).startswith("Why does GINE predict")
    assert title(app).endswith("for `CCO`?")
    healthy(widget(app, "dataset").set_value("ba-2motifs").run())
    healthy(widget(app, "graph").set_value(7).run())
    healthy(widget(app, "dataset").set_value("nitro-amine").run())
    assert widget(app, "mine").value is None  # another graph was picked since


def test_of_a_bad_line_alone_no_other_is_said_to_be_answered_and_an_empty_box_says_so():
    app = submit(ask(), "Café")
    assert ":orange-badge[Not understood: 1]" in texts(app)
    submit(app, "")
    assert any(caption.value.startswith("The box is empty: ") for caption in app.caption)
