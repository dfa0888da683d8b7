"""The columns of a file that can be a dataset's label, described for the user to choose from."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hpme.own_data.labels import clean, encode_classes, encode_labels, one_line
from hpme.own_data.raw import Label, UnlabelledError

LABELS = ("label", "y", "class", "target")  # what a label is called that need not be named
EXAMPLES = 5
INDEX = re.compile(
    "column [0-9]+|unnamed.*|index|idx|row|nr|no", re.I
)  # what a column of rows' numbers is called


@dataclass(frozen=True)
class LabelColumn:
    """A column that can be a label."""

    name: str  # what `label` of `read_dataset` takes
    kind: str  # "classes" or "numbers"
    different: int  # values that differ
    missing: int  # rows or graphs without one, which are left out
    examples: tuple[str, ...]  # the commonest values


def describe_label(
    name: str, values: Sequence[object], missing: int = 0, of_nodes: bool = False
) -> LabelColumn | None:
    """Returns what a column holds, or None if it cannot be a label.

    No labels are values that are all alike, texts that are nearly all unlike, and numbers of rows; none of
    nodes are numbers that are no classes.

    Args:
        name: What it is called.
        values: What stands in it, in all rows.
        missing: How many rows more have nothing in it.
        of_nodes: Whether it is the label of nodes.
    """
    if any(type(value) is int and abs(value) >= 2**53 for value in values):  # nor can it be hashed safely
        return None
    counts = Counter(value if isinstance(value, str | int | float) else repr(value) for value in values)
    signs = "+" in counts
    labels: Counter[Label] = Counter()
    for value, count in counts.items():
        try:
            labels[clean(value, signs)] += count
        except UnlabelledError:
            missing += count
        except ValueError:
            return None
    try:
        classes, numbers = (encode_classes if of_nodes else encode_labels)([*labels], name)
    except (ValueError, IndexError):  # no label at all
        return None
    if 2 * len(classes) > labels.total() or (INDEX.fullmatch(name) and _rises(numbers)):
        return None
    examples = tuple(one_line(str(label)) for label, _ in labels.most_common(EXAMPLES))
    kind, different = ("classes", len(classes)) if classes else ("numbers", len({*numbers}))
    return LabelColumn(name, kind, different, missing, examples)


def guessed_first(columns: Sequence[LabelColumn], words: Sequence[str]) -> list[LabelColumn]:
    """Returns columns that can be labels, those that are called by one of the words first."""
    rank = {word: place for place, word in enumerate(words)}
    return sorted(columns, key=lambda column: rank.get(column.name.lower(), len(rank)))


def _rises(numbers: Sequence[float]) -> bool:
    """Returns whether numbers count rows."""
    return [*numbers] in ([*range(len(numbers))], [*range(1, len(numbers) + 1)])
