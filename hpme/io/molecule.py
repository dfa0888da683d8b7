"""Molecules as records, whatever kind of file they are from."""

from collections.abc import Callable, Iterable, Sequence

import torch
from rdkit import Chem, rdBase

from hpme.chemistry.bonds import BONDS, bond_types
from hpme.chemistry.elements import SYMBOLS
from hpme.chemistry.order import smiles_in_order
from hpme.chemistry.rings import cap_rings
from hpme.io.record import Record
from hpme.io.text import quote, seen
from hpme.limits import LIMITS, cap

HYDROGENS = {"H", "D", "T"}
SHOWN = 5  # lines or records that a note names


def record_molecule(mol: Chem.Mol, smiles: str, name: str = "", left_out: Sequence[str] = ()) -> Record:
    """Returns the graph of a molecule: its nodes are the atoms in their order, its edges the bonds.

    Edges have the one-hot type of their bond, by the names of `hpme.chemistry.bonds.BONDS`.

    Args:
        mol: The molecule.
        smiles: SMILES whose atoms come in the same order; nothing if there are none.
        name: What it is called.
        left_out: Words for what of it is not in the record.
    """
    ends = [(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()) for bond in mol.GetBonds()]
    types = bond_types(mol, torch.tensor(ends, dtype=torch.long).reshape(-1, 2).t()).tolist()
    return Record(
        {key: text for key, text in (("smiles", smiles), ("name", name)) if text},
        [(atom.GetIdx(), {"element": SYMBOLS[atom.GetAtomicNum()]}) for atom in mol.GetAtoms()],
        [(u, v, dict(zip(BONDS, row, strict=True))) for (u, v), row in zip(ends, types, strict=True)],
        edge_names=BONDS,
        left_out=left_out,
    )


def record_parsed(parse: Callable[[], Chem.Mol | None], name: str) -> Record:
    """Returns the graph of a molecule of a file, without its hydrogen atoms, in the order of the others.

    Args:
        parse: Returns what RDKit reads, not sanitised yet, or None where it refuses it.
        name: What the molecule is called.

    Raises:
        ValueError: If RDKit refuses it, with its reason, or it is too large.
    """
    mol, gone = parsed_molecule(parse, name)
    name = seen(name).strip()[: LIMITS.characters]
    return record_molecule(mol, smiles_in_order(mol), name, lost_hydrogen(gone))


def lost_hydrogen(gone: int) -> list[str]:
    """Returns words for hydrogen atoms that a file has and a record has not, if there are any."""
    return [f"{gone:,} hydrogen atom{'s' * (gone > 1)}"] * bool(gone)


def parsed_molecule(parse: Callable[[], Chem.Mol | None], name: str) -> tuple[Chem.Mol, int]:
    """Returns a molecule without its hydrogen atoms, and how many those were; see `record_parsed`."""
    bare: Chem.Mol | None = None
    with rdBase.BlockLogs():
        try:
            mol, reason = parse(), "its lines cannot be read"
        except (ValueError, RuntimeError) as error:
            mol, reason = None, str(error)
        if mol is not None:
            cap_rings(mol)
            bare, reason = _without_hydrogen(mol)
    if mol is None or bare is None:
        called = f"{quote(name, 30)}: " if name else ""
        got = f"{called}{quote(' '.join(reason.split()), 100)}"
        raise ValueError(f"Expected a molecule that RDKit can read (got {got}); correct it")
    cap("atoms", bare.GetNumAtoms(), least=1)
    return bare, mol.GetNumAtoms() - bare.GetNumAtoms()


def _without_hydrogen(mol: Chem.Mol) -> tuple[Chem.Mol | None, str]:
    """Sanitises a molecule; returns it without hydrogen atoms, or why RDKit refuses it."""
    try:
        Chem.SanitizeMol(mol)
        hydrogen = any(atom.GetAtomicNum() == 1 for atom in mol.GetAtoms())
        return Chem.RemoveHs(mol) if hydrogen else mol, ""
    except (ValueError, RuntimeError) as error:
        return None, str(error)


def cap_atoms(symbols: Sequence[str]) -> None:
    """Checks the number of a molecule's atoms; hydrogen does not count, unless there is very much of it."""
    heavy = max(sum(symbol not in HYDROGENS for symbol in symbols), min(len(symbols), 1))
    cap("atoms", heavy if len(symbols) <= 4 * LIMITS.atoms else len(symbols), least=1)


def read_each(
    what: str, items: Iterable[tuple[int, Callable[[], Record]]]
) -> tuple[list[Record], tuple[str, ...]]:
    """Returns the molecules that can be read, and a note that names the others.

    Args:
        what: What a molecule is in the file: a line, or a record.
        items: Number of each, and what reads it or raises `ValueError`.

    Raises:
        ValueError: If none can be read.
    """
    records, bad, nodes = [], [], 0
    for number, read in items:
        try:
            records.append(read())
        except ValueError as error:
            bad.append((number, str(error)))
        else:
            nodes += len(records[-1].nodes)
            cap("nodes", nodes)
    if not records:
        cap("graphs", len(bad), least=1)
        number, reason = bad[0]
        first = f"{what.capitalize()} {number:,}: {reason}"
        many = f"Expected at least one molecule (got none in {len(bad):,} {what}s). {first}"
        raise ValueError(reason if len(bad) == 1 else many)
    cap("graphs", len(records), least=1)
    return records, _left_out(what, bad)


def _left_out(what: str, bad: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    if not bad:
        return ()
    numbers = ", ".join(f"{number:,}" for number, _ in bad[:SHOWN]) + (", …" if len(bad) > SHOWN else "")
    many = f"{len(bad):,} {what}s: " if len(bad) > SHOWN else ""
    return (f"{many}{what}{'s' * (len(bad) > 1)} {numbers} ({bad[0][1]})",)
