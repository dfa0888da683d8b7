"""Molecules as SMILES: lists and tables, a molecule a row."""

import re
from collections.abc import Iterator
from functools import partial

from rdkit import Chem, rdBase

from hpme.chemistry.rings import FEW, cap_rings
from hpme.io import inchi
from hpme.io.molecule import lost_hydrogen, read_each, record_molecule
from hpme.io.record import Contents, Record
from hpme.io.source import Layout, Source
from hpme.io.table import Row, table_rows
from hpme.io.text import quote
from hpme.limits import LIMITS, cap

REACTION = re.compile("[^>]*>[^>]*(?<!-)>[^>]*")
EXTENSION = re.compile(r"(?<=\S)\s+\|[^|\s]+\|(?=\s|$)")  # of CXSMILES, behind SMILES


def read(source: Source) -> Contents:
    """Returns a graph for each molecule; rows without one are left out, unless all are."""
    layout = source.layout
    rows = table_rows(source.text, layout, "graphs")
    read_one = record if "smiles" in layout.roles else inchi.record
    items = ((line, partial(read_one, text, name)) for line, text, name in _molecules(rows, layout))
    records, notes = read_each("line", items)
    more = ("the extensions of CXSMILES",) if EXTENSION.search(source.text) else ()
    return Contents(records, (*notes, *more, *_unused(layout)))


def record(smiles: str, name: str = "") -> Record:
    """Returns the graph of a molecule, whose nodes are the atoms in the SMILES' order."""
    mol = parse_smiles(smiles)
    left = sum(atom.GetSymbol() == "H" and not atom.GetIsotope() for atom in mol.GetAtoms())
    return record_molecule(mol, smiles, name, lost_hydrogen(max(smiles.count("[H]") - left, 0)))


def parse_smiles(smiles: str) -> Chem.Mol:
    """Returns the molecule that SMILES stand for, within the limits.

    Raises:
        ValueError: If they are no molecule, or one that is too large.
    """
    cap("characters", len(smiles), least=1)
    if _may_be_dense(smiles) and (plain := _parse(smiles, sanitize=False)):
        cap_rings(plain)
    mol = _parse(smiles)
    if mol is None:
        got = quote(smiles, 40)
        if REACTION.fullmatch(smiles):
            raise ValueError(
                f"Expected one molecule as SMILES (got the reaction {got}); give one of its parts"
            )
        raise ValueError(f"Expected a molecule as SMILES (got {got}); fix its rings, brackets or valences")
    cap("atoms", mol.GetNumAtoms(), least=1)
    return mol


def is_smiles(text: str) -> bool:
    """Returns whether a text is SMILES of a molecule; of a dense one valences do not count."""
    if len(text) <= LIMITS.characters and _may_be_dense(text):
        return _parse(text, sanitize=False) is not None
    try:
        parse_smiles(text)
    except ValueError:
        return False
    return True


def _parse(smiles: str, sanitize: bool = True) -> Chem.Mol | None:
    if not (smiles.isascii() and smiles.isprintable()) or " " in smiles:  # of which RDKit reads a part
        return None
    with rdBase.BlockLogs():
        return Chem.MolFromSmiles(smiles, sanitize=sanitize)


def _may_be_dense(smiles: str) -> bool:
    """Returns whether SMILES may have many rings or an atom with many bonds."""
    return sum(map(str.isdecimal, smiles)) > 2 * FEW or smiles.count("(") > FEW  # each takes two digits


def _molecules(rows: list[Row], layout: Layout) -> Iterator[tuple[int, str, str]]:
    """Yields line, SMILES and name of each molecule; what follows SMILES in their cell is of the name.

    In a list with blanks a name takes all further cells.
    """
    place, called = layout.roles.get("smiles", layout.roles.get("inchi", 0)), layout.roles.get("name")
    for line, cells in rows:
        if layout.every:
            yield from ((line, cell, "") for cell in cells)
            continue
        smiles, _, name = (cells[place] if place < len(cells) else "").partition(" ")
        if called is not None and called < len(cells):
            rest = layout.separator == " " and place < called
            name += f" {' '.join(cells[called:]) if rest else cells[called]}"
        smiles, _, name = EXTENSION.sub("", f"{smiles} {name.strip()}").partition(" ")
        yield line, smiles, name.strip()


def _unused(layout: Layout) -> tuple[str, ...]:
    """Returns a note that names the columns that no role takes, if there are any."""
    if layout.every or (layout.separator == " " and not layout.columns):
        return ()
    rest = [layout.title(i) for i in range(layout.width) if i not in layout.roles.values()]
    return (f"columns {quote(', '.join(rest), 100)}",) if rest else ()
