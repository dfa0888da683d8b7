"""The command that asks every shipped model about one molecule: ``hpme ask SMILES``."""

import json
from time import perf_counter
from typing import Annotated

import typer

from hpme import checks
from hpme.shell.options import AsJson
from hpme.shell.terminal import print_table


def ask_models(
    molecule: Annotated[
        str, typer.Argument(help="SMILES, with a name or without, an InChI, or a known name.")
    ],
    dataset: Annotated[
        list[str] | None, typer.Option(help="Shipped set of molecules whose model is asked; default: all.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask the shipped models about a molecule: prediction, kept atoms by name, truth, nearest molecules."""
    from hpme.analysis.ask import ASKED, ask_molecule  # needs what draws, which not everybody has

    for name in dataset or []:
        checks.known(name, ASKED, "set of molecules")
    rows, start = [], perf_counter()
    for answer in ask_molecule(molecule, dataset or ASKED):
        rows.append(answer.row | {"seconds": round(perf_counter() - start, 2)})
    if as_json:
        typer.echo(json.dumps(rows))
        return
    print_table([{key: row[key] for key in row if key not in ("nearest", "note")} for row in rows], as_json)
    if note := rows[0]["note"]:
        typer.echo(note)
