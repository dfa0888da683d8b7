"""Molecules as MDL molfile or SDF; atoms come in the order of RDKit's canonical SMILES."""

import re

from rdkit import Chem, rdBase

from hpme.io import smiles
from hpme.io.record import Record
from hpme.limits import cap


def read(content: bytes) -> list[Record]:
    """Returns a graph for each molecule."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise ValueError("Expected a molfile as text (got other bytes); save it as UTF-8") from None
    blocks = [block for block in re.split(r"^\$\$\$\$.*\n?", text, flags=re.M) if block.strip()]
    cap("graphs", len(blocks), least=1)
    return [_record(block) for block in blocks]


def _record(block: str) -> Record:
    try:
        with rdBase.BlockLogs():
            mol = Chem.MolFromMolBlock(block)
            text = "" if mol is None else Chem.MolToSmiles(mol, isomericSmiles=False)
    except (ValueError, RuntimeError):
        text = ""
    if not text:
        raise ValueError("Expected a molfile with atoms (got one that RDKit refuses); save it as MDL V2000")
    return smiles.record(text, block.partition("\n")[0].strip())
