"""Each flip is asked of the model again, alone, on a graph made from its SMILES or from the whole graph."""

import pytest
import torch
from rdkit import Chem
from torch import nn
from torch_geometric.data import Data
from torch_geometric.nn import global_add_pool

from hpme import load_classifier, load_dataset
from hpme.datasets.molecules import molecule_graph, parse_bundled
from hpme.editing.counterfactuals import Share, counterfactuals
from hpme.editing.edits import Add, Change, Cut, Delete, Join, apply_edits, from_text, to_text
from hpme.editing.kinds import Kinds, edited, kinds_of
from hpme.forward.packed import pack
from hpme.forward.question import Question, ask
from hpme.metrics.forward import logits
from tests.figures import scenes

TWO = Kinds(torch.tensor([[0.0], [3.0]]), ("none", "three"))


class EdgeSum(nn.Module):
    """Logits ``(2.5, half the sum of all edges' feature)``: a model of one's own that reads edges."""

    def forward(self, x, edge_index, edge_attr, batch):
        total = global_add_pool(edge_attr / 2, batch[edge_index[0]], size=int(batch.max()) + 1)
        return torch.cat([torch.full_like(total, 2.5), total], dim=1)


class Number(nn.Module):
    """The sum of the first feature."""

    def forward(self, x, edge_index, batch):
        return global_add_pool(x[:, :1], batch)


@pytest.fixture(scope="module")
def benzene():
    return load_dataset("benzene"), load_classifier("benzene", "gine")


@pytest.mark.parametrize("smiles", ["Cc1ccccc1C(=O)NCCO", "O=C(O)c1ccccc1OC(C)=O"])
def test_each_flip_of_a_molecule_is_what_the_model_says_of_its_smiles(benzene, smiles):
    data, model = benzene
    found = counterfactuals(model, scenes.molecule_graph(smiles), kinds_of(data))
    assert found.flips
    for one in (*found.flips, *found.nearest):
        read = molecule_graph(parse_bundled(one.graph.smiles), one.graph.smiles, 0, set())
        for name in ("x", "edge_index", "edge_attr"):
            assert torch.equal(read[name], one.graph[name])
        alone = logits(model, [read])[0]
        assert torch.allclose(alone, one.output, atol=1e-4)
        assert one.flips == (int(alone.argmax()) != int(found.output.argmax()))
        again = edited(scenes.molecule_graph(smiles), from_text(to_text(one.edits)), kinds_of(data))
        assert again.smiles == one.graph.smiles  # the link to What if makes the same graph


def test_molecules_are_valid_and_none_comes_twice(benzene):
    data, model = benzene
    found = counterfactuals(model, scenes.molecule_graph("Cc1ccccc1S(=O)(=O)N"), kinds_of(data))
    listed = [one.graph.smiles for one in (*found.flips, *found.nearest)]
    assert len({*map(Chem.CanonSmiles, listed)}) == len(listed)
    usual = Chem.GetPeriodicTable().GetDefaultValence
    for step, _, _ in found.singles:
        after = edited(scenes.molecule_graph("Cc1ccccc1S(=O)(=O)N"), step, kinds_of(data))
        assert all(
            atom.GetTotalValence() <= usual(atom.GetSymbol())
            for atom in Chem.MolFromSmiles(after.smiles).GetAtoms()
            if atom.GetSymbol() != "S"  # the sulfone's own, which had six bonds before
        )
    assert found.refused == found.left_out == 0


def test_the_changes_of_a_small_molecule_are_those_that_a_chemist_would_list(benzene):
    data, model = benzene
    found = counterfactuals(model, scenes.molecule_graph("CC=O"), kinds_of(data))
    names = kinds_of(data).names
    count = {kind: sum(isinstance(step[0], kind) for step, _, _ in found.singles) for kind in (Delete, Add)}
    assert count == {Delete: 3, Add: 6 + 5}  # =O needs two hydrogens, and C1 has one
    made = {
        names[step[0].kind] for step, _, _ in found.singles if step[0] in [Change(2, k) for k in range(14)]
    }
    assert made == {"C", "N", "S", "B", "P"}  # with the two bonds of the oxygen
    orders = {(step[0].one, step[0].other, step[1].order) for step, _, _ in found.singles if len(step) > 1}
    assert orders == {(0, 1, 2), (1, 2, 1)}


def test_where_nothing_flips_alone_pairs_do(path, feature_sum):
    """Features 3, 2, 0, 1 add up to 6, and class 1 needs more than 2.5."""
    found = counterfactuals(feature_sum, path, TWO)
    assert not any(flips for _, _, flips in found.singles)
    assert {len(one.steps) for one in found.flips} == {2}
    assert all(float(one.graph.x.sum()) <= 2.5 for one in found.flips)
    first = found.flips[0]
    assert (first.edits, first.size, first.effect) == ((Change(0, 0), Change(1, 0)), 2, -5.0)
    assert found.node_effect.tolist() == [3.0, 2.0, 0.0, 1.0]
    assert found.share({0, 1}) == Share(0, 0, len(found.singles), 2 + 1 + 3)


def test_edges_are_cut_and_made_and_flips_are_counted_inside_the_kept_part(path, neighbour_sum):
    """Each edge adds both features of its ends: 5, 2 and 1; class 0 needs a sum of at most 1."""
    alone = path.clone()
    alone.edge_index = path.edge_index[:, (path.edge_index >= 1).all(0)]  # 1 - 2 - 3: the sum is 3
    found = counterfactuals(neighbour_sum, alone, Kinds(torch.tensor([[1.0]]), ("one",)))
    flips = {step for step, _, flips in found.singles if flips}
    assert flips == {(Delete(1),), (Delete(2),), (Cut(1, 2),)}
    assert found.flips[0].edits == (Cut(1, 2),)
    assert (Join(0, 2),) in [step for step, _, _ in found.singles]
    share = found.share({1, 2})
    assert (share.flips, share.inside) == (3, 3)
    assert share.expected == 3 * share.tried_inside / len(found.singles) < 1.5


def test_a_brought_model_that_reads_edges_is_asked_with_them():
    square = Data(
        x=torch.ones(4, 1),
        edge_index=torch.tensor([[0, 1, 1, 2, 2, 3, 3, 0], [1, 0, 2, 1, 3, 2, 0, 3]]),
        edge_attr=torch.tensor([1.0, 1, 2, 2, 0, 0, 1, 1])[:, None],
    )
    found = counterfactuals(EdgeSum(), square, Kinds(torch.ones(1, 1), ("one",), edge=torch.tensor([0.5])))
    assert found.output.tolist() == [2.5, 4.0]
    flips = {step for step, _, flips in found.singles if flips}
    assert flips == {(Cut(1, 2),), (Delete(0),), (Delete(1),), (Delete(2),)}
    for one in (*found.flips, *found.nearest):
        assert torch.equal(logits(EdgeSum(), [one.graph])[0], one.output)


def test_what_edits_do_not_keep_is_said_instead_of_a_wrong_answer(path):
    class Placed(nn.Module):
        def forward(self, x, edge_index, batch, edge_weight=None):
            total = global_add_pool(x, batch) * (1.0 if edge_weight is None else 2.0)
            return torch.cat([torch.full_like(total, 2.5), total], dim=1)

    path.edge_weight = torch.ones(path.num_edges)
    with pytest.raises(ValueError, match="Expected a graph of which edits keep all that Placed reads"):
        counterfactuals(Placed(), path, TWO)


def test_of_a_number_the_largest_moves_come_first(path):
    number = Question(Number(), model_config={"mode": "regression"})
    found = counterfactuals(number, path, TWO, near=2.5)
    effects = [(len(one.steps), -abs(one.effect)) for one in found.flips]
    assert effects == sorted(effects)
    assert {one.effect for one in found.flips if len(one.steps) == 1} == {-3.0, 3.0}
    assert min(abs(one.effect) for one in found.flips) > 2.5 >= max(abs(one.effect) for one in found.nearest)


def test_where_only_pairs_move_a_number_far_the_largest_single_moves_come_before_them(path):
    """Features 3, 2, 0, 1: one change moves the sum by 3 at most, two by 6."""
    found = counterfactuals(Question(Number(), model_config={"mode": "regression"}), path, TWO, near=3.5)
    assert {len(one.steps) for one in found.flips} == {2}
    moves = [abs(one.effect) for one in found.short]
    assert moves == sorted(moves, reverse=True)
    assert moves[0] == 3
    assert found.listed == (*found.short, *found.flips)
    assert [len(one.steps) for one in found.shown(4)] == [1, 1, 2, 2]
    assert abs(found.shown(1)[0].effect) > 3.5  # of one, the one that counts


def test_around_a_node_edits_are_those_of_the_whole_graph():
    data, model = load_dataset("ba-shapes"), load_classifier("ba-shapes")
    graph = min((data.test[place] for place in range(20)), key=lambda graph: graph.num_nodes)
    node, kinds = int(graph.graph_id), kinds_of(data)
    found = counterfactuals(model, graph, kinds, around=data.train)
    assert found.flips
    assert Delete(node) not in [step[0] for step, _, _ in found.singles]
    assert (
        torch.isnan(found.node_effect).nonzero().view(-1).tolist() == graph.centre.nonzero().view(-1).tolist()
    )
    for one in (*found.flips[:6], *found.nearest[:6]):
        whole = apply_edits(Data(x=data.graph.x, edge_index=data.graph.edge_index), one.edits, kinds.rows)
        place = whole.node_name.tolist().index(node)
        with torch.no_grad():
            row = ask(model).each_node(pack([whole]))[place]
        assert torch.allclose(row, one.output, atol=1e-4)


def test_of_too_many_changes_the_same_ones_are_drawn_each_time(feature_sum):
    ring = torch.arange(400)
    both = torch.cat([torch.stack([ring, ring.roll(1)]), torch.stack([ring.roll(1), ring])], 1)
    large = Data(x=torch.full((400, 1), 0.01), edge_index=both)
    first, second = (counterfactuals(feature_sum, large, TWO) for _ in range(2))
    assert first.singles == second.singles
    assert len(first.singles) == 250
    assert first.left_out == 400 + 400 + 800 + (400 * 399 // 2 - 400) - 250
    assert [one.edits for one in first.flips] == [one.edits for one in second.flips]
