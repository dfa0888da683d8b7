"""What a file was read as, in words."""

from hpme.io.formats import FORMATS
from hpme.io.source import Guess

UNKNOWN = {"nodes": "Table of nodes", "text": "No graph"}  # kinds that are no graph by themselves


def describe_guess(guess: Guess) -> str:
    """Returns what a file was taken for, and why; it may quote the file: show it as plain text.

    Example:
        >>> from hpme.io import sniff
        >>> describe_guess(sniff(b"[]", "a.json"))
        'JSON: it begins like JSON.'
    """
    reasons = [*guess.reasons]
    if guess.layout is not None and "name" in guess.layout.roles and not guess.layout.every:
        reasons.append(f"names are from {guess.layout.title(guess.layout.roles['name'])!r}")
    if guess.encoding not in {"", "utf-8"}:
        reasons.append(f"the text is in {guess.encoding}")
    kind = UNKNOWN.get(guess.kind) or FORMATS[guess.kind].title
    return f"{kind}: {', '.join(reasons)}{'' if guess.sure else ' (a guess)'}."
