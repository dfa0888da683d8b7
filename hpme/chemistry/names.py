"""Atoms of a molecule named as chemists name them: "benzene ring, nitro, 2 × Cl"."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache

from rdkit import Chem, rdBase
from rdkit.Chem.rdMolDescriptors import CalcMolFormula
from torch_geometric.data import Data

from hpme.chemistry.groups import GROUPS, RINGS

NOTHING = "no atom"


@dataclass(frozen=True)
class NamedPart:
    """Atoms of a molecule, with what to call them."""

    name: str
    atoms: tuple[int, ...]  # rising


def name_parts(mol: Chem.Mol, atoms: Collection[int]) -> list[NamedPart]:
    """Returns the parts of a set of atoms: rings, groups, parts of rings, and what is left atom by atom.

    A ring or a group has its name only where all its atoms are in the set; what it is joined to may lie
    outside, so that the C=O of an amide is a "carbonyl" where its nitrogen is not in the set. A group may
    share atoms with rings, as C=O does in cyclohexanone, but not with another group. Each atom is in a part.

    Args:
        mol: The whole molecule, whose surroundings tell an ester from an acid; not to be changed afterwards,
            as what fits it is kept.
        atoms: Which of its atoms to name, from 0.

    Example:
        >>> mol = Chem.MolFromSmiles("CCc1ccccc1C(=O)O")
        >>> [part.name for part in name_parts(mol, [0, *range(3, 10)])]
        ['carbonyl', 'methyl', 'part of a benzene ring (5 of 6 atoms)']
    """
    inside = {*atoms}
    parts: list[NamedPart] = []
    covered: set[int] = set()
    for name, match in _matches(mol, inside, RINGS):
        if not match <= covered:
            parts.append(_part(name, match))
            covered |= match
    taken: set[int] = set()
    for name, match in _matches(mol, inside, GROUPS):
        if not (match & taken or match <= covered):
            parts.append(_part(name, match))
            taken |= match
    left = inside - covered - taken
    for name, ring in [*_all_matches(mol, RINGS), *_other_rings(mol)]:
        if ring & left:
            parts.append(_part(_part_name(name, len(ring & inside), len(ring)), ring & inside))
            left -= ring
    return [*parts, *(_part(mol.GetAtomWithIdx(atom).GetSymbol(), {atom}) for atom in sorted(left))]


def name_atoms(mol: Chem.Mol, atoms: Collection[int]) -> str:
    """Returns the names of `name_parts` in one line, those that occur several times counted.

    Args:
        mol: The whole molecule.
        atoms: Which of its atoms to name, from 0.

    Example:
        >>> name_atoms(Chem.MolFromSmiles("Clc1ccc(Cl)cc1"), range(8))
        'benzene ring, 2 × Cl'
    """
    counts = Counter(part.name for part in name_parts(mol, atoms))
    return ", ".join(f"{count} × {name}" if count > 1 else name for name, count in counts.items()) or NOTHING


def molecule_of(graph: Data) -> Chem.Mol | None:
    """Returns the molecule that a graph's SMILES stand for.

    Returns:
        A molecule whose atoms and bonds are the nodes and edges in their order, to be read only, as others
        get the same; None where the graph has no SMILES, or is another graph by now, as after an edit.
    """
    if "smiles" not in graph:
        return None
    mol, bonds = _read(graph.smiles)
    if mol is None or mol.GetNumAtoms() != graph.num_nodes:
        return None
    return mol if bonds == {frozenset(ends) for ends in graph.edge_index.t().tolist()} else None


@lru_cache(1024)
def _read(smiles: str) -> tuple[Chem.Mol | None, set[frozenset[int]]]:
    """The molecule, if it is one, and the ends of its bonds."""
    with rdBase.BlockLogs():
        mol: Chem.Mol | None = Chem.MolFromSmiles(smiles)
    bonds = () if mol is None else map(mol.GetBondWithIdx, range(mol.GetNumBonds()))
    return mol, {frozenset((bond.GetBeginAtomIdx(), bond.GetEndAtomIdx())) for bond in bonds}


def formula(mol: Chem.Mol) -> str:
    """Returns the sum formula of a molecule, in Hill's order."""
    return str(CalcMolFormula(mol))


def _matches(
    mol: Chem.Mol, inside: set[int], table: tuple[tuple[str, str], ...]
) -> list[tuple[str, frozenset[int]]]:
    """Returns all that fits a table within a set of atoms, in the order of the table."""
    return [(name, match) for name, match in _all_matches(mol, table) if match <= inside]


@lru_cache(1024)
def _all_matches(mol: Chem.Mol, table: tuple[tuple[str, str], ...]) -> list[tuple[str, frozenset[int]]]:
    """The same of the whole molecule: each of several models keeps another part of it."""
    return [
        (name, frozenset(match))
        for name, pattern in _compiled(table)
        for match in mol.GetSubstructMatches(pattern, maxMatches=1000)
    ]


@cache
def _compiled(table: tuple[tuple[str, str], ...]) -> list[tuple[str, Chem.Mol]]:
    return [(name, Chem.MolFromSmarts(smarts)) for name, smarts in table]


def _part(name: str, atoms: Collection[int]) -> NamedPart:
    return NamedPart(name, tuple(sorted(atoms)))


def _other_rings(mol: Chem.Mol) -> list[tuple[str, frozenset[int]]]:
    """Returns the rings of a molecule, those without a name among them."""
    return [("ring", frozenset(ring)) for ring in mol.GetRingInfo().AtomRings()]


def _part_name(name: str, count: int, size: int) -> str:
    """What to call some atoms of a ring, or all of one that has no name."""
    if count == size:
        return f"{name} of {size} atoms"
    return f"part of {'an' if name[0] in 'aeiou' else 'a'} {name} ({count} of {size} atoms)"
