"""Molecules as MDL molfile or SDF; atoms come in the order of RDKit's canonical SMILES."""

import re

from rdkit import Chem, rdBase

from hpme.io import smiles
from hpme.io.record import Contents, Record
from hpme.io.source import Source
from hpme.io.text import quote
from hpme.limits import cap


def read(source: Source) -> Contents:
    """Returns a graph for each molecule."""
    text = source.text.replace("\r\n", "\n")
    blocks = [block for block in re.split(r"^\$\$\$\$.*\n?", text, flags=re.M) if block.strip()]
    cap("graphs", len(blocks), least=1)
    return Contents([_record(number, block) for number, block in enumerate(blocks, start=1)])


def _record(number: int, block: str) -> Record:
    try:
        with rdBase.BlockLogs():
            mol = Chem.MolFromMolBlock(block)
            text = "" if mol is None else Chem.MolToSmiles(mol, isomericSmiles=False)
    except (ValueError, RuntimeError):
        text = ""
    name = block.partition("\n")[0].strip()
    if not text:
        raise ValueError(
            f"Expected molecules with atoms that RDKit can read (got number {number}, {quote(name, 40)}, "
            "which it refuses); save it as MDL V2000"
        )
    return smiles.record(text, name)
