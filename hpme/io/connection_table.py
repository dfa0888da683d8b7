"""The connection tables of MDL molfiles, V2000 and V3000, reduced to what of them is read.

RDKit is given atoms, bonds, charges, radicals and isotopes only: a graph needs nothing else of what such a
table may hold, and what is not parsed cannot break the parser.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from hpme.chemistry.rings import cap_rings_of
from hpme.io.molecule import cap_atoms
from hpme.io.text import quote
from hpme.limits import cap

NOWHERE = f"{0:10.4f}" * 3  # the place of an atom
HEADER = 3  # lines above the counts
V30 = "M  V30 "
READ = ("M  CHG", "M  RAD", "M  ISO")
OPTIONS = ("CHG=", "RAD=", "MASS=", "VAL=")  # of atoms in V3000


def reduce_table(lines: Sequence[str]) -> tuple[str, list[str]]:
    """Returns a molfile with what of it is read, and words for what is not.

    Args:
        lines: Those of one record, up to ``M  END``.

    Raises:
        ValueError: If it has other atoms and bonds than it says, or too many.
    """
    place = next((i for i, line in enumerate(lines[:6]) if re.search(r"V[23]000\s*$", line)), HEADER)
    counts = lines[place] if place < len(lines) else ""
    if "V3000" in counts:
        return _extended(lines[place + 1 :])
    return _fixed(counts, lines[place + 1 :])


def _fixed(counts: str, lines: Sequence[str]) -> tuple[str, list[str]]:
    """Returns the same of a V2000 table: of the line of counts and those below it."""
    atoms, bonds = _counted(counts[:3], counts[3:6], counts, len(lines))
    cap_atoms([line[30:34].strip() for line in lines[:atoms]])
    table_of_bonds, rest = lines[atoms : atoms + bonds], lines[atoms + bonds :]
    ends = [(_place(line[:3], atoms, line), _place(line[3:6], atoms, line)) for line in table_of_bonds]
    cap_rings_of(atoms, ends)
    table = [
        *[""] * HEADER,
        f"{atoms:3d}{bonds:3d}  0  0  0  0            999 V2000",
        *(NOWHERE + line[30:] for line in lines[:atoms]),
        *(f"{u + 1:3d}{v + 1:3d}{line[6:]}" for (u, v), line in zip(ends, table_of_bonds, strict=True)),
        *(line for line in rest if line.startswith(READ)),
        "M  END",
    ]
    other = {
        line[:6].strip(): None for line in rest if line.strip() and not line.startswith(("M  END", *READ))
    }
    lost = ["coordinates"] * any(re.search("[1-9]", line[:30]) is not None for line in lines[:atoms])
    return "\n".join(table), [*lost, *(f"lines {quote(word, 10)}" for word in other)]


def _extended(lines: Sequence[str]) -> tuple[str, list[str]]:
    """Returns the same of a V3000 table: of the lines below that of its counts."""
    counts: list[str] = []
    blocks: dict[str, list[list[str]]] = {"CTAB": [], "ATOM": [], "BOND": []}
    block = ""
    lost: dict[str, None] = {}
    for words in _words(lines):
        if words[0] == "COUNTS":
            counts = words[1:3]
        elif words[0] == "BEGIN":
            block = words[-1]
        elif words[0] == "END":
            block = "CTAB"
        elif block not in blocks:
            lost[f"the block {quote(block, 20)}"] = None
        else:
            blocks[block].append(words)
    first, second = (*counts, "", "")[:2]
    told = _counted(first, second, " ".join(counts), len(lines))
    found = len(blocks["ATOM"]), len(blocks["BOND"])
    if found != told:
        got = "{:,} and {:,}".format(*found)
        raise ValueError("Expected {:,} atoms and {:,} bonds".format(*told) + f" (got {got}); correct COUNTS")
    cap_atoms(["".join(words[1:2]) for words in blocks["ATOM"]])
    if any(re.search("[1-9]", " ".join(words[2:5])) for words in blocks["ATOM"]):
        lost = {"coordinates": None} | lost
    ends = _ends(blocks)
    cap_rings_of(told[0], ends)
    return "\n".join(_written(blocks, ends)), [*lost]


def _ends(blocks: Mapping[str, Sequence[Sequence[str]]]) -> list[tuple[int, int]]:
    """Returns the places of the atoms of each bond, from 0; atoms may have any numbers."""
    places = {words[0]: place for place, words in enumerate(blocks["ATOM"])}
    if len(places) < len(blocks["ATOM"]):
        raise ValueError("Expected atoms with numbers that differ (got one twice); number them anew")
    ends = []
    for words in blocks["BOND"]:
        one, other = (places.get(word) for word in (*words[2:4], "", "")[:2])
        if one is None or other is None:
            got = quote(" ".join(words), 30)
            raise ValueError(f"Expected two atoms of the table at each bond (got {got}); correct that line")
        ends.append((one, other))
    return ends


def _place(word: str, atoms: int, line: str) -> int:
    """Returns the place of an atom, from 0, that stands with a number, from 1, in a V2000 line of a bond."""
    number = int(word) if word.strip().isdecimal() else 0
    if not 1 <= number <= atoms:
        got = quote(line, 20)
        raise ValueError(f"Expected two atoms of {atoms:,} at each bond (got {got}); correct that line")
    return number - 1


def _written(blocks: Mapping[str, Sequence[Sequence[str]]], ends: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yields the lines of a V3000 table of atoms and bonds, numbered anew."""
    yield from [""] * HEADER
    yield "  0  0  0     0  0            999 V3000"
    yield f"{V30}BEGIN CTAB"
    yield f"{V30}COUNTS {len(blocks['ATOM'])} {len(ends)} 0 0 0"
    yield f"{V30}BEGIN ATOM"
    for i, words in enumerate(blocks["ATOM"], start=1):
        kept = [word for word in words[6:] if word.startswith(OPTIONS)]
        yield " ".join([f"{V30}{i} {''.join(words[1:2])} 0 0 0 0", *kept])
    yield f"{V30}END ATOM"
    if blocks["BOND"]:
        yield f"{V30}BEGIN BOND"
        for i, (words, (u, v)) in enumerate(zip(blocks["BOND"], ends, strict=True), start=1):
            yield f"{V30}{i} {words[1]} {u + 1} {v + 1}"
        yield f"{V30}END BOND"
    yield from (f"{V30}END CTAB", "M  END")


def _words(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yields the words of V3000 lines, of which one that ends in a hyphen goes on in the next."""
    pieces: list[str] = []
    for line in lines:
        if line.startswith(V30):
            piece = line[len(V30) :].rstrip()
            pieces.append(piece.removesuffix("-"))
            if piece.endswith("-"):
                continue
            if words := "".join(pieces).split():
                yield words
            pieces = []


def _counted(atoms: str, bonds: str, line: str, most: int) -> tuple[int, int]:
    """Returns how many atoms and bonds a table says that it has: no more than limits and lines allow."""
    try:
        counts = int(atoms), int(bonds or 0)
    except ValueError:
        raise ValueError(
            f"Expected the numbers of atoms and bonds above them (got {quote(line, 30)}); save the file again"
        ) from None
    cap("atoms", min(counts[0], 1), least=1)
    cap("edges", counts[1])
    if sum(counts) > most:
        got = f"{most:,} lines"
        raise ValueError(
            "Expected {:,} atoms and {:,} bonds".format(*counts) + f" (got {got}); save the file again"
        )
    return counts
