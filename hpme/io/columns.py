"""What the columns of a table are, by their names."""

import re
from collections.abc import Sequence

# Roles: `source` and `target` of an edge, `id` of a node, `smiles` or `inchi` and `name` of a molecule.
ENDS = (
    ("source", "target"),
    ("source", "destination"),
    ("from", "to"),
    ("src", "dst"),
    ("src", "tgt"),
    ("src", "dest"),
    ("start", "end"),
    ("begin", "end"),
    ("head", "tail"),
    ("origin", "destination"),
    ("sender", "receiver"),
    ("sender", "recipient"),
    ("parent", "child"),
    ("citing", "cited"),
    ("follower", "followee"),
    ("follower", "following"),
    ("von", "nach"),
    ("quelle", "ziel"),
    ("source", "cible"),
    ("origen", "destino"),
    ("origem", "destino"),
    ("origine", "destinazione"),
    ("bron", "doel"),
    ("источник", "цель"),
    ("源", "目标"),
    ("subject", "object"),
)
LETTERS = (("u", "v"), ("i", "j"))  # of ends, if they are the first two columns
NODES = {  # what both ends may be called, with a number or a letter behind: node1 and node2
    *("node", "vertex", "v", "n", "id", "entity", "actor", "person", "user", "member", "author"),
    *("character", "protein", "gene", "interactor", "species", "neuron", "page", "station", "city"),
}
NUMBERED = (("1", "2"), ("a", "b"), ("0", "1"), ("i", "j"), ("x", "y"))
SURPLUS = re.compile("(node|vertex)?(id|name|key|label|index|idx|no|num|number)?$")  # behind "source"
# What whole graphs are told apart by, in a table of the edges of several.
GRAPHS = {"graph", "graphid", "graphindex", "graphidx", "graphindicator", "graphname", "graphnumber"}
ROWS = re.compile("unnamed[0-9]+|rownames")  # of numbers of rows, as pandas and R write them
IDS = ("id", "nodeid", "node", "vertex", "vertexid", "key", "name")
NAMES = (
    *("name", "title", "compoundname", "moleculename", "molname", "drugname", "preferredname"),
    *("compoundid", "molid", "moleculeid", "moleculechemblid", "chemblid", "cmpdchemblid", "zincid"),
    *("cid", "num", "id", "identifier"),
)


def plain(name: str) -> str:
    """Returns a column's name in small letters, without what is in parentheses and is no letter or digit."""
    return re.sub(r"\([^()]*\)|[\W_]", "", name.casefold())


def find_ends(header: Sequence[str]) -> dict[str, int]:
    """Returns the columns of the two ends of edges, if their names say so."""
    names = [plain(name) for name in header]
    short = [SURPLUS.sub("", name) for name in names]
    for words in (names, short):
        for source, target in ENDS:
            if source in words and target in words:
                return {"source": words.index(source), "target": words.index(target)}
    if tuple(names[:2]) in LETTERS:
        return {"source": 0, "target": 1}
    for i, name in enumerate(names):
        for one, other in NUMBERED:
            stem = name.removesuffix(one)
            if stem != name and (stem in NODES or SURPLUS.sub("", stem) in NODES) and stem + other in names:
                return {"source": i, "target": names.index(stem + other)}
    return {}


def find_molecules(header: Sequence[str]) -> dict[str, int]:
    """Returns the column of molecules, if a name says so: of SMILES, else of InChI."""
    names = [plain(name) for name in header]
    for role, found in (
        ("smiles", [i for i, name in enumerate(names) if "smiles" in name]),
        (
            "inchi",
            [i for i, name in enumerate(names) if name.endswith(("inchi", "inchistring", "inchicode"))],
        ),
    ):
        if found:
            return {role: min(found, key=lambda i: len(names[i]))}
    return {}


def find_named(header: Sequence[str], words: Sequence[str], taken: Sequence[int] = ()) -> int | None:
    """Returns the column that is called by the first of some words that one is called by."""
    names = [plain(name) for name in header]
    return next(
        (names.index(word) for word in words if word in names and names.index(word) not in taken), None
    )
