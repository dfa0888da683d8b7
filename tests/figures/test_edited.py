import json

import numpy as np
import pytest
import torch
from torch_geometric.data import Data

from hpme.datasets.molecules import ELEMENTS, KINDS, ONE_HOT
from hpme.editing.around import edited_around
from hpme.editing.edits import Add, Change, Cut, Delete, Join
from hpme.editing.kinds import Kinds, edited
from hpme.figures import Answers, Look, edit_data, edit_layout, layout
from hpme.figures.layout import BOND
from hpme.figures.palette import LIGHT
from hpme.forward.around import GraphsAround
from tests.figures.scenes import molecule_graph

ELEMENT_KINDS = Kinds(ONE_HOT, ELEMENTS, elements=True)
ANSWERS = Answers(torch.tensor([[0.0, 2.0], [1.0, 0.0]]), ("no", "yes"))
HISTORY = (Add(0, KINDS["N"]), Change(2, KINDS["F"]), Delete(3), Add(4, KINDS["C"]), Join(0, 5))


def data_of(history, keeps=None, smiles="CCCC", **options):
    graph = molecule_graph(smiles)
    before, after = edited(graph, (), ELEMENT_KINDS), edited(graph, history, ELEMENT_KINDS)
    places = edit_layout((before, after), layout(graph), history, 4)
    first = torch.tensor([True, True, False, False])
    data = edit_data((before, after), places, ANSWERS, (first, keeps), ELEMENTS, **options)
    assert json.loads(json.dumps(data)) == data
    return data


def by_id(panel):
    return {node["id"]: node for node in panel["nodes"]}


def test_a_node_keeps_its_name_and_its_place():
    before, after = data_of(HISTORY)["light"]
    assert list(by_id(before)) == [0, 1, 2, 3]
    assert sorted(by_id(after)) == [0, 1, 2, 4, 5]
    for name in (0, 1, 2):
        assert all(by_id(before)[name][axis] == by_id(after)[name][axis] for axis in "xy")


def test_what_is_new_is_outlined_and_its_edges_are_dashed():
    _, after = data_of(HISTORY)["light"]
    outlined = {name for name, node in by_id(after).items() if node["color"]["border"] == LIGHT.link}
    assert outlined == {2, 4, 5}
    assert by_id(after)[2]["title"].splitlines()[0] == "F2"
    assert by_id(after)[2]["title"].endswith("Changed")
    dashed = {(edge["from"], edge["to"]) for edge in after["edges"] if edge["dashes"]}
    assert dashed == {(0, 4), (4, 5), (0, 5)}


def labels_of(panel):
    return [key["label"] for key in panel["legend"]]


def test_the_legends_list_what_is_drawn():
    before, after = data_of(())["light"]
    assert (labels_of(before), labels_of(after)) == (["kept", "dropped"], [])
    assert labels_of(data_of((Change(2, KINDS["N"]),))["light"][1]) == ["added or changed"]
    assert labels_of(data_of(HISTORY)["light"][1]) == ["added or changed", "new edge"]


def test_bonds_of_dropped_atoms_are_as_pale_as_the_legend_says():
    before, _ = data_of((), look=Look(structure=True))["light"]
    pale = {"kind": "line", "fill": LIGHT.faint, "label": "dropped"}
    assert pale in before["legend"]
    drawn = [mark[5] for mark in before["marks"] if mark[0] == "line"]
    assert drawn.count(LIGHT.faint) == 2  # of three bonds, one lies inside the kept part


def test_the_edited_graph_is_coloured_once_it_is_explained():
    names = edited(molecule_graph("CCCC"), (Cut(2, 3),), ELEMENT_KINDS).node_name
    _, after = data_of((Cut(2, 3),))["light"]
    assert {node["color"]["background"] for node in after["nodes"]} == {LIGHT.low}
    assert after["caption"] == "Not explained yet."
    _, after = data_of((Cut(2, 3),), keeps=names == 3)["light"]
    kept = {name for name, node in by_id(after).items() if node["color"]["background"] == LIGHT.explanation}
    assert kept == {3}
    assert after["caption"] == "The edited graph: 1 of 4 nodes kept."


def test_the_bars_say_what_becomes_of_the_first_prediction():
    before, after = (panel["verdicts"][0] for panel in data_of(HISTORY)["light"])
    assert (before["text"], before["holds"]) == ("88%", True)
    assert (after["text"], after["holds"]) == ("27%", False)  # 1 / (1 + e)


def test_molecules_are_drawn_as_structures_whose_edges_can_still_be_picked():
    _, after = data_of(HISTORY, look=Look(structure=True))["light"]
    assert {mark[0] for mark in after["marks"]} == {"disc", "line", "text", "ring"}
    assert len(after["edges"]) == 5
    assert {edge["color"]["color"] for edge in after["edges"]} == {"rgba(0,0,0,0)"}


def places_of(history):
    """Places after edits of two nodes that stand a bond apart, in the order of their names."""
    pair = molecule_graph("CC")
    graphs = edited(pair, (), ELEMENT_KINDS), edited(pair, history, ELEMENT_KINDS)
    places = edit_layout(graphs, np.array([[0.0, 0.0], [BOND, 0.0]]), history, 2)
    return np.stack([places[name] for name in sorted(places)])


@pytest.mark.parametrize("count", [1, 3])
def test_added_nodes_stand_a_bond_away_from_their_anchor_and_off_all_others(count):
    places = places_of((Add(0, 0),) * count)
    assert places[:2] == pytest.approx(np.array([[0.0, 0.0], [BOND, 0.0]]))
    assert np.linalg.norm(places[2:] - places[0], axis=1) == pytest.approx(np.full(count, BOND))
    gaps = np.linalg.norm(places[:, None] - places, axis=-1) + 1e9 * np.eye(len(places))
    assert gaps.min() > 0.5 * BOND


def test_a_place_does_not_change_when_its_anchor_goes():
    assert places_of((Add(0, 0), Delete(0)))[2] == pytest.approx(places_of((Add(0, 0),))[2])


def test_around_a_node_it_is_a_star_and_what_came_within_reach_is_not_new():
    # 0 - 1 - 2 - 3 - 4 - 5, one step around node 1, which is joined to node 4.
    path = torch.tensor([[i for pair in range(5) for i in (pair, pair + 1)]]).view(5, 2)
    ends = torch.cat([path, path.flip(1)]).t()
    graphs = GraphsAround(Data(x=torch.ones(6, 1), edge_index=ends), torch.tensor([1]), 2)
    kinds, history = Kinds(torch.ones(1, 1), ("one",)), (Join(1, 5), Cut(0, 1))
    before, after = edited_around(graphs, 1, (), kinds), edited_around(graphs, 1, history, kinds)
    places = edit_layout((before, after), layout(before), history, 6)
    data = edit_data((before, after), places, ANSWERS, (torch.ones(4) > 0, None))
    first, second = data["light"]
    assert [node["id"] for node in second["nodes"] if node["shape"] == "star"] == [1]
    assert sorted(by_id(first)) == [0, 1, 2, 3]
    assert sorted(by_id(second)) == [1, 2, 3, 4, 5]
    assert [by_id(second)[node]["title"].splitlines()[-1] for node in (4, 5)] == ["Now within reach"] * 2
    assert {(edge["from"], edge["to"]) for edge in second["edges"] if edge["dashes"]} == {(1, 5)}
    assert second["caption"] == "Not explained yet. Nodes: 1 left its reach, 2 came into it."
    assert {"kind": "star", "fill": LIGHT.explanation, "label": "node 1"} in second["legend"]
