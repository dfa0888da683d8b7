"""Text of files, read and quote."""

import reprlib
from typing import Any


def shown(value: Any) -> str:
    """Returns a value from a file as short text of one line, to be quote in a sentence."""
    return " ".join(reprlib.repr(value).split())[:60]


def quote(text: str, most: int = 60) -> str:
    """Returns the beginning of a text from a file in quotes: so many characters, escapes counted."""
    whole = repr(text[:most])
    return whole if len(whole) <= most + 2 else f"{whole[:most]}…"


def decode(content: bytes, what: str) -> str:
    """Returns the text of a file.

    Raises:
        ValueError: If it is not UTF-8; `what` names what it should be.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        got = f"byte {error.object[error.start]:#04x} at position {error.start}"
        raise ValueError(f"Expected {what} as text in UTF-8 (got {got}); save the file as UTF-8") from None
