"""What a model uses: parts of graphs put into other graphs by a rule that no explainer is fitted with.

python -m benchmarks.what_counts mutagenicity                # its gcn-norm, held-out graphs
python -m benchmarks.what_counts ba-2motifs --explainers hpme,saliency,gsat

Of each explainer the best ranked nodes count, as many as the ground truth has in that graph; of a graph
without a truth, as large a share of the nodes. *Keeps*: they take the place of a random connected piece of a
random graph, and every edge that they lost ends anywhere in it; how often is the prediction the same? *Lost*:
such a piece takes their place in their own graph; how often is the prediction another? All parts of a graph
are of one size, so the rows can be compared. *Right* is the share of the graphs of a class, with a truth or
without, that are predicted right; the other columns are of these. *Random piece* is the floor; *nothing* says
how often a graph that has nothing of the explained one is predicted the same.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Annotated, Any

import torch
import typer
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation
from torch_geometric.utils import coalesce

from hpme import checks
from hpme.benchmark import draw_graphs, held_out
from hpme.classifiers import load_classifier
from hpme.datasets import DATASETS, Dataset, load_built_in
from hpme.explainers import EXPLAINERS, hard_mask
from hpme.metrics.evaluate import mean
from hpme.metrics.forward import logits
from hpme.metrics.ground_truth import edge_auc, has_ground_truth
from hpme.seeding import generator
from hpme.shell.terminal import bar, print_table

DRAWS = 5  # other graphs for each one
DONORS = 400  # graphs they are drawn from, at most


def piece(graph: Data, size: int, draws: torch.Generator) -> Tensor:
    """Returns a random connected set of `size` nodes, ``bool [N]``; in several parts if one is too small."""
    keep, (start, end) = torch.zeros(graph.num_nodes, dtype=torch.bool), graph.edge_index
    for _ in range(min(size, len(keep))):
        border = torch.zeros_like(keep)
        border[end[keep[start]]] = True
        choices = ((border & ~keep) if (border & ~keep).any() else ~keep).nonzero().view(-1)
        keep[choices[torch.randint(len(choices), (), generator=draws)]] = True
    return keep


def swapped(graph: Data, keep: Tensor, donor: Data, cut: Tensor, draws: torch.Generator) -> Data:
    """Returns the kept nodes of a graph in the place of the cut ones of another graph.

    Args:
        graph: Graph that the kept nodes come from.
        keep: Those, ``bool [N]``.
        donor: The other graph.
        cut: Its nodes that are left out, ``bool [M]``.
        draws: Source of the new ends: any remaining node of `donor` for each edge that the kept nodes lost.
    """
    rest, own, others = ~cut, graph.edge_index, donor.edge_index
    stays, remains = keep[own].all(0), rest[others].all(0)
    leaving = (keep[own[0]] & ~keep[own[1]]) if rest.any() else torch.zeros_like(stays)
    ends = rest.nonzero().view(-1)
    drawn = ends[torch.randint(max(len(ends), 1), (int(leaving.sum()),), generator=draws)]
    links = torch.stack([own[0][leaving], drawn + len(keep)])
    edges = torch.cat([own[:, stays], others[:, remains] + len(keep), links, links.flip(0)], dim=1)
    place = torch.cat([keep, rest]).cumsum(0) - 1
    made = Data(x=torch.cat([graph.x[keep], donor.x[rest]]), edge_index=place[edges])
    if graph.edge_attr is not None:
        of_links = [graph.edge_attr[leaving]] * 2
        made.edge_attr = torch.cat([graph.edge_attr[stays], donor.edge_attr[remains], *of_links])
    made.edge_index, made.edge_attr = coalesce(made.edge_index, made.edge_attr, reduce="max")
    return made


def asked(
    model: nn.Module, graphs: Sequence[Data], keeps: Sequence[Tensor], donors: Sequence[Data]
) -> tuple[Tensor, Tensor]:
    """Returns how often the kept nodes keep the prediction elsewhere, and how often it is lost without them.

    Both ``[G]``, in [0, 1], over `DRAWS` other graphs for each; every call draws alike.
    """
    predicted = logits(model, graphs).argmax(-1)
    kept, lost = torch.zeros(len(graphs)), torch.zeros(len(graphs))
    for draw in range(DRAWS):
        draws = generator(0, draw)
        inside, without = [], []
        for graph, keep in zip(graphs, keeps, strict=True):
            others = [donor for donor in donors if donor is not graph]
            donor = others[torch.randint(len(others), (), generator=draws)]
            cut = piece(donor, int(keep.sum()), draws)
            inside.append(swapped(graph, keep, donor, cut, draws))
            without.append(swapped(donor, cut, graph, keep, draws))
        kept += logits(model, inside).argmax(-1) == predicted
        lost += logits(model, without).argmax(-1) != predicted
    return kept / DRAWS, lost / DRAWS


def sizes(graphs: Sequence[Data]) -> list[int]:
    """Returns the number of true nodes of each graph; of one without any, the mean share of the others."""
    shares = [float(graph.node_gt.float().mean()) for graph in graphs if graph.node_gt.any()]
    share = sum(shares) / len(shares)
    return [int(graph.node_gt.sum()) or max(1, round(share * graph.num_nodes)) for graph in graphs]


def kinds(data: Dataset, graphs: Sequence[Data]) -> dict[tuple[str, bool], list[int]]:
    """Returns the places of the graphs of each class with a ground truth, and without one."""
    found: dict[tuple[str, bool], list[int]] = {}
    for i, graph in enumerate(graphs):
        found.setdefault((data.spec.classes[int(graph.y)], has_ground_truth(graph)), []).append(i)
    return dict(sorted(found.items()))


def parts_of(graphs: Sequence[Data], outs: Mapping[str, Sequence[Explanation]]) -> dict[str, list[Tensor]]:
    """Returns the parts of each graph that are compared, ``bool [N]``, by name."""
    wanted, draws = sizes(graphs), generator(0)
    return {
        "ground truth": [graph.node_gt for graph in graphs],
        "random piece": [piece(graph, size, draws) for graph, size in zip(graphs, wanted, strict=True)],
        "nothing": [torch.zeros_like(graph.node_gt) for graph in graphs],
        **{name: [hard_mask(*pair) for pair in zip(out, wanted, strict=True)] for name, out in outs.items()},
    }


def measure(data: Dataset, model: nn.Module, explainers: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """Returns a row for each part of the graphs of each of `kinds`, of those that are predicted right."""
    donors = draw_graphs(data.test, DONORS)
    others = [graph for graph in data.test if not has_ground_truth(graph)]
    graphs = [*held_out(data, limit), *draw_graphs(others, limit)]
    outs = {
        name: EXPLAINERS[name].build(model, 0).fit(data.train).explain_batch(graphs) for name in explainers
    }
    parts = parts_of(graphs, outs)
    right = logits(model, graphs).argmax(-1) == torch.tensor([int(graph.y) for graph in graphs])
    found = {name: asked(model, graphs, keeps, donors) for name, keeps in parts.items()}
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
    """Prints one row for each class and part of its graphs."""
    checks.known(dataset, DATASETS, "dataset")
    names = explainers.split(",")
    for name in names:
        checks.known(name, EXPLAINERS, "explainer")
    with bar(f"Asking {model}"):
        rows = measure(load_built_in(dataset), load_classifier(dataset, model), names, graphs)
    print_table(rows, as_json)


if __name__ == "__main__":
    typer.run(main)
