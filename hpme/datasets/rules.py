"""Molecules labelled by a rule over substructures, so that the ground truth is known."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import torch
from rdkit import Chem
from torch_geometric.data import Data

from hpme.datasets.molecules import bundled_smiles, molecule_graph, parse_bundled
from hpme.datasets.spec import Rule
from hpme.seeding import generator

CARBONYL = Chem.MolFromSmarts("[CX3]=O")


def by_content(*patterns: Chem.Mol) -> dict[tuple[bool, ...], list[str]]:
    """Returns the bundled molecules as SMILES, by which of the patterns they contain."""
    groups: dict[tuple[bool, ...], list[str]] = defaultdict(list)
    for smiles in bundled_smiles():
        mol = parse_bundled(smiles)
        groups[tuple(mol.HasSubstructMatch(pattern) for pattern in patterns)].append(smiles)
    return groups


def draw_smiles(smiles: Sequence[str], count: int) -> list[str]:
    """Returns a fixed sample of `count` molecules, in their order."""
    order = torch.randperm(len(smiles), generator=generator(0))[:count].sort().values
    return [smiles[i] for i in order.tolist()]


def labelled(negatives: Sequence[str], positives: Sequence[str], *patterns: Chem.Mol) -> list[Data]:
    """Returns graphs of class 0, then of class 1, whose ground truth is every atom that matches a pattern."""
    return [_graph(smiles, 0, ()) for smiles in negatives] + [_graph(s, 1, patterns) for s in positives]


def has_any(*patterns: Chem.Mol) -> Rule:
    """Returns the rule that one of the patterns is enough for class 1, whose truth is all that match."""
    return partial(_judge, patterns, any)


def has_all(*patterns: Chem.Mol) -> Rule:
    """Returns the rule that class 1 needs all of the patterns; its truth is all that match."""
    return partial(_judge, patterns, all)


def _judge(
    patterns: Sequence[Chem.Mol], enough: Callable[[Iterable[bool]], bool], mol: Chem.Mol
) -> tuple[float, set[int]]:
    found = [mol.GetSubstructMatches(pattern) for pattern in patterns]
    if not enough(map(bool, found)):
        return 0, set()
    return 1, {atom for matches in found for match in matches for atom in match}


def _graph(smiles: str, label: int, patterns: Sequence[Chem.Mol]) -> Data:
    mol = parse_bundled(smiles)
    matches = (match for pattern in patterns for match in mol.GetSubstructMatches(pattern))
    return molecule_graph(mol, smiles, label, {atom for match in matches for atom in match})
