"""Molecules as MDL molfile, V2000 or V3000, or many of them as SDF; atoms keep the order of the file."""

import re
from functools import partial

from rdkit import Chem

from hpme.io.columns import NAMES, find_named
from hpme.io.connection_table import reduce_table
from hpme.io.molecule import read_each, record_parsed
from hpme.io.record import Contents, Record
from hpme.io.source import Source
from hpme.io.text import quote
from hpme.limits import cap

FIELD = re.compile(
    r"^>[^<\n]*<([^>\n]*)>.*\n(.*)", re.M
)  # name of a data field, and the first line of its value
NAMED = 20  # data fields that a note names


def read(source: Source) -> Contents:
    """Returns a graph for each molecule; records that cannot be read are left out, unless all are."""
    text = source.text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = [block for block in re.split(r"^\$\$\$\$.*\n?", text, flags=re.M) if block.strip()]
    cap("graphs", len(blocks), least=1)
    lost: dict[str, None] = {}
    records, notes = read_each(
        "record", [(i, partial(_record, block, lost)) for i, block in enumerate(blocks, start=1)]
    )
    return Contents(records, (*notes, *lost, *_fields(text)))


def _record(block: str, lost: dict[str, None]) -> Record:
    """Returns a molecule; what of its table is not read is added to what is lost."""
    end = re.search(r"^(M  END|>)", block, re.M)
    place = end.start() if end else len(block)
    lines, data = block[:place].rstrip("\n").split("\n"), block[place:]
    reduced, left_out = reduce_table(lines)
    lost |= dict.fromkeys(left_out)
    return record_parsed(
        partial(Chem.MolFromMolBlock, reduced, sanitize=False, removeHs=False), _name(lines[0], data)
    )


def _name(title: str, data: str) -> str:
    """Returns the first line of a record, else what a data field that is called like a name holds."""
    fields = dict(FIELD.findall(data))
    place = find_named([*fields], NAMES)
    return title.strip() or ("" if place is None else [*fields.values()][place])


def _fields(text: str) -> tuple[str, ...]:
    """Returns a note that names the data fields of the records, if there are any."""
    names = [*dict.fromkeys(name for name, _ in FIELD.findall(text))]
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return (f"data fields {quote(', '.join(names[:NAMED]), 300)}{more}",) if names else ()
