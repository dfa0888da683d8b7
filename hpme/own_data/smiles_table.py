"""Molecules as a table: a column of SMILES and one of labels; atoms are nodes, bonds edges with types."""

from functools import partial

from hpme.chemistry.bonds import BONDS
from hpme.chemistry.flat import FlatMolecule, flatten_molecule
from hpme.datasets.columns import join_columns
from hpme.datasets.molecules import ELEMENTS, molecule_columns
from hpme.io.smiles import parse_smiles
from hpme.io.sniff_table import sniff_table
from hpme.io.source import Choice
from hpme.io.table import table_rows
from hpme.io.text import decode, quote
from hpme.limits import DATASET_LIMITS, cap
from hpme.own_data.labels import check_labels, clean, one_line
from hpme.own_data.raw import Label, RawDataset, parse_rows

LABELS = ("label", "y", "class", "target")


def read(content: bytes, label: str | None = None) -> RawDataset:
    """Reads a table with or without a header.

    Args:
        content: The file's bytes.
        label: Header of the label's column; default: one of `LABELS`, or the only other column.

    Returns:
        Graphs with `smiles`, whose atoms are the nodes; rows that cannot be read are left out.

    Raises:
        ValueError: If there is no column of molecules or of labels, or no row can be read.
    """
    text, _ = decode(content)
    guess = sniff_table(text, "", Choice())
    layout = guess.layout
    if guess.kind != "molecules" or layout is None:
        got = quote(text.lstrip()[:80].partition("\n")[0])
        raise ValueError(f"Expected a column of molecules as SMILES (got {got}); name it 'smiles'")
    rows, smiles = table_rows(text, layout, "graphs", DATASET_LIMITS), layout.roles["smiles"]
    header = [layout.title(i) for i in range(layout.width)]
    place = _label_column(header, smiles, label)
    cap(
        "molecule_characters",
        sum(len(row[smiles]) for _, row in rows if smiles < len(row)),
        limits=DATASET_LIMITS,
    )
    column = "class" if header[place].lower() in LABELS else one_line(header[place]) or "class"
    check_labels([row[place] for _, row in rows if len(row) == len(header)], column)
    pair = partial(_pair, width=len(header), smiles=smiles, label=place)
    molecules, labels, notes = parse_rows(rows, pair, "line")
    note = f"Molecules are from {_short([header[smiles]])}, labels from {_short([header[place]])}."
    return RawDataset(
        join_columns(molecule_columns(molecules)),
        labels,
        column,
        node_labels=ELEMENTS,
        edge_labels=BONDS,
        notes=(note, *notes),
    )


def _pair(row: list[str], width: int, smiles: int, label: int) -> tuple[FlatMolecule, Label]:
    if len(row) != width:
        raise ValueError(
            f"Expected {width} cells (got {len(row)}: {_short(row)}); quote those with a separator"
        )
    target, text = clean(row[label]), row[smiles]
    if not text.isprintable():
        raise ValueError(
            f"Expected a molecule in one line (got {quote(text, 40)}); remove what is not printable"
        )
    return flatten_molecule(parse_smiles(text), text), target


def _label_column(header: list[str], smiles: int, label: str | None) -> int:
    others = [i for i in range(len(header)) if i != smiles]
    words = LABELS if label is None else (label.lower(),)
    named = [i for word in words for i in others if header[i].lower() == word]
    if label is None and len(others) == 1:
        named = named or others
    if not named:
        wanted = quote(label, 40) if label is not None else f"{', '.join(LABELS[:-1])} or {LABELS[-1]}"
        raise ValueError(
            f"Expected a column {wanted} beside the molecules (got {_short(header)}); "
            "say which one holds the label"
        )
    return named[0]


def _short(cells: list[str]) -> str:
    return quote(", ".join(cell[:20] for cell in cells[:6]), 80)
