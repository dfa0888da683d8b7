from pathlib import Path

import pytest
import torch
from own_files import write_tu
from rdkit import Chem

from hpme import load_dataset
from hpme.datasets.molecules import bundled_smiles
from hpme.own_data import READERS
from hpme.own_data.readers import ONE_GRAPH
from tests.own_data import sample_nodes, sample_pack

SAMPLES = Path(__file__).parents[2] / "assets/samples/datasets"
OTHERS = {"tsv", "txt", "smi", "json", "xlsx"}  # kinds that are read as those that have one
FACTS = {
    "carbonyl.csv": (120, 14, ("carbonyl", "no carbonyl"), False),
    "motifs.jsonl": (40, 1, ("cycle", "house"), True),
    "nitro.npz": (120, 14, ("class 0", "class 1"), True),
    "rings.zip": (60, 3, ("class -1", "class 1"), False),
}


@pytest.mark.parametrize("name", FACTS)
def test_each_sample_is_read_as_what_it_is_and_is_small(name):
    data = load_dataset(SAMPLES / name)
    spec = data.spec
    assert (spec.num_graphs, spec.num_features, spec.classes, spec.ground_truth) == FACTS[name]
    assert len(data.graphs) == spec.num_graphs
    assert (SAMPLES / name).stat().st_size < 50_000


def test_the_label_of_a_molecule_is_the_rule_that_the_readme_names():
    data = load_dataset(SAMPLES / "carbonyl.csv")
    rule = Chem.MolFromSmarts("[CX3]=O")
    for graph in data.graphs:
        matches = Chem.MolFromSmiles(graph.smiles).HasSubstructMatch(rule)
        assert data.spec.classes[int(graph.y)] == ("carbonyl" if matches else "no carbonyl")
        assert graph.smiles in bundled_smiles()
    assert [sum(int(graph.y) == k for graph in data.graphs) for k in (0, 1)] == [60, 60]


def test_the_packed_molecules_have_the_nitro_groups_that_the_readme_names_as_ground_truth():
    read = load_dataset(SAMPLES / "nitro.npz").graphs
    for graph, other in zip(read, sample_pack.graphs(), strict=True):
        matches = Chem.MolFromSmiles(other.smiles).GetSubstructMatches(sample_pack.NITRO)
        assert graph.node_gt.nonzero().view(-1).tolist() == sorted(
            {atom for match in matches for atom in match}
        )
        assert int(graph.y) == bool(matches)
        assert torch.equal(graph.x, other.x)
        assert torch.equal(graph.edge_index, other.edge_index)
        assert torch.equal(graph.edge_gt, other.edge_gt)
        assert torch.equal(graph.edge_attr, other.edge_attr)


def test_each_kind_of_dataset_has_a_sample():
    assert {Path(name).suffix[1:] for name in FACTS} == {*READERS} - {*ONE_GRAPH} - OTHERS


def test_the_nodes_of_the_tree_and_of_its_cycles_are_those_that_the_writer_draws():
    data, drawn = load_dataset(SAMPLES / "cycles.graphml"), sample_nodes.graph()
    assert (data.spec.task, data.spec.classes) == ("node-classification", ("cycle", "tree"))
    assert [data.spec.classes[label] for label in data.graph.y] == [kind for _, kind in drawn.nodes("kind")]
    assert data.graph.node_name == [*drawn]
    assert data.graph.num_edges == 2 * drawn.number_of_edges()
    assert (SAMPLES / "cycles.graphml").stat().st_size < 50_000


def test_the_motifs_are_graphs_of_the_built_in_dataset():
    built_in = load_dataset("ba-2motifs").graphs[::25]
    for graph, other in zip(load_dataset(SAMPLES / "motifs.jsonl").graphs, built_in, strict=True):
        ours, theirs = ({*map(tuple, each.edge_index.t().tolist())} for each in (graph, other))
        assert ours == theirs
        assert graph.node_gt.tolist() == other.node_gt.tolist()


def test_the_rings_are_what_the_writer_writes():
    assert (SAMPLES / "rings.zip").read_bytes() == write_tu(60)
