"""What would change a model's mind, as rows for tables and files."""

from collections.abc import Collection, Sequence
from typing import Any

from hpme.datasets import DatasetSpec
from hpme.editing.candidates import change_words
from hpme.editing.counterfactuals import Counterfactuals
from hpme.editing.edits import to_text
from hpme.editing.kinds import Kinds, largest_columns, node_namer
from hpme.editing.trying import Variant


def change_rows(
    found: Counterfactuals,
    variants: Sequence[Variant],
    spec: DatasetSpec,
    kinds: Kinds,
    kept: Collection[int],
) -> list[dict[str, Any]]:
    """Returns a row for each changed graph.

    Args:
        found: What was tried.
        variants: Some of it, such as the flips.
        spec: Facts of the dataset: its classes and elements.
        kinds: Types of its nodes.
        kept: Names of the nodes that an explanation keeps.

    Returns:
        Rows with `change` in words, `edits` as an address has them, `prediction` (a class, or a number),
        `probability` of the class that was predicted before (not in a regression), `effect` on its log-odds
        or on the number, `flips`, `inside` the kept part, `size`, the number of nodes and edges that change,
        and `smiles` of a molecule.
    """
    name = node_namer(spec.node_labels, largest_columns(found.graph))
    before, rows = int(found.output.argmax()), []
    for one in variants:
        row: dict[str, Any] = {
            "change": "; ".join(change_words(step, name, kinds) for step in one.steps),
            "edits": to_text(one.edits),
        }
        if found.regression:
            row["prediction"] = float(one.output)
        else:
            row["prediction"] = spec.classes[int(one.output.argmax())]
            row["probability"] = float(one.output.softmax(-1)[before])
        row |= {"effect": one.effect, "flips": one.flips, "inside": one.inside(kept), "size": one.size}
        rows.append(row | ({"smiles": one.graph.smiles} if "smiles" in one.graph else {}))
    return rows
