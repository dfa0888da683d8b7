import pytest
import torch

from hpme.figures import curve_rows, fidelity_curve
from hpme.metrics import SizeCurve


@pytest.fixture
def curve():
    output = torch.tensor([0.5, 0.75, 1.0])
    return SizeCurve([0, 2, 4], [0.0, 4.0, 9.0], output, output.flip(0), output)


def names(figure):
    return [trace.name for trace in figure.data]


def test_each_point_knows_its_number_of_nodes(curve):
    figure = fidelity_curve(curve, "probability", own=2, truth=4, shown=2)
    assert names(figure) == ["mixed graph, mean of donors", "subgraph alone", "rest alone"]
    assert all(list(trace.customdata) == list(trace.x) == [0, 2, 4] for trace in figure.data)
    assert list(figure.data[2].y) == [1.0, 0.75, 0.5]


def test_bits_stand_on_a_square_root_axis(curve):
    figure = fidelity_curve(curve, "probability", own=2, truth=None, shown=2, bits=True)
    assert list(figure.data[0].x) == [0, 2, 3]
    assert list(figure.data[0].customdata) == [0, 2, 4]


def test_own_choice_and_truth_are_marked_where_they_are(curve):
    marked = fidelity_curve(curve, "probability", own=2, truth=4, shown=0)
    assert [(note.text, note.x) for note in marked.layout.annotations] == [
        ("explainer's choice", 2),
        ("ground truth", 4),
    ]
    blind = fidelity_curve(curve, "probability", own=2, truth=None, shown=0)
    assert [note.text for note in blind.layout.annotations] == ["explainer's choice"]


def test_without_donors_there_is_no_mix(curve):
    bare = SizeCurve(curve.sizes, curve.bits, curve.subgraph, curve.rest, None)
    assert names(fidelity_curve(bare, "output", own=2, truth=None, shown=2)) == [
        "subgraph alone",
        "rest alone",
    ]
    assert curve_rows(bare)[1] == {"nodes": 2, "bits": 4.0, "subgraph": 0.75, "rest": 0.75}
    assert curve_rows(curve)[2]["mix"] == 1.0
