"""The labels of the nodes of one graph, and which nodes its file says to train, validate and test on."""

from collections.abc import Mapping, Sequence
from typing import Any

from hpme.forward.around import MASKS
from hpme.io.record import NODE_FIELDS, Fields
from hpme.io.text import seen, shown
from hpme.io.values import WORDS, is_number
from hpme.own_data.label_columns import LabelColumn, describe_label, guessed_first
from hpme.own_data.labels import clean
from hpme.own_data.raw import Label, UnlabelledError

LABELS = ("y", "label", "class", "target")  # what a label is called that need not be named
TITLES = ("name", "label", "title")  # what the name of a node that is shown is called
LONGEST = 100  # characters of it
NEVER = {"id", "x", "element", *NODE_FIELDS, *MASKS}  # attributes of nodes that are no labels
Columns = Mapping[str, Sequence[Any]]


def attributes(rows: Sequence[Fields]) -> dict[str, list[Any]]:
    """Returns the values of nodes by name, in one pass: each node may have names of its own."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        for name, value in row.items():
            if value is not None:
                found.setdefault(name, []).append(value)
    return found


def node_columns(found: Columns, count: int) -> list[LabelColumn]:
    """Returns the attributes of nodes that can be their label, one that is called so first.

    Args:
        found: As `attributes` returns them.
        count: How many nodes there are.
    """
    columns = [
        describe_label(name, values, count - len(values), of_nodes=True)
        for name, values in found.items()
        if name not in NEVER
    ]
    return guessed_first([column for column in columns if column], LABELS)


def find_node_label(found: Columns, count: int, label: str | None) -> str:
    """Returns the attribute of nodes that is their label.

    Args:
        found: As `attributes` returns them.
        count: How many nodes there are.
        label: Its name; None: one of `LABELS`, else the only one that can be.

    Raises:
        ValueError: If there is none, or several.
    """
    if label is not None:
        if label not in found:
            raise ValueError(
                f"Expected a label of nodes under {shown(label)} (got {_names(found)}); name another"
            )
        return label
    columns = node_columns(found, count)
    if columns and columns[0].name.lower() in LABELS:
        return columns[0].name
    if "y" in found and not _is_position(found):
        return "y"  # what is wrong with it is said when it is read
    if len(columns) == 1:
        return columns[0].name
    if columns:
        names = _names([column.name for column in columns])
        raise ValueError(f"Expected one label of nodes (got {names}); say which, with label= or --label")
    raise ValueError(
        f"Expected a class at each node, such as 'y' (got {_names(found)}); add it, or give a list of graphs "
        "where whole graphs are predicted"
    )


def clean_labels(values: Sequence[Any], names: Sequence[object], masked: Sequence[int]) -> list[Label | None]:
    """Returns the label of each node, None where it has none.

    It has none where the value is missing; also where that is -1, if all other labels are 0 or more, and
    there are masks, which leave all such nodes out.

    Args:
        values: What stands in the file.
        names: The nodes' names.
        masked: The nodes in masks.

    Raises:
        ValueError: If a value is no label.
    """
    known: dict[str, Label | None] = {}
    labels: list[Label | None] = []
    signs = "+" in [value for value in values if isinstance(value, str)]
    for value, name in zip(values, names, strict=True):
        key = f"'{value}" if isinstance(value, str) else repr(value)
        if key not in known:
            known[key] = _cleaned(value, name, signs)
        labels.append(known[key])
    others = [label for label in known.values() if label not in (None, -1)]
    numbered = all(isinstance(label, int) and label >= 0 for label in others)
    if numbered and masked and not any(labels[node] == -1 for node in masked):
        return [None if label == -1 else label for label in labels]
    return labels


def read_masks(rows: Sequence[Fields], names: Sequence[object]) -> dict[str, list[int]]:
    """Returns the nodes in each of the masks that a file has: all three, or those for training and test.

    Raises:
        ValueError: If it has others, a value is not true or false, or a node is in two.
    """
    found = {mask: _marked(mask, rows, names) for mask in MASKS if any(mask in row for row in rows)}
    if found and not {MASKS[0], MASKS[2]} <= found.keys():
        raise ValueError(f"Expected the masks {', '.join(MASKS)} (got {', '.join(found)}); add the others")
    home: dict[int, str] = {}
    for mask, nodes in found.items():
        for node in nodes:
            if home.setdefault(node, mask) != mask:
                got = f"node {shown(names[node])} in {home[node]} and {mask}"
                raise ValueError(f"Expected each node in one mask (got {got}); take it out of one")
    return found


def find_titles(names: Sequence[object], found: Columns, label: str) -> tuple[str | None, list[str]]:
    """Returns the attribute that names nodes, if there is one, and their names, else those of the file.

    Nodes that the file numbers from 0 have no names.

    Args:
        names: What tells the nodes from one another in the file.
        found: As `attributes` returns them.
        label: The attribute that is the label.
    """
    own = next((name for name in found if name.lower() in TITLES and name != label), None)
    if own is not None and len(found[own]) == len(names) and all(isinstance(v, str) for v in found[own]):
        titles = found[own]
    else:
        own, titles = None, [str(name) for name in names]
    if all(title == str(place) for place, title in enumerate(titles)):
        return own, []
    return own, [seen(title, " ")[:LONGEST] for title in titles]


def copies_of(labels: Sequence[Label | None], found: Columns) -> list[str]:
    """Returns the numbers at all nodes that say the same as their labels: another for each class."""
    return [
        name
        for name, values in found.items()
        if name not in NEVER and len(values) == len(labels) and _says_the_same(values, labels)
    ]


def _says_the_same(values: Sequence[Any], labels: Sequence[Label | None]) -> bool:
    meaning: dict[str, Label] = {}
    for value, label in zip(values, labels, strict=True):
        if not is_number(value) or (label is not None and meaning.setdefault(repr(value), label) != label):
            return False
    return len({*meaning.values()}) == len(meaning) > 1


def _cleaned(value: Any, name: object, signs: bool) -> Label | None:
    try:
        return clean(value, signs)
    except UnlabelledError:
        return None
    except ValueError:
        if isinstance(value, str):
            raise
        got = f"{shown(value)} at node {shown(name)}"
        raise ValueError(f"Expected a label of text or a number (got {got}); change it") from None


def _is_position(found: Columns) -> bool:
    """Returns whether `x` and `y` of nodes are numbers side by side, as drawings have them."""
    return all(map(is_number, [*found.get("x", [None]), *found["y"]]))


def _names(found: Sequence[str] | Columns) -> str:
    words = ", ".join(map(shown, [*found][:20]))
    return f"the attributes {words[:100]}" if words else "nodes without attributes"


def _marked(mask: str, rows: Sequence[Fields], names: Sequence[object]) -> list[int]:
    nodes = []
    for node, row in enumerate(rows):
        value = row.get(mask)
        value = WORDS.get(value.lower(), value) if isinstance(value, str) else value
        if value not in (None, 0, 1):
            got = f"{shown(value)} at node {shown(names[node])}"
            raise ValueError(f"Expected {mask!r} to be true or false (got {got}); change it")
        if value:
            nodes.append(node)
    return nodes
