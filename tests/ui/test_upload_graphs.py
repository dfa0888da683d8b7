"""Which model an uploaded graph is first asked to."""

import pytest
import torch
from torch_geometric.data import Data

from ui import state
from ui.upload import graphs

ETHANOL = Data(x=torch.eye(14)[[0, 0, 2]], edge_index=torch.tensor([[0, 1, 1, 2], [1, 0, 2, 1]]))


def test_a_graph_without_features_of_edges_is_asked_to_a_model_that_needs_none(monkeypatch):
    monkeypatch.setattr(state, "models", lambda name: ["gine", "gin"])
    assert graphs._readable("benzene", ETHANOL, "") == "gin"
    assert graphs._readable("benzene", ETHANOL, "gin") == "gin"
    with_types = ETHANOL.clone()
    with_types.edge_attr = torch.zeros(4, 4)
    assert graphs._readable("benzene", with_types, "") == ""
    with pytest.raises(
        ValueError, match=r"^Expected features of edges, which gine of Benzene reads \(got none\)"
    ):
        graphs._readable("benzene", ETHANOL, "gine")
