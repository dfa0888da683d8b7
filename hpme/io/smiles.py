"""Molecules as SMILES: lists and tables, a molecule a row."""

from collections.abc import Iterator

import torch
from rdkit import Chem, rdBase

from hpme.chemistry.bonds import BONDS, bond_types
from hpme.io.record import Contents, Record
from hpme.io.source import Layout, Source
from hpme.io.table import Row, table_rows
from hpme.io.text import quote
from hpme.limits import cap

SHOWN = 5  # lines that a note names


def read(source: Source) -> Contents:
    """Returns a graph for each molecule; rows without one are left out, unless all are."""
    layout = source.layout
    rows = table_rows(source.text, layout, "graphs")
    records, bad = [], []
    for line, smiles, name in _molecules(rows, layout):
        try:
            records.append(record(smiles, name))
        except ValueError as error:
            bad.append((line, str(error)))
    if not records:
        line, reason = bad[0]
        many = f"Expected at least one molecule (got none in {len(bad):,} lines). Line {line:,}: {reason}"
        raise ValueError(reason if len(bad) == 1 else many)
    cap("graphs", len(records), least=1)
    return Contents(records, (*left_out("line", bad), *_unused(layout)))


def left_out(what: str, bad: list[tuple[int, str]]) -> tuple[str, ...]:
    """Returns a note that names what could not be read, if anything: lines or records by number, and why."""
    if not bad:
        return ()
    numbers = ", ".join(f"{number:,}" for number, _ in bad[:SHOWN]) + (", …" if len(bad) > SHOWN else "")
    many = f"{len(bad):,} {what}s: " if len(bad) > SHOWN else ""
    return (f"{many}{what}{'s' * (len(bad) > 1)} {numbers} ({bad[0][1]})",)


def record(smiles: str, name: str = "") -> Record:
    """Returns the graph of a molecule: its nodes are the atoms in the SMILES' order, its edges the bonds.

    Edges have the one-hot type of their bond, by the names of `hpme.chemistry.bonds.BONDS`.
    """
    mol = parse_smiles(smiles)
    ends = [(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()) for bond in mol.GetBonds()]
    types = bond_types(mol, torch.tensor(ends, dtype=torch.long).reshape(-1, 2).t()).tolist()
    return Record(
        {"smiles": smiles} | ({"name": name} if name else {}),
        [(atom.GetIdx(), {"element": atom.GetSymbol()}) for atom in mol.GetAtoms()],
        [(u, v, dict(zip(BONDS, row, strict=True))) for (u, v), row in zip(ends, types, strict=True)],
        edge_names=BONDS,
    )


def parse_smiles(smiles: str) -> Chem.Mol:
    """Returns the molecule that SMILES stand for, within the limits.

    Raises:
        ValueError: If they are no molecule, or one that is too large.
    """
    cap("characters", len(smiles), least=1)
    mol: Chem.Mol | None = None
    if smiles.isascii() and smiles.isprintable() and " " not in smiles:  # else RDKit reads a part
        with rdBase.BlockLogs():
            mol = Chem.MolFromSmiles(smiles)
    if mol is None:
        got = quote(smiles, 40)
        raise ValueError(f"Expected a molecule as SMILES (got {got}); fix its rings, brackets or valences")
    cap("atoms", mol.GetNumAtoms(), least=1)
    return mol


def is_smiles(text: str) -> bool:
    """Returns whether a text is SMILES of a molecule."""
    try:
        parse_smiles(text)
    except ValueError:
        return False
    return True


def _molecules(rows: list[Row], layout: Layout) -> Iterator[tuple[int, str, str]]:
    """Yields line, SMILES and name of each molecule; what follows SMILES in their cell is of the name."""
    place, called = layout.roles["smiles"], layout.roles.get("name")
    for line, cells in rows:
        if layout.every:
            yield from ((line, cell, "") for cell in cells)
            continue
        smiles, _, name = (cells[place] if place < len(cells) else "").partition(" ")
        if called is not None and called < len(cells):
            name += f" {' '.join(cells[called:]) if layout.separator == ' ' else cells[called]}"
        yield line, smiles, name.strip()


def _unused(layout: Layout) -> tuple[str, ...]:
    """Returns a note that names the columns that no role takes, if there are any."""
    if layout.every or (layout.separator == " " and not layout.columns):
        return ()
    rest = [layout.title(i) for i in range(layout.width) if i not in layout.roles.values()]
    return (f"columns {quote(', '.join(rest), 100)}",) if rest else ()
