"""Sets of the TU collection, downloaded on first use and held to digests; PyG's TUDataset parses them."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from torch_geometric import get_home_dir
from torch_geometric.data import Data
from torch_geometric.datasets import TUDataset
from torch_geometric.io import fs

from hpme.datasets.fetching import not_fetched
from hpme.files import FULL, atomic_write, writable_folder

SOURCE = "https://chrsmrrs.github.io/datasets, arXiv:2007.08663"
LICENCE = "none stated; downloaded, not shipped"
# SHA-256 of the archives, as GraphDatasets.jl pins both and six more public projects the first (looked up in
# November 2026; the archives were out of reach). None was found for PROTEINS: its first download is trusted.
DIGESTS = {
    "MUTAG": "c419bdc853c367d2d83da4973c45100954ae15e10f5ae2cddde6ca431f8207f6",
    "Mutagenicity": "6230f94ba246b76834fb51ffa138370477b7bf8a784ade92c5e0586780d2ae0e",
}


def read_tu(name: str, count: int, edge_labels: int = 0) -> list[Data]:
    """Returns all graphs of a set; the first call downloads its text files into PyG's cache and parses them.

    Text files that somebody has put there are taken as they are.

    Args:
        name: Name in the collection, such as ``"MUTAG"``.
        count: Number of graphs that the set has.
        edge_labels: Number of its edge labels.

    Returns:
        Graphs with `x` (one-hot node labels), `edge_index`, `y`, and where the set has edge labels,
        `edge_attr` (one-hot, in their order).

    Raises:
        ValueError: If there is no connection, the archive has another digest, or the files are not the set's.
        OSError: If nothing can be written to the cache.
    """
    root = Path(get_home_dir()) / "TUDataset"  # ~/.cache/pyg, or $PYG_HOME
    if not (root / name / "processed").is_dir():
        _prepare(name, root)
    graphs = [
        Data(x=graph.x, edge_index=graph.edge_index, edge_attr=graph.edge_attr, y=graph.y)
        for graph in _open(root, name)
    ]
    if len(graphs) != count:
        raise ValueError(
            f"Expected {count} graphs in {root / name} (got {len(graphs)}); delete the folder and try again"
        )
    got = {0 if graph.edge_attr is None else graph.edge_attr.size(1) for graph in graphs}
    if got != {edge_labels}:
        raise ValueError(
            f"Expected {edge_labels} edge labels in {root / name} (got {max(got)}); "
            "delete the folder and try again"
        )
    return graphs


class _Local(TUDataset):
    """A set that downloads nothing by itself."""

    def download(self) -> None:
        raise ValueError("not all of them")


def _open(root: Path, name: str) -> TUDataset:
    """Returns a set whose text files lie in ``root/name/raw``; parses them where that has not been done.

    Raises:
        ValueError: If they are not the set's.
    """
    try:
        return _Local(str(root), name)
    except (OSError, ValueError, RuntimeError, IndexError) as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise
        raise ValueError(
            f"Expected the text files of {name} in {root / name} (got: {error}); delete it and try again"
        ) from error


def _prepare(name: str, root: Path) -> None:
    """Puts a set in place when it is parsed, so that an interruption or a full disk leaves nothing behind."""
    with TemporaryDirectory(dir=writable_folder(root)) as scratch:
        part, place = Path(scratch) / "parsed", root / name
        brought = (place / "raw").is_dir()
        if brought:
            copytree(place / "raw", part / name / "raw")
        else:
            digest = _download(name, Path(scratch), part / name / "raw", root)
        _open(part, name)
        if not brought:
            with atomic_write(_record(name, root)) as record:
                record.write_text(digest, encoding="utf8")
        done = Path("processed") if brought else Path()
        with suppress(FileExistsError, NotADirectoryError):  # another process was faster
            (part / name / done).replace(place / done)


def _download(name: str, scratch: Path, raw: Path, root: Path) -> str:
    """Puts a set's text files into a folder that does not exist yet; returns the digest of their archive."""
    from aiohttp import ClientError  # here, as it takes long to import, and only a download raises it

    address, archive = f"{TUDataset.url}/{name}.zip", scratch / f"{name}.zip"
    try:
        fs.cp(address, str(archive))
        digest = sha256(archive.read_bytes()).hexdigest()
        _verify(name, digest, root)
        with ZipFile(archive) as file:
            file.extractall(scratch)
        raw.parent.mkdir(parents=True)
        (scratch / name).rename(raw)
    except (OSError, ClientError, BadZipFile) as error:
        advice = f"put its text files into {root / name / 'raw'}"
        raise not_fetched(name, TUDataset.url, error, advice) from error
    return digest


def _record(name: str, root: Path) -> Path:
    """Returns the file that keeps the digest of a set's archive as it was first downloaded here."""
    return root / f"{name}.sha256"


def _verify(name: str, digest: str, root: Path) -> None:
    """Refuses an archive with another digest than is stated above, or else than that first downloaded."""
    record = _record(name, root)
    known, advice = DIGESTS.get(name), f"put text files that you trust into {root / name / 'raw'}"
    if known is None and record.is_file():
        known = record.read_text(encoding="utf8")
        advice = f"{record} keeps that of the first download, delete it if you trust this one"
    if known not in (None, digest):
        raise ValueError(
            f"Expected {TUDataset.url}/{name}.zip with the SHA-256 {known} (got {digest}); nothing of it was "
            f"kept; {advice}"
        )
