"""The table of docs/your-model.md, from the tested cases: ``python -m tests.forward.models.page``."""

from pathlib import Path

from tests.forward.models.case import Case
from tests.forward.models.table import CASES

PAGE = Path(__file__).parents[3] / "docs" / "your-model.md"
BEGIN, END = "<!-- cases: from tests/forward/models -->", "<!-- end of cases -->"
PARTS = {
    "layers": "Layers",
    "readouts": "Readouts and pooling",
    "tasks": "Tasks",
    "inputs": "Inputs",
    "transforms": "Transforms",
    "models": "Modules around models",
    "graphs": "Graphs",
}
PEERS = {"gnnexplainer": "edge masks", "saliency": "gradients"}


def table() -> str:
    """All cases, part by part."""
    parts = []
    for part, title in PARTS.items():
        rows = [_row(case) for case in CASES if case.part == part]
        head = ["what you bring", "HPME", *PEERS.values(), "what you write"]
        lines = [f"### {title}", "", _line(head), _line(["---"] * len(head)), *map(_line, rows)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _row(case: Case) -> list[str]:
    if case.refused is not None:
        return [case.title, "refused", *["refused"] * len(PEERS), ""]
    own = "works, with a note" if case.notes else "works"
    others = "work, with a note" if case.peers_note else "work"
    peers = ["refused" if name in case.peers else others for name in PEERS]
    return [case.title, own, *peers, f"`{case.lines}`" if case.lines and "\n" not in case.lines else ""]


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def renewed(page: str) -> str:
    """The page with the table as it is now."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
