"""Citation graphs, on small files that are written here: no test needs the network."""

import pickle
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from torch_geometric.datasets import Planetoid

from hpme.datasets import DATASETS, planetoid
from hpme.datasets.planetoid import read_planetoid

CLASSES = 2


def write_raw(folder: Path) -> dict[str, str]:
    """Writes a set of 700 papers in a row, of which 10 are for training and 20 for test; returns digests."""
    papers, train, test = 700, 10, 20
    words = csr_matrix(np.eye(papers, 5) + np.eye(papers, 5, 1), dtype=np.float32)
    labels = np.eye(CLASSES, dtype=np.int32)[np.arange(papers) % CLASSES]
    rest = papers - test
    parts: dict[str, object] = {
        "x": words[:train], "allx": words[:rest], "tx": words[rest:],
        "y": labels[:train], "ally": labels[:rest], "ty": labels[rest:],
        "graph": {i: [j for j in (i - 1, i + 1) if 0 <= j < papers] for i in range(papers)},
    }  # fmt: skip
    folder.mkdir(parents=True)
    for part, content in parts.items():
        (folder / f"ind.cora.{part}").write_bytes(pickle.dumps(content))
    (folder / "ind.cora.test.index").write_text("".join(f"{i}\n" for i in range(rest, papers)))
    return {
        path.name.removeprefix("ind.cora."): sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
    }


@pytest.fixture(autouse=True)
def raw(tmp_path, monkeypatch):
    """An empty cache, and an address that nobody answers at."""
    monkeypatch.setenv("PYG_HOME", str(tmp_path / "pyg"))
    monkeypatch.setattr(Planetoid, "url", "http://127.0.0.1:9")
    monkeypatch.setattr("torch_geometric.home._home_dir", None)
    return tmp_path / "pyg" / "Planetoid" / "Cora" / "raw"


def test_it_is_one_graph_with_labels_and_the_public_masks(raw):
    graph = read_planetoid("Cora", write_raw(raw))
    assert graph.x.shape == (700, 5)
    assert graph.x.sum(1).unique().tolist() in ([0, 1], [1])
    assert graph.edge_index.size(1) == 2 * 699
    assert graph.y.tolist() == [i % CLASSES for i in range(700)]
    assert [int(graph[mask].sum()) for mask in ("train_mask", "val_mask", "test_mask")] == [10, 500, 20]


def test_a_file_that_is_another_one_is_never_opened(raw, monkeypatch):
    digests = write_raw(raw)

    class Attack:
        def __reduce__(self):
            return Path.touch, (raw / "attacked",)

    (raw / "ind.cora.graph").write_bytes(pickle.dumps(Attack()))
    with pytest.raises(ValueError, match=r"Expected ind\.cora\.graph of Cora with the SHA-256 .* \(got "):
        read_planetoid("Cora", digests)
    assert not (raw / "attacked").exists()
    (raw / "ind.cora.graph").unlink()
    with pytest.raises(ValueError, match=r"Expected ind\.cora\.graph in .* \(got: No such file"):
        read_planetoid("Cora", digests)


def test_without_a_connection_a_sentence_says_what_to_do_and_nothing_is_left(raw):
    with pytest.raises(ValueError, match="connect to the internet and try again, or put its files into"):
        read_planetoid("Cora", {"x": "0"})
    assert [*raw.parent.iterdir()] == []


def test_a_download_is_in_place_only_when_all_of_it_is_the_one_that_is_known(raw, tmp_path, monkeypatch):
    digests = write_raw(tmp_path / "there")
    monkeypatch.setattr(
        planetoid.fs,
        "cp",
        lambda address, path: Path(path).write_bytes((tmp_path / "there" / Path(address).name).read_bytes()),
    )
    with pytest.raises(ValueError, match="with the SHA-256 0"):
        read_planetoid("Cora", digests | {"y": "0"})
    assert [*raw.parent.iterdir()] == []
    assert read_planetoid("Cora", digests).num_nodes == 700
    assert len([*raw.iterdir()]) == 8


def test_what_is_said_of_cora():
    spec = DATASETS["cora"]
    assert spec.download
    assert spec.of_nodes
    assert not spec.ground_truth
    assert len(spec.classes) == 7
