"""Tries whether explanations are true to the model: planted shortcuts, random weights, permuted labels.

python -m benchmarks.sanity --json OUT [--checks shortcut,labels,weights] [--explainers a,b] [--seeds 1]

* `shortcut`: a classifier learns labels that leak into a mark (`benchmarks.shortcuts`). Its predictions say
  whether it follows the mark; the explainers then have to find the mark, not the old truth.
* `labels` (Adebayo et al. 2018, arXiv:1810.03292): a classifier is trained on permuted labels. What finds the
  truth nevertheless finds it without the classifier, as degree does.
* `weights`, of the same source: the layers of a trained classifier are drawn anew, from the last to the
  first. `correlation` is Spearman's of the scores of nodes with those on the trained one.

OUT is written after each row; checks that it holds in full are not made again.
"""

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from torch import nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from benchmarks import shortcuts
from hpme.benchmark import held_out, results
from hpme.checks import known
from hpme.classifiers import accuracy, load_classifier, train_classifier
from hpme.classifiers.train import predict
from hpme.datasets import Dataset, load_built_in
from hpme.explainers import EXPLAINERS, REFERENCE, hard_mask
from hpme.files import atomic_write
from hpme.metrics.agreement import rank_correlation
from hpme.metrics.evaluate import mean
from hpme.metrics.ground_truth import edge_auc
from hpme.seeding import generator
from hpme.shell.terminal import bar

Row = dict[str, Any]
NAMES = (
    "hpme", "random", "degree", "saliency", "integrated-gradients", "leave-one-out", "gnnexplainer",
    "pgexplainer", "gsat",
)  # fmt: skip
SOURCES = {"ba-2motifs": "gin", "nitro-amine": "gine"}  # and the models that are tried there
COUNT = 800  # graphs of a planted dataset, and at most those that labels are permuted of
FITTED = 300  # graphs that explainers are fitted to, at most
ASKED = 60  # graphs that are explained
Explain = Callable[[Sequence[Data]], Sequence[Explanation]]


def fitted(name: str, model: nn.Module, train: Sequence[Data], seed: int) -> Explain:
    """Returns the `explain_batch` of an explainer that was fitted to a model."""
    return EXPLAINERS[name].build(model, seed).fit(train[:FITTED]).explain_batch


def randomised(model: nn.Module, depth: int, seed: int) -> nn.Module:
    """Returns a copy of a classifier whose last `depth` stages are as before any training.

    The stages are the linear map at the end, the layers from the last to the first, and what lifts the
    features, where there is that.
    """
    fresh = copy.deepcopy(model)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        for stage in stages(fresh)[:depth]:
            for module in stage.modules():
                reset = getattr(module, "reset_parameters", None)
                if reset is not None:
                    reset()
    return fresh.eval().requires_grad_(False)


def stages(model: nn.Module) -> list[nn.Module]:
    """Returns the parts of a classifier, from the last that its answer passes through to the first."""
    layers = [*model.get_submodule("layers").children()]
    first = [model.get_submodule("lift")] if hasattr(model, "lift") else []
    return [model.get_submodule("linear"), *reversed(layers), *first]


def permuted(data: Dataset, seed: int) -> Dataset:
    """Returns copies of the first graphs of a dataset, whose labels say nothing."""
    parts = []
    for number, graphs in enumerate((data.train[:COUNT], data.val, data.test)):
        order = torch.randperm(len(graphs), generator=generator(seed, number)).tolist()
        parts.append(
            [copy.copy(graph).update({"y": graphs[i].y}) for graph, i in zip(graphs, order, strict=True)]
        )
    return Dataset(data.spec, *parts)


def shortcut_rows(names: Sequence[str], seed: int) -> Iterator[Row]:
    """Yields a row for each planted shortcut and explainer."""
    for dataset in shortcuts.SHORTCUTS:
        planted = shortcuts.plant(dataset, seed, COUNT)
        arch = SOURCES[shortcuts.SHORTCUTS[dataset][0]]
        model, _ = train_classifier(planted.dataset, arch, seed=seed)
        facts = {"check": "shortcut", "dataset": dataset, "model": arch, "seed": seed, "depth": 0}
        facts |= {"accuracy": accuracy(model, planted.dataset.test)} | shortcuts.follows(model, planted)
        marked = (predict(model, planted.both)[:, 1] > 0.5).tolist()
        asked = [graph for graph, own in zip(planted.both, marked, strict=True) if own][:ASKED]
        sizes: list[int] = []
        for name in names:
            outs = fitted(name, model, planted.dataset.train, seed)(asked)
            sizes = sizes or [int(hard_mask(out).sum()) for out in outs]  # HPME's, which comes first
            yield facts | {"explainer": name} | shortcuts.found(asked, outs, sizes)


def weight_rows(names: Sequence[str], seed: int) -> Iterator[Row]:
    """Yields a row for each dataset, number of stages that are drawn anew, and explainer."""
    for dataset, arch in SOURCES.items():
        data, model = load_built_in(dataset), load_classifier(dataset, arch)
        asked, first = held_out(data, ASKED), dict[str, Sequence[Explanation]]()
        for depth in range(len(stages(model)) + 1):
            drawn = randomised(model, depth, seed)
            facts = {"check": "weights", "dataset": dataset, "model": arch, "seed": seed, "depth": depth}
            for name in names:
                outs = fitted(name, drawn, data.train, seed)(asked)
                pairs = zip(first.setdefault(name, outs), outs, strict=True)
                near = mean(rank_correlation(one.node_score, two.node_score) for one, two in pairs)
                auc = mean(edge_auc(graph, out.edge_score) for graph, out in zip(asked, outs, strict=True))
                yield facts | {"explainer": name, "correlation": near, "edge_auc": auc}


def label_rows(names: Sequence[str], seed: int) -> Iterator[Row]:
    """Yields a row for each dataset and explainer, of a classifier that was trained on permuted labels."""
    for dataset, arch in SOURCES.items():
        data = load_built_in(dataset)
        model, _ = train_classifier(permuted(data, seed), arch, seed=seed)
        asked = held_out(data, ASKED)
        facts = {"check": "labels", "dataset": dataset, "model": arch, "seed": seed, "depth": 0}
        facts["accuracy"] = accuracy(model, data.test)
        for name in names:
            outs = fitted(name, model, data.train, seed)(asked)
            auc = mean(edge_auc(graph, out.edge_score) for graph, out in zip(asked, outs, strict=True))
            yield facts | {"explainer": name, "edge_auc": auc}


CHECKS = {"shortcut": shortcut_rows, "labels": label_rows, "weights": weight_rows}


def run(
    checks: Sequence[str], names: Sequence[str], seeds: int, out: Path, progress: Callable[[int, int], None]
) -> Row:
    """Makes the checks that `out` does not hold yet, and writes it after each row; returns its content."""
    asked = {"datasets": [*SOURCES], "checks": [*checks], "explainers": [*names], "seeds": seeds}
    content: Row = {"meta": results.meta(asked, 1, "benchmarks.sanity"), "complete": [], "rows": []}
    if out.is_file():
        saved = json.loads(out.read_text(encoding="utf-8"))
        content |= {"complete": saved["complete"], "rows": saved["rows"]}
    plan = [(check, seed) for seed in range(seeds) for check in checks]
    for number, (check, seed) in enumerate(plan, start=1):
        if [check, seed] not in content["complete"]:
            others = [row for row in content["rows"] if [row["check"], row["seed"]] != [check, seed]]
            rows: list[Row] = []
            for row in CHECKS[check](names, seed):
                rows.append(row)
                _write(out, content | {"rows": others + rows})
            content = content | {"rows": others + rows, "complete": [*content["complete"], [check, seed]]}
            _write(out, content)
        progress(number, len(plan))
    return content


def _write(out: Path, content: Row) -> None:
    with atomic_write(out) as part:
        part.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def main(
    json_: Annotated[Path, typer.Option("--json", help="Results file, resumed if it exists.")],
    checks: Annotated[str, typer.Option(help="Names, separated by commas.")] = ",".join(CHECKS),
    explainers: Annotated[str, typer.Option(help="Names, separated by commas.")] = ",".join(NAMES),
    seeds: Annotated[int, typer.Option(help="Seeds of classifiers and explainers: 0, 1, ...")] = 1,
) -> None:
    """Writes one row per check, dataset, seed, stage and explainer; HPME, which sets sizes, comes first."""
    for check in checks.split(","):
        known(check, CHECKS, "check")
    for name in explainers.split(","):
        known(name, EXPLAINERS, "explainer")
    names = [*dict.fromkeys([REFERENCE, *explainers.split(",")])]
    with bar("Trying") as step:
        run(checks.split(","), names, seeds, json_, step)


if __name__ == "__main__":
    typer.run(main)
