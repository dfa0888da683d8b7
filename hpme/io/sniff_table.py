"""How a table is laid out, and what its columns are: found out from its first rows."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile

from hpme.chemistry.elements import SYMBOLS
from hpme.io.columns import IDS, NAMES, find_ends, find_molecules, find_named
from hpme.io.matrix import has_names
from hpme.io.smiles import EXTENSION, is_smiles
from hpme.io.source import Choice, Guess, Layout
from hpme.io.table import Row, first_rows
from hpme.io.text import quote

LOOKED_AT = 40  # rows
TITLES = 10  # rows above a header, at most
ANSWERS, REPEATS = 10, 4  # words of a survey, at most, and how often each pair of them stands there, at least
SHARED_IN = 2_000  # rows in which both ends of edges are looked for
MOLECULES_IN = 20  # columns in which molecules are looked for
HEAD = 1 << 18  # characters
SEPARATORS = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars", " ": "blanks"}
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
FRACTION = re.compile(r"[+-]?\d*[.,]\d+([eE][+-]?\d+)?")  # names nothing
WORD = re.compile("[a-z]{4}|[abd-mq-rt-z]{2}")  # is in a word, and hardly ever in SMILES
MEANT = re.compile(r"(?=.*[A-Z])(?=.*[a-z0-9()\[\]=#])[A-Za-z0-9@+\-\[\]()=#$:./\\%*]+")  # for SMILES
# SMILES with a ring, a branch or a bracket, be they right or not.
ORGANIC = re.compile(r"(?=.*[0-9(=#\[])(Cl|Br|[BCNOPSFIbcnops0-9()=#+\-@/\\.%:*]|\[[^\]]*\])+")
EDGES_NAMED = re.compile(r"edge|link|relation|interaction", re.I)
Roles = dict[str, int]


def sniff_table(text: str, filename: str, choice: Choice) -> Guess:
    """Returns what a table is: ``edges``, ``nodes``, ``molecules``, a ``matrix``, or no graph: ``text``."""
    head = text[:HEAD] if len(text) <= HEAD else text[:HEAD].rpartition("\n")[0]
    guesses = [_guess(head, separator, filename, choice) for separator in _separators(head, choice)]
    return next((guess for guess in guesses if guess.kind != "text"), guesses[0])


def _separators(head: str, choice: Choice) -> Iterator[str]:
    """Yields separators that may be meant, the likeliest first."""
    if choice.separator is not None:
        yield choice.separator
        return
    lines = [line for line in head.splitlines() if line.strip()]
    if lines and (said := re.fullmatch('"?sep=(.)"?', lines[0].strip(), re.I)):
        yield said[1]
        return
    lines = [line for line in lines if line[0] not in "#%"][: LOOKED_AT + 1] or ["-"]
    lines = [EXTENSION.sub("", line) for line in lines]
    alike = {}
    for separator in SEPARATORS:
        rows = [_cells(line, separator) for line in lines]
        rows = rows[_count_titles(rows) :]
        count, often = Counter(map(len, rows)).most_common(1)[0]
        alike[separator] = often / len(rows) if count > 1 else 0.0
    yield from (separator for separator, share in alike.items() if share >= 0.9)
    yield from (separator for separator, share in alike.items() if 0.5 <= share < 0.9)
    yield "\t"  # one column


def _cells(line: str, separator: str) -> list[str]:
    rows = first_rows(line, separator, 1)
    return rows[0][1] if rows else []


def _count_titles(rows: Sequence[list[str]]) -> int:
    """Returns how many rows of one text stand above a row that names the ends of edges, or molecules."""
    for place, cells in enumerate(rows[:TITLES]):
        if sum(map(bool, cells)) > 1:
            return place if place and (find_ends(cells) or find_molecules(cells)) else 0
    return 0


def _guess(head: str, separator: str, filename: str, choice: Choice) -> Guess:
    rows = first_rows(head, separator, SHARED_IN)
    reasons = [f"cells are separated by {SEPARATORS.get(separator, separator)}"]
    if rows and rows[0][1][0].lower().startswith("sep="):
        rows = rows[1:]
    remarks, said = "", ""
    above = [*takewhile(lambda row: row[1][0][:1] in {"#", "%"}, rows)]
    if above:
        line, cells = above[-1]
        remarks, said = cells[0][0], head.split("\n")[line - 1]
        rows = rows[len(above) :]
        reasons.append(f"lines that begin with {remarks} are remarks")
        rows = [row for row in rows if not row[1][0].startswith(remarks)]
    if choice.header is None and (titles := _count_titles([cells for _, cells in rows])):
        rows = rows[titles:]
        reasons.append("what stands above the names of the columns is left out")
    linked = _linked([cells for _, cells in rows])
    lone = bool(linked) and choice.header is None and _is_lone([cells for _, cells in rows], linked)
    rows = rows[: LOOKED_AT + 1]
    if not rows:
        return Guess("text", (*reasons, "it has no rows"), sure=False)
    header = _said_header(said, remarks, separator, len(rows[0][1])) if choice.header is None else []
    prose = separator == " " and (len(rows) == 1 or len({*rows[0][1]}) < len(rows[0][1]))
    named = lone or (_is_header(rows) and not prose) if choice.header is None else choice.header
    if not header and named:
        header, rows = rows[0][1], rows[1:] or [(rows[0][0] + 1, [""] * len(rows[0][1]))]
        header = [""] * _has_numbers(header, [cells for _, cells in rows]) + header
    if header:
        reasons.append(f"the columns are called {quote(', '.join(header))}")
    body = [cells for _, cells in rows]
    width = len(header) or Counter(map(len, body)).most_common(1)[0][0]
    if not header and (width == 1 or (separator == " " and {*map(len, body)} == {2, 3})):
        width = max(map(len, body))  # some molecules have a name, or some edges a weight
    kind, roles, sure, why = _kind(header, body, width, linked, filename, choice)
    if kind == "text" and lone and header:
        kind, roles, why = "edges", linked, ("the first row shares its names with no other",)
    every = kind == "molecules" and "every" in roles
    roles.pop("every", None)
    layout = Layout(separator, width, tuple(header), rows[0][0], remarks, roles, every)
    return Guess(kind, (*reasons, *why), sure or choice != Choice(), layout=layout)


def _said_header(remark: str, sign: str, separator: str, width: int) -> list[str]:
    """Returns the names of columns in the last remark above the rows, if it names them."""
    cells = [cells for _, cells in first_rows(remark.strip().lstrip(sign).strip(), separator, 1)]
    if not cells or len(cells[0]) != width or width < 2:
        return []
    named = find_ends(cells[0]) or find_molecules(cells[0])
    return cells[0] if named or (separator != " " and not any(map(_is_number, cells[0]))) else []


def _is_header(rows: Sequence[Row]) -> bool:
    """Returns whether the first row names the columns."""
    first, rest = rows[0][1], [cells for _, cells in rows[1:]]
    if not first[0] and first[1:] == _column(rest, 0)[: len(first) - 1]:
        return True
    if any(map(_is_number, first)):
        return False
    if ends := find_ends(first):
        return not any(first[end] in _column(rest, place) for end in ends.values() for place in ends.values())
    if find_molecules(first) or find_named(first, IDS[:3]) is not None:
        return True
    for i, name in enumerate(first):
        below = [cell for cell in _column(rest, i) if cell]
        if below and all(map(_is_number, below)):
            return True
        if i >= MOLECULES_IN or not WORD.search(name) or ORGANIC.fullmatch(name):
            continue
        if not is_smiles(name) and _molecules(below) >= 0.5:
            return True
    return False


def _has_numbers(header: list[str], body: Sequence[list[str]]) -> bool:
    """Returns whether rows begin with a number, or a name of a column, above which R writes nothing."""
    first = _column(body, 0)
    longer = all(len(cells) == len(header) + 1 for cells in body)
    return longer and first in ([str(i) for i in range(1, len(body) + 1)], header[: len(body)])


def _is_lone(rows: Sequence[list[str]], ends: Roles) -> bool:
    """Returns whether the ends of the first row, and of no other, are in no other row, as names are."""
    pairs = [(row[ends["source"]], row[ends["target"]]) for row in rows if ends["target"] < len(row)]
    counts = Counter(end for pair in pairs for end in {*pair})
    alone = [place for place, pair in enumerate(pairs) if all(counts[end] == 1 for end in pair)]
    return alone == [0] and not any(map(_is_number, [*rows[0], *counts]))


def _kind(
    header: list[str], body: list[list[str]], width: int, linked: Roles, filename: str, choice: Choice
) -> tuple[str, Roles, bool, tuple[str, ...]]:
    """Returns the kind of a table, the columns of its roles, whether they say so themselves, and why."""
    ends, molecules = find_ends(header), find_molecules(header)
    named = find_named(header, IDS)
    if choice.kind or choice.roles:
        return *_chosen(choice, ends, molecules, named, header, body, width), True, ("you said so",)
    numbered = len({re.sub("[0-9]+$", "", name) for name in header if name}) == 1  # V1, V2, …
    if numbered and _is_matrix(header, body, width):
        ends = {}
    if ends:
        return "edges", ends, True, (f"{_titles(header, ends)} are called like the ends of edges",)
    if molecules:
        roles = _with_name(molecules, header, body, width)
        return "molecules", roles, True, (f"{_titles(header, molecules)} is called like molecules",)
    if not linked and (found := _molecule_column(body, width)) is not None:
        if not header and len(body) == 1 and all(map(is_smiles, body[0])):
            return "molecules", {"smiles": 0, "every": 1}, False, ("each cell is a molecule as SMILES",)
        roles = _with_name({"smiles": found}, header, body, width)
        share = f"{sum(is_smiles(cell) for cell in _column(body, found))} of the first {len(body)}"
        sure = not header and width < 3
        return "molecules", roles, sure, (f"{share} cells of column {found + 1} are molecules as SMILES",)
    if _is_matrix(header, body, width):
        return "matrix", {}, False, ("there are as many rows as columns, all of numbers",)
    if header and named is not None:
        return "nodes", {"id": named}, True, (f"{_titles(header, {'id': named})} is called like nodes",)
    if width > 1 and not header:
        cells = [cell for row in body for cell in row[:2]]
        whole = all(re.fullmatch("[+-]?[0-9]+", cell) for cell in cells)
        if whole and width < 5:
            return "edges", {"source": 0, "target": 1}, False, ("the first two columns are whole numbers",)
        if linked and not whole:
            which = f"columns {linked['source'] + 1} and {linked['target'] + 1}"
            return "edges", linked, False, (f"{which} share their names",)
        if EDGES_NAMED.search(filename) and not any(map(FRACTION.fullmatch, cells)):
            return "edges", {"source": 0, "target": 1}, False, ("the file is called like edges",)
    if (
        not header
        and 1 in (width, len(body))
        and all(MEANT.fullmatch(row[0]) and not WORD.search(row[0]) for row in body)
    ):
        roles = _with_name({"smiles": 0}, header, body, width)
        return "molecules", roles, False, ("it is written in the letters of SMILES",)
    return "text", {}, False, ("no column is called like an end of an edge, or holds molecules",)


def _chosen(
    choice: Choice,
    ends: Roles,
    molecules: Roles,
    named: int | None,
    header: list[str],
    body: list[list[str]],
    width: int,
) -> tuple[str, Roles]:
    """Returns the kind and the roles that the user chose; what was left open is filled in."""
    roles = {role: place for role, place in (choice.roles or {}).items() if 0 <= place < width}
    kinds = {"source": "edges", "target": "edges", "smiles": "molecules", "inchi": "molecules", "id": "nodes"}
    kind = choice.kind or next((kinds[role] for role in roles if role in kinds), "text")
    if kind == "edges":
        return kind, {"source": 0, "target": min(1, width - 1)} | ends | roles
    if kind == "molecules":
        column = {"smiles": _molecule_column(body, width) or 0}
        roles = roles if {"smiles", "inchi"} & {*roles} else (molecules or column) | roles
        return kind, roles if "name" in roles else _with_name(roles, header, body, width)
    return kind, ({"id": named or 0} if kind == "nodes" else {}) | roles


def _with_name(roles: Roles, header: list[str], body: list[list[str]], width: int) -> Roles:
    """Returns the roles with the column that names the molecules, if there is one."""
    taken = [*roles.values()]
    place = find_named(header, NAMES, taken)
    if place is None and not header:
        rest = [i for i in range(width) if i not in taken]
        texts = [i for i in rest if not all(map(_is_number, _column(body, i)))]
        place = texts[0] if texts else None
    return roles if place is None else roles | {"name": place}


def _molecule_column(body: list[list[str]], width: int) -> int | None:
    columns = [_column(body, i) for i in range(min(width, MOLECULES_IN))]
    shares = [
        0.0 if _is_symbols(cells, i, len(body)) else _molecules(cells) for i, cells in enumerate(columns)
    ]
    best = max(shares, default=0)
    return shares.index(best) if best >= 0.5 else None


def _is_symbols(cells: Sequence[str], place: int, rows: int) -> bool:
    """Returns whether what could be molecules in a column are symbols or letters, as M and F are."""
    found = {cell for cell in cells if is_smiles(cell)}
    return (place > 0 or rows > 2 or found < {*cells}) and found <= {*SYMBOLS}


def _molecules(cells: Sequence[str]) -> float:
    """Returns the share of cells that are molecules."""
    sample = [cell for cell in cells if cell][: LOOKED_AT // 2]
    return sum(map(is_smiles, sample)) / len(sample) if sample else 0.0


def _linked(body: list[list[str]]) -> Roles:
    """Returns the columns of ends if they share their names: the first two, or those around a relation."""
    middle = {*_column(body, 1)}
    related = 2 * len(middle) <= len(body) + 1 and not any(map(_is_number, middle))
    return next(
        (
            {"source": 0, "target": target}
            for target in (1, 2)
            if (target == 1 or related)
            and _overlap([[row[0], row[target]] for row in body if target < len(row)])
        ),
        {},
    )


def _overlap(body: list[list[str]]) -> bool:
    """Returns whether two columns name the same things, though not in the same rows."""
    pairs = [row for row in body if row[0] != row[1]]
    one, other = {*_column(pairs, 0)} - {""}, {*_column(pairs, 1)} - {""}
    if any(FRACTION.fullmatch(cell) or cell[:1] == "{" for cell in one | other):
        return False
    if _molecules([cell for cell in one if len(cell) > 4]) >= 0.5:
        return False
    if len(one | other) <= ANSWERS and REPEATS * len({*map(tuple, body)}) <= len(body):
        return False  # such as yes and no
    return 5 * len(one & other) >= min(len(one), len(other)) > 0 and 2 * len(pairs) > len(body)


def _is_matrix(header: list[str], body: list[list[str]], width: int) -> bool:
    """Returns whether the rows are a matrix of numbers, square, and symmetric or of 0 and 1."""
    if header and has_names(header, body):
        body, width = [row[1:] for row in body], width - 1
    elif header and len(header) == len(body) and not any(map(_is_number, header)):
        width = len(header)
    if width < 3 or any(len(row) != width or not all(map(_is_number, row)) for row in body):
        return False
    if width > LOOKED_AT:  # the other rows were not looked at
        return len(body) >= LOOKED_AT
    if len(body) != width:
        return False
    return {cell for row in body for cell in row} <= {"0", "1"} or body == [
        *map(list, zip(*body, strict=True))
    ]


def _column(body: Sequence[Sequence[str]], place: int) -> list[str]:
    return [row[place] for row in body if place < len(row)]


def _is_number(cell: str) -> bool:
    return NUMBER.fullmatch(cell) is not None


def _titles(header: list[str], roles: Roles) -> str:
    return " and ".join(quote(header[place], 20) for place in roles.values())
