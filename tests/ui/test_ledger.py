import pytest

from hpme.limits import UploadLimits
from ui.server.ledger import Ledger, TooMuchError

LIMITS = UploadLimits(3, 100, 5, 200, 7, 300)


@pytest.fixture
def held():
    """What Streamlit holds, by session."""
    return {}


@pytest.fixture
def ledger(held):
    return Ledger(lambda session, files: held.get(session, set()) & set(files), LIMITS)


def bring(ledger, held, session, file, size=0, address="here"):
    upload = ledger.begin(session, address, file)
    ledger.grow(upload, size)
    ledger.end(upload, taken=True)
    held.setdefault(session, set()).add(file)


@pytest.mark.parametrize(
    ("sessions", "addresses", "files", "of"),
    [
        (["a"], ["here"], 3, "3 files of 0 MB in all in a session"),
        ("abcdefgh", ["here"], 5, "5 files of 0 MB in all from your address"),
        ("abcdefgh", "stuvwxyz", 7, "7 files of 0 MB in all on this server"),
    ],
)
def test_one_file_too_many_is_refused(ledger, held, sessions, addresses, files, of):
    for n in range(files):
        bring(ledger, held, sessions[n % len(sessions)], f"{n}", address=addresses[n % len(addresses)])
    with pytest.raises(TooMuchError, match=f"Expected at most {of} \\(got more\\)"):
        ledger.begin(sessions[-1], addresses[-1], "one more")
    held[sessions[0]].discard("0")
    bring(ledger, held, sessions[0], "another", address=addresses[0])


def test_bytes_are_counted_as_they_arrive_and_those_of_a_refused_file_are_free_again(ledger, held):
    bring(ledger, held, "a", "1", 60)
    upload = ledger.begin("a", "here", "2")
    ledger.grow(upload, 40)
    with pytest.raises(TooMuchError):
        ledger.grow(upload, 1)
    ledger.end(upload, taken=False)
    bring(ledger, held, "a", "2", 40)


def test_two_files_at_once_share_what_there_is(ledger):
    first, second = (ledger.begin("a", "here", name) for name in "12")
    ledger.grow(first, 60)
    with pytest.raises(TooMuchError):
        ledger.grow(second, 60)


def test_what_is_held_no_more_is_free_again(ledger, held):
    for n in range(3):
        bring(ledger, held, "a", f"{n}", 33)
    held["a"].discard("1")
    bring(ledger, held, "a", "3", 33)
    held.clear()
    bring(ledger, held, "a", "4", 100)


def test_a_file_of_the_same_name_takes_the_place_of_the_earlier_one(ledger, held):
    for _ in range(10):
        bring(ledger, held, "a", "same", 50)
    assert ledger.sessions_of(["same", "other"]) == [("a", "same")]
