"""The docs' table of shipped models is what their cards say."""

from pathlib import Path

from hpme.classifiers import CLASSIFIERS, classifier_path, load_classifier_file
from hpme.datasets import DATASETS

DOCS = Path(__file__).parents[2] / "docs" / "your-data.md"


def table() -> str:
    """Scores on test graphs, a dataset a line; a dash where nothing is shipped."""
    lines = ["| dataset | " + " | ".join(CLASSIFIERS) + " |", "| --- |" + " --- |" * len(CLASSIFIERS)]
    for name in DATASETS:
        paths = [classifier_path(name, arch) for arch in CLASSIFIERS]
        cards = [load_classifier_file(path)[1] if path.exists() else {} for path in paths]
        if not any(cards):
            continue
        kind = "r2" if DATASETS[name].regression else "accuracy"
        scores = [f"{card[f'test_{kind}']:.3f}" if card else "–" for card in cards]
        lines.append(f"| {name} | {' | '.join(scores)} |")
    return "\n".join(lines)


def test_the_docs_say_what_each_shipped_model_reaches():
    assert table() in DOCS.read_text(encoding="utf-8")
