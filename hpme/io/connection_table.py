"""The connection tables of MDL molfiles, V2000 and V3000, reduced to what of them is read.

RDKit is given atoms, bonds, charges, radicals and isotopes only: a graph needs nothing else of what such a
table may hold, and what is not parsed cannot break the parser.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

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
    rest = lines[atoms + bonds :]
    table = [
        *[""] * HEADER,
        f"{atoms:3d}{bonds:3d}  0  0  0  0            999 V2000",
        *(NOWHERE + line[30:] for line in lines[:atoms]),
        *lines[atoms : atoms + bonds],
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
    return "\n".join(_written(blocks, told)), [*lost]


def _written(blocks: Mapping[str, Sequence[Sequence[str]]], counts: tuple[int, int]) -> Iterator[str]:
    """Yields the lines of a V3000 table of atoms and bonds."""
    yield from [""] * HEADER
    yield "  0  0  0     0  0            999 V3000"
    yield f"{V30}BEGIN CTAB"
    yield f"{V30}COUNTS {counts[0]} {counts[1]} 0 0 0"
    yield f"{V30}BEGIN ATOM"
    for words in blocks["ATOM"]:
        kept = [word for word in words[6:] if word.startswith(OPTIONS)]
        yield " ".join([f"{V30}{' '.join(words[:2])} 0 0 0 0", *kept])
    yield f"{V30}END ATOM"
    if blocks["BOND"]:
        yield f"{V30}BEGIN BOND"
        yield from (f"{V30}{' '.join(words[:4])}" for words in blocks["BOND"])
        yield f"{V30}END BOND"
    yield from (f"{V30}END CTAB", "M  END")


def _words(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yields the words of V3000 lines, of which one that ends in a hyphen goes on in the next."""
    said = ""
    for line in lines:
        if line.startswith(V30):
            said += line[len(V30) :].rstrip()
            if said.endswith("-"):
                said = said[:-1]
                continue
            if words := said.split():
                yield words
            said = ""


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
