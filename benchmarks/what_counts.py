"""What a model uses: which parts of graphs keep its prediction elsewhere, and whose absence loses it.

python -m benchmarks.what_counts mutagenicity                # its gcn-norm, held-out graphs
python -m benchmarks.what_counts ba-2motifs --explainers hpme,saliency,gsat

Of each explainer the best ranked nodes count, as many as the ground truth has in that graph; of a graph
without a truth, as large a share of the nodes. *Keeps*: how often they keep the prediction in the place of a
random piece of another graph, by the rule of `hpme.metrics.neutral`, with which no explainer is fitted.
*Lost*: how often all the other nodes lose it there. All parts of a graph are of one size and meet the same
graphs, so the rows can be compared. *Random piece* is the floor; *nothing* says how often another graph is
predicted the same. *Right* is the share of the graphs of a class, with a truth or without, that are predicted
right; the other columns are of these.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Annotated, Any

import torch
import typer
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import checks
from hpme.benchmark import draw_graphs, held_out
from hpme.classifiers import load_classifier
from hpme.datasets import DATASETS, Dataset, load_built_in
from hpme.explainers import EXPLAINERS, hard_mask
from hpme.explainers.hpme import HPME
from hpme.explainers.hpme.store import available_explainers
from hpme.forward.packed import pack
from hpme.metrics.evaluate import mean
from hpme.metrics.forward import logits
from hpme.metrics.ground_truth import edge_auc, has_ground_truth
from hpme.metrics.neutral import grown, kept_neutrally
from hpme.seeding import generator
from hpme.shell.terminal import bar, print_table

DRAWS = 5  # other graphs for each one


def explained(name: str, data: Dataset, arch: str, graphs: Sequence[Data]) -> Sequence[Explanation]:
    """Returns the explanations of an explainer: of HPME as it is saved, if it is, else fitted here."""
    place = data.spec.name, arch
    if EXPLAINERS[name].reference and 0 in available_explainers(*place):
        return HPME.load(*place).explain_batch(graphs)
    return EXPLAINERS[name].build(load_classifier(*place), 0).fit(data.train).explain_batch(graphs)


def sizes(graphs: Sequence[Data]) -> list[int]:
    """Returns the number of true nodes of each graph; of one without any, the mean share of the others."""
    shares = [float(graph.node_gt.float().mean()) for graph in graphs if graph.node_gt.any()]
    share = sum(shares) / len(shares)
    return [int(graph.node_gt.sum()) or max(1, round(share * graph.num_nodes)) for graph in graphs]


def parts_of(graphs: Sequence[Data], outs: Mapping[str, Sequence[Explanation]]) -> dict[str, list[Tensor]]:
    """Returns the parts of each graph that are compared, ``bool [N]``, by name."""
    wanted, packed = sizes(graphs), pack(graphs)
    return {
        "ground truth": [graph.node_gt for graph in graphs],
        "random piece": [*packed.split_nodes(grown(packed, torch.tensor(wanted), generator(0)))],
        "nothing": [torch.zeros_like(graph.node_gt) for graph in graphs],
        **{name: [hard_mask(*pair) for pair in zip(out, wanted, strict=True)] for name, out in outs.items()},
    }


def kinds(data: Dataset, graphs: Sequence[Data]) -> dict[tuple[str, bool], list[int]]:
    """Returns the places of the graphs of each class with a ground truth, and without one."""
    found: dict[tuple[str, bool], list[int]] = {}
    for i, graph in enumerate(graphs):
        found.setdefault((data.spec.classes[int(graph.y)], has_ground_truth(graph)), []).append(i)
    return dict(sorted(found.items()))


def scored(data: Dataset, limit: int) -> list[Data]:
    """Returns at most `limit` held-out graphs with a ground truth, and as many without one."""
    others = [graph for graph in data.test if not has_ground_truth(graph)]
    return [*held_out(data, limit), *draw_graphs(others, limit)]


def measure(
    data: Dataset, model: nn.Module, graphs: Sequence[Data], outs: Mapping[str, Sequence[Explanation]]
) -> list[dict[str, Any]]:
    """Returns a row for each part of the graphs of each of `kinds`, of those that are predicted right."""
    right = logits(model, graphs).argmax(-1) == torch.tensor([int(graph.y) for graph in graphs])
    parts = parts_of(graphs, outs)
    found = {
        name: (
            kept_neutrally(model, graphs, keeps, 0, DRAWS),
            1 - kept_neutrally(model, graphs, [~keep for keep in keeps], 0, DRAWS),
        )
        for name, keeps in parts.items()
    }
    rows = []
    for ((of, marked), places), (name, (kept, lost)) in product(kinds(data, graphs).items(), found.items()):
        chosen = [i for i in places if right[i]]
        if not chosen or (name == "ground truth" and not marked):
            continue
        scores = ((graphs[i], outs[name][i].edge_score) for i in chosen if name in outs)
        rows.append(
            {
                "class": of,
                "truth": marked,
                "right": len(chosen) / len(places),
                "part": name,
                "edge AUC": mean(edge_auc(*pair) for pair in scores),
                "keeps": float(kept[chosen].mean()),
                "lost": float(lost[chosen].mean()),
            }
        )
    return rows


def main(
    dataset: str,
    model: str = "gcn-norm",
    explainers: str = "hpme,gsat,saliency,integrated-gradients",
    graphs: int = 200,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
) -> None:
    """Prints one row for each kind of graph and part of it."""
    checks.known(dataset, DATASETS, "dataset")
    names = explainers.split(",")
    for name in names:
        checks.known(name, EXPLAINERS, "explainer")
    data = load_built_in(dataset)
    asked = scored(data, graphs)
    outs = {}
    with bar(f"Explaining {model}") as step:
        for done, name in enumerate(names, 1):
            outs[name] = explained(name, data, model, asked)
            step(done, len(names))
    print_table(measure(data, load_classifier(dataset, model), asked, outs), as_json)


if __name__ == "__main__":
    typer.run(main)
