"""Measures each piece of HPME: each variant changes one of them, and all are measured in the same way.

python -m benchmarks.ablation --json OUT [--datasets a,b] [--variants a,b] [--seeds 3] [--graphs 200]

The rows are those of `hpme bench`, with the name of the variant; `meta` describes the variants. Rows already
in OUT are kept if weights, settings and number of graphs are the same, and OUT is complete after each row:
run the same command again after an interruption, but delete OUT when the method has changed.

A variant changes what its scorer is fitted to. The size is chosen by the same rule on the same hard
replacements for all, except for fixed prices, which have no path and take the last checkpoint. Soft masks
have no size of their own: like the soft explainers of the benchmark, they keep as many nodes as HPME does.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer
from torch import nn
from torch_geometric.data import Data

from benchmarks import _variants
from hpme import benchmark, checks
from hpme.benchmark import results
from hpme.classifiers import load_classifier, score
from hpme.datasets import DATASETS, load_built_in
from hpme.explainers.hpme import HPME
from hpme.explainers.hpme.config import HPMEConfig
from hpme.explainers.hpme.fitting import Objective, score_function
from hpme.explainers.sizes import hard_mask
from hpme.files import atomic_write
from hpme.forward.fingerprint import fingerprint
from hpme.metrics import evaluate
from hpme.shell.terminal import bar

Row = dict[str, Any]
KEYS = (*benchmark.KEYS, "variant")
SOURCES = ("ba-2motifs", "benzene", "alkane-carbonyl", "ba-house-grid")


@dataclass(frozen=True)
class Variant:
    """HPME with one piece changed."""

    name: str
    group: str  # what is varied
    title: str
    aim: Objective = score_function
    settings: dict[str, Any] = field(default_factory=dict)  # of `HPMEConfig`, where not the default
    soft: bool = False

    def config(self, seed: int) -> HPMEConfig:
        """Returns the settings of a fit."""
        return HPMEConfig(**({"seed": seed} | self.settings))


def _mixing(name: str, group: str, title: str, mix: _variants.Mix) -> Variant:
    return Variant(name, group, title, partial(score_function, mix=mix))


def _fixed(price: float) -> Variant:
    settings = {"price_low": price, "price_high": price}
    return Variant(f"price-{price:g}", "price", f"fixed at {price:g}, last checkpoint", settings=settings)


HPME_ITSELF = Variant("hpme", "all", "HPME: hard masks, replace, any donor, typed links, rising price")
_ALL = (
    HPME_ITSELF,
    _mixing("hard-append", "mask and mixture", "hard masks, append", _variants.appended),
    Variant("soft-replace", "mask and mixture", "soft masks, replace", _variants.soft_replace, soft=True),
    Variant("soft-append", "mask and mixture", "soft masks, append", _variants.soft_append, soft=True),
    _mixing("donors-same", "donors", "of the same predicted class", _variants.donors_by_class(same=True)),
    _mixing("donors-other", "donors", "of other predicted classes", _variants.donors_by_class(same=False)),
    _mixing("links-untyped", "links", "ends of any type", _variants.untyped),
    _mixing("links-none", "links", "none", _variants.unlinked),
    Variant("straight-through", "gradient", "straight-through", _variants.straight_through),
    *(_fixed(price) for price in (0.1, 0.3, 1.0)),
    Variant("penalty-0", "logit penalty", "none", settings={"logit_penalty": 0}),
    Variant("dilation-0", "donor dilation", "never", settings={"dilation": 0}),
    Variant("dilation-1", "donor dilation", "always", settings={"dilation": 1}),
    Variant("samples-2", "samples", "2 a step", settings={"samples": 2}),
    Variant("samples-8", "samples", "8 a step", settings={"samples": 8}),
)
VARIANTS = {variant.name: variant for variant in _ALL}


@dataclass(frozen=True)
class AblationConfig:
    """Settings of the ablation, saved with its results.

    Raises:
        KeyError: If a name is unknown.
        ValueError: If a count is below one.
    """

    datasets: tuple[str, ...] = SOURCES
    variants: tuple[str, ...] = tuple(VARIANTS)
    seeds: int = 3
    graphs: int = 200  # at most this many held-out ones

    def __post_init__(self) -> None:
        """Refuses unknown names and counts below one."""
        for name in self.datasets:
            checks.known(name, DATASETS, "dataset")
        for name in self.variants:
            checks.known(name, VARIANTS, "variant")
        checks.in_range("seeds", self.seeds, 1, 1000)
        checks.in_range("graphs", self.graphs, 1, 1_000_000)


def fit(variant: Variant, model: nn.Module, graphs: Sequence[Data], seed: int) -> HPME:
    """Fits a variant; at a fixed price, the path is a walk in time, and its end is taken."""
    explainer = HPME(model, variant.config(seed)).fit(graphs, aim=variant.aim)
    if explainer.config.price_low == explainer.config.price_high:
        explainer.plateau = [len(explainer.path) - 1]
    return explainer


class Bench:
    """The held-out graphs of one dataset, and its GIN.

    Args:
        source: Name of the dataset.
        limit: At most this many graphs are scored.
    """

    def __init__(self, source: str, limit: int) -> None:
        self.dataset, self.model = load_built_in(source), load_classifier(source, "gin")
        self.graphs = benchmark.held_out(self.dataset, limit)
        self.donors = benchmark.draw_graphs(self.dataset.test, limit)
        self.sizes: dict[int, list[int]] = {}  # nodes that HPME keeps of each graph, by seed
        self.facts: Row = {
            "dataset": source,
            "model": "gin",
            "explainer": "hpme",
            "split": "held-out",
            "graphs": len(self.graphs),
            "limit": limit,
            "classifier": fingerprint(self.model),
            "accuracy": score(self.model, self.dataset.test),
        }

    def row(self, variant: Variant, seed: int) -> Row:
        """Returns the part of a variant's row that is known before it is measured."""
        config = json.loads(json.dumps(asdict(variant.config(seed))))
        return self.facts | {"variant": variant.name, "seed": seed, "config": config}

    def measure(self, variant: Variant, seed: int) -> Row:
        """Fits a variant and measures it."""
        if variant != HPME_ITSELF and seed not in self.sizes:
            self.measure(HPME_ITSELF, seed)
        start = perf_counter()
        explainer = fit(variant, self.model, self.dataset.train, seed)
        fit_seconds = perf_counter() - start
        start = perf_counter()
        explanations = explainer.explain_batch(self.graphs)
        explain_seconds = perf_counter() - start
        everyone = [*explanations, *explainer.explain_batch(self.donors)]
        own = [hard_mask(out) for out in everyone]
        if variant == HPME_ITSELF:
            self.sizes[seed] = [int(keep.sum()) for keep in own]
        equal = [hard_mask(out, k) for out, k in zip(everyone, self.sizes[seed], strict=True)]
        half, keeps = len(self.graphs), equal if variant.soft else own
        donors = (self.donors, keeps[half:])
        values: Row = {
            **evaluate(self.model, self.graphs, explanations, keeps[:half], seed, donors, equal[:half]),
            "fit_seconds": fit_seconds,
            "explain_ms": 1000 * explain_seconds / half,
            "by_graph": None,  # no single graphs are compared here
        }
        if variant.soft:
            values["capacity_bits"] = None  # the graph can be recovered from a soft mask
        return dict.fromkeys(KEYS) | self.row(variant, seed) | values


def run(config: AblationConfig, out: Path, progress: Callable[[int, int], None] = lambda *_: None) -> Row:
    """Measures every combination that `out` does not hold yet, and writes `out` after each.

    Args:
        config: Settings of the ablation.
        out: JSON file.
        progress: Called after each row with the number of rows so far and in all.

    Returns:
        ``{"meta": {...}, "rows": [...]}``, as in the file.
    """
    rows = _known(out)
    content: Row = {"meta": results.meta(asdict(config), 1, "benchmarks.ablation"), "rows": rows}
    content["meta"]["variants"] = {v.name: {"group": v.group, "title": v.title} for v in VARIANTS.values()}
    total = len(config.datasets) * config.seeds * len(config.variants)
    for done, (bench, variant, seed) in enumerate(_combinations(config), start=1):
        place = bench.row(variant, seed)
        if not any(place.items() <= row.items() for row in rows):
            rows[:] = [row for row in rows if not _same_place(row, place)]
            rows.append(bench.measure(variant, seed))
            rows.sort(key=_order)
        content["meta"]["classifiers"] = {f"{row['dataset']}-gin": row["classifier"] for row in rows}
        with atomic_write(out) as part:
            part.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")
        progress(done, total)
    return content


def _combinations(config: AblationConfig) -> Iterator[tuple[Bench, Variant, int]]:
    """Yields all combinations, HPME first, which sets the sizes."""
    chosen = [variant for variant in VARIANTS.values() if variant.name in config.variants]
    for source in config.datasets:
        bench = Bench(source, config.graphs)
        for seed in range(config.seeds):
            for variant in chosen:
                yield bench, variant, seed


def _known(out: Path) -> list[Row]:
    """Returns the rows of a file that exists already."""
    if not out.exists():
        return []
    try:
        rows = json.loads(out.read_text(encoding="utf-8"))["rows"]
        return [row for row in rows if row.keys() == set(KEYS) and row["variant"] in VARIANTS]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"Expected results written by this command at {out} (got: {error!r}); name another file"
        ) from error


def _same_place(row: Row, other: Row) -> bool:
    return all(row[key] == other[key] for key in ("dataset", "model", "variant", "seed"))


def _order(row: Row) -> tuple:
    return list(DATASETS).index(row["dataset"]), row["seed"], list(VARIANTS).index(row["variant"])


def main(
    json_: Annotated[Path, typer.Option("--json", help="Results file, resumed if it exists.")],
    datasets: Annotated[str, typer.Option(help="Names, separated by commas.")] = ",".join(SOURCES),
    variants: Annotated[str, typer.Option(help="Names, separated by commas.")] = ",".join(VARIANTS),
    seeds: Annotated[int, typer.Option(help="Seeds of each fit: 0, 1, ...")] = AblationConfig.seeds,
    graphs: Annotated[int, typer.Option(help="Score at most this many graphs.")] = AblationConfig.graphs,
) -> None:
    """Writes one row per dataset, seed and variant."""
    config = AblationConfig(tuple(datasets.split(",")), tuple(variants.split(",")), seeds, graphs)
    with bar("Ablating") as step:
        run(config, json_, step)


if __name__ == "__main__":
    typer.run(main)
