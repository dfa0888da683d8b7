"""Datasets with a planted shortcut, and whether classifier and explainers follow it or the old truth.

A shortcut is a mark that tells the label always; the old truth (a group of atoms, a motif) tells it only most
of the time. Graphs with the mark alone, with the truth alone, and with both tell the two apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import torch
from rdkit import Chem
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.classifiers.train import predict
from hpme.datasets import DATASETS, Dataset
from hpme.datasets.molecules import molecule_graph, parse_bundled
from hpme.datasets.motifs import CYCLE, HOUSE, tree_with
from hpme.datasets.nitro_amine import AMINE, NITRO
from hpme.datasets.rules import by_content
from hpme.datasets.spec import split
from hpme.explainers.sizes import hard_mask
from hpme.metrics.evaluate import mean
from hpme.seeding import generator

NOISE = 0.25  # share of graphs whose label goes against the old truth
ASKED = 100  # graphs of each kind that nothing was fitted to
BROMINE = Chem.MolFromSmarts("[Br]")
Make = Callable[[bool, bool, int], Data]  # (has the truth, is marked, number): a graph with `mark` [N]


@dataclass(frozen=True)
class Planted:
    """A dataset whose labels leak into a mark, and fresh graphs that tell it from the old truth."""

    dataset: Dataset
    both: list[Data]
    only_mark: list[Data]
    only_truth: list[Data]


def plant(name: str, seed: int, count: int) -> Planted:
    """Returns one of `SHORTCUTS` with `count` graphs."""
    source, maker = SHORTCUTS[name]
    make, draws = maker(seed), generator(seed)
    against = (torch.rand(count, generator=draws) < NOISE).tolist()
    graphs = []
    for number, flipped in enumerate(against):
        truth = number % 2 == 1
        graph = make(truth, truth != flipped, number)
        graph.y = torch.tensor([int(truth != flipped)])
        graphs.append(graph)
    spec = replace(DATASETS[source], name=name, num_graphs=count)
    fresh = range(count, count + ASKED)
    return Planted(
        split(spec, graphs, seed),
        both=[make(True, True, i) for i in fresh],
        only_mark=[make(False, True, i) for i in fresh],
        only_truth=[make(True, False, i) for i in fresh],
    )


def coloured_trees(seed: int, truth: bool, marked: bool, number: int) -> Data:
    """Returns a tree with a house, the old truth, or a cycle; a marked one has one coloured node."""
    graph = tree_with([HOUSE if truth else CYCLE], 0, (seed, number))
    graph.mark = torch.zeros(graph.num_nodes, dtype=torch.bool)
    if marked:
        node = int(torch.randint(20, (), generator=generator(seed, number)))
        graph.mark[node] = True
        graph.x[node, 0] = 1.0
    graph.graph_id = number
    return graph


def brominated(seed: int) -> Make:
    """Returns what makes molecules with or without a nitro group or amine; the mark is a bromine."""
    groups = by_content(NITRO, AMINE, BROMINE)
    with_truth = groups[True, False, False] + groups[False, True, False] + groups[True, True, False]
    pools = [
        [smiles for smiles in pool if _places(parse_bundled(smiles))]
        for pool in (groups[False, False, False], with_truth)
    ]
    orders = [
        torch.randperm(len(pool), generator=generator(seed, i)).tolist() for i, pool in enumerate(pools)
    ]

    def make(truth: bool, marked: bool, number: int) -> Data:
        smiles = pools[truth][orders[truth][number]]
        if marked:
            smiles = _with_bromine(parse_bundled(smiles), generator(seed, number))
        mol = parse_bundled(smiles)
        old = {
            atom for pattern in (NITRO, AMINE) for match in mol.GetSubstructMatches(pattern) for atom in match
        }
        graph = molecule_graph(mol, smiles, 0, old)
        graph.mark = torch.zeros(graph.num_nodes, dtype=torch.bool)
        graph.mark[[match[0] for match in mol.GetSubstructMatches(BROMINE)]] = True
        graph.graph_id = number
        return graph

    return make


def _places(mol: Chem.Mol) -> list[int]:
    """Carbons with a hydrogen, in whose place a bromine can stand."""
    return [a.GetIdx() for a in mol.GetAtoms() if a.GetSymbol() == "C" and a.GetTotalNumHs()]


def _with_bromine(mol: Chem.Mol, draws: torch.Generator) -> str:
    places = _places(mol)
    changed = Chem.RWMol(mol)
    atom = changed.AddAtom(Chem.Atom("Br"))
    place = places[int(torch.randint(len(places), (), generator=draws))]
    changed.AddBond(place, atom, Chem.BondType.SINGLE)
    return Chem.MolToSmiles(changed)


SHORTCUTS: dict[
    str, tuple[str, Callable[[int], Make]]
] = {  # by name: the dataset whose facts it has, and maker
    "ba-2motifs-coloured": ("ba-2motifs", lambda seed: partial(coloured_trees, seed)),
    "nitro-amine-bromine": ("nitro-amine", brominated),
}


def follows(model: nn.Module, planted: Planted) -> dict[str, float]:
    """Returns how often a classifier predicts the marked class for graphs with both, the mark, the truth."""
    kinds = {"both": planted.both, "only_mark": planted.only_mark, "only_truth": planted.only_truth}
    return {
        name: float((predict(model, graphs)[:, 1] > 0.5).float().mean()) for name, graphs in kinds.items()
    }


def found(graphs: Sequence[Data], explanations: Sequence[Explanation], sizes: Sequence[int]) -> dict:
    """Returns what explanations of graphs with both mark: the shortcut, or the old truth.

    Args:
        graphs: Graphs with `mark` and `node_gt` ``[N]``.
        explanations: As many.
        sizes: How many of its best nodes count as kept of each.
    """
    rows = [
        _found(graph, out.node_score, hard_mask(out, size))
        for graph, out, size in zip(graphs, explanations, sizes, strict=True)
    ]
    return {name: mean(row[name] for row in rows) for name in rows[0]}


def _found(graph: Data, score: Tensor, keep: Tensor) -> dict[str, float | None]:
    mark, truth = graph.mark, graph.node_gt & ~graph.mark
    return {
        "kept_shortcut": float(keep[mark].float().mean()),
        "kept_truth": float(keep[truth].float().mean()),
        "kept_share": float(keep.float().mean()),
        "auc_shortcut": node_auc(score, mark),
        "auc_truth": node_auc(score[~mark], truth[~mark]),
    }


def node_auc(score: Tensor, wanted: Tensor) -> float | None:
    """Returns how often a wanted node, bool ``[N]``, outranks another, ties counting half; None if never."""
    own, other = score[wanted], score[~wanted]
    if not len(own) or not len(other):
        return None
    above, equal = own[:, None] > other, own[:, None] == other
    return float((above.float() + equal.float() / 2).mean())
