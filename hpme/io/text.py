"""Text of files, decoded and quoted."""

import re
import reprlib
import unicodedata
from typing import Any

MARKS = {  # what a text may begin with that says how it is encoded; the longer ones first
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
HIDDEN = re.compile("[\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]")  # Python counts these as printable
MARKS_OF_A_LETTER = 4  # that combine with it; Vietnamese has up to 2, Tibetan and Hebrew up to 4
CONTROL = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def shown(value: Any) -> str:
    """Returns a value from a file as short text of one line, to be quoted in a sentence."""
    try:
        return " ".join(reprlib.repr(value).split())[:60]
    except ValueError:  # Python writes out no integer of more than 4,300 digits
        return "a number of thousands of digits"


def reason(error: Exception) -> str:
    """Returns why a text could not be parsed, in words that tell nothing of Python's own limits."""
    if isinstance(error, RecursionError):
        return "too deep a nesting"
    said = str(error)
    return "a number of thousands of digits" if "integer string conversion" in said else said


def to_float(text: str) -> float:
    """Returns a text as a number, in which digits stand without the ``_`` that Python allows between them.

    Raises:
        ValueError: If it is none.
    """
    if "_" in text:  # 1_2 is a name
        raise ValueError(text)
    return float(text)


def quote(text: str, most: int = 60) -> str:
    """Returns the beginning of a text from a file in quotes: so many characters, escapes counted."""
    whole = repr(text[:most])
    return whole if len(whole) <= most + 2 else f"{whole[:most]}…"


def seen(text: str, instead: str = "") -> str:
    """Returns a text without characters that are not seen, turn the direction of writing or pile up.

    Args:
        text: One line or more.
        instead: What takes the place of each that is not seen.
    """
    if text.isascii() and text.isprintable():
        return text
    kept, marks = list[str](), 0
    for letter in text:
        if not letter.isprintable() or HIDDEN.match(letter):
            letter = instead
        marks = marks + 1 if letter and unicodedata.category(letter[0]).startswith("M") else 0
        if marks <= MARKS_OF_A_LETTER:
            kept.append(letter)
    return "".join(kept)


def decode(content: bytes) -> tuple[str, str]:
    """Returns the text of a file and its encoding: as its first bytes say, else UTF-8, else Windows-1252.

    Raises:
        ValueError: If it is no text.
    """
    mark = next((mark for mark in MARKS if content.startswith(mark)), b"")
    encodings = [MARKS[mark]] if mark else [_wide(content) or "utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if strange := CONTROL.search(text):
            got = f"the character {ord(strange[0]):#04x} at position {strange.start():,}"
            raise ValueError(f"Expected text (got {got}); choose another file, or save it as text in UTF-8")
        return text, encoding.removesuffix("-sig")
    raise ValueError("Expected text (got bytes in none of UTF-8, UTF-16 and Windows-1252); save it as UTF-8")


def _wide(content: bytes) -> str:
    """Returns the encoding of a text of two bytes a character that does not say so, else nothing."""
    head = content[:200]
    if len(head) < 4 or len(content) % 2:
        return ""
    zeros = [head[place::2].count(0) / (len(head) // 2) for place in (0, 1)]
    return "utf-16-be" if zeros[0] > 0.4 > zeros[1] else "utf-16-le" if zeros[1] > 0.4 > zeros[0] else ""
