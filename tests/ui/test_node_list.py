"""What is known of each node of a whole graph."""

import torch
from torch_geometric.data import Data

from ui.state import whole


def test_a_node_without_a_label_is_listed_as_such_and_neither_right_nor_wrong(monkeypatch):
    masks = {mask: torch.zeros(3, dtype=torch.bool) for mask in whole.MASKS}
    masks["train_mask"][0] = masks["test_mask"][2] = True
    graph = Data(x=torch.ones(3, 1), edge_index=torch.tensor([[0, 1, 1, 2], [1, 0, 2, 1]]), **masks)
    monkeypatch.setattr(whole, "_whole", lambda name: graph)
    monkeypatch.setattr(whole, "graphs", lambda name: [])
    monkeypatch.setattr(whole, "groups", lambda name: ("a", "b"))
    monkeypatch.setattr(whole, "grouped", lambda *_: ([0, -1, 1], [0, 1, 0]))
    rows = whole.node_list.__wrapped__("own", "gcn")
    assert rows["class"].tolist() == ["a", "no label", "b"]
    assert rows["right"].tolist() == [True, None, False]
    assert rows["prediction"].tolist() == ["a", "b", "a"]
    assert rows["part"].tolist() == ["train", "–", "test"]
