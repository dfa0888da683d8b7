"""Molecules as Tripos MOL2; atoms keep the order of the file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from rdkit import Chem

from hpme.io.molecule import cap_atoms, read_each, record_parsed
from hpme.io.record import Contents, Record
from hpme.io.source import Source
from hpme.io.text import quote
from hpme.limits import cap

START = "@<TRIPOS>"
READ = ("MOLECULE", "ATOM", "BOND")  # other sections are left out
WIDTH = 6  # words of an atom: number, name, three coordinates, type

Rows = Sequence[Sequence[str]]


def read(source: Source) -> Contents:
    """Returns a graph for each molecule; records that cannot be read are left out, unless all are."""
    text = source.text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = re.split(f"^{START}MOLECULE[^\\S\n]*\n", text, flags=re.M)[1:]
    cap("graphs", len(blocks), least=1)
    lost: dict[str, None] = {}
    items = ((i, partial(_record, block, lost)) for i, block in enumerate(blocks, start=1))
    records, notes = read_each("record", items)
    return Contents(records, (*notes, *lost))


def _record(block: str, lost: dict[str, None]) -> Record:
    """Returns a molecule; what of it is not read is added to what is lost."""
    sections: dict[str, list[str]] = {"MOLECULE": []}
    section = "MOLECULE"
    for line in block.split("\n"):
        if line.startswith(START):
            section = line[len(START) :].strip()
            sections.setdefault(section, [])
        else:
            sections[section].append(line)
    name = "".join(sections["MOLECULE"][:1]).strip()
    atoms, bonds = (_rows(sections.get(key, ())) for key in ("ATOM", "BOND"))
    cap_atoms([words[5].partition(".")[0] if len(words) > 5 else "" for words in atoms])
    cap("edges", len(bonds))
    _check_counts("".join(sections["MOLECULE"][1:2]), len(atoms), len(bonds))
    lost |= dict.fromkeys(_lost(sections, atoms))
    table = "\n".join([*_written(atoms, bonds), ""])
    return record_parsed(partial(_parse, table), "" if name == "*****" else name)


def _rows(lines: Sequence[str]) -> Rows:
    """Returns the words of the lines of a section, without empty ones and remarks."""
    return [line.split() for line in lines if line.strip() and not line.startswith("#")]


def _check_counts(line: str, atoms: int, bonds: int) -> None:
    told = line.split()[:2]
    if told != [str(atoms), str(bonds)][: len(told)] or not told:
        got = quote(" ".join(told), 30)
        raise ValueError(
            f"Expected the numbers of atoms and bonds that follow, {atoms} {bonds} (got {got}); correct it"
        )


def _parse(table: str) -> Chem.Mol | None:
    mol = Chem.MolFromMol2Block(table, sanitize=False, removeHs=False)
    if mol is not None and not any(atom.GetAtomicNum() == 1 for atom in mol.GetAtoms()):
        for atom in mol.GetAtoms():  # RDKit takes hydrogen that is not written for missing
            atom.SetNoImplicit(False)
            atom.SetNumRadicalElectrons(0)
            if not any(other.GetFormalCharge() > 0 for other in atom.GetNeighbors()):
                atom.SetFormalCharge(max(atom.GetFormalCharge(), 0))
    return mol


def _written(atoms: Rows, bonds: Rows) -> Iterator[str]:
    """Yields the lines of a MOL2 file of atoms and bonds alone, numbered anew."""
    place: dict[str, int] = {}
    for i, words in enumerate(atoms, start=1):
        if len(words) < WIDTH or words[0] in place:
            got = quote(" ".join(words), 40)
            raise ValueError(
                f"Expected number, name, place and type of each atom (got {got}); correct that line"
            )
        place[words[0]] = i
    yield from (f"{START}MOLECULE", "", f"{len(atoms)} {len(bonds)}", "SMALL", "NO_CHARGES", "")
    yield f"{START}ATOM"
    for i, words in enumerate(atoms, start=1):  # without places RDKit refuses some rings with nitrogen
        yield f"{i} {words[5]}{i} {' '.join(map(_coordinate, words[2:5]))} {words[5]}"
    yield f"{START}BOND"
    for i, words in enumerate(bonds, start=1):
        if len(words) < 4 or words[1] not in place or words[2] not in place:
            got = quote(" ".join(words), 40)
            raise ValueError(f"Expected two atoms and a type of each bond (got {got}); correct that line")
        yield f"{i} {place[words[1]]} {place[words[2]]} {words[3]}"


def _coordinate(word: str) -> str:
    """Returns a number as plain digits, or 0 for what is none of a usual size."""
    return word if re.fullmatch(r"-?[0-9]{1,4}\.[0-9]{1,8}", word) else "0"


def _lost(sections: Mapping[str, Sequence[str]], atoms: Rows) -> Iterator[str]:
    """Yields words for what of a record is not read."""
    yield "names and coordinates of atoms"
    if any(len(words) > WIDTH for words in atoms):
        yield "charges and parts of atoms"
    yield from (
        f"the section {quote(name, 20)}"
        for name, lines in sections.items()
        if name not in READ and any(lines)
    )
