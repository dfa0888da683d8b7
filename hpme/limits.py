"""Limits of uploads, of reading them and of jobs; the one place to change them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from hpme import checks


@dataclass(frozen=True)
class Limits:
    """The most that one upload may hold of each thing."""

    bytes: int = 10_000_000
    files: int = 100
    unpacked_bytes: int = 20_000_000  # of a zip archive, or a .pt file, which is one
    graphs: int = 1_000
    nodes: int = 20_000
    edges: int = 100_000
    features: int = 1_000
    values: int = 2_000_000  # nodes times features, or edges times theirs
    cells: int = 500_000  # of a workbook
    tags: int = 500_000  # of XML, opening and closing
    depth: int = 32  # of XML
    characters: int = 1_000  # of a name, or of a molecule as SMILES
    atoms: int = 500  # of one molecule
    ring_bonds: int = 1_500  # of one molecule, see `hpme.chemistry.rings`
    rings: int = 2_000  # of one molecule
    molecule_characters: int = 100_000  # characters of all molecules of a table
    classes: int = 50
    categories: int = 20  # different texts at edges that become one-hot
    edits: int = 200  # of one graph, in What if
    drawn_nodes: int = 1_000  # of one graph that the explorer draws
    drawn_edges: int = 20_000
    session: int = 5  # a session may hold this many times the graphs, nodes and edges
    datasets: int = 5  # of one session


@dataclass(frozen=True)
class JobLimits:
    """Number, time and memory of jobs.

    Raises:
        ValueError: If a limit is out of range.
    """

    max_running: int = 2  # running on this server
    owner_running: int = 1  # running for one owner
    owner_open: int = 12  # running and waiting for one owner
    address_open: int = 48  # the same for all owners at one address
    seconds: float = 900.0  # wall clock of one job
    memory: int = 2 << 30  # bytes of one job's data, where the system can limit them

    def __post_init__(self) -> None:
        """Checks the ranges."""
        checks.in_range("max_running", self.max_running, 1, 1000)
        checks.in_range("owner_running", self.owner_running, 1, 1000)
        checks.in_range("owner_open", self.owner_open, 1, 1000)
        checks.in_range("address_open", self.address_open, 1, 1000)
        checks.in_range("seconds", self.seconds, 0, 1_000_000)
        checks.in_range("memory", self.memory, 1 << 20, 1 << 50)


@dataclass(frozen=True)
class BoxLimits:
    """The most that one call in a box may take; see `hpme.box`."""

    seconds: int = 5  # of a processor
    wall: int = 60  # seconds on the clock: a box may have to share its processor with many
    memory: int = 1 << 30  # bytes beyond what its process has when it begins, where the system can limit them
    output: int = 1 << 30  # bytes of the result
    at_once: int = 4  # boxes with these limits at one time


@dataclass(frozen=True)
class UploadLimits:
    """The most that a server holds of uploaded files at one time."""

    session_files: int = 200
    session_bytes: int = 50_000_000
    address_files: int = 1_000  # of all sessions at one address
    address_bytes: int = 250_000_000
    total_files: int = 10_000
    total_bytes: int = 1_000_000_000


JOB_LIMITS = JobLimits()
UPLOAD_LIMITS = UploadLimits()
BOX_LIMITS = BoxLimits()
DATASET_BOX_LIMITS = BoxLimits(seconds=60, wall=120, memory=2 << 30, at_once=2)
LIMITS = Limits()
DATASET_LIMITS = Limits(  # of a whole dataset in one file
    bytes=100_000_000,  # in the app, Streamlit's maxUploadSize is a limit, too
    unpacked_bytes=100_000_000,
    graphs=50_000,
    nodes=1_500_000,
    edges=4_000_000,
    values=25_000_000,
    molecule_characters=3_000_000,
)


GRAPH_LIMITS = replace(  # of one graph whose nodes are predicted
    DATASET_LIMITS, graphs=1_000, nodes=250_000, edges=2_000_000, tags=4_000_000
)


WORDS = {"ring_bonds": "bonds of rings"}  # of limits that are called otherwise
HUGE = 10**18  # what is larger is not written out
HELD: ContextVar[Limits | None] = ContextVar("limits", default=None)
PLACES = {
    "files": "one upload",
    "characters": "a name or a molecule",
    "atoms": "a molecule",
    "ring_bonds": "a molecule",
}  # of what is not counted in a file


@contextmanager
def holding(limits: Limits) -> Iterator[None]:
    """Makes these the limits of all that is counted within, where no others are given."""
    token = HELD.set(limits)
    try:
        yield
    finally:
        HELD.reset(token)


def held() -> Limits:
    """Returns the limits that hold here: those of an upload, or what `holding` says."""
    return HELD.get() or LIMITS


def cap_upload(files: Mapping[str, bytes]) -> None:
    """Checks that files that come together, by their names, are within the limits of one upload.

    Raises:
        ValueError: If they are too many or too large, or there are none.
    """
    cap("files", len(files), least=1)
    size, most = sum(map(len, files.values())), held().bytes
    if len(files) > 1 and size > most:
        raise ValueError(
            f"Expected at most {most:,} bytes in all {len(files)} files together (got {size:,}); choose fewer"
        )
    cap("bytes", size)


def cap(what: str, count: int, least: int = 0, limits: Limits | None = None) -> None:
    """Checks that a number is within its limit.

    Args:
        what: Name of a field of `Limits`.
        count: How many there are.
        least: How many there must be.
        limits: The most of each; default: those that are `held`.

    Raises:
        ValueError: If there are too many or too few.
    """
    most = getattr(limits or held(), what)
    if not least <= count <= most:
        words, place = WORDS.get(what, what.replace("_", " ")), PLACES.get(what, "a file")
        whole = what == "graphs" and most < count <= DATASET_LIMITS.graphs
        way = "choose “A whole dataset”, or another file" if whole else "choose another file"
        got = f"{count:,}" if abs(count) < HUGE else "far more" if count > 0 else "far less"
        raise ValueError(f"Expected {least} to {most:,} {words} in {place} (got {got}); {way}")
