"""A file as bytes and as text, with what was found out about it before it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from hpme.io.text import decode


@dataclass(frozen=True)
class Layout:
    """How a table is laid out."""

    separator: str  # between cells: a comma, semicolon, tab or bar, or a blank for any white space
    width: int  # columns
    columns: tuple[str, ...] = ()  # their names, where there is a header
    first: int = 1  # number of the line where the rows begin, below the header
    remarks: str = ""  # what lines that are remarks begin with, "#" or "%"
    roles: Mapping[str, int] = field(default_factory=dict)  # column of each role, see `hpme.io.columns`
    every: bool = False  # every cell is a molecule

    def title(self, column: int) -> str:
        """Returns what a column is called in a sentence."""
        named = self.columns[column] if column < len(self.columns) else ""
        return named or f"column {column + 1}"


@dataclass(frozen=True)
class Guess:
    """What a file is, and why."""

    kind: str  # a key of `hpme.io.formats.FORMATS`
    reasons: tuple[str, ...]  # sentences without a full stop
    sure: bool = True  # a file that is of this kind says so; else it is a guess
    encoding: str = ""  # of a text
    layout: Layout | None = None  # of a table


@dataclass(frozen=True)
class Choice:
    """What a user says that a file is, where the guess is wrong; what is None is guessed."""

    kind: str | None = None  # a key of `hpme.io.formats.FORMATS`
    separator: str | None = None
    header: bool | None = None  # whether the first row names the columns
    roles: Mapping[str, int] | None = None  # column of each role


@dataclass(frozen=True)
class Source:
    """A file that is about to be read."""

    name: str
    content: bytes
    guess: Guess

    @cached_property
    def text(self) -> str:
        """What the file says, if it is a text.

        Raises:
            ValueError: If it is none.
        """
        return decode(self.content)[0]

    @property
    def layout(self) -> Layout:
        """The layout of the table that the file is."""
        if self.guess.layout is None:
            raise ValueError(f"Expected a table (got {self.guess.kind}); choose what the file is")
        return self.guess.layout
