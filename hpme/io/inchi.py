"""Molecules as InChI, one a line; whatever follows the first blank of a line is the name."""

import re
from functools import partial

from rdkit import Chem

from hpme.io.molecule import parsed_molecule, read_each, record_parsed
from hpme.io.record import Contents, Record
from hpme.io.source import Source
from hpme.io.text import quote
from hpme.limits import cap

INCHI = re.compile(r"InChI=1S?(/[A-Za-z0-9.,;()+*?-]*)+")  # what the library is given


def read(source: Source) -> Contents:
    """Returns a graph for each molecule, whose atoms come in the InChI's order; others are left out."""
    rows = [
        (i, line.split(maxsplit=1))
        for i, line in enumerate(source.text.splitlines(), start=1)
        if line.strip()
    ]
    cap("graphs", len(rows), least=1)
    records, notes = read_each("line", ((i, partial(record, *words)) for i, words in rows))
    return Contents(records, notes)


def record(inchi: str, name: str = "") -> Record:
    """Returns the graph of a molecule.

    Raises:
        ValueError: If it is none.
    """
    _check(inchi)
    return record_parsed(partial(_parse, inchi), name)


def inchi_to_smiles(inchi: str) -> str:
    """Returns canonical SMILES of the molecule, without stereo.

    Raises:
        ValueError: If it is none.
    """
    _check(inchi)
    mol, _ = parsed_molecule(partial(_parse, inchi), "")
    return Chem.MolToSmiles(mol, isomericSmiles=False)


def _check(inchi: str) -> None:
    cap("characters", len(inchi), least=1)
    if not INCHI.fullmatch(inchi):
        raise ValueError(f"Expected a molecule as InChI=1S/… (got {quote(inchi, 40)}); correct it")


def _parse(inchi: str) -> Chem.Mol | None:
    return Chem.MolFromInchi(inchi, sanitize=False, removeHs=False)
