"""Measures the size that HPME chooses, and the two named ones, against the ground truth.

python -m benchmarks.size [--fits dataset:model:classifier:seed,...] [--graphs 100] [--json]

A fit is named by its dataset, its model, the seed of the classifier (0: the shipped one, else it is trained)
and the seed of HPME (fitted, unless it is shipped). Development: ba-2motifs, fluoride-carbonyl and
alkane-carbonyl with gin and gine. Everything else confirms. The ground truth chooses nothing here.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Annotated, Any

import torch
import typer
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme import HPME, HPMEConfig, load_classifier, load_dataset
from hpme.benchmark import draw_graphs, held_out
from hpme.benchmark.oracle import best_on_path
from hpme.classifiers import train_classifier
from hpme.datasets import Dataset
from hpme.explainers import hard_mask
from hpme.explainers.hpme.store import available_explainers
from hpme.forward.ask import answer, same, tolerance
from hpme.forward.question import ask
from hpme.method.capacity import Size
from hpme.method.ends import Exchange
from hpme.method.mixup import replace
from hpme.method.types import traits_of
from hpme.metrics.evaluate import mean
from hpme.metrics.ground_truth import node_iou
from hpme.seeding import generator
from hpme.shell.terminal import print_table

FITS = (
    "ba-2motifs:gin:0:0,fluoride-carbonyl:gine:0:0,alkane-carbonyl:gine:0:0,nitro-amine:gine:0:0,"
    "benzene:gine:0:0,ba-3motifs:gin:0:0,ba-house-grid:gin:0:0,ba-house-or-grid:gin:0:0,ba-house-and-grid:gin:0:0"
)
DRAWS, HALVES = 8, 3  # donors of each graph; random halves of a truth
KEEPS = 0.95  # share of predictions that the truth has to keep, and no half of it may


def marked(graph: Data) -> Tensor:
    """Returns the nodes of the ground truth, bool ``[N]``; none where the graph has none."""
    return graph.get("node_gt", torch.zeros(graph.num_nodes, dtype=torch.bool))


def half_of(truth: Tensor, draws: torch.Generator) -> Tensor:
    """Returns a random half of the marked nodes, rounded up, bool ``[N]``."""
    nodes = truth.nonzero().view(-1)
    half = torch.zeros_like(truth)
    half[nodes[torch.randperm(len(nodes), generator=draws)[: (len(nodes) + 1) // 2]]] = True
    return half


def truth_keeps(model: nn.Module, graphs: Sequence[Data], donors: Sequence[Data]) -> tuple[float, float]:
    """Returns the share of predictions that the truths keep in donors, and that of the best random half."""
    question, everyone = ask(model), [*graphs, *donors]
    packed, draws = question.pack(everyone), generator(0)
    logits, truths = answer(question, packed), [marked(graph) for graph in everyone]

    def kept(keep: Tensor) -> float:
        held = []
        for _ in range(DRAWS):
            donor = torch.randperm(packed.size, generator=draws)
            exchange = Exchange(keep, torch.cat(truths), donor, traits_of(packed))
            mixed = answer(question, replace(packed, exchange, draws).graphs)
            held.append(same(mixed, logits, tolerance(logits))[: len(graphs)].float().mean())
        return float(torch.stack(held).mean())

    halves = [kept(torch.cat([half_of(truth, draws) for truth in truths])) for _ in range(HALVES)]
    return kept(torch.cat(truths)), max(halves)


def fitted(dataset: Dataset, arch: str, classifier: int, seed: int) -> HPME:
    """Returns HPME of a classifier: the shipped one, or fitted here."""
    name = dataset.spec.name
    if classifier == 0 and seed in available_explainers(name, arch):
        return HPME.load(name, arch, seed)
    model = train_classifier(dataset, arch, seed=classifier)[0] if classifier else load_classifier(name, arch)
    return HPME(model, HPMEConfig(seed=seed)).fit(dataset.train)


def row(explainer: HPME, dataset: Dataset, limit: int) -> tuple[dict[str, Any], list[Tensor]]:
    """Returns the figures of a fit, and the masks of HPME's choice on the scored graphs."""
    graphs = held_out(dataset, limit)
    truths = [marked(graph) for graph in graphs]
    named: dict[str, Size | None] = {"core": "core", "default": None, "all": "all"}
    masks = {
        name: [hard_mask(out) for out in explainer.explain_batch(graphs, size=size)]
        for name, size in named.items()
    }
    share = {name: mean(float(keep.float().mean()) for keep in keeps) or 0.0 for name, keeps in masks.items()}
    truth = mean(float(keep.float().mean()) for keep in truths) or 0.0
    iou, best = mean(map(node_iou, graphs, masks["default"])) or 0.0, best_on_path(explainer, graphs) or 0.0
    keeps, half = truth_keeps(explainer.question, graphs, draw_graphs(dataset.test, limit))
    facts = {
        "core": share["core"],
        "default": share["default"],
        "all": share["all"],
        "truth": truth,
        "between": share["core"] <= truth <= share["all"],
        "node IoU": iou,
        "best on path": best,
        "ratio": iou / best if best else 0.0,
        "truth keeps": keeps,
        "its half": half,
        "asked": keeps >= KEEPS > half,
    }
    return facts, masks["default"]


def agreement(one: Sequence[Tensor], other: Sequence[Tensor]) -> float:
    """Returns the mean node IoU of two lists of masks; of two empty masks it is one."""
    unions = [int((a | b).sum()) for a, b in zip(one, other, strict=True)]
    both = [int((a & b).sum()) for a, b in zip(one, other, strict=True)]
    return sum(i / u if u else 1.0 for i, u in zip(both, unions, strict=True)) / len(unions)


def main(
    fits: Annotated[str, typer.Option(help="Fits, separated by commas.")] = FITS,
    graphs: Annotated[int, typer.Option(min=1, help="At most this many held-out graphs a fit.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Prints a row a fit, and the agreement of the seeds of each classifier."""
    rows, found = [], defaultdict[str, list[list[Tensor]]](list)
    for name in fits.split(","):
        source, arch, classifier, seed = name.split(":")
        dataset = load_dataset(source)
        facts, masks = row(fitted(dataset, arch, int(classifier), int(seed)), dataset, graphs)
        rows.append({"fit": name} | facts)
        found[f"{source}:{arch}:{classifier}"].append(masks)
    print_table(rows, as_json)
    pairs = {place: [agreement(*pair) for pair in combinations(masks, 2)] for place, masks in found.items()}
    agreed = [{"classifier": place, "IoU of seeds": mean(each)} for place, each in pairs.items() if each]
    if agreed:
        print_table(agreed, as_json)


if __name__ == "__main__":
    typer.run(main)
