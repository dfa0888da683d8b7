"""Labels from a file, made classes or numbers to predict."""

import re
from collections.abc import Sequence
from contextlib import suppress
from math import isfinite

from hpme.io.text import quote, seen, shown, to_float
from hpme.io.values import ABSENT
from hpme.limits import LIMITS, cap
from hpme.own_data.raw import Label, UnlabelledError

MAX_NUMBERED = 10  # more distinct whole numbers than this are numbers to predict
SHOWN = 60  # characters of a class's name
# Characters that Markdown would act on, and others that look like them.
PLAIN = str.maketrans("[]<>`\\|*:$~@", "()\u2039\u203a'//\u2217\u2236\uff04-\ufe6b")
# These, too: a bare address, an entity, and a line below that does not join two words.
LINK, ENTITY = re.compile(r"www\.", re.IGNORECASE), re.compile(r"&(?=#?\w+;)")
EDGE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")


def clean(label: object, signs: bool = False) -> Label:
    """Returns a label from a file as a finite number or a short printable text.

    Args:
        label: What stands in the file.
        signs: Whether ``-`` is a label, as it is beside ``+``; else it stands for none.

    Raises:
        UnlabelledError: If it is missing.
        ValueError: If it is something else.
    """
    if isinstance(label, int | float) and abs(label) < 2**53:  # not NaN, not infinity
        return int(label) if isinstance(label, bool) else label
    if label is None or label != label:
        raise UnlabelledError(repr(label))
    if not isinstance(label, str):
        raise ValueError(f"Expected a label of text or a number (got {shown(label)}); change it")
    word = label.strip().lower()
    if word in ABSENT and not (signs and word == "-"):
        raise UnlabelledError(quote(label, 20))
    cap("characters", len(label))
    return one_line(label)


def one_line(text: str) -> str:
    """Returns a text as a short name that Markdown shows as it is."""
    line = seen(text, " ").translate(PLAIN).strip()[:SHOWN]
    line = LINK.sub(lambda found: f"{found[0][:-1]}\u2024", line)
    return EDGE.sub("\uff3f", ENTITY.sub("\uff06", line))


def check_labels(texts: Sequence[str], column: str) -> None:
    """Raises what `encode_labels` would raise of a file's labels, before its graphs are read."""
    labels, signs = [], "+" in texts
    for text in texts:
        with suppress(ValueError):  # a row that will be left out
            labels.append(clean(text, signs))
    if labels:
        encode_labels(labels, column, None)


def encode_labels(
    labels: Sequence[Label], column: str, regression: bool | None = None
) -> tuple[tuple[str, ...], list[int] | list[float]]:
    """Encodes labels as classes, or as numbers to predict.

    Texts are classes in alphabetical order; a few distinct whole numbers are classes in rising order.

    Args:
        labels: What `clean` returns.
        column: What the label is called; it names classes that are numbers.
        regression: Whether they are numbers to predict; None: decided by the labels.

    Returns:
        Names of the classes and the class of each label; no names and numbers in a regression.

    Raises:
        ValueError: If all labels are the same, or there are too many classes.
    """
    numbers = [_number(label) for label in labels]
    known = [number for number in numbers if number is not None]
    numeric = len(known) == len(labels)
    values: set[Label] = {*known} if numeric else {*map(str, labels)}
    undecided = regression is None
    if undecided:
        regression = numeric and (len(values) > MAX_NUMBERED or not all(v == int(v) for v in known))
    if len(values) < 2:
        raise ValueError(
            f"Expected labels that differ (got {quote(str(labels[0]), 40)} everywhere); choose another label"
        )
    if regression:
        if not numeric:
            odd = next(label for label, number in zip(labels, numbers, strict=True) if number is None)
            raise ValueError(
                f"Expected finite numbers below 2^53 as labels (got {quote(str(odd), 40)}); scale them, or "
                "leave that graph out"
            )
        return (), [float(number) for number in known]
    mostly = not numeric and 2 * len(known) > len(labels)
    if mostly and (len(values) > LIMITS.classes or (undecided and any(v != int(v) for v in known))):
        odd = next(str(label) for label, number in zip(labels, numbers, strict=True) if number is None)
        got = f"{quote(odd, 40)} among {len(known):,} numbers"
        raise ValueError(f"Expected numbers as labels (got {got}); correct it, or leave it empty")
    if len(values) > LIMITS.classes:
        raise ValueError(
            f"Expected at most {LIMITS.classes} classes (got {len(values):,} different labels); "
            "choose another label, or give numbers"
        )
    if numeric:
        order = sorted({int(number) for number in known})
        place = {value: i for i, value in enumerate(order)}
        return tuple(f"{column} {value}" for value in order), [place[int(number)] for number in known]
    names = sorted(map(str, values))
    return tuple(names), [names.index(str(label)) for label in labels]


def encode_classes(labels: Sequence[Label], column: str) -> tuple[tuple[str, ...], list[int]]:
    """Encodes labels as classes: texts in alphabetical order, whole numbers in rising order.

    Args:
        labels: What `clean` returns.
        column: What the label is called; it names classes that are numbers.

    Returns:
        Names of the classes, and the class of each label.

    Raises:
        ValueError: If they are other numbers, all the same, or too many.
    """
    numbers = [_number(label) for label in labels]
    known = [number for number in numbers if number is not None]
    part = next((number for number in known if number != int(number)), None)
    different = len({*known})
    if len(known) == len(labels) and (part is not None or different > LIMITS.classes):
        got = f"{different:,} different numbers, such as {known[0] if part is None else part:g}"
        raise ValueError(
            f"Expected at most {LIMITS.classes} classes of nodes, as texts or whole numbers (got {got}, in "
            f"{quote(column, 40)}); numbers of nodes are not predicted, so make them a few classes, such as "
            "low and high, or choose another label"
        )
    names, places = encode_labels(labels, column, regression=False)
    return names, [int(place) for place in places]


def _number(label: Label) -> float | None:
    try:
        value = to_float(label) if isinstance(label, str) else float(label)
    except ValueError:
        return None
    return value if isfinite(value) and abs(value) < 2**53 else None
