# ruff: noqa: E501 - a grammar is a line
"""Molecules written by grammars: as they should be, and not."""

import random
from itertools import combinations

from rdkit import Chem
from truth import Case, Truth, of_text, shaken

VALENCES = {"C": 4, "N": 3, "O": 2, "S": 2, "F": 1, "Cl": 1, "Br": 1}
ODD = (
    "H",
    "D",
    "T",
    "*",
    "A",
    "Q",
    "X",
    "R",
    "R#",
    "L",
    "LP",
    "Xx",
    "Fe",
    "Og",
    "se",
    "[C,N]",
    "NOT[C]",
    "#6",
    "c",
)
PROPERTIES = ("CHG", "RAD", "ISO", "RBC", "SUB", "UNS", "LIN", "ALS", "APO", "RGP", "STY", "SST", "SAL", "SBL", "SMT", "SDT", "SED", "SDI", "SCN", "PXA", "ZCH", "HYD", "ZBO", "AAL", "LOG")  # fmt: skip
Bond = tuple[int, int, int]  # two atoms and an order
Molecule = tuple[list[str], list[Bond]]


def molecule(rng: random.Random, most: int = 14) -> Molecule:
    """Atoms and bonds within their valences, all joined."""
    atoms = ["C"]
    free = [4]
    bonds: list[Bond] = []
    for _ in range(rng.randrange(most)):
        able = [i for i, left in enumerate(free) if left]
        if not able:
            break
        symbol, other = rng.choice([*VALENCES, "C", "C", "N"]), rng.choice(able)
        bonds.append((other, len(atoms), 1))
        free[other] -= 1
        atoms.append(symbol)
        free.append(VALENCES[symbol] - 1)
    joined = {bond[:2] for bond in bonds}
    for u, v in rng.sample([*combinations(range(len(atoms)), 2)], min(4, len(atoms) * (len(atoms) - 1) // 2)):
        if (u, v) not in joined and free[u] and free[v]:
            bonds.append((u, v, 1))
            free[u], free[v] = free[u] - 1, free[v] - 1
    for place, (u, v, order) in enumerate(bonds):
        if rng.random() < 0.2 and free[u] and free[v] and {atoms[u], atoms[v]} <= {"C", "N", "O"}:
            bonds[place] = u, v, order + 1
            free[u], free[v] = free[u] - 1, free[v] - 1
    return atoms, bonds


def with_hydrogen(rng: random.Random, drawn: Molecule) -> Molecule:
    """The same with some hydrogen atoms in any places among the others, whose order stays."""
    atoms, bonds = drawn
    free = [VALENCES[symbol] - sum(b[2] for b in bonds if i in b[:2]) for i, symbol in enumerate(atoms)]
    owners = [i for i, left in enumerate(free) for _ in range(left) if rng.random() < 0.3]
    order = sorted(
        range(len(atoms) + len(owners)), key=lambda i: rng.random() * len(atoms) if i >= len(atoms) else i
    )
    place = {i: k for k, i in enumerate(order)}
    symbols = [atoms[i] if i < len(atoms) else "H" for i in order]
    more = [(place[owner], place[len(atoms) + k], 1) for k, owner in enumerate(owners)]
    return symbols, [(place[u], place[v], kind) for u, v, kind in bonds] + more


def truth(drawn: Molecule, ordered: bool = True) -> Truth:
    atoms, bonds = drawn
    return Truth(
        len(atoms), frozenset((min(u, v), max(u, v)) for u, v, _ in bonds), tuple(atoms), ordered=ordered
    )


def number(rng: random.Random) -> str:
    return f"{rng.uniform(-99, 99):.4f}"


def v2000(rng: random.Random) -> tuple[str, tuple[Truth, ...]]:
    drawn = molecule(rng)
    atoms, bonds = with_hydrogen(rng, drawn)
    head = [rng.choice(("", "a name", "x" * 80)), "  program", "remark"]
    counts = f"{len(atoms):3d}{len(bonds):3d}  0  0  0  0  0  0  0  0999 V2000"
    table = [f"{number(rng):>10}{number(rng):>10}{number(rng):>10} {s:<3} 0  0  0  0  0" for s in atoms]
    ends = [f"{u + 1:3d}{v + 1:3d}{kind:3d}  0  0  0" for u, v, kind in bonds]
    heavy = rng.choice([i for i, symbol in enumerate(atoms) if symbol != "H"]) + 1
    lines = [f"M  ISO  1{heavy:4d}  15"] * (rng.random() < 0.2)
    lines += ["M  STY  1   1 DAT", "M  SDT   1 note", "M  SED   1 a text"] * (rng.random() < 0.2)
    data = f"> <field>\n{number(rng)}\n\n" * rng.randrange(3)
    record = "\n".join([*head, counts, *table, *ends, *lines, "M  END"]) + "\n" + data
    return record + "$$$$\n" * rng.randrange(2), (truth(drawn),)


def network(rng: random.Random) -> tuple[list[str], list[tuple[int, int]]]:
    """Atoms and bonds without regard to valences: rings upon rings, stars, or any two atoms."""
    size = rng.choice((1, 3, 10, 30, 60, 150, 300))
    symbols = rng.choices(
        rng.choice(([*VALENCES, *ODD], ["*"], ["*", "Fe"], ["C", "*", "B", "Si"], ["Fe", "H"])), k=size
    )
    near = rng.choice((2, 3, 5, size))
    ends = [
        (i, max(i - rng.randrange(1, near + 1), 0))
        for i in range(1, size)
        for _ in range(rng.choice((1, 1, 2, 4)))
    ]
    kept = {(min(pair), max(pair)) for pair in ends if pair[0] != pair[1]}
    return symbols, [*kept] if rng.random() < 0.9 else ends


def v2000_odd(rng: random.Random) -> Case:
    """Tables of any atoms and bonds, with counts that may lie."""
    symbols, pairs = network(rng)
    size, wild = len(symbols), rng.random() < 0.5
    table = [
        f"{'':30} {s:<3}"
        + (
            f"{rng.randrange(-3, 9):2d}{rng.randrange(9):3d}  0  0{rng.randrange(16):3d}"
            if wild and rng.random() < 0.1
            else " 0  0  0  0  0"
        )
        for s in symbols
    ]
    kinds = rng.choice(((1,), (1,), (4,), (1, 2), (1, 2, 3, 4), range(16)))
    ends = [f"{u + 1:3d}{v + 1:3d}{rng.choice(kinds):3d}{rng.randrange(7) * wild:3d}" for u, v in pairs]
    lines = [
        f"M  {rng.choice(PROPERTIES)}{rng.randrange(9):3d}"
        + "".join(f"{rng.randrange(-20, size + 2):4d}" for _ in range(rng.randrange(9)))
        for _ in range(rng.randrange(6) * wild)
    ]
    lies = [rng.choice((0,) * 20 + (1, -1)) for _ in range(2)]
    counts = f"{size + lies[0]:3d}{len(pairs) + lies[1]:3d}  0  0  0            999 V2000"
    return Case({"a.mol": "\n".join(["", "", "", counts, *table, *ends, *lines, "M  END", ""]).encode()})


def v3000(rng: random.Random) -> tuple[str, tuple[Truth, ...]]:
    drawn = molecule(rng)
    atoms, bonds = with_hydrogen(rng, drawn)
    names = rng.sample(range(1, 999), len(atoms)) if rng.random() < 0.5 else [*range(1, len(atoms) + 1)]
    rows = [f"{names[i]} {s} {number(rng)} {number(rng)} 0 0" for i, s in enumerate(atoms)]
    ends = [
        f"{i} {kind} {names[u]} {names[v]}" + " CFG=1" * (rng.random() < 0.1)
        for i, (u, v, kind) in enumerate(bonds, start=1)
    ]
    more = ["BEGIN SGROUP", "1 DAT 1 ATOMS=(1 1) FIELDNAME=a FIELDDATA=b", "END SGROUP"] * (
        rng.random() < 0.2
    )
    more += ["BEGIN COLLECTION", f"MDLV30/STEABS ATOMS=(1 {names[0]})", "END COLLECTION"] * (
        rng.random() < 0.2
    )
    body = [
        "BEGIN CTAB",
        f"COUNTS {len(atoms)} {len(bonds)} {len(more) // 3} 0 0",
        "BEGIN ATOM",
        *rows,
        "END ATOM",
    ]
    body += ["BEGIN BOND", *ends, "END BOND"] * bool(ends) + [*more, "END CTAB"]
    return "\n".join(
        [
            "",
            "",
            "",
            "  0  0  0     0  0            999 V3000",
            *(f"M  V30 {cut(rng, line)}" for line in body),
            "M  END",
            "",
        ]
    ), (truth(drawn),)


def cut(rng: random.Random, line: str) -> str:
    """A line that may go on in the next."""
    if rng.random() > 0.1 or len(line) < 3:
        return line
    place = rng.randrange(1, len(line) - 1)
    return f"{line[:place]}-\nM  V30 {line[place:]}"


def v3000_odd(rng: random.Random) -> Case:
    symbols, pairs = network(rng)
    wild = rng.random() < 0.5
    options = (
        "CHG=1",
        "CHG=-99",
        "RAD=3",
        "MASS=999999",
        "VAL=-1",
        "VAL=15",
        "HCOUNT=1",
        "CFG=9",
        "ATTCHPT=-1",
        "RGROUPS=(1 1)",
    )
    rows = [
        f"{i} {s} 0 0 0 0 {rng.choice(options) if wild and rng.random() < 0.1 else ''}"
        for i, s in enumerate(symbols, start=1)
    ]
    kinds = rng.choice(((1,), (1,), (4,), (8,), (9,), (10,), (1, 2, 4), range(12)))
    ends = [f"{i} {rng.choice(kinds)} {u + 1} {v + 1}" for i, (u, v) in enumerate(pairs, start=1)]
    body = [
        "BEGIN CTAB",
        f"COUNTS {len(symbols)} {len(pairs)} 0 0 0",
        "BEGIN ATOM",
        *rows,
        "END ATOM",
        "BEGIN BOND",
        *ends,
        "END BOND",
        "END CTAB",
    ]
    return Case(
        {
            "a.sdf": "\n".join(
                [
                    "",
                    "",
                    "",
                    "  0  0  0     0  0            999 V3000",
                    *(f"M  V30 {line}" for line in body),
                    "M  END",
                    "",
                ]
            ).encode()
        }
    )


def mol2(rng: random.Random) -> tuple[str, tuple[Truth, ...]]:
    drawn = molecule(rng)
    atoms, bonds = drawn
    types = {"C": "C.3", "N": "N.3", "O": "O.3", "S": "S.3"}
    rows = [
        f"{i} {s}{i} {number(rng)} {number(rng)} {number(rng)} {types.get(s, s)} 1 A 0.1"
        for i, s in enumerate(atoms, start=1)
    ]
    ends = [f"{i} {u + 1} {v + 1} {kind}" for i, (u, v, kind) in enumerate(bonds, start=1)]
    head = ["@<TRIPOS>MOLECULE", "name", f"{len(atoms)} {len(bonds)} 0 0 0", "SMALL", "NO_CHARGES", ""]
    return "\n".join([*head, "@<TRIPOS>ATOM", *rows, "@<TRIPOS>BOND", *ends, ""]), (truth(drawn),)


def mol2_odd(rng: random.Random) -> Case:
    symbols, pairs = network(rng)
    types = ("Du", "C.3", "C.ar", "N.am", "N.pl3", "O.co2", "S.o2", "LP", "Any", "Hal", "Fe", "H")
    rows = [
        f"{i} X{i} 0 0 0 {'Du' if s == '*' else rng.choice(types)}" for i, s in enumerate(symbols, start=1)
    ]
    kinds = rng.choice((("1",), ("1",), ("ar",), ("1", "2", "am", "ar"), ("du", "un", "nc", "9")))
    ends = [f"{i} {u + 1} {v + 1} {rng.choice(kinds)}" for i, (u, v) in enumerate(pairs, start=1)]
    head = ["@<TRIPOS>MOLECULE", "name", f"{len(symbols)} {len(pairs)} 0 0 0", "SMALL", "NO_CHARGES", ""]
    return Case({"a.mol2": "\n".join([*head, "@<TRIPOS>ATOM", *rows, "@<TRIPOS>BOND", *ends, ""]).encode()})


def smiles(rng: random.Random) -> tuple[str, tuple[Truth, ...]]:
    """Molecules, a line each, in the order of a walk."""
    written = [walked(rng, molecule(rng)) for _ in range(rng.choice((1, 1, 3)))]
    return "".join(f"{text} name{i}\n" for i, (text, _) in enumerate(written)), tuple(
        one for _, one in written
    )


def walked(rng: random.Random, drawn: Molecule) -> tuple[str, Truth]:
    """SMILES of a molecule, and its graph in their order."""
    atoms, bonds = drawn
    beside: dict[int, list[tuple[int, int]]] = {i: [] for i in range(len(atoms))}
    for u, v, kind in bonds:
        beside[u].append((v, kind))
        beside[v].append((u, kind))
    order: list[int] = []
    tree: dict[int, list[tuple[int, int]]] = {i: [] for i in beside}

    def walk(atom: int) -> None:
        order.append(atom)
        for other, kind in beside[atom]:
            if other not in order:
                tree[atom].append((other, kind))
                walk(other)

    walk(rng.randrange(len(atoms)))
    place = {atom: i for i, atom in enumerate(order)}
    kept = {frozenset((u, v)) for u, others in tree.items() for v, _ in others}
    rings = [bond for bond in bonds if frozenset(bond[:2]) not in kept]

    def text(atom: int) -> str:
        free = VALENCES[atoms[atom]] - sum(kind for _, kind in beside[atom])
        plain = rng.random() < 0.7
        said = (
            atoms[atom]
            if plain
            else f"[{rng.choice(('', '', '15'))}{atoms[atom]}{f'H{free}' if free else ''}]"
        )
        for label, (u, v, kind) in enumerate(rings, start=1):
            if atom in (u, v):
                said += "-=#"[kind - 1] * (kind > 1) + (f"%{label + 10}" if label % 2 else str(label % 10))
        inner = ["-=#"[kind - 1] * (kind > 1) + text(other) for other, kind in tree[atom]]
        return said + "".join(f"({one})" for one in inner[:-1]) + "".join(inner[-1:])

    own = ([atoms[atom] for atom in order], [(place[u], place[v], kind) for u, v, kind in bonds])
    return text(order[0]), truth(own)


def smiles_odd(rng: random.Random) -> Case:
    """Words of the language of SMILES in any order, and rings of any numbers."""
    pieces = ("C", "c", "N", "n", "o", "[nH]", "*", "[*]", "[Fe]", "[C@@H]", "[C@TH1]", "[Co@OH12]", "[13CH3-]", "[H]", "[2H]", "[OH3+]", "[C+99]", "[#6]", "[Og]", "(", ")", "()", "=", "#", "$", ":", "~", "/", "\\", "-", "->", "<-", ".", "1", "2", "3", "%10", "%11", "%(100)", "%(99999)", "[CH9]", "[C:999]", "[te]", "b", "p", "{", ">>", "|", "&")  # fmt: skip
    few = rng.sample(pieces, rng.randrange(3, 12))
    text = "C" + "".join(rng.choices(few, k=rng.choice((5, 30, 200, 900))))
    if rng.random() < 0.4:  # many rings
        atoms, count = rng.choice(("*", "C", "[Fe]", "n")), rng.randrange(3, 60)
        text = "".join(
            f"{atoms}%{10 + (i * rng.randrange(1, 9)) % 90}%{10 + rng.randrange(min(90, count))}"
            for i in range(count)
        )
    return Case({rng.choice(("a.smi", "a.csv")): text.encode()})


def inchi(rng: random.Random) -> tuple[str, tuple[Truth, ...]]:
    text, (known,) = walked_one(rng)
    mol = Chem.MolFromSmiles(text)
    return f"{Chem.MolToInchi(mol, logLevel=None)}\n", (
        Truth(known.nodes, known.edges, known.elements, ordered=False),
    )


def walked_one(rng: random.Random) -> tuple[str, tuple[Truth, ...]]:
    text, known = walked(rng, molecule(rng))
    return text, (known,)


def inchi_odd(rng: random.Random) -> Case:
    """Layers of any atoms and numbers."""
    size = rng.choice((2, 6, 20, 90))
    formula = "".join(
        f"{s}{rng.randrange(1, size + 1)}" for s in rng.sample(("C", "H", "N", "O", "Fe", "Zz", "Na"), 3)
    )
    chain = "".join(f"{rng.randrange(1, size + 2)}{rng.choice('-,()-;')}" for _ in range(rng.randrange(200)))
    layers = [
        f"{rng.choice('chqpbtmsifro')}{shaken(rng, chain or '1')[:300]}" for _ in range(rng.randrange(4))
    ]
    return Case({"a.inchi": f"InChI=1S/{formula}/c{chain.rstrip('-,(;')}/{'/'.join(layers)}".encode()})


GRAMMARS = {
    "V2000": of_text("a.sdf", v2000, ("M  END", "V3000", *PROPERTIES, *ODD)),
    "V2000 tables": v2000_odd,
    "V3000": of_text(
        "a.sdf", v3000, ("V2000", "CHG=1", "RAD=9", "BEGIN", "END", "COUNTS", "-\nM  V30 ", *ODD)
    ),
    "V3000 tables": v3000_odd,
    "MOL2": of_text(
        "a.mol2", mol2, ("C.ar", "N.am", "O.co2", "Du", "LP", "ar", "am", "nc", "un", "@<TRIPOS>ATOM", *ODD)
    ),
    "MOL2 tables": mol2_odd,
    "SMILES": of_text("a.smi", smiles, ("(", "%", "@", "[", "]", "=", "#", "1", ".", "*", "n", "c")),
    "SMILES words": smiles_odd,
    "InChI": of_text("a.inchi", inchi, ("/", "-", ",", "(", ")", ";", "*", "H", "C", "q", "p")),
    "InChI layers": inchi_odd,
}
