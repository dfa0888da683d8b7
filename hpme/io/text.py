"""Text of files, read and quoted."""

import reprlib
from typing import Any


def shown(value: Any) -> str:
    """Returns a value from a file as short text of one line, to be quoted in a sentence."""
    return " ".join(reprlib.repr(value).split())[:60]


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
