"""Rings of a molecule, counted before RDKit looks for them.

RDKit keeps the shortest rings and compares each with each other: its time and memory grow with the square
of their number, and some ten thousand end the process. Real molecules have few: one for every two atoms in
fullerenes and graphene, two an atom in diamond and in cages of boron, and at most eight an atom in gold, if
all contacts are bonds.
"""

from collections import Counter
from collections.abc import Collection, Sequence

from rdkit import Chem

from hpme.limits import LIMITS, cap

FEW = 20  # rings of which none is made up of others; so few are harmless however they meet
FREE, PER_ATOM = 50, 8  # the most shortest rings: so many, and so many more for each atom in rings
BONDS_OF_ONE = 42  # the most of an atom; RDKit counts valences up to 127, and a triple bond is 3
FAR = 8  # bonds from an atom: rings of more than twice as many are not counted


def cap_rings(mol: Chem.Mol) -> None:
    """Checks the rings of a molecule that is not sanitised yet; see `cap_rings_of`."""
    bonds, atoms = mol.GetNumBonds(), mol.GetNumAtoms()
    if bonds > BONDS_OF_ONE or bonds - atoms + len(Chem.GetMolFrags(mol)) > FEW:
        ends = [(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()) for bond in mol.GetBonds()]
        cap_rings_of(atoms, ends)


def cap_rings_of(atoms: int, bonds: Sequence[tuple[int, int]]) -> None:
    """Checks that a molecule has no more rings, and no atom of it more bonds, than a real one may have.

    Args:
        atoms: How many it has.
        bonds: Two atoms each, from 0.

    Raises:
        ValueError: If it has more.
    """
    beside = _neighbours(atoms, bonds)
    widest = max(map(len, beside), default=0)
    if widest > BONDS_OF_ONE:
        raise ValueError(
            f"Expected at most {BONDS_OF_ONE} bonds of an atom in a molecule (got {widest:,}); remove some"
        )
    _leave_rings(beside)
    inside, joined = sum(map(bool, beside)), sum(map(len, beside)) // 2
    if joined - inside < FEW:
        return
    cap("atoms", inside)
    cap("ring_bonds", joined)
    most = min(FREE + PER_ATOM * inside, LIMITS.rings)
    rings = 0.0
    for atom in range(atoms):
        rings += _share(atom, beside)
        if rings > most:
            raise ValueError(
                f"Expected at most {most:,} rings in a molecule with {inside:,} atoms in rings (got more); "
                "remove bonds, or choose another file"
            )


def _neighbours(atoms: int, bonds: Sequence[tuple[int, int]]) -> list[set[int]]:
    """Returns the neighbours of each atom."""
    beside: list[set[int]] = [set() for _ in range(atoms)]
    for u, v in bonds:
        if u != v:
            beside[u].add(v)
            beside[v].add(u)
    return beside


def _leave_rings(beside: list[set[int]]) -> None:
    """Takes the neighbours from all atoms but those in rings and between rings."""
    ends = [atom for atom, others in enumerate(beside) if len(others) == 1]
    while ends:
        atom = ends.pop()
        for other in beside[atom]:
            beside[other].discard(atom)
            if len(beside[other]) == 1:
                ends.append(other)
        beside[atom] = set()


def _share(atom: int, beside: Sequence[Collection[int]]) -> float:
    """Returns the number of the shortest rings through an atom over their size; 0 if they are very large."""
    branch = {other: other for other in beside[atom]} | {atom: -1}  # the neighbour that each was reached by
    level = [*beside[atom]]
    for far in range(1, FAR + 1):
        within = {*level}
        twice = sum(branch[u] != branch[v] for u in level for v in beside[u] if v in within)
        if twice:
            return twice / 2 / (2 * far + 1)
        reached: dict[int, list[int]] = {}
        for u in level:
            for v in beside[u]:
                if v not in branch:
                    reached.setdefault(v, []).append(branch[u])
        closed = sum(_unlike(branches) for branches in reached.values() if len(branches) > 1)
        if closed:
            return closed / (2 * far + 2)
        branch |= {v: branches[0] for v, branches in reached.items()}
        level = [*reached]
    return 0.0


def _unlike(branches: Sequence[int]) -> int:
    """Returns how many pairs of different branches there are."""
    return (len(branches) ** 2 - sum(count**2 for count in Counter(branches).values())) // 2
