"""Sets of the TU collection, downloaded on first use by PyG's own TUDataset."""

from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile

from torch_geometric import get_home_dir
from torch_geometric.data import Data
from torch_geometric.datasets import TUDataset

SOURCE = "https://chrsmrrs.github.io/datasets, arXiv:2007.08663"
LICENCE = "none stated; downloaded, not shipped"


def read_tu(name: str, count: int, edge_labels: int = 0) -> list[Data]:
    """Returns all graphs of a set; the first call downloads its text files into PyG's cache and parses them.

    Args:
        name: Name in the collection, such as ``"MUTAG"``.
        count: Number of graphs that the set has.
        edge_labels: Number of its edge labels.

    Returns:
        Graphs with `x` (one-hot node labels), `edge_index`, `y`, and where the set has edge labels,
        `edge_attr` (one-hot, in their order).

    Raises:
        ValueError: If there is no connection, or the files are not those of the set.
    """
    root = Path(get_home_dir()) / "TUDataset"  # ~/.cache/pyg, or $PYG_HOME
    if not (root / name).is_dir():
        _download(name, root)
    try:
        graphs = [
            Data(x=graph.x, edge_index=graph.edge_index, edge_attr=graph.edge_attr, y=graph.y)
            for graph in _open(root, name)
        ]
    except (OSError, ValueError, RuntimeError, IndexError) as error:
        raise ValueError(
            f"Expected the text files of {name} in {root / name} (got: {error}); delete it and try again"
        ) from error
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


def _open(root: Path, name: str) -> TUDataset:
    return TUDataset(str(root), name)


def _download(name: str, root: Path) -> None:
    """Puts a set's folder in place when it is complete, so that an interruption leaves nothing behind."""
    from aiohttp import ClientError  # here, as it takes long to import, and only a download raises it

    try:
        root.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=root) as part:
            _open(Path(part), name)
            (Path(part) / name).replace(root / name)
    except (OSError, ClientError, BadZipFile) as error:
        got = str(error) or type(error).__name__
        raise ValueError(
            f"Expected {name} from {TUDataset.url} (got: {got}); connect to the internet and try again, "
            f"or put its text files into {root / name / 'raw'}"
        ) from error
