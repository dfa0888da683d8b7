"""Whose turn it is: addresses take turns, and of one address the owners, so that no queue starves another."""

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Protocol, TypeVar

KEPT = 1000  # names whose last turn is remembered


class Owned(Protocol):
    """What belongs to an owner at an address."""

    owner: str
    address: str


Thing = TypeVar("Thing", bound=Owned)
Name = tuple[str, ...]  # an address, or an address and an owner


class Turns:
    """The order of what waits; remembers who was served when."""

    def __init__(self) -> None:
        self._served: dict[Name, None] = {}  # the last one served comes last

    def serve(self, thing: Owned) -> None:
        """Remembers that a thing has got its turn."""
        for name in ((thing.address,), (thing.address, thing.owner)):
            self._served.pop(name, None)
            self._served[name] = None
        while len(self._served) > KEPT:
            del self._served[next(iter(self._served))]

    def order(self, waiting: Iterable[Thing]) -> list[Thing]:
        """Returns what waits, given in the order in which it came, in the order in which it gets its turn."""
        queues: dict[Name, dict[Name, list[Thing]]] = {}
        for thing in waiting:
            owners = queues.setdefault((thing.address,), {})
            owners.setdefault((thing.address, thing.owner), []).append(thing)
        last = {name: place for place, name in enumerate(self._served, start=1)}
        return _dealt({name: _dealt(owners, last) for name, owners in queues.items()}, last)


def _dealt(queues: Mapping[Name, list[Thing]], last: Mapping[Name, int]) -> list[Thing]:
    """One thing of each queue in turn; the queue that was served longest ago goes first."""
    names = sorted(queues, key=lambda name: last.get(name, 0))
    rounds = zip_longest(*(queues[name] for name in names))
    return [thing for each in rounds for thing in each if thing is not None]
