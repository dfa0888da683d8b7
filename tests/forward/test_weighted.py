import pytest
import torch

from hpme import load_classifier, load_dataset
from hpme.forward.packed import pack
from hpme.forward.weighted import EdgeWeighted


@pytest.fixture(params=["gin", "gcn"])
def model(request):
    return load_classifier("ba-2motifs", request.param)


@pytest.fixture(scope="module")
def graphs():
    return pack(load_dataset("ba-2motifs").test[:6])


def test_weight_one_is_the_untouched_graph(model, graphs):
    expected = model(graphs.x, graphs.edge_index, graphs.batch)
    ones = torch.ones(graphs.edge_index.size(1))
    logits = EdgeWeighted(model)(graphs, ones)
    assert torch.allclose(logits, expected, atol=1e-5)


def test_weight_zero_is_the_edge_removed(model, graphs):
    keep = torch.rand(graphs.edge_index.size(1), generator=torch.Generator().manual_seed(0)) < 0.5
    expected = model(graphs.x, graphs.edge_index[:, keep], graphs.batch)
    logits = EdgeWeighted(model)(graphs, keep.float())
    assert torch.allclose(logits, expected, atol=1e-5)
    assert not torch.allclose(logits, model(graphs.x, graphs.edge_index, graphs.batch), atol=0.1)


def test_a_message_is_multiplied_by_its_edges_weight(neighbour_sum, path):
    # Sources 0, 1, 1, 2, 2, 3 carry 3, 2, 2, 0, 0, 1: the sum is 3·.5 + 2·.25 + 2·2 + 1·(-1) = 5.
    weight = torch.tensor([0.5, 0.25, 2.0, 7.0, 7.0, -1.0], requires_grad=True)
    weighted = EdgeWeighted(neighbour_sum)
    logits = weighted(pack([path]), weight)
    assert logits.tolist() == [[1, 5]]
    logits[0, 1].backward()
    assert weight.grad.tolist() == [3, 2, 2, 0, 0, 1]


def test_no_weights_stay_behind_after_an_error(neighbour_sum, path):
    weighted, graphs = EdgeWeighted(neighbour_sum), pack([path])
    with pytest.raises(ValueError, match="IndexError"):  # PyG counts the weights
        weighted(graphs, torch.ones(2))
    assert weighted.question.model(path.x, path.edge_index, graphs.batch).tolist() == [[1, 8]]
    assert neighbour_sum.conv._edge_mask is None


def test_embeddings_feel_the_weights_which_are_gone_afterwards(neighbour_sum, path):
    weighted = EdgeWeighted(neighbour_sum)
    full, none = (weighted.embed(pack([path]), torch.full((6,), weight)) for weight in (1.0, 0.0))
    # Sums of the neighbours' features: 2, 3, 3 and 0; their maximum and mean.
    assert full.tolist() == [[3, 2]]
    assert none.tolist() == [[0, 0]]
    assert all(
        module._edge_mask is None for module in weighted.question.modules() if hasattr(module, "_edge_mask")
    )
