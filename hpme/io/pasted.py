"""Text in any of the formats that are text; its beginning tells which."""

import re

from hpme.io import edge_list, graphml, molfile, node_link, smiles
from hpme.io.record import Record


def read(content: bytes) -> list[Record]:
    """Returns the graphs in the text."""
    text = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    first = text.partition(b"\n")[0]
    if re.match(rb"\{|\[\s*[\[{\]]", text):
        return node_link.read(text)
    if text.startswith(b"<"):
        return graphml.read(text)
    if b"M  END" in text:
        return molfile.read(content)  # its first line, the name, may be empty
    if re.search(rb"[,;\t]", first):
        return edge_list.read(text)
    return smiles.read(text)
