"""Molecules as a table: a column of SMILES and one of labels; atoms are nodes, bonds edges with types."""

from collections.abc import Iterator, Sequence
from functools import partial

from hpme.chemistry.bonds import BONDS
from hpme.chemistry.flat import FlatMolecule, flatten_molecule
from hpme.chemistry.pieces import describe_pieces
from hpme.datasets.columns import join_columns
from hpme.datasets.molecules import ELEMENTS, molecule_columns
from hpme.io.inchi import inchi_to_smiles
from hpme.io.smiles import EXTENSION, parse_smiles
from hpme.io.summary import HOW
from hpme.io.text import quote, seen
from hpme.limits import DATASET_LIMITS, cap
from hpme.own_data.label_columns import LABELS
from hpme.own_data.labels import check_labels, clean, one_line
from hpme.own_data.molecule_table import MoleculeTable, open_table, short
from hpme.own_data.raw import Label, RawDataset, parse_rows

NAMED = 50  # columns that are left out and named
LONGEST = 100  # characters of a name


def read(content: bytes, label: str | None = None) -> RawDataset:
    """Reads a table with or without a header.

    Args:
        content: The file's bytes.
        label: Header of the label's column; default: one of `LABELS`, or the only one that can be a label.

    Returns:
        Graphs with `smiles`, whose atoms are the nodes, and `name` where a column names them; rows that
        cannot be read are left out.

    Raises:
        ValueError: If there is no column of molecules or of labels, or no row can be read.
    """
    table = open_table(content)
    place = table.find_label(label)
    named = table.name if table.name != place else None
    title = table.header[place]
    column = "class" if title.lower() in LABELS else one_line(title) or "class"
    texts = table.column(place)
    check_labels(texts, column)
    cap("molecule_characters", sum(map(len, table.column(table.smiles))), limits=DATASET_LIMITS)
    pair = partial(_pair, table=table, name=named, signs="+" in texts)
    rows = ((line, (row, text)) for (line, row), text in zip(table.rows, texts, strict=True))
    molecules, labels, notes = parse_rows(rows, pair, "line")
    columns = molecule_columns(molecules)
    how = f"Molecules are from {quote(table.header[table.smiles])}, labels from {quote(title)}"
    if named is not None:
        columns["name"] = [mol.name for mol in molecules]
        how += f", names from {quote(table.header[named])}"
    return RawDataset(
        join_columns(columns),
        labels,
        column,
        node_labels=ELEMENTS,
        edge_labels=BONDS,
        notes=(f"{how}.", *_unused(table.header, {table.smiles, place, named}), *_salts(molecules), *notes),
    )


def _pair(
    row: tuple[list[str], str], table: MoleculeTable, name: int | None, signs: bool
) -> tuple[FlatMolecule, Label]:
    """Returns the molecule and the label of a row's cells and the text of its label."""
    cells, label = row
    if len(cells) != len(table.header):
        raise ValueError(
            f"Expected {len(table.header)} cells (got {len(cells)}: {short(cells)}); "
            "quote those with a separator"
        )
    target, text = clean(label, signs), EXTENSION.sub("", cells[table.smiles])
    if not text.isprintable():
        raise ValueError(
            f"Expected a molecule in one line (got {quote(text, 40)}); remove what is not printable"
        )
    smiles = inchi_to_smiles(text) if table.inchi else text
    called = "" if name is None else seen(cells[name], " ")[:LONGEST]
    return flatten_molecule(parse_smiles(smiles), smiles, called), target


def _unused(header: Sequence[str], used: set[int | None]) -> Iterator[str]:
    """Yields a note that names the columns that are left out, if there are any."""
    rest = [one_line(name) for i, name in enumerate(header) if i not in used]
    if rest:
        more = f" and {len(rest) - NAMED:,} more" if len(rest) > NAMED else ""
        yield f"Columns that are left out: {', '.join(rest[:NAMED])}{more}."


def _salts(molecules: Sequence[FlatMolecule]) -> Iterator[str]:
    """Yields a note on the molecules in several pieces, if there are any."""
    apart = [mol for mol in molecules if mol.pieces > 1]
    if apart:
        words = describe_pieces(parse_smiles(apart[0].smiles))
        many = f"{len(apart):,} molecules are" if len(apart) > 1 else "1 molecule is"
        yield f"{many} in pieces, as salts are (the first has {words}); {HOW}."
