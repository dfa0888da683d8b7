"""Excel workbooks (``.xlsx``): each sheet is a table of its own."""

import csv
import io
import posixpath
import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from hpme.io import archive
from hpme.io.record import Contents
from hpme.io.source import Source
from hpme.io.text import quote
from hpme.io.xml_tree import children, local, tag
from hpme.limits import Limits, cap

BOOK, LINKS, TEXTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
TAGS = 8  # at most so many open and close for each cell
TRUTHS = {"1": "true", "0": "false"}


def is_workbook(content: bytes) -> bool:
    """Returns whether a file is a workbook, by the names in it."""
    return content.startswith(b"PK\x03\x04") and BOOK.encode() in content


def unpack_sheets(content: bytes, limits: Limits | None = None) -> dict[str, bytes]:
    """Returns the sheets that are not empty as tables with tabs, by their names; lines are rows.

    Raises:
        ValueError: If it cannot be read, or holds too much.
    """
    files = archive.unpack(content, limits)
    room = _Room(limits)
    texts = ["".join(_texts(item)) for item in _elements(files, TEXTS, "si", limits)]
    targets = {
        link.get("Id"): link.get("Target", "") for link in _elements(files, LINKS, "Relationship", limits)
    }
    tables: dict[str, bytes] = {}
    for sheet in _elements(files, BOOK, "sheet", limits):
        link = next((value for key, value in sheet.attrib.items() if local(key) == "id"), "")
        path = posixpath.normpath(posixpath.join("/xl", targets.get(link, ""))).lstrip("/")
        part = {path: files.pop(path)} if path in files else {}  # read once, whoever names it again
        table = _table(_elements(part, path, "row", limits), texts, room)
        if table.strip():
            tables[f"{sheet.get('name', 'sheet')}.csv"] = table.encode("utf-8", "replace")
    if not tables:
        raise ValueError("Expected a workbook with a table in it (got empty sheets); choose another file")
    return tables


class _Room:
    """The cells of all sheets so far, with those that are skipped, and their texts."""

    def __init__(self, limits: Limits | None) -> None:
        self.limits = limits
        self._cells = self._bytes = 0

    def take(self, cells: int, text: str = "") -> None:
        """Counts cells.

        Raises:
            ValueError: If there are more than allowed.
        """
        self._cells += cells
        self._bytes += len(text)
        cap("cells", self._cells, limits=self.limits)
        cap("unpacked_bytes", self._bytes, limits=self.limits)


def refuse_packed(source: Source) -> Contents:
    """Refuses a workbook in an archive: only what is opened by itself is taken apart into sheets."""
    raise ValueError(f"Expected a workbook by itself (got {quote(source.name)} in an archive); unpack it")


def _elements(files: Mapping[str, bytes], path: str, name: str, limits: Limits | None) -> Iterator[Element]:
    """Yields the elements of a name in one of the files; none if there is no such file."""
    content = files.get(path, b"<none/>")
    cap("cells", content.count(b"<c ") + content.count(b"<si"), limits=limits)
    cap("cells", content.count(b"<") // TAGS, limits=limits)
    try:
        for _, element in iterparse(io.BytesIO(content), forbid_dtd=True):
            if tag(element) == name:
                yield element
                element.clear()
    except (SyntaxError, ValueError, LookupError) as error:
        words = " ".join(str(error).split())[:80]
        raise ValueError(
            f"Expected a workbook that opens (got {quote(f'{path}: {words}', 120)}); save it again"
        ) from None


def _table(rows: Iterator[Element], texts: list[str], room: _Room) -> str:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\n")
    written = 0
    for row in rows:
        cells: list[str] = []
        for cell in children(row, "c"):
            found = PLACE.fullmatch(cell.get("r", ""))
            place = _column(found[1]) if found else len(cells)
            cap("features", place + 1, limits=room.limits)
            room.take(max(place + 1 - len(cells), 0), text := _value(cell, texts))
            cells += [""] * (place + 1 - len(cells))
            cells[place] = " ".join(text.split())
        number = row.get("r", "")
        number_of = int(number) if number.isdecimal() and len(number) < 8 else written + 1
        if any(cells):
            room.take(skipped := max(number_of - written - 1, 0))
            lines.write("\n" * skipped)
            writer.writerow(cells)
            written += skipped + 1
    return lines.getvalue()


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def _value(cell: Element, texts: list[str]) -> str:
    kind, said = cell.get("t", "n"), "".join(value.text or "" for value in children(cell, "v")).strip()
    if kind == "inlineStr":
        return "".join(_texts(cell))
    if kind == "s":
        known = said.isdecimal() and len(said) < 8 and int(said) < len(texts)
        return texts[int(said)] if known else ""
    return TRUTHS.get(said, said) if kind == "b" else said


def _texts(element: Element) -> Iterator[str]:
    """Yields the pieces of a text, without how it is spoken."""
    for part in element:
        if tag(part) == "t":
            yield part.text or ""
        elif tag(part) != "rPh":
            yield from _texts(part)
