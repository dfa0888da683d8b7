import json
import random

import pytest

from hpme.benchmark.by_graph import packed, unpacked


def test_values_come_back_from_a_text_to_four_digits():
    values = {"edge_auc": [1.0, 0.3333, None, -0.0001], "node_iou": [None]}
    texts = packed(values)
    assert all(isinstance(text, str) for text in texts.values())
    assert unpacked(json.loads(json.dumps(texts))) == values


def test_old_rows_have_none_and_lists_are_read_as_they_are():
    assert packed(None) is unpacked(None) is None
    assert unpacked({"edge_auc": [0.5, None]}) == {"edge_auc": [0.5, None]}


def test_a_damaged_text_is_refused():
    with pytest.raises(ValueError, match="measure again"):
        unpacked({"edge_auc": "AAAA"})


def test_two_hundred_graphs_take_little_room():
    draws = random.Random(0)
    values = [round(draws.random(), 4) for _ in range(200)]  # no worse case: every digit differs
    assert len(packed({"edge_auc": values})["edge_auc"]) < 600
