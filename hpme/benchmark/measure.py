"""One row at a time: an explainer is fitted to a model and measured, in any process."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import Any

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.benchmark.beside import by_class, edge_auc_untrained, of_soft_masks
from hpme.benchmark.config import BenchConfig, spec
from hpme.benchmark.oracle import best_on_path
from hpme.classifiers import (
    is_reference,
    load_classifier,
    load_classifier_file,
    save_classifier,
    score,
    train_classifier,
)
from hpme.datasets import Dataset
from hpme.explainers import HPME, REFERENCE, Explainer, ExplainerSpec, HPMEConfig, hard_mask
from hpme.explainers.base import NotDefinedError, chosen, settings
from hpme.explainers.hpme.store import available_explainers, fitted_path
from hpme.explainers.quick_check import quick_check
from hpme.forward.around import GraphsAround
from hpme.forward.fingerprint import fingerprint
from hpme.forward.packed import Packed
from hpme.forward.question import ask
from hpme.method.capacity import content_bits
from hpme.method.types import count_edge_types, count_types
from hpme.metrics import cos_own_mix, evaluate, finetuned, with_ground_truth
from hpme.metrics.evaluate import DRAWS
from hpme.own_data import as_floats, is_file, load_dataset
from hpme.seeding import generator

_COPIES: dict[tuple[str, str], nn.Module | None] = {}


@dataclass(frozen=True)
class Place:
    """A model that is ready to be explained."""

    source: str  # dataset's name or path
    weights: str | None  # file of a model that is not shipped
    facts: dict[str, Any]  # what all its rows have in common
    settings: dict[tuple[str, int], dict[str, Any]]  # of each explainer and seed
    label: str | None = None  # name of the label in a user's file


@dataclass(frozen=True)
class RowPlan:
    """A row to be measured."""

    place: Place
    explainer: str
    seed: int
    limit: int
    split: str
    wanted: bool = True  # else only its sizes are needed
    sizes: dict[int, int] | None = None  # nodes that HPME keeps, by graph
    floor: bool = False  # is it fitted to an untrained copy of the model, too?

    @property
    def entry(self) -> ExplainerSpec:
        """The registry's entry of the explainer."""
        return spec(self.explainer)

    @property
    def row(self) -> dict[str, Any]:
        """Returns the part of the row that is known before it is measured."""
        return self.place.facts | {
            "explainer": self.explainer,
            "seed": self.seed,
            "split": self.split,
            "limit": self.limit,
            "config": self.place.settings[self.explainer, self.seed],
            "floor": self.floor,
        }


@dataclass(frozen=True)
class Outcome:
    """A measured row, and the nodes ``bool [N]`` kept of ``graph-ID`` and ``donor-ID``."""

    row: dict[str, Any]
    kept: dict[str, Tensor]

    @property
    def sizes(self) -> dict[int, int]:
        """Returns the number of kept nodes, by graph."""
        return sizes(self.kept)


def sizes(kept: dict[str, Tensor]) -> dict[int, int]:
    """Returns the number of kept nodes of ``graph-ID`` and ``donor-ID``, by graph."""
    return {int(name.partition("-")[2]): int(keep.sum()) for name, keep in kept.items()}


def prepare_place(source: str, arch: str | None, seed: int, config: BenchConfig, folder: Path) -> Place:
    """Loads a dataset's shipped or registered model; trains one on a user's dataset, or of another seed."""
    own = arch is not None and is_reference(arch)
    dataset, weights = _dataset(source, config.label, not own), None
    arch = arch or dataset.spec.default_model
    if (is_file(source) or seed) and not own:
        model, card = train_classifier(dataset, arch, seed=seed)
        weights = folder / f"{dataset.spec.name}-{arch}-{seed}.safetensors"
        save_classifier(model, card, weights)
    else:
        model = load_classifier(dataset.spec.name, arch)
    _pool(dataset, config.split)  # refuses a dataset without graphs to score
    ready = place(source, str(weights) if weights else None, dataset, model, arch, config)
    return replace(ready, facts=ready.facts | {"classifier_seed": seed})


def place(
    source: str, weights: str | None, dataset: Dataset, model: nn.Module, arch: str, config: BenchConfig
) -> Place:
    """Returns what the rows of a model have in common."""
    facts = {
        "dataset": dataset.spec.name,
        "model": arch,
        "classifier": fingerprint(model),
        "accuracy": score(model, dataset.test),  # R² of a regression
        "classifier_seed": 0,
        "same_as_model": quick_check(ask(model), dataset.test).same_as_model,
    }
    tries = {*config.tries, *((REFERENCE, seed) for seed in range(config.seeds))}
    configs = {(name, seed): settings(spec(name).build(model, seed)) for name, seed in tries}
    return Place(source, weights, facts, configs, config.label)


def measure(job: RowPlan) -> Outcome:
    """Measures a row of a dataset and a model on disk; see `measured`."""
    return measured(
        job, _dataset(job.place.source, job.place.label, bool(job.place.weights)), _model(job.place)
    )


def measured(job: RowPlan, dataset: Dataset, model: nn.Module) -> Outcome:
    """Fits an explainer and measures it on the scored graphs.

    Explainers without a size of their own keep as many of their top-ranked nodes as HPME keeps in that graph.
    Robust fidelity and F-Fidelity are measured at that size for all explainers but the ground truth.

    Raises:
        ValueError: If a metric is not finite.
    """
    pool, donors = _pool(dataset, job.split), _donors(dataset, job.split, job.limit)
    graphs = draw_graphs(pool, job.limit)
    counts = {"graphs": len(graphs), "pool": len(pool)}
    empty = job.row | counts | {"by_graph": {}}
    if job.entry.ceiling and not dataset.spec.ground_truth:
        return Outcome(empty, {})
    start = perf_counter()
    try:
        explainer = _fitted(job, dataset, model)
        fit_seconds = perf_counter() - start
        explainer.explain(graphs[0])  # the first call fills caches that later ones use
    except NotDefinedError as refusal:
        return Outcome(empty | {"refused": str(refusal)}, {})
    start = perf_counter()
    explanations = explainer.explain_batch(graphs)
    explain_seconds = perf_counter() - start
    everyone, all_graphs = [*explanations, *explainer.explain_batch(donors)], [*graphs, *donors]
    equal = [hard_mask(out, _size(job, graph)) for out, graph in zip(everyone, all_graphs, strict=True)]
    keeps = [hard_mask(out) for out in everyone] if job.entry.hard else equal
    kept, cuts = keeps[: len(graphs)], keeps[len(graphs) :]
    names = [f"{kind}-{g.graph_id}" for kind, part in (("graph", graphs), ("donor", donors)) for g in part]
    masks = dict(zip(names, keeps, strict=True))
    if not job.wanted:
        return Outcome(job.row, masks)
    if job.entry.hard:
        _bound(explanations, kept, ask(model).pack(graphs))
    mixes, tuned = (donors, cuts), _tuned(job, dataset, model)
    values = {
        **evaluate(model, graphs, explanations, kept, job.seed, mixes, equal[: len(graphs)], tuned),
        "fit_seconds": fit_seconds,
        "explain_ms": 1000 * explain_seconds / len(graphs),
        "path_iou": best_on_path(explainer, graphs),
        **(of_soft_masks(explanations) if job.entry.fits_masks else {}),
        "edge_auc_by_class": by_class(graphs, explanations, dataset.spec.classes),
        "edge_auc_untrained": _floor(job, dataset, model, graphs),
        "chosen": chosen(explainer),
    }
    values["cos_own_mix"] = (
        values["cos_mix"] if job.entry.reference else _own_mix(job, explainer, graphs, donors, model)
    )
    _check_finite(values)
    return Outcome(job.row | counts | values, masks)


def held_out(dataset: Dataset, limit: int) -> list[Data]:
    """Returns test graphs with a ground truth (all if the dataset has none), a fixed sample if too many."""
    return _scored(dataset, "held-out", limit)


def draw_graphs(graphs: Sequence[Data], limit: int) -> list[Data]:
    """Returns a fixed sample of at most `limit` graphs, in their order; larger ones contain smaller ones."""
    places = draw_places(len(graphs), limit)
    if isinstance(graphs, GraphsAround):
        return [*graphs.of(graphs.nodes[places])]
    return [graphs[place] for place in places]


def draw_places(count: int, limit: int) -> list[int]:
    """Returns the places of that sample of `count` graphs."""
    return torch.randperm(count, generator=generator(0))[:limit].sort().values.tolist()


def _scored(dataset: Dataset, split: str, limit: int) -> list[Data]:
    return draw_graphs(_pool(dataset, split), limit)


def _pool(dataset: Dataset, split: str) -> Sequence[Data]:
    """Returns the graphs that the scored ones are drawn from."""
    graphs = dataset.test if split == "held-out" else dataset.graphs
    graphs = with_ground_truth(graphs) if dataset.spec.ground_truth else graphs
    if not len(graphs):
        raise ValueError(
            f"Expected test graphs with a ground truth in {dataset.spec.name!r} (got none); "
            "mark its nodes in 'node_gt', or leave the ground truth out"
        )
    return graphs


def _donors(dataset: Dataset, split: str, limit: int) -> list[Data]:
    """Returns graphs of all classes, whose rests complete the mixed graphs."""
    return draw_graphs(dataset.test if split == "held-out" else dataset.graphs, limit)


@lru_cache(maxsize=2)
def _dataset(source: str, label: str | None, floats: bool) -> Dataset:
    loaded = load_dataset(source, label)
    return as_floats(loaded) if floats else loaded


def _model(place: Place) -> nn.Module:
    if place.weights:
        return load_classifier_file(Path(place.weights))[0]
    return load_classifier(place.facts["dataset"], place.facts["model"])


def _fitted(job: RowPlan, dataset: Dataset, model: nn.Module) -> Explainer:
    """Returns the explainer, fitted here; where only sizes are needed, HPME as it is saved."""
    place = dataset.spec.name, job.place.facts["model"]
    saved = not job.place.weights and job.seed in available_explainers(*place)
    if saved and not job.wanted and job.split == "held-out":
        explainer = HPME.load_file(fitted_path(*place, job.seed), model)
        if explainer.config == HPMEConfig(seed=job.seed):
            return explainer
    return job.entry.build(model, job.seed).fit(_learnt(dataset, job))


def _learnt(dataset: Dataset, job: RowPlan) -> Sequence[Data]:
    """The graphs that an explainer is fitted on; transductively, of nodes, those in motifs, as published."""
    if job.split == "held-out":
        return dataset.train
    published = dataset.spec.of_nodes and dataset.spec.ground_truth and not job.entry.reference
    return with_ground_truth(dataset.graphs) if published else dataset.graphs


def _floor(job: RowPlan, dataset: Dataset, model: nn.Module, graphs: Sequence[Data]) -> float | None:
    if not job.floor or job.entry.ceiling or not dataset.spec.ground_truth:
        return None
    return edge_auc_untrained(job.entry, model, job.seed, _learnt(dataset, job), graphs)


def _check_finite(values: dict[str, Any]) -> None:
    wrong = [f"{name} = {v}" for name, v in values.items() if isinstance(v, float) and not isfinite(v)]
    if wrong:
        raise ValueError(f"Expected finite metrics (got {', '.join(wrong)}); check the explainer's masks")


def _tuned(job: RowPlan, dataset: Dataset, model: nn.Module) -> nn.Module | None:
    """Returns the copy of the model for F-Fidelity, made once for all rows of a model in this process."""
    key = dataset.spec.name, job.place.facts["classifier"]
    if key not in _COPIES:
        _COPIES.clear()  # rows of a model follow each other
        _COPIES[key] = finetuned(model, dataset.train)
    return _COPIES[key]


def _own_mix(
    job: RowPlan, explainer: Explainer, graphs: Sequence[Data], donors: Sequence[Data], model: nn.Module
) -> float | None:
    """Returns the mean cosine of originals to graphs that the explainer mixes; None if it mixes none."""
    cosines = cos_own_mix(model, graphs, donors, explainer.mix_embeddings, job.seed, DRAWS)
    return None if cosines is None else float(cosines.mean())


def _size(job: RowPlan, graph: Data) -> int | None:
    """Returns the number of nodes that HPME keeps; None for HPME and the ground truth, of own size."""
    if job.sizes is None or job.entry.ceiling:
        return None
    return job.sizes[graph.graph_id]


def _bound(explanations: Sequence[Explanation], kept: Sequence[Tensor], graphs: Packed) -> None:
    """Adds the capacity to each hard explanation that has none."""
    types = count_types(graphs), count_edge_types(graphs)
    for explanation, keep in zip(explanations, kept, strict=True):
        if "capacity_bits" not in explanation:
            explanation.capacity_bits = content_bits(int(keep.sum()), *types)
