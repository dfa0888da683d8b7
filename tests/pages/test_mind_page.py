"""The tool "Change its mind" on the Explain page."""

import re

import pytest

from hpme.editing.edits import from_text
from tests.opened import healthy, open_app, widget
from ui import state


def texts(app):
    return [text.value for text in app.markdown]


def cards(app):
    """The changes in words, and what the model predicts then."""
    captions = [text.value for text in app.caption if text.value.endswith("the kept part")]
    return [button for button in app.button if button.label == "Open in What if"], captions


def test_the_flips_of_a_house_lie_in_the_house_and_one_opens_in_what_if():
    app = open_app(dataset="ba-2motifs", graph=17, tool="Change its mind")
    buttons, captions = cards(app)
    assert len(buttons) == len(captions) == 8
    assert captions[0] == "cycle (100%); inside the kept part"
    share = next(text for text in texts(app) if "lie inside the part that" in text)
    assert share.startswith(
        "**11 of 11** single changes that flip the prediction lie inside the part that HPME"
    )
    healthy(buttons[0].click().run())
    assert widget(app, "tool").value == "What if"
    (edits,) = (
        app.query_params["edits"]
        if isinstance(app.query_params["edits"], list)
        else [app.query_params["edits"]]
    )
    assert len(from_text(edits)) == 1
    assert "The prediction **changes** from “house” (100%) to **“cycle”** (100%)." in texts(app)


@pytest.mark.parametrize(
    ("dataset", "said"),
    [
        ("crippen-logp", "How far can a change move the logP?"),
        ("benzene", "an atom deleted or made another element"),
        ("ba-shapes", "some were drawn"),
    ],
)
def test_numbers_molecules_and_nodes_have_their_own_words(dataset, said):
    app = open_app(dataset=dataset, tool="Change its mind")
    assert any(said in text for text in texts(app))
    assert cards(app)[0]
    assert any(text.startswith("**What happens without each") for text in texts(app))


ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"


def test_of_a_number_the_threshold_is_named_and_single_changes_are_shown_before_pairs():
    app = open_app(dataset="crippen-logp", smiles=ASPIRIN, tool="Change its mind")
    note = next(text for text in texts(app) if "How far can a change move the logP?" in text)
    assert "A move is far if it is of more than **1.00**: half the spread" in note
    assert any(
        "**No single change moves the logP by more than 1.00**, but pairs" in text for text in texts(app)
    )
    moves = [float(re.search(r"\(([+-][\d.]+)\)", caption)[1]) for caption in cards(app)[1]]
    assert [abs(move) > 1 for move in moves] == [False] * 4 + [True] * 4
    sent = [part.proto.json for part in app.get("bidi_component")]
    for title in ("What each node adds, left out", "What each node adds, deleted by an edit"):
        assert sum(f'"{title}"' in panels for panels in sent) == 1


IMATINIB = "Cc1ccc(NC(=O)c2ccc(CN3CCN(C)CC3)cc2)cc1Nc1nccc(-c2cccnc2)n1"


def test_where_nothing_flips_log_odds_tell_changes_apart_and_the_parts_that_are_enough_alone_are_named():
    app = open_app(dataset="benzene", smiles=IMATINIB, tool="Change its mind")
    why = next(text for text in texts(app) if "No change that was tried flips the prediction" in text)
    assert "Each of 2 parts alone is enough for “benzene ring”" in why
    assert why.count("benzene ring (C") == 2
    odds = [
        re.fullmatch(r"still .*: log-odds (.+) → (.+); .*", caption).groups() for caption in cards(app)[1]
    ]
    assert len({before for before, _ in odds}) == 1
    after = [float(value) for _, value in odds]
    assert len({*after}) > 4
    assert after[0] == min(after)
    (table,) = [table.value for table in app.dataframe if "effect" in table.value]
    assert table.effect.is_monotonic_increasing


def test_the_flip_of_a_molecule_of_ones_own_is_in_the_link_as_the_molecule_is():
    app = open_app(dataset="benzene", smiles="Cc1ccccc1CO", tool="Change its mind")
    (first, *_), _ = cards(app)
    healthy(first.click().run())
    outcome = next(text for text in texts(app) if text.startswith("The prediction **changes**"))
    edits, smiles = ("".join(app.query_params[name]) for name in ("edits", "smiles"))
    again = open_app(dataset="benzene", smiles=smiles, tool="What if", edits=edits)
    assert outcome in texts(again)


def test_another_size_or_explainer_finds_nothing_anew(monkeypatch):
    app = open_app(dataset="ba-2motifs", graph=17, tool="Change its mind")
    before = cards(app)[1]
    monkeypatch.setattr(state.variations.changes, "counterfactuals", None)
    healthy(widget(app, "seed").set_value(1).run())
    assert [text.split(";")[0] for text in cards(app)[1]] == [text.split(";")[0] for text in before]


def test_of_another_class_it_is_said_whose_part_is_meant():
    app = open_app(dataset="ba-2motifs", graph=17, tool="Change its mind", target="0")
    assert any("single changes that flip the prediction lie inside" in text for text in texts(app))
