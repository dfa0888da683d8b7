"""Molecules as people paste them: SMILES, InChI or names, a line each, with whatever separators."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from torch_geometric.data import Data

from hpme.box import boxed
from hpme.chemistry.pieces import describe_pieces, largest_piece
from hpme.datasets.named import MOLECULES, name_of_smiles, smiles_of_name
from hpme.io import read_graphs
from hpme.io.record import complete_graphs, draft_graph
from hpme.io.smiles import is_smiles, parse_smiles, record
from hpme.io.text import quote, seen
from hpme.limits import BOX_LIMITS, LIMITS

SEPARATORS = re.compile(r"[\t,;|]+|\s+")
HEADER = {"smiles", "smi", "canonical_smiles", "structure", "molecule"}  # what names a column of molecules
MEANT = re.compile(r"(?:Cl|Br|[BCNOPSFIbcnops\d=#:$/\\.()%@+*~-]|\[[^\]]*\])+")  # SMILES, be they wrong
MOST = 200  # molecules of one lot


@dataclass(frozen=True)
class PastedMolecule:
    """A molecule that was asked about."""

    line: int  # from 1
    text: str  # of the line, without its ends
    smiles: str  # of its largest piece, in the order of the graph's nodes
    name: str  # from the line, or one of the few known ones; else empty
    note: str  # what of the line was left aside, in one sentence; else empty
    graph: Data = field(compare=False, repr=False)  # the molecule as `hpme.io.read_graphs` reads it

    @property
    def title(self) -> str:
        """What to call it: its name, else its SMILES."""
        return self.name or self.smiles


@boxed(BOX_LIMITS)
def read_pasted(text: str) -> tuple[list[PastedMolecule], list[str]]:
    r"""Returns the molecules in a text, and a sentence for each line that holds none.

    A line is SMILES, with or without a name before or after them, an InChI, or the name of one of
    `hpme.datasets.named.MOLECULES`. Several SMILES in a line are several molecules. Of a salt or a mixture
    the largest piece is taken.

    Args:
        text: One line or several; cells are apart by tabs, commas, semicolons, bars or blanks.

    Example:
        >>> molecules, troubles = read_pasted("CCO\tethanol\nC1CC\nAspirin")
        >>> [(one.line, one.smiles, one.name) for one in molecules]
        [(1, 'CCO', 'ethanol'), (3, 'CC(=O)Oc1ccccc1C(=O)O', 'aspirin')]
        >>> troubles[0]
        "Line 2: Expected SMILES or one of 84 known names (got 'C1CC'); mend rings, brackets or valences"
    """
    found: list[PastedMolecule] = []
    troubles: list[str] = []
    for line, words in enumerate(text.splitlines(), start=1):
        words = words.strip()
        if not words or (line == 1 and HEADER & {cell.casefold() for cell in SEPARATORS.split(words)}):
            continue
        if len(found) >= MOST:
            troubles.append(f"Line {line} and those below: Expected at most {MOST} molecules; ask in parts")
            break
        try:
            found += [_molecule(line, words, smiles, name) for smiles, name in _cells(words)]
        except ValueError as error:
            troubles.append(f"Line {line}: {error}")
    return found, troubles


def _cells(words: str) -> Iterator[tuple[str, str]]:
    """Yields SMILES and name of each molecule in a line.

    Raises:
        ValueError: If there is none.
    """
    if known := smiles_of_name(words):
        yield known, _usual(words)
        return
    if words.startswith("InChI="):
        inchi, _, name = words.partition(" ")
        graph = read_graphs(inchi.encode(), "pasted.inchi")[0]
        yield graph.smiles, name.strip()
        return
    cells = [cell for cell in SEPARATORS.split(words) if cell]
    smiles = [cell for cell in cells if len(cell) <= LIMITS.characters and is_smiles(cell)]
    if len(smiles) == len(cells):
        yield from ((one, "") for one in smiles)
    elif smiles:
        place = cells.index(smiles[0])
        yield smiles[0], " ".join([*cells[:place], *cells[place + 1 :]])
    elif known := next(filter(None, map(smiles_of_name, cells)), None):
        yield known, name_of_smiles(known)
    else:
        _refuse(cells)


def _usual(name: str) -> str:
    plain = " ".join(name.split()).casefold()
    return next(known for known in MOLECULES if known.casefold() == plain)


def _refuse(cells: Sequence[str]) -> None:
    """Says what is wrong with a line without a molecule.

    Raises:
        ValueError: Always.
    """
    meant = [cell for cell in cells if MEANT.fullmatch(cell)]
    if (longest := max(map(len, meant), default=0)) > LIMITS.characters:
        raise ValueError(
            f"Expected at most {LIMITS.characters:,} characters of a molecule (got {longest:,}); "
            "ask about a smaller one"
        )
    raise ValueError(
        f"Expected SMILES or one of {len(MOLECULES)} known names (got {quote(' '.join(cells), 40)}); "
        f"{'mend rings, brackets or valences' if meant else 'it is neither: give its SMILES'}"
    )


def _molecule(line: int, words: str, smiles: str, name: str) -> PastedMolecule:
    """Returns what a line asks about.

    Raises:
        ValueError: If it is no molecule within the limits.
    """
    mol = parse_smiles(smiles)
    note, pieces = "", describe_pieces(mol)
    if pieces:
        smiles = largest_piece(smiles)
        note = f"Of {pieces}, the largest is taken."
    name = seen(name).strip()[:60] or name_of_smiles(smiles)
    graph = draft_graph(record(smiles, name))
    complete_graphs([graph])
    return PastedMolecule(line, words, smiles, name, note, graph)
