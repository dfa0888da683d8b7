"""Settings as text, for the fingerprints of models."""

from functools import partial
from types import CodeType

WITHIN = "<"  # in the names of functions that others share: lambdas, and what a function has made


def named(setting: object) -> str:
    """Returns a setting as text that is the same in every process; empty for None.

    A function is known by its name. Lambdas, and functions that another one makes, share theirs: so what they
    do counts, too, and the plain values that they hold.
    """
    if setting is None:
        return ""
    if isinstance(setting, partial):
        return f"{named(setting.func)} {setting.args} {setting.keywords}"
    name = getattr(setting, "__qualname__", None)
    if name is None:
        return str(setting)
    code = getattr(setting, "__code__", None)
    known = f"{setting.__module__}.{name}"
    return f"{known} {_done(code)} {_held(setting)}" if code and WITHIN in name else known


def _done(code: CodeType) -> str:
    """What a function does."""
    values = [_done(value) if isinstance(value, CodeType) else repr(value) for value in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {values}"


def _held(function: object) -> list[str]:
    """The numbers and texts that a function holds, as defaults or from around it."""
    cells = getattr(function, "__closure__", None) or ()
    values = [*(getattr(function, "__defaults__", None) or ()), *(cell.cell_contents for cell in cells)]
    return [repr(value) for value in values if isinstance(value, bool | int | float | str)]
