from hpme.benchmark.published import QUOTES, quoted
from hpme.datasets import DATASETS


def test_every_quote_is_of_a_known_dataset_and_has_its_source():
    assert {quote.dataset for quote in QUOTES} <= set(DATASETS)
    assert all("arXiv:" in quote.source and abs(quote.edge_auc - 0.5) < 0.5 for quote in QUOTES)


def test_nothing_is_quoted_of_what_was_never_released_or_is_of_another_model():
    unreleased, another = {"benzene", "alkane-carbonyl", "fluoride-carbonyl"}, {"mutagenicity"}
    assert not (unreleased | another) & {quote.dataset for quote in QUOTES}


def test_papers_that_differ_are_quoted_side_by_side():
    assert quoted("ba-2motifs", "pgexplainer") == "0.734; 0.679"
    assert quoted("ba-2motifs", "hpme") == ""
    assert quoted("tree-grid", "gnnexplainer") == "0.875"
