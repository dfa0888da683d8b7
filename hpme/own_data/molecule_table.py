"""A table of molecules before any of them is read: which column holds what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hpme.io.smiles import parse_smiles
from hpme.io.table import read_cells
from hpme.io.text import quote
from hpme.limits import DATASET_LIMITS
from hpme.own_data.label_columns import LABELS, LabelColumn, describe_label, guessed_first
from hpme.own_data.labels import with_points

TRIED = 20  # rows in which molecules are looked for
MOST = 100  # columns that are offered as labels
NAMES = ("name", "title", "compoundname", "compoundid", "molid", "moleculename", "chemblid", "cid", "id")


@dataclass(frozen=True)
class MoleculeTable:
    """The rows of a table, and its columns of molecules and of their names."""

    header: Sequence[str]
    rows: Sequence[tuple[int, list[str]]]  # with their numbers in the file
    smiles: int
    name: int | None
    commas: bool  # may a comma stand for a decimal point?

    def column(self, place: int) -> list[str]:
        """Returns the cells of a column, empty where a row has more or fewer than the header."""
        cells = [row[place] if len(row) == len(self.header) else "" for _, row in self.rows]
        return with_points(cells) if self.commas else cells

    def label_columns(self) -> list[LabelColumn]:
        """Returns the columns that can be labels, those that are called like one first."""
        places = [i for i in range(len(self.header)) if i not in (self.smiles, self.name)][:MOST]
        described = (describe_label(self.header[i], self.column(i)) for i in places)
        return guessed_first([column for column in described if column is not None])

    def find_label(self, label: str | None) -> int:
        """Returns the column of the label: the one of that name, else the one that is guessed.

        Raises:
            ValueError: If there is none, or several.
        """
        others = [i for i in range(len(self.header)) if i != self.smiles]
        words = LABELS if label is None else (label.strip().lower(),)
        named = [i for word in words for i in others if self.header[i].lower() == word]
        if label is None and not named:
            left = [i for i in others if i != self.name] or others
            named = left if len(left) == 1 else self._only(others)
        if not named:
            wanted = quote(label, 40) if label is not None else f"{', '.join(LABELS[:-1])} or {LABELS[-1]}"
            raise ValueError(
                f"Expected a column {wanted} beside the molecules (got {short(self.header)}); "
                "say which one holds the label"
            )
        return named[0]

    def _only(self, others: Sequence[int]) -> list[int]:
        found = self.label_columns()
        return [i for i in others if self.header[i] == found[0].name] if len(found) == 1 else []


def open_table(content: bytes) -> MoleculeTable:
    """Returns the table in a file, with or without a header.

    Raises:
        ValueError: If it is none, or has no column of molecules.
    """
    rows = read_cells(content, "graphs", DATASET_LIMITS)
    smiles = _smiles_column(rows)
    headed = not _is_molecule(rows[0][smiles])
    header = rows[0] if headed else [f"column {i + 1}" for i in range(len(rows[0]))]
    plain = [re.sub(r"[\W_]", "", name.lower()) for name in header]
    name = next((plain.index(word) for word in NAMES if word in plain), None)
    commas = b"," not in content.partition(b"\n")[0]
    return MoleculeTable(header, list(enumerate(rows, start=1))[headed:], smiles, name, commas)


def short(cells: Sequence[str]) -> str:
    """Returns the beginning of a row in quotes."""
    return quote(", ".join(cell[:20] for cell in cells[:6]), 80)


def _smiles_column(rows: list[list[str]]) -> int:
    """Returns the column with ``smiles`` in its header, else the one with most molecules at its top."""
    for i, name in enumerate(rows[0]):
        if "smiles" in name.lower():
            return i
    sample = rows[:TRIED]
    counts = [
        sum(i < len(row) and _is_molecule(row[i]) for row in sample) for i in range(min(len(rows[0]), TRIED))
    ]
    if 2 * max(counts) < len(sample):
        raise ValueError(
            f"Expected a column of molecules as SMILES (got {short(rows[0])}); name it 'smiles'"
        )
    return counts.index(max(counts))


def _is_molecule(text: str) -> bool:
    try:
        parse_smiles(text)
    except ValueError:
        return False
    return True
