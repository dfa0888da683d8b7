import re

import pytest
import torch

from hpme import load_classifier, load_dataset
from hpme.explainers import EXPLAINERS
from hpme.explainers.sizes import hard_mask
from hpme.metrics import leaked_mass
from hpme.metrics.forward import logits
from tests.opened import healthy, open_app, sentence, title, widget
from ui.explain import examples

EXAMPLES = {example.title: example for example in examples.examples()}


def view(example):
    """The app at the address of an example's view."""
    simple = {key: value for key, value in example.pick.items() if not isinstance(value, list)}
    return open_app(**simple)


def explained(example):
    """The explained graph of an example, and its kept nodes."""
    from hpme import HPME

    name = example.pick["dataset"]
    graph = load_dataset(name).graphs[example.pick["graph"]]
    return graph, hard_mask(HPME.load(name, example.pick.get("model")).explain(graph))


def house(example):
    graph, keep = explained(example)
    assert torch.equal(keep, graph.node_gt)
    app = view(example)
    assert "“house”" in title(app)
    assert "keeps 5 of 25 nodes" in sentence(app)
    assert "*house* holds in 20 of 20 mixed graphs" in sentence(app)


def ring(example):
    graph, keep = explained(example)
    assert graph.smiles == "CC(=O)OCc1ccccc1"  # benzyl acetate
    assert torch.equal(keep, graph.node_gt)
    assert "keeps benzene ring: 6 of 11 atoms" in sentence(view(example))


def pair(example):
    graph, keep = explained(example)
    assert graph.smiles == "O=C(CCCN1CC=C(n2c(=O)[nH]c3ccccc32)CC1)c1ccc(F)cc1"  # benperidol
    assert torch.equal(keep, graph.node_gt)
    assert graph.num_nodes == 28
    app = view(example)
    assert "keeps carbonyl, F: 3 of 28 atoms" in sentence(app)
    assert any("Disconnected subgraph" in text.value for text in app.markdown)
    assert not any("Wrong prediction" in text.value for text in app.markdown)


def fooled(example):
    graph, keep = explained(example)
    assert graph.smiles == "NCC1CCC(C(=O)O)CC1"  # tranexamic acid
    assert keep.nonzero().flatten().tolist() == [2, 3, 4, 5, 9, 10]  # its six-ring
    app = view(example)
    assert "“benzene ring”" in title(app)
    with_bonds = load_classifier("benzene")
    assert int(logits(with_bonds, [graph]).argmax()) == int(graph.y) == 0  # GINE is not fooled
    assert any("Wrong prediction" in text.value for text in app.markdown)


def lost(example):
    graph, keep = explained(example)
    assert graph.smiles == "C=C(C)C1CC=C(C)CC1"  # limonene
    assert keep.nonzero().flatten().tolist() == [3, 4, 5, 6, 8, 9]  # its six-ring
    app = view(example)
    assert "“no benzene ring”" in title(app)
    assert int(re.search(r"holds in (\d+) of 20", sentence(app))[1]) < 10
    assert any(":orange-badge[Prediction lost in the mix]" in text.value for text in app.markdown)
    assert not any("Wrong prediction" in text.value for text in app.markdown)


def leaks(example):
    graph, keep = explained(example)
    soft = EXPLAINERS["gnnexplainer"].build(load_classifier("ba-2motifs", "gin"), 0).explain(graph)
    theirs = hard_mask(soft, int(keep.sum()))
    assert float(soft.edge_mask.min()) > 0  # nothing is removed
    assert leaked_mass(graph.edge_index, soft.edge_mask, theirs) > 0.5
    app = view(example)
    app.switch_page("pages/compare.py")
    healthy(app.run())
    assert "for graph 417?" in title(app)


CHECKS = dict(zip(EXAMPLES, (house, ring, pair, fooled, lost, leaks), strict=True))


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_a_card_claims_holds_in_its_view(name):
    CHECKS[name](EXAMPLES[name])


def shown(app):
    return [button for button in app.button if button.label == "Show me"]


def press(app, label):
    return healthy(next(button for button in app.button if button.label.startswith(label)).click().run())


def test_who_comes_with_nothing_picked_sees_six_cards_until_something_is_picked():
    app = open_app()
    assert len(shown(app)) == len(app.get("image")) == 6
    notices = [text.value for text in app.caption]
    assert all(example.notice in notices for example in EXAMPLES.values())
    press(app, "Next")
    assert not shown(app)
    press(app, "Start here")
    assert len(shown(app)) == 6
    press(app, "Hide")
    assert not shown(app)


def test_an_address_that_names_a_view_shows_that_alone_and_a_card_opens_its_own():
    app = open_app(dataset="ba-3motifs", seed=0, k=3)
    assert not shown(app)
    press(app, "Start here")
    cards = shown(app)
    healthy(cards[3].click().run())
    assert not shown(app)
    assert title(app) == "Why does GIN predict “benzene ring” for graph 3217?"
    assert sentence(app).startswith("HPME keeps cyclohexane: 6 of 11 atoms")
    assert not app.warning


def told(app):
    """Title of the card whose story stands above the panels."""
    return next((name for name in EXAMPLES if any(name in text.value for text in app.markdown)), None)


def test_the_story_of_a_card_stays_above_the_panels_until_something_else_is_picked():
    app = open_app()
    healthy(shown(app)[3].click().run())
    assert told(app) == "A wrong prediction, and why"
    healthy(widget(app, "step").set_value(0).run())  # it is still of this graph
    press(app, "Next example")
    assert told(app) == "HPME fails, and the page says so"
    assert "limonene" in next(text.value for text in app.markdown if told(app) in text.value)
    healthy(app.button(key="step1").click().run())
    assert told(app) is None


def test_the_card_about_a_leak_opens_compare_and_the_one_after_it_explain():
    app = open_app()
    healthy(shown(app)[5].click().run())
    assert title(app).startswith("Which explainer shows why")
    assert told(app) == "GNNExplainer leaks"
    press(app, "Next example")
    assert title(app) == "Why does GIN predict “house” for graph 417?"
    assert told(app) == "A house, and nothing else"
