"""Export of the pieces that a model looks at: a table, and a gallery as one page."""

import shlex
from collections.abc import Sequence

from hpme import figures, io
from hpme.analysis.piece_counts import PieceCount, count_rows
from hpme.analysis.provenance import provenance
from ui import export, state

DRAWN = 120  # pieces in the page; its table has all


def show(
    pick: state.Pick, counts: Sequence[PieceCount], title: str, sentence: str, lines: Sequence[Sequence[str]]
) -> None:
    """Shows buttons to download the pieces.

    Args:
        pick: Dataset, model and size.
        counts: The pieces.
        title: Heading of the page.
        sentence: What stands below it.
        lines: What stands below the picture of each piece.
    """
    rows = count_rows(counts, state.spec(pick.dataset).classes)
    pictures = [
        (state.piece_picture(pick.dataset, *count.example, False), count.shape.words or count.shape.name, own)
        for count, own in zip(counts[:DRAWN], lines, strict=False)
    ]
    explainer = state.explainer(pick.dataset, pick.model, pick.seed)
    picked = {
        "dataset": pick.dataset,
        "model": pick.model,
        "explainer": "hpme",
        "seed": pick.seed,
        **pick.place,
    }
    if words := command(pick):
        picked["command"] = words
    facts = provenance(state.classifier(pick.dataset, pick.model), explainer, picked)
    page = figures.gallery_html(pictures, rows, title, sentence, facts)
    files = {
        "Table, CSV": ("pieces.csv", io.csv_bytes(rows)),
        "Gallery, HTML": ("pieces.html", page.encode()),
    }
    export.buttons("Download", files, f"{pick.dataset}-{pick.model}")


def command(pick: state.Pick) -> str:
    """The shell command that counts these pieces; empty at a step of the path, for which there is none."""
    if isinstance(pick.checkpoint, int):
        return ""
    words = ["python", "-m", "hpme", "pieces", *export.source(pick), "--model", pick.model]
    words += ["--seed", str(pick.seed), *(["--size", pick.checkpoint] if pick.checkpoint else [])]
    return " && ".join(map(shlex.join, [*export.made(pick), words]))
