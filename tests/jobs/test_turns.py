from dataclasses import dataclass

from hpme.jobs.turns import KEPT, Turns


@dataclass(frozen=True)
class Waiting:
    owner: str
    address: str = ""
    number: int = 0


def served(turns, waiting, count):
    """Owners of the first things that get their turn, one after the other."""
    waiting, owners = list(waiting), []
    for _ in range(count):
        first = turns.order(waiting)[0]
        turns.serve(first)
        waiting.remove(first)
        owners.append(first.owner)
    return owners


def test_owners_take_turns_and_of_one_owner_what_came_first_goes_first():
    waiting = [Waiting("a", number=1), Waiting("a", number=2), Waiting("a", number=3), Waiting("b")]
    assert [thing.number for thing in Turns().order(waiting)] == [1, 0, 2, 3]


def test_what_is_foretold_is_what_happens():
    waiting = [Waiting(owner, address, n) for n in range(5) for owner, address in ("ax", "bx", "cy", "dz")]
    turns = Turns()
    turns.serve(Waiting("a", "x"))
    foretold = [thing.owner for thing in turns.order(waiting)]
    assert served(turns, waiting, len(waiting)) == foretold


def test_many_sessions_of_one_address_get_as_many_turns_as_one_of_another():
    waiting = [Waiting(f"crowd {n}", "one", n) for n in range(20)] + [
        Waiting("single", "two", n) for n in range(5)
    ]
    assert served(Turns(), waiting, 10).count("single") == 5


def test_who_always_comes_back_at_once_waits_for_those_who_were_there():
    turns = Turns()
    turns.serve(Waiting("patient"))
    turns.serve(Waiting("eager"))
    assert turns.order([Waiting("eager"), Waiting("patient")])[0].owner == "patient"


def test_only_the_last_names_are_remembered():
    turns = Turns()
    for number in range(2 * KEPT):
        turns.serve(Waiting(f"{number}", f"{number}"))
    assert len(turns._served) == KEPT
