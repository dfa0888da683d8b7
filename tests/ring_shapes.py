"""Graphs as rings of molecules: such as there are, and such as there are none."""

from itertools import combinations, product

from rdkit import Chem

Graph = tuple[int, list[tuple[int, int]]]


def clique(size: int) -> Graph:
    return size, [*combinations(range(size), 2)]


def two_sided(one: int, other: int) -> Graph:
    return one + other, [(u, one + v) for u in range(one) for v in range(other)]


def grid(size: int) -> Graph:
    right = [(i, i + 1) for i in range(size * size) if (i + 1) % size]
    return size * size, right + [(i, i + size) for i in range(size * size - size)]


def plane(prime: int) -> Graph:
    """Points and lines of a projective plane: no ring of 4, and ever so many of 6."""
    points = [(1, a, b) for a in range(prime) for b in range(prime)]
    points += [(0, 1, a) for a in range(prime)] + [(0, 0, 1)]
    on = [
        (i, len(points) + j)
        for (i, p), (j, q) in product(enumerate(points), repeat=2)
        if sum(x * y for x, y in zip(p, q, strict=True)) % prime == 0
    ]
    return 2 * len(points), on


def lattice(size: int, steps: list[tuple[int, int, int]], taken) -> Graph:
    places = {p: i for i, p in enumerate(p for p in product(range(size), repeat=3) if taken(*p))}
    bonds = []
    for place, i in places.items():
        for step in steps:
            other = tuple(a + b for a, b in zip(place, step, strict=True))
            if other in places:
                bonds.append((i, places[other]))
    return len(places), bonds


def gold(size: int) -> Graph:
    steps = [(1, 1, 0), (1, -1, 0), (1, 0, 1), (1, 0, -1), (0, 1, 1), (0, 1, -1)]
    return lattice(size, steps, lambda x, y, z: (x + y + z) % 2 == 0)


def diamond(size: int) -> Graph:
    ups = [(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)]
    even = {(0, 0, 0), (0, 2, 2), (2, 0, 2), (2, 2, 0)}
    odd = {tuple((a + 1) % 4 for a in place) for place in even}
    count, bonds = lattice(size, ups, lambda *p: tuple(a % 4 for a in p) in even | odd)
    return count, [*{(min(bond), max(bond)) for bond in bonds}]


def of_smiles(smiles: str) -> Graph:
    mol = Chem.MolFromSmiles(smiles, sanitize=False)
    return mol.GetNumAtoms(), [(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()) for bond in mol.GetBonds()]


def sheet(size: int) -> Graph:
    """Graphene."""
    count, bonds = grid(size)
    return count, [(u, v) for u, v in bonds if v - u == 1 or (u // size + u % size) % 2 == 0]


C60 = (
    "c12c3c4c5c1c1c6c7c2c2c8c3c3c9c4c4c%10c5c5c1c1c6c6c%11c7c2c2c7c8c3c3c8c9c4c4c9c%10c5c5c1c1c6c6c%11c2c2c7c3"
    "c3c8c4c4c9c5c1c1c6c2c3c41"
)
BORANE = (12, [(0, i) for i in range(1, 6)] + [(11, i) for i in range(6, 11)]
          + [(i, 1 + i % 5) for i in range(1, 6)] + [(i, 6 + (i - 5) % 5) for i in range(6, 11)]
          + [(i, i + 5) for i in range(1, 6)] + [(i, 6 + i % 5) for i in range(1, 6)])  # fmt: skip
REAL = {
    "a fullerene": of_smiles(C60),
    "graphene": sheet(22),
    "diamond": diamond(14),
    "a cage of boron": BORANE,
    "gold, all of whose contacts are bonds": gold(8),
    "a crown": of_smiles("C1COCCOCCOCCOCCOCCO1"),
    "cubane": of_smiles("C12C3C4C1C5C2C3C45"),
    "ferrocene": of_smiles("[Fe]123456789%10C%11C1C2C3C4%11.C%125C6C7C8C9%12C%10"),
    "a ladder": (500, [(i, i + 2) for i in range(498)] + [(i, i + 1) for i in range(0, 500, 2)]),
    "a tree": (500, [(i // 3, i) for i in range(1, 500)]),
    "atoms without bonds": (500, []),
}
UNREAL = {
    "all bonds between 20 atoms": clique(20),
    "all bonds between 60": clique(60),
    "all bonds between 100": clique(100),
    "two atoms with 400 between": two_sided(2, 400),
    "14 atoms at 14": two_sided(14, 14),
    "a grid of 60": grid(60),
    "a plane": plane(7),
    "500 atoms with 20 bonds each": (500, [(i, (i + k) % 500) for i in range(500) for k in range(1, 11)]),
}
