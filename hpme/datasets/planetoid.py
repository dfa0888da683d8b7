"""Citation graphs of the Planetoid collection, downloaded on first use and held to digests."""

from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from torch_geometric import get_home_dir
from torch_geometric.data import Data
from torch_geometric.datasets import Planetoid
from torch_geometric.io import fs, read_planetoid_data
from torch_geometric.transforms import NormalizeFeatures

from hpme.datasets.fetching import not_fetched
from hpme.files import writable_folder

SOURCE = "https://github.com/kimiyoung/planetoid, arXiv:1603.08861"
LICENCE = "none stated; downloaded, not shipped"


def read_planetoid(name: str, digests: Mapping[str, str]) -> Data:
    """Returns a citation graph; the first call downloads its files into PyG's cache.

    The files are pickles, which can run code, so none is opened that is not the one that is known.

    Args:
        name: Name in the collection, such as ``"Cora"``.
        digests: SHA-256 of each of its files, by what stands behind ``ind.cora.`` in the file's name.

    Returns:
        Graph with `x` (rows that sum to one), `edge_index` in both directions, `y` ``[N]``, and the masks of
        the public split.

    Raises:
        ValueError: If there is no connection, or a file is another one.
        OSError: If nothing can be written to the cache.
    """
    raw = Path(get_home_dir()) / "Planetoid" / name / "raw"  # below ~/.cache/pyg, or $PYG_HOME
    if not raw.is_dir():
        _download(name, digests, raw)
    _verify(name, digests, raw)
    return NormalizeFeatures()(read_planetoid_data(str(raw), name.lower()))


def _files(name: str, digests: Mapping[str, str]) -> dict[str, str]:
    return {f"ind.{name.lower()}.{part}": digest for part, digest in digests.items()}


def _download(name: str, digests: Mapping[str, str], raw: Path) -> None:
    """Puts the files in place when all of them are there, so that an interruption leaves nothing behind."""
    from aiohttp import ClientError  # here, as it takes long to import, and only a download raises it

    with TemporaryDirectory(dir=writable_folder(raw.parent)) as scratch:
        part = Path(scratch) / "raw"
        part.mkdir()
        try:
            for file in _files(name, digests):
                fs.cp(f"{Planetoid.url}/{file}", str(part / file))
        except (OSError, ClientError) as error:
            raise not_fetched(name, Planetoid.url, error, f"put its files into {raw}") from error
        _verify(name, digests, part)
        with suppress(FileExistsError, NotADirectoryError):  # another process was faster
            part.replace(raw)


def _verify(name: str, digests: Mapping[str, str], raw: Path) -> None:
    """Refuses files that are not those that are known."""
    for file, digest in _files(name, digests).items():
        try:
            got = sha256((raw / file).read_bytes()).hexdigest()
        except OSError as error:
            raise ValueError(
                f"Expected {file} in {raw} (got: {error.strerror}); delete the folder and try again"
            ) from error
        if got != digest:
            raise ValueError(
                f"Expected {file} of {name} with the SHA-256 {digest} (got {got}); opening another one could "
                f"run code, so delete {raw} and try again"
            )
