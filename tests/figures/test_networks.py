import json

from hpme.figures import panels
from hpme.figures.palette import DARK, LIGHT
from tests.figures.scenes import scene_of

NODE_KEYS = {
    "id",
    "label",
    "shape",
    "x",
    "y",
    "size",
    "borderWidth",
    "color",
    "font",
    "title",
}


def by_id(panel):
    return {node["id"]: node for node in panel.nodes}


def ends(panel):
    return {(edge["from"], edge["to"]) for edge in panel.edges}


def test_nodes_carry_the_allowed_attributes_only_and_survive_json(path_scene, anisole_scene):
    for view in (path_scene, anisole_scene):
        for panel in panels(view):
            assert {frozenset(node) for node in panel.nodes} == {frozenset(NODE_KEYS)}
            assert all(type(node["id"]) is int for node in panel.nodes)
            assert json.loads(json.dumps(panel.nodes)) == panel.nodes


def test_a_node_has_one_id_and_one_place_in_all_panels(path_scene):
    original, subgraph, mixed = map(by_id, panels(path_scene))
    assert set(original) == set(subgraph) == {0, 1, 2, 3}
    assert set(mixed) == {0, 1, 5, 6}  # the donor's nodes 1 and 2, after the graph's four
    for node in (0, 1):
        places = {(panel[node]["x"], panel[node]["y"]) for panel in (original, subgraph, mixed)}
        assert len(places) == 1


def test_where_nothing_is_kept_the_legends_do_not_list_it(path_scene):
    graph = path_scene.graph
    _, subgraph, mixed = panels(scene_of(graph, [], path_scene.donor, [0]))
    labels = [[key["label"] for key in panel.legend] for panel in (subgraph, mixed)]
    assert labels == [["dropped", "ground truth"], ["donor", "ground truth"]]


def test_importance_changes_the_fill_and_nothing_else(path_scene):
    nodes = by_id(panels(path_scene)[0])
    assert nodes[0]["color"]["background"] == LIGHT.explanation.lower()  # highest score
    assert nodes[3]["color"]["background"] == LIGHT.low  # lowest
    assert len({(node["size"], node["shape"]) for node in nodes.values()}) == 1


def test_the_ground_truth_is_outlined_in_ink(path_scene):
    for panel in panels(path_scene)[:2]:
        outlined = {i for i, node in by_id(panel).items() if node["color"]["border"] == LIGHT.ink}
        assert outlined == {0, 1}


def test_the_subgraph_shows_dropped_nodes_faintly_or_not_at_all(path_scene):
    faint = panels(path_scene)[1]
    assert {i for i, node in by_id(faint).items() if node["color"]["background"] == LIGHT.faint} == {2, 3}
    assert ends(faint) == {(0, 1), (1, 2), (2, 3)}
    hidden = panels(path_scene, show_dropped=False)[1]
    assert set(by_id(hidden)) == {0, 1}
    assert ends(hidden) == {(0, 1)}


def test_origin_has_colour_and_shape_and_new_links_are_dashed(path_scene):
    mixed = panels(path_scene)[2]
    looks = {i: (node["shape"], node["color"]["background"]) for i, node in by_id(mixed).items()}
    assert looks[0] == looks[1] == ("dot", LIGHT.explanation)
    assert looks[5] == looks[6] == ("square", LIGHT.donor)
    dashed = {(edge["from"], edge["to"]) for edge in mixed.edges if edge["dashes"]}
    assert len(dashed) == 1  # node 1 lost one neighbour
    assert ends(mixed) == {(0, 1), (5, 6)} | dashed


def test_atoms_show_their_element_letters(anisole_scene):
    original, _, mixed = panels(anisole_scene)
    assert {node["label"] for node in original.nodes} == {"C"}
    assert sorted(node["label"] for node in mixed.nodes) == ["C"] * 7 + ["O"]


def test_dark_panels_differ_in_colour_only(path_scene):
    light, dark = panels(path_scene), panels(path_scene, dark=True)
    colourful = {"color", "font"}
    for one, other in zip(light, dark, strict=True):
        assert one.nodes != other.nodes
        for a, b in zip(one.nodes, other.nodes, strict=True):
            assert {k: v for k, v in a.items() if k not in colourful} == {
                k: v for k, v in b.items() if k not in colourful
            }
    assert by_id(dark[2])[0]["color"]["background"] == DARK.explanation


def test_hover_text_says_what_is_known_of_a_node(path_scene):
    original, _, mixed = map(by_id, panels(path_scene))
    assert original[1]["title"].splitlines() == [
        "node 1",
        "Score: 0.750 (rank 2 of 4)",
        "Explanation: kept",
        "Ground truth: part of it",
    ]
    assert mixed[6]["title"].splitlines()[0] == "node 2"
    assert mixed[6]["title"].splitlines()[-1] == "the donor's rest (graph 8)"


def test_the_explained_node_is_a_star_in_every_panel_and_is_named_in_the_legend(node_scene):
    for panel in panels(node_scene):
        assert [node["id"] for node in panel.nodes if node["shape"] == "star"] == [1]
        assert [key["label"] for key in panel.legend if key["kind"] == "star"] == ["node 41"]
    assert panels(node_scene)[2].caption == "The kept part takes the place of another node's explanation."


def test_nodes_around_a_node_go_by_their_numbers_in_the_whole_graph(node_scene):
    original, _, mixed = map(by_id, panels(node_scene))
    assert [original[node]["title"].splitlines()[0] for node in range(4)] == [
        "node 40",
        "node 41",
        "node 42",
        "node 43",
    ]
    assert "Explanation: the explained node itself, always kept" in original[1]["title"]
    assert mixed[6]["title"].splitlines()[0] == "node 72"
    assert mixed[6]["title"].splitlines()[-1] == "the donor's rest (node 70)"


def test_an_empty_mixed_graph_says_why_and_what_to_do(make_graph, path):
    other = make_graph([5.0, 5.0], [(0, 1)], graph_id=10)
    drawn = panels(scene_of(path, (), other, (0, 1)))[2]
    assert drawn.nodes == []
    assert drawn.caption.startswith("Empty: nothing of this graph is kept, and all of the donor is.")
