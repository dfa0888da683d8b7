"""Text from outside, such as messages that quote files or addresses, where Streamlit renders Markdown."""

import re

from hpme.io.text import seen

# What Markdown acts on in a line; a line below that joins two words is none of it.
SIGNS = re.compile(r"[\\`*\[\]<>$~&]|(?<![^\W_])_|_(?![^\W_])|^[#+-](?=[#\s-]|$)|^\d+(?=[.)](\s|$))")
LINKS = re.compile(r":(?=[\w/+-])|@|www(?=\.)", re.IGNORECASE)  # and these, also behind a backslash
SPOT = "\ufffd"  # in place of what is not seen
JOINER = "\u2060"  # not seen, and no letter of an address


def code(text: str) -> str:
    """Returns a text as code in Markdown, in one line: a blank line would end it."""
    line = seen(" ".join(text.split()), SPOT).replace("`", "'")
    return f"`{line}`"


def plain(text: object) -> str:
    """Returns a text as Markdown that shows it as it is, in one line, with no link, picture or colour.

    Bare addresses are links for Streamlit, and colons begin its own signs, whatever is escaped; a character
    that is not seen breaks them.
    """
    line = seen(" ".join(str(text).split()), SPOT)
    escaped = SIGNS.sub(lambda sign: sign[0] + "\\" if sign[0].isdigit() else f"\\{sign[0]}", line)
    return LINKS.sub(lambda found: found[0] + JOINER, escaped)
