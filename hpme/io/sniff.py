"""What a file is, before it is read: by its bytes, its first lines and its name."""

import re
import zipfile
from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import PurePath

from hpme.box import boxed
from hpme.io.sniff_table import sniff_table
from hpme.io.source import Choice, Guess
from hpme.io.text import decode, quote
from hpme.limits import BOX_LIMITS

ENDINGS = {  # of kinds that no first line tells
    **{"json": "json", "graphml": "graphml", "gexf": "gexf", "gml": "gml"},
    **{"dot": "dot", "gv": "dot", "mtx": "mtx", "mol": "molfile", "sdf": "molfile", "sd": "molfile"},
    **{"mol2": "mol2", "inchi": "inchi", "pt": "pt", "pth": "pt", "safetensors": "safetensors"},
    "xlsx": "xlsx",
}
TABLES = {"smi": "molecules", "smiles": "molecules", "ism": "molecules", "can": "molecules"} | {
    "edges": "edges",
    "edgelist": "edges",
    "el": "edges",
}
OTHERS = {  # what is no graph, by its first bytes
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\xd0\xcf\x11\xe0": "an Office document of before 2007; save it as .xlsx or CSV",
    b"\x89HDF": "an HDF5 file",
    b"\x93NUMPY": "one numpy array",
    b"\x80\x02": "a pickle, which is never opened",
    b"\x80\x03": "a pickle, which is never opened",
    b"\x80\x04": "a pickle, which is never opened",
    b"\x80\x05": "a pickle, which is never opened",
    b"PAR1": "a Parquet file",
}
# The length of its header, then that. The length may look like the start of a pickle, so this is asked first.
SAFETENSORS = re.compile(rb".{4}\0{4}\{\"", re.S)
BEGINNINGS: tuple[tuple[str, str, str], ...] = (  # kind, what its text begins with, and that in words
    ("json", r"\{\s*([\"}]|$)|\[\s*([\[{\]\"]|-?\d+\s*,|$)", "it begins like JSON"),
    ("mtx", "%%MatrixMarket", "it begins with %%MatrixMarket"),
    ("pajek", r"([%#].*\n\s*)*\*(vertices|network)\b", "it begins with *Vertices"),
    ("mol2", r"(#.*\n\s*)*@<TRIPOS>", "it begins with @<TRIPOS>"),
    ("inchi", r"InChI=1", "it begins with InChI="),
    (
        "dot",
        r"((//|#).*\n\s*|/\*[^*]*\*+([^/*][^*]*\*+)*/\s*)*(strict\s+)?(di)?graph\b[^\[\n]*\{",
        "it begins with graph or digraph and a brace",
    ),
    (
        "gml",
        r"((#|comment\s|creator\s|version\s|directed\s).*\n\s*)*graph\s*\[",
        "it begins with graph and a bracket",
    ),
)
BEGINNING = 20_000  # characters
OTHER_TEXTS = (  # how formats begin that are not read, what they are, and what to do
    (r"nodedef\s*>", "GDF, of GUESS", "save it as GraphML"),
    (r"dl\s+(n|nr|nm)\s*=", "DL, of UCINET", "save it as Pajek or GraphML"),
    (r'\(tlp\s+"', "TLP, of Tulip", "save it as GraphML"),
    (r"(HEADER|ATOM  |HETATM|CRYST1|REMARK|COMPND|TITLE   |MODEL   ) ", "PDB", "save it as SDF"),
    (r"data_\S*[^\S\n]*\n\s*(#.*\n\s*)*(_|loop_)", "CIF", "save it as SDF"),
    (r"[0-9]+[^\S\n]*\n.*\n\s*[A-Z][a-z]?(\s+-?[0-9]+\.[0-9]+){3}", "XYZ, without bonds", "save it as SDF"),
    (r"\$(RXN|RDFILE)", "a reaction", "save its molecules as SDF"),
    (r"version https://git-lfs\.", "a pointer of Git LFS", "download the file that it stands for"),
    (r">>(graph|sparse|digraph)6<<", "graph6, of nauty", "save it as GraphML"),
)
TU = re.compile(r"_(A|graph_indicator)\.txt$")


@boxed(BOX_LIMITS)
def sniff(content: bytes, filename: str, choice: Choice | None = None) -> Guess:
    """Returns what a file is.

    Args:
        content: The file's bytes.
        filename: Its name; its ending counts only where the content does not tell.
        choice: What the user says that it is.

    Raises:
        ValueError: If it is nothing that can be read; the sentence says what it is.
    """
    choice, ending = choice or Choice(), ending_of(filename)
    if not content.strip():
        raise ValueError("Expected a file with something in it (got an empty one); choose another file")
    if binary := _binary(content, ending):
        return binary
    text, encoding = decode(content)
    if not text.strip():
        raise ValueError("Expected a text with something in it (got blanks alone); choose another file")
    guess = _text(text, filename, choice)
    return replace(guess, encoding=encoding)


def ending_of(filename: str) -> str:
    """Returns the ending of a file's name in small letters, without its dot."""
    return PurePath(filename).suffix.lower().removeprefix(".")


def is_dataset(names: list[str]) -> bool:
    """Returns whether files in an archive are a dataset in the text format of the TU collection."""
    return len({found[1] for name in names if (found := TU.search(name))}) == 2


def _binary(content: bytes, ending: str) -> Guess | None:
    """Returns what a file is that is no text, or None."""
    if SAFETENSORS.match(content):
        return Guess("safetensors", ("it begins like safetensors",))
    for start, what in OTHERS.items():
        if content.startswith(start) and ending not in {"pt", "pth"}:
            raise ValueError(f"Expected a file of graphs or molecules (got {what}); choose another file")
    if content.startswith(b"PK\x03\x04"):
        names = _members(content)
        if "xl/workbook.xml" in names:
            return Guess("xlsx", ("it is an Excel workbook",))
        if any(name.endswith("data.pkl") for name in names):
            return Guess("pt", ("it is an archive that torch.save wrote",))
        inside = quote(", ".join(names[:3]))
        way = "unpack it" if ending == "zip" else "call it .zip if it holds graphs"
        if names and all(name.endswith(".npy") for name in names):
            whole = "choose “A whole dataset”, or give it as --data"
            way = (
                whole
                if "edge_index.npy" in names
                else "save the graph as Matrix Market, or with 'edge_index'"
            )
        raise ValueError(f"Expected a file of graphs or molecules (got an archive of {inside}); {way}")
    if ending in {"pt", "pth", "safetensors"}:
        return Guess(ENDINGS[ending], (f"it is called .{ending}",))
    return None


def _members(content: bytes) -> list[str]:
    try:
        return zipfile.ZipFile(BytesIO(content)).namelist()
    except Exception:  # whatever is wrong with it is said by its reader
        return []


def _text(text: str, filename: str, choice: Choice) -> Guess:
    if choice.kind and choice.kind not in TABLE_KINDS:
        return Guess(choice.kind, ("you said so",))
    start, ending = text[:BEGINNING].lstrip(), ending_of(filename)
    if choice == Choice():
        if start.startswith("<"):
            return _xml(start, ending)
        for kind, pattern, reason in BEGINNINGS:
            if re.match(pattern, start, re.I if kind != "inchi" else 0):
                return Guess(kind, (reason,))
        for pattern, what, way in OTHER_TEXTS:
            if re.match(pattern, start, re.I):
                raise ValueError(f"Expected a format that is read (got {what}); {way}")
        if _is_metis(text):
            raise ValueError("Expected a format that is read (got METIS); save it as Matrix Market")
        if re.search(r"^M  END", text, re.M):
            return Guess("molfile", ("it has a line M  END",))
        if ending in ENDINGS:
            return Guess(ENDINGS[ending], (f"it is called .{ending}",))
    guess = sniff_table(text, filename, choice)
    if ending in TABLES and not guess.sure and guess.kind != TABLES[ending]:
        guess = sniff_table(text, filename, Choice(TABLES[ending], choice.separator, choice.header))
        return replace(guess, reasons=(*guess.reasons[:-1], f"it is called .{ending}"))
    return guess


def _is_metis(text: str) -> bool:
    """Returns whether a text is a graph of METIS: two counts, and below them the neighbours of each node."""
    first, *lines = [line for line in text.rstrip("\n").split("\n") if not line.startswith("%")] or [""]
    counts = re.fullmatch(r"\s*([0-9]{1,9})\s+([0-9]{1,9})\s*", first)
    if counts is None or len(lines) != int(counts[1]) or not re.fullmatch(r"[0-9\s]*", text[len(first) :]):
        return False
    ways = Counter((i, int(word)) for i, line in enumerate(lines, start=1) for word in line.split())
    return ways.total() == 2 * int(counts[2]) > 0 and all(ways[j, i] == ways[i, j] for i, j in ways)


def _xml(start: str, ending: str) -> Guess:
    root = re.search(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)", start)
    tag = root[1].lower() if root else ""
    if tag in {"graphml", "gexf"}:
        return Guess(tag, (f"its root is <{tag}>",))
    if tag in {"html", "head", "body"}:
        raise ValueError(
            "Expected a file of graphs or molecules (got a web page); download the file that it is about"
        )
    if tag in {"cml", "molecule", "cdxml"}:
        raise ValueError(
            f"Expected a format that is read (got {'CDXML' if tag == 'cdxml' else 'CML'}); save it as SDF"
        )
    if ending in {"graphml", "gexf"} and tag != "svg":
        return Guess(ending, (f"it is called .{ending}",))
    raise ValueError(
        f"Expected XML with <graphml> or <gexf> at its root (got {quote(tag, 20)}); save it as GraphML"
    )


TABLE_KINDS = {"edges", "nodes", "molecules", "matrix"}
