import numpy as np
import pytest

from hpme import load_dataset


def arrays(count: int = 20) -> dict[str, np.ndarray]:
    """Pairs of nodes of types (0, 1), each joined by one edge; the class alternates."""
    return {
        "x": np.tile(np.array([0, 1], np.uint8), count),
        "edge_index": np.tile(np.array([[0, 1], [1, 0]], np.int32), count),
        "nptr": np.arange(count + 1, dtype=np.int64) * 2,
        "eptr": np.arange(count + 1, dtype=np.int64) * 2,
        "y": np.arange(count) % 2,
        "node_gt": np.tile(np.array([1, 0], np.uint8), count),
        "edge_gt": np.zeros(2 * count, np.uint8),
    }


@pytest.fixture
def save(tmp_path):
    def write(**changes):
        pack = {key: value for key, value in (arrays() | changes).items() if value is not None}
        np.savez(tmp_path / "mine.npz", **pack)
        return tmp_path / "mine.npz"

    return write


def test_graphs_come_back_as_they_were_packed(save):
    data = load_dataset(save())
    assert data.spec.name == "mine"
    assert data.spec.ground_truth
    assert not data.spec.molecular
    assert data.spec.num_features == 2
    assert [len(part) for part in (data.train, data.val, data.test)] == [16, 2, 2]
    graph = data.graphs[3]
    assert graph.x.argmax(1).tolist() == [0, 1]
    assert graph.edge_index.tolist() == [[0, 1], [1, 0]]
    assert graph.node_gt.tolist() == [True, False]
    assert int(graph.y) == 1


def test_bond_types_say_that_nodes_are_atoms(save):
    data = load_dataset(save(bond_type=np.ones(40, np.uint8)))
    assert data.spec.node_labels[:2] == ("C", "N")
    assert data.spec.num_features == 14


def test_float_features_are_taken_as_they_are(save):
    data = load_dataset(save(x=np.linspace(0, 1, 80).reshape(40, 2)))
    assert data.spec.num_features == 2
    assert not data.spec.molecular
    assert data.graphs[0].x.flatten().tolist() == pytest.approx([0, 1 / 79, 2 / 79, 3 / 79])


def test_the_sources_own_split_is_kept(save):
    data = load_dataset(save(train_index=np.arange(18), test_index=np.array([18, 19])))
    assert sorted(graph.graph_id for graph in data.test) == [18, 19]
    assert len(data.train) + len(data.val) == 18


def test_float_labels_are_numbers_to_predict(save):
    data = load_dataset(save(y=np.linspace(0, 1, 20)))
    assert (data.spec.task, data.spec.classes, data.spec.num_outputs) == ("graph-regression", (), 1)
    assert [len(part) for part in (data.train, data.val, data.test)] == [16, 2, 2]
    assert [float(graph.y) for graph in data.graphs] == pytest.approx([i / 19 for i in range(20)])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"y": None}, r"^Missing arrays: y\. A packed dataset needs x, edge_index, nptr, eptr and y$"),
        ({"nptr": np.arange(20) * 2}, "'nptr' of 21 integers"),
        ({"nptr": np.arange(21) * 3}, r"from 0 to 40 \(got 0 to 60\)"),
        ({"eptr": np.arange(21)[::-1] * 2}, r"from 0 to 40 \(got 38 after 40\)"),
        ({"nptr": np.array([0, 2, 2, *range(6, 42, 2)])}, r"from 0 to 40 \(got 2 after 2\)"),
        ({"edge_index": np.zeros((3, 40), np.int64)}, r"shape \[2, E\]"),
        ({"edge_index": np.full((2, 40), 2)}, r"got 2 in graph 0, which has 2 nodes"),
        ({"edge_index": np.full((2, 40), -1)}, r"got -1 in graph 0, which has 2 nodes"),
        ({"x": np.full((40, 2), np.nan)}, r"finite numbers .* \(got nan at node 0\)"),
        ({"x": np.array(["C"] * 40)}, r"numbers 'x' .* \(got <U1\[40\]\)"),
        ({"x": np.arange(40) + 218}, r"node types 0 to 255 .* \(got 256 at node 38\)"),
        ({"x": np.full(40, 1e30, np.float32)}, r"node types 0 to 255 .* \(got float32\)"),
        ({"y": np.arange(20) - 1}, r"class labels .* \(got -1 for graph 0\)"),
        ({"y": np.full(20, np.nan)}, r"finite numbers in 'y' \(got nan for graph 0\)"),
        ({"y": np.array(["a"] * 20)}, r"finite numbers in 'y' \(got <U1\)"),
        ({"node_gt": np.zeros(3)}, "40 numbers in 'node_gt'"),
        (
            {"train_index": np.arange(5), "test_index": np.array([20])},
            r"graph ids 0 to 19 in 'test_index' \(got 20\)",
        ),
        (
            {"train_index": np.arange(5), "test_index": np.array([7])},
            r"each graph once .*\(got graph 5 0 times\)",
        ),
        ({"train_index": np.arange(20), "test_index": np.array([7])}, r"once .*\(got graph 7 2 times\)"),
        ({"train_index": np.zeros(5)}, r"flat integers in 'train_index' \(got float64\[5\]\)"),
        ({"edge_index": np.tile(np.array([[0, 0], [1, 1]]), 20)}, r"once \(got one of 0 to 1 of graph 0\)"),
        (
            {
                "edge_index": np.tile(np.array([[0, 1], [1, 0]]), 20),
                "nptr": np.arange(11) * 4,
                "eptr": np.arange(11) * 4,
                "y": np.arange(10) % 2,
            },
            r"once \(got 0 to 1 of graph 0 twice\)",
        ),
        ({"x": np.full((40, 2), 1e300)}, r"finite numbers of 32 bits in 'x' \(got 1e\+300 at node 0\)"),
        ({"x": np.zeros((40, 2, 2))}, "plain array 'x.npy'"),
        ({"y": np.zeros(20, int)}, "labels that differ"),
        ({"x": np.array([{}] * 40, dtype=object)}, "plain array 'x.npy'"),
    ],
)
def test_arrays_that_do_not_fit_are_refused_in_one_sentence(save, change, words):
    with pytest.raises(ValueError, match=words) as error:
        load_dataset(save(**change))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "1 to 100,000,000 bytes"), (b"no archive", "zip archive"), (b"PK\x03\x04broken", "zip archive")],
)
def test_a_file_that_is_no_archive_is_refused(tmp_path, content, words):
    path = tmp_path / "broken.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=words):
        load_dataset(path)


def test_a_missing_file_is_refused():
    with pytest.raises(ValueError, match="a readable"):
        load_dataset("nowhere.npz")


def test_types_of_nodes_may_be_true_and_false(save):
    graph = load_dataset(save(x=np.tile(np.array([False, True]), 20))).graphs[3]
    assert graph.x.tolist() == [[1.0, 0.0], [0.0, 1.0]]
