"""The sets of the TU collection, on text files that are written here: no test needs the network."""

import errno
import os
import zipfile
from hashlib import sha256
from pathlib import Path
from shutil import rmtree

import pytest
import torch
from torch_geometric.datasets import TUDataset

from hpme.datasets import DATASETS, EMBEDDED, _built_in, load_built_in, tu
from hpme.datasets.mutagenicity import ATOMS, groups

TU = {"mutag": "MUTAG", "mutagenicity": "Mutagenicity", "proteins": "PROTEINS"}
LABELS = {"mutag": (-1, 1), "mutagenicity": (0, 1), "proteins": (1, 2)}  # as the collection counts them


def write_raw(folder: Path, name: str, count: int) -> None:
    """Writes `count` graphs of three nodes and two edges; the first one has every label."""
    spec = DATASETS[name]
    kinds = spec.num_edge_features
    sizes = [max(3, spec.num_features), *[3] * (count - 1)]
    parts = ["A", "graph_indicator", "graph_labels", "node_labels", *(["edge_labels"] if kinds else [])]
    lines: dict[str, list[object]] = {part: [] for part in parts}
    first = 1
    for i, size in enumerate(sizes):
        for node in range(first, first + size - 1):
            lines["A"] += [f"{node}, {node + 1}", f"{node + 1}, {node}"]
            if kinds:
                lines["edge_labels"] += [(node - first) % kinds] * 2
        lines["graph_indicator"] += [i + 1] * size
        lines["node_labels"] += [node % spec.num_features for node in range(size)]
        lines["graph_labels"].append(LABELS[name][i % 2])
        first += size
    folder.mkdir(parents=True)
    for part, rows in lines.items():
        text = "".join(f"{row}\n" for row in rows)
        (folder / f"{TU[name]}_{part}.txt").write_text(text)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """An empty cache, and an address that nobody answers at."""
    monkeypatch.setenv("PYG_HOME", str(tmp_path / "pyg"))
    monkeypatch.setattr(TUDataset, "url", "http://127.0.0.1:9")
    monkeypatch.setattr("torch_geometric.home._home_dir", None)
    _built_in.cache_clear()
    return tmp_path / "pyg" / "TUDataset"


def test_only_these_sets_need_a_download():
    assert set(DATASETS) - set(EMBEDDED) == {*TU, "cora"}


@pytest.mark.parametrize("name", TU)
def test_every_stated_fact_is_true_of_text_files_in_the_cache(home, name):
    spec = DATASETS[name]
    write_raw(home / TU[name] / "raw", name, spec.num_graphs)
    data = load_built_in(name)
    graphs = data.graphs
    assert len(graphs) == spec.num_graphs
    assert len(data.train) == pytest.approx(0.8 * spec.num_graphs, abs=2)
    assert {graph.x.size(1) for graph in graphs} == {spec.num_features}
    assert graphs[0].x.argmax(1).tolist() == list(range(max(3, spec.num_features)))
    assert graphs[1].edge_index.tolist() == [[0, 1, 1, 2], [1, 0, 2, 1]]
    if spec.num_edge_features:
        assert graphs[0].edge_attr.argmax(1).unique().tolist() == list(range(spec.num_edge_features))
        assert graphs[1].edge_attr.argmax(1).tolist() == [0, 0, 1, 1]  # in the order of the edges
    assert {0 if g.edge_attr is None else g.edge_attr.size(1) for g in graphs} == {spec.num_edge_features}
    assert len(spec.edge_labels) == spec.num_edge_features
    assert spec.default_model == ("gine" if spec.num_edge_features else "gin")
    assert [int(graph.y) for graph in graphs[:4]] == [0, 1, 0, 1]
    assert len(spec.classes) == 2
    assert all(("node_gt" in graph and "edge_gt" in graph) == spec.ground_truth for graph in graphs)
    assert len(spec.node_labels) in (0, spec.num_features)
    assert spec.source
    assert spec.licence
    assert spec.description.endswith(".")


def publish(folder: Path, name: str) -> str:
    """Puts an archive of a set where it is downloaded from; returns its digest."""
    write_raw(folder / "made" / TU[name], name, DATASETS[name].num_graphs)
    with zipfile.ZipFile(folder / f"{TU[name]}.zip", "w") as archive:
        for path in (folder / "made" / TU[name]).iterdir():
            archive.write(path, f"{TU[name]}/{path.name}")
    return sha256((folder / f"{TU[name]}.zip").read_bytes()).hexdigest()


def test_a_set_is_downloaded_once_into_the_cache(home, tmp_path, monkeypatch):
    monkeypatch.setitem(tu.DIGESTS, "MUTAG", publish(tmp_path, "mutag"))
    monkeypatch.setattr(TUDataset, "url", str(tmp_path))
    assert len(DATASETS["mutag"].load()) == 188
    assert {path.name for path in home.iterdir()} == {"MUTAG", "MUTAG.sha256"}
    (tmp_path / "MUTAG.zip").unlink()
    assert len(DATASETS["mutag"].load()) == 188


def test_an_archive_with_another_digest_than_is_stated_leaves_nothing(home, tmp_path, monkeypatch):
    digest = publish(tmp_path, "mutag")
    monkeypatch.setattr(TUDataset, "url", str(tmp_path))
    with pytest.raises(
        ValueError, match=rf"SHA-256 {tu.DIGESTS['MUTAG']} \(got {digest}\); nothing of it was kept"
    ):
        load_built_in("mutag")
    assert not list(home.iterdir())


def test_where_no_digest_is_stated_that_of_the_first_download_holds(home, tmp_path, monkeypatch):
    first = publish(tmp_path, "proteins")
    monkeypatch.setattr(TUDataset, "url", str(tmp_path))
    assert len(DATASETS["proteins"].load()) == 1113
    assert (home / "PROTEINS.sha256").read_text() == first
    rmtree(home / "PROTEINS")
    assert len(DATASETS["proteins"].load()) == 1113
    rmtree(home / "PROTEINS")
    with zipfile.ZipFile(tmp_path / "PROTEINS.zip", "a") as archive:
        archive.writestr("PROTEINS/more.txt", "another content")
    with pytest.raises(
        ValueError, match=rf"SHA-256 {first} \(got .*PROTEINS\.sha256 keeps that of the first"
    ):
        load_built_in("proteins")
    assert [path.name for path in home.iterdir()] == ["PROTEINS.sha256"]


def test_text_files_that_are_not_all_there_are_not_downloaded_unseen(home, tmp_path, monkeypatch):
    publish(tmp_path, "mutag")
    monkeypatch.setattr(TUDataset, "url", str(tmp_path))
    write_raw(home / "MUTAG" / "raw", "mutag", 188)
    (home / "MUTAG" / "raw" / "MUTAG_A.txt").unlink()
    with pytest.raises(ValueError, match=r"Expected the text files of MUTAG .*got: not all of them"):
        load_built_in("mutag")


def test_a_full_disk_is_called_so_and_leaves_nothing(home, tmp_path, monkeypatch):
    def full(*arguments: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setitem(tu.DIGESTS, "MUTAG", publish(tmp_path, "mutag"))
    monkeypatch.setattr(TUDataset, "url", str(tmp_path))
    for place in ("torch_geometric.io.fs.cp", "torch_geometric.io.fs.torch_save"):
        with monkeypatch.context() as patch:
            patch.setattr(place, full)
            with pytest.raises(OSError, match="No space left") as caught:
                load_built_in("mutag")
        assert caught.value.errno == errno.ENOSPC
        assert not list(home.iterdir())


def test_offline_one_sentence_says_where_it_looked_and_nothing_is_left_behind(home):
    for _ in range(2):  # the second try must not take the first one's rest for the set
        with pytest.raises(ValueError, match=r"Expected MUTAG from http.*got: .*; connect to"):
            load_built_in("mutag")
        assert not list(home.iterdir())


def test_a_damaged_archive_is_refused_in_one_sentence(home, tmp_path, monkeypatch):
    (tmp_path / "PROTEINS.zip").write_bytes(b"not found")
    monkeypatch.setattr(TUDataset, "url", str(tmp_path))
    with pytest.raises(ValueError, match="Expected PROTEINS from"):
        load_built_in("proteins")
    assert not list(home.iterdir())


def test_a_set_with_too_few_graphs_or_no_graphs_is_refused(home):
    write_raw(home / "MUTAG" / "raw", "mutag", 187)
    with pytest.raises(ValueError, match=r"Expected 188 graphs in .*MUTAG \(got 187\); delete the folder"):
        load_built_in("mutag")
    write_raw(home / "PROTEINS" / "raw", "proteins", 3)
    (home / "PROTEINS" / "raw" / "PROTEINS_A.txt").write_text("one, two\n")
    with pytest.raises(ValueError, match="Expected the text files of PROTEINS"):
        load_built_in("proteins")


def test_a_set_without_its_edge_labels_is_refused(home):
    write_raw(home / "MUTAG" / "raw", "mutag", 188)
    (home / "MUTAG" / "raw" / "MUTAG_edge_labels.txt").unlink()
    with pytest.raises(ValueError, match=r"Expected 4 edge labels in .*MUTAG \(got 0\); delete the folder"):
        load_built_in("mutag")


def test_the_ground_truth_of_mutagenicity_is_nitro_groups_and_primary_amines():
    # O=N(-O)-C-N(H)H, and on the carbon also O-H and N-H: neither group.
    symbols = ["N", "O", "O", "C", "N", "H", "H", "O", "H", "N", "H"]
    bonds = [(0, 1), (0, 2), (0, 3), (3, 4), (4, 5), (4, 6), (3, 7), (7, 8), (3, 9), (9, 10)]
    edge_index = torch.tensor(bonds + [(v, u) for u, v in bonds]).t()
    x = torch.eye(len(ATOMS))[[ATOMS.index(symbol) for symbol in symbols]]
    assert groups(x, edge_index).nonzero().flatten().tolist() == [0, 1, 2, 4, 5, 6]


def test_only_mutagens_have_a_ground_truth(home):
    write_raw(home / "Mutagenicity" / "raw", "mutagenicity", 4337)
    raw = home / "Mutagenicity" / "raw"
    nitro = [ATOMS.index(symbol) for symbol in ("O", "N", "O")]
    labels = (raw / "Mutagenicity_node_labels.txt").read_text().split()
    labels[14:20] = map(str, nitro * 2)  # graphs 1 (not mutagenic) and 2 (mutagenic): O-N-O
    (raw / "Mutagenicity_node_labels.txt").write_text("\n".join(labels) + "\n")
    graphs = load_built_in("mutagenicity").graphs
    assert not graphs[1].node_gt.any()
    assert graphs[2].node_gt.all()
    assert graphs[2].edge_gt.all()
    assert sum(bool(graph.node_gt.any()) for graph in graphs) == 1
