"""What an uploaded file may hold at most; the one place to change it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Most of each thing in what is uploaded at once."""

    bytes: int = 10_000_000
    files: int = 100
    unpacked_bytes: int = 20_000_000  # of a zip archive, or a .pt file, which is one
    graphs: int = 1_000
    nodes: int = 20_000
    edges: int = 100_000
    features: int = 1_000
    values: int = 2_000_000  # nodes times features
    tags: int = 500_000  # of XML, opening and closing
    depth: int = 32  # of XML
    characters: int = 1_000  # of a name, or of a molecule as SMILES
    atoms: int = 500  # of one molecule
    classes: int = 50
    drawn_nodes: int = 1_000  # of one graph that the explorer draws
    drawn_edges: int = 20_000
    session: int = 5  # times as many graphs, nodes and edges are kept for a session
    datasets: int = 5  # of one session


LIMITS = Limits()
DATASET_LIMITS = Limits(  # of a whole dataset in one file
    bytes=100_000_000,  # the app takes no more than Streamlit's maxUploadSize
    unpacked_bytes=50_000_000,  # read as text, that takes seconds and some 400 MB
    graphs=20_000,
    nodes=500_000,
    edges=2_000_000,
    values=20_000_000,
)


def cap(what: str, count: int, least: int = 0, limits: Limits | None = None) -> None:
    """Checks that there are not too many.

    Args:
        what: Name of a field of `Limits`.
        count: How many there are.
        least: How many there must be.
        limits: The most of each; default: `LIMITS`.

    Raises:
        ValueError: If there are too many or too few.
    """
    most = getattr(limits or LIMITS, what)
    if not least <= count <= most:
        words = what.replace("_", " ")
        raise ValueError(
            f"Expected {least} to {most:,} {words} in a file (got {count:,}); choose another file"
        )
