"""Labels from a file, made classes or numbers to predict."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from math import isfinite

from hpme.io.text import quote
from hpme.limits import LIMITS, cap
from hpme.own_data.raw import Label

MAX_NUMBERED = 10  # more distinct whole numbers than this are numbers to predict
MISSING = {"", "na", "n/a", "nan", "null", "?"}
SHOWN = 60  # characters of a class's name
# Characters that Markdown would act on, and others that look like them.
PLAIN = str.maketrans("[]<>`\\|*:$~", "()\u2039\u203a'//\u2217\u2236\uff04-")


def clean(label: object) -> Label:
    """Returns a label from a file as a finite number or a short printable text.

    Raises:
        ValueError: If it is missing, or something else.
    """
    if isinstance(label, int | float) and abs(label) < 2**53:  # not NaN, not infinity
        return int(label) if isinstance(label, bool) else label
    if not isinstance(label, str) or label.strip().lower() in MISSING:
        raise ValueError(f"Expected a label (got {quote(str(label), 20)}); fill it in")
    cap("characters", len(label))
    return one_line(label)


def check_labels(texts: Iterable[str], column: str) -> None:
    """Raises what `encode_labels` would raise of a file's labels, before its graphs are read."""
    labels = []
    for text in texts:
        with suppress(ValueError):  # a row that will be left out
            labels.append(clean(text))
    if labels:
        encode_labels(labels, column, None)


def one_line(text: str) -> str:
    """Returns a text as a short name that Markdown shows as it is."""
    return "".join(c if c.isprintable() else " " for c in text).translate(PLAIN).strip()[:SHOWN]


def encode_labels(
    labels: Sequence[Label], column: str, regression: bool | None
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
    if regression is None:
        regression = numeric and (len(values) > MAX_NUMBERED or not all(v == int(v) for v in known))
    if len(values) < 2:
        raise ValueError(
            f"Expected labels that differ (got {quote(str(labels[0]), 40)} everywhere); choose another label"
        )
    if regression:
        return (), [float(number) for number in known]
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


def _number(label: Label) -> float | None:
    try:
        number = float(label)
    except ValueError:
        return None
    return number if isfinite(number) and abs(number) < 2**53 else None
