"""A table of molecules before any of them is read: which column holds what."""

from collections.abc import Sequence
from dataclasses import dataclass

from hpme.io.columns import NAMES, find_molecules, plain
from hpme.io.sniff_table import sniff_table
from hpme.io.source import Choice, Layout
from hpme.io.table import Row, table_rows
from hpme.io.text import decode, quote
from hpme.io.values import with_points
from hpme.limits import DATASET_LIMITS
from hpme.own_data.label_columns import LABELS, LabelColumn, describe_label, guessed_first

MOST = 100  # columns that are offered as labels


@dataclass(frozen=True)
class MoleculeTable:
    """The rows of a table, and its columns of molecules and of their names."""

    header: Sequence[str]
    rows: Sequence[Row]
    smiles: int  # place of the column of molecules
    name: int | None  # of the one of their names
    separator: str  # between cells
    inchi: bool  # are the molecules InChI, not SMILES?

    def column(self, place: int, separator: str = "") -> list[str]:
        """Returns the cells of a column, empty where a row has more or fewer than the header.

        Args:
            place: Its place.
            separator: Between cells, as commas in numbers depend on it; default: that of the table.

        Raises:
            ValueError: If there is no telling what commas in its numbers are.
        """
        cells = [row[place] if len(row) == len(self.header) else "" for _, row in self.rows]
        return with_points(cells, separator or self.separator)

    def label_columns(self) -> list[LabelColumn]:
        """Returns the columns that can be labels, those that are called like one first."""
        described = (describe_label(self.header[i], self.column(i, ";")) for i in self._candidates()[:MOST])
        return guessed_first([column for column in described if column], LABELS)

    def find_label(self, label: str | None) -> int:
        """Returns the column of the label: the one of that name, else the one that is guessed.

        Raises:
            ValueError: If there is none, or several.
        """
        others = [i for i in range(len(self.header)) if i != self.smiles]
        words = LABELS if label is None else (label.strip().lower(),)
        named = [i for word in words for i in others if self.header[i].lower() == word]
        if label is None and not named:
            left = self._candidates() or others
            named = left if len(left) == 1 else self._only(left)
        if not named:
            wanted = quote(label, 40) if label is not None else f"{', '.join(LABELS[:-1])} or {LABELS[-1]}"
            raise ValueError(
                f"Expected a column {wanted} beside the molecules (got {short(self.header)}); "
                "say which one holds the label"
            )
        return named[0]

    def _candidates(self) -> list[int]:
        """Returns the columns that hold neither molecules nor names or numbers of them."""
        taken = (self.smiles, self.name)
        return [i for i, name in enumerate(self.header) if i not in taken and plain(name) not in NAMES]

    def _only(self, places: Sequence[int]) -> list[int]:
        """Returns the one column of several that can be a label, if there is no other."""
        found = self.label_columns()
        return [i for i in places if self.header[i] == found[0].name] if len(found) == 1 else []


def open_table(content: bytes) -> MoleculeTable:
    """Returns the table in a file, with or without a header.

    Raises:
        ValueError: If it is none, or has no column of molecules.
    """
    text, _ = decode(content)
    layout = _layout(text)
    rows = table_rows(text, layout, "graphs", DATASET_LIMITS)
    header = [layout.title(i) for i in range(layout.width)]
    return MoleculeTable(
        header,
        rows,
        layout.roles["smiles" if "smiles" in layout.roles else "inchi"],
        layout.roles.get("name"),
        layout.separator,
        "smiles" not in layout.roles,
    )


def has_molecules(content: bytes) -> bool:
    """Returns whether a file is a table with a column of molecules."""
    try:
        open_table(content)
    except ValueError:
        return False
    return True


def short(cells: Sequence[str]) -> str:
    """Returns the beginning of a row in quotes."""
    return quote(", ".join(cell[:20] for cell in cells[:6]), 80)


def _layout(text: str) -> Layout:
    """Returns the layout of a table of molecules, also where its columns could be ends of edges, too."""
    guess = sniff_table(text, "", Choice())
    if guess.kind != "molecules" and guess.layout is not None and find_molecules(guess.layout.columns):
        guess = sniff_table(text, "", Choice("molecules", guess.layout.separator))
    if guess.kind != "molecules" or guess.layout is None:
        got = quote(text.lstrip()[:80].partition("\n")[0])
        raise ValueError(f"Expected a column of molecules as SMILES (got {got}); name it 'smiles'")
    return guess.layout
