"""Fitting HPME: the price of capacity rises, and copies of the scorer are kept along the way."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import torch
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme import checks
from hpme.explainers.base import Progress, to_learn
from hpme.explainers.hpme.asking import logits_alone, mixed_logits, quickly_asked
from hpme.explainers.hpme.config import HPMEConfig
from hpme.explainers.hpme.measuring import Prepared, ask_model, measure_checkpoint
from hpme.explainers.hpme.scorer import NodeScorer
from hpme.forward.ask import levels
from hpme.forward.batches import batches
from hpme.forward.graphs import one_graph
from hpme.forward.hops import CENTRE
from hpme.forward.node_graphs import node_graphs
from hpme.forward.packed import Packed
from hpme.forward.question import Question
from hpme.method import objective, pooling
from hpme.method.capacity import Checkpoint, fall, kept_of_first
from hpme.method.types import Traits
from hpme.seeding import generator

CLIP = 2.0  # largest norm of a gradient
SILENT = 1 / 3  # share of a path's points that may keep all or nothing; above it the path is walked again
FEWEST = 4  # graphs, and of them those that are predicted as a class to be explained
NODES = 5_000  # in a step of graphs around nodes, which may be large
LEAST = 16  # graphs in a step, however large, unless the settings say fewer
MIN_RISE = 3.0  # the price of a second walk rises to at least this many times its first


@dataclass(frozen=True)
class CapacityPath:
    """Scorers kept while the price rose, and what their subgraphs cost and keep."""

    scorers: list[NodeScorer]
    points: list[Checkpoint]  # as many
    num_outputs: int  # of the model: classes, or one number


@dataclass(frozen=True)
class Step:
    """The graphs of one gradient step, with the model's outputs."""

    graphs: Packed
    traits: Traits  # of nodes and edges
    target: Tensor  # predicted class [B]
    output: Tensor  # on the original [B]
    weight: Tensor  # of the graph's class [B]
    scale: Tensor  # distance of outputs that counts as one [B]


Index = Sequence[int] | Tensor  # of nodes
# (model, batch, masks [T, N], config, draws): logits [T, B, C] of the mixed graphs.
Mix = Callable[[nn.Module, Step, Tensor, HPMEConfig, torch.Generator], Tensor]
# (model, batch, logits [N], price, config, draws): a scalar to descend, and the losses [T, B] behind it.
Objective = Callable[[nn.Module, Step, Tensor, float, HPMEConfig, torch.Generator], tuple[Tensor, Tensor]]


def mix_at_random(
    model: nn.Module, batch: Step, keep: Tensor, config: HPMEConfig, draws: torch.Generator
) -> Tensor:
    """Returns logits ``[T, B, C]``; the batch's graphs are each other's donors, whatever their class."""
    donor = torch.randperm(batch.graphs.size, generator=draws).expand(len(keep), -1)
    return mixed_logits(model, batch.graphs, batch.traits, keep, donor, config.dilation, draws)


def losses(
    model: nn.Module, batch: Step, keep: Tensor, config: HPMEConfig, draws: torch.Generator, mix: Mix
) -> Tensor:
    """Returns how much of the prediction masks ``[T, N]`` lose in mixed graphs, ``[T, B]`` in [0, 1].

    Around nodes it is the mean of that and of what they lose alone: new links give every node its degree
    back, and around a node of a tree a model sees hardly more than degrees, so that in a mixed graph a part
    of what counts would seem enough.
    """
    asked = [mix(model, batch, keep, config, draws)]
    if CENTRE in batch.graphs.node_attrs:
        asked.append(logits_alone(model, batch.graphs, keep))
    outputs = objective.log_odds(torch.stack(asked), batch.target)
    return objective.prediction_loss(outputs, batch.output, batch.scale).mean(0)


def step_size(config: HPMEConfig, graphs: Packed) -> int:
    """Returns the number of graphs in a step: around nodes not many more than have `NODES` together."""
    if CENTRE not in graphs.node_attrs:
        return config.batch_size
    return min(config.batch_size, max(LEAST, NODES * graphs.size // len(graphs.x)))


def score_function(
    model: nn.Module,
    batch: Step,
    logits: Tensor,
    price: float,
    config: HPMEConfig,
    draws: torch.Generator,
    mix: Mix = mix_at_random,
) -> tuple[Tensor, Tensor]:
    """Returns HPME's objective, a scalar to descend, and the losses ``[T, B]`` behind it.

    Hard masks are drawn, and only forward passes of the model are needed.
    """
    graphs, probability = batch.graphs, pooling.keep_probability(logits)
    with torch.no_grad():
        keep = pooling.always_kept(pooling.sample(probability, config.samples, draws), graphs)
        loss = batch.weight * losses(model, batch, keep, config, draws, mix)
    surrogate = objective.surrogate(
        objective.leave_one_out(loss),
        objective.log_likelihood(graphs, keep, probability),
        objective.mean_share(graphs, logits),
        price,
        config.logit_penalty * logits.square().mean(),
    )
    return surrogate, loss


def learnt_from(
    question: Question, graphs: Sequence[Data] | Data, index: Index | None, seed: int
) -> list[Data]:
    """Returns the graphs of a fit: those given, or those around nodes `index`, in an order drawn by `seed`.

    Raises:
        ValueError: If there are fewer than four, or one is none.
    """
    if index is not None:
        around = node_graphs(question, one_graph(graphs), index)
        order = torch.randperm(len(around), generator=generator(seed, 2))
        graphs = [around[i] for i in order.tolist()]  # so that the last tenth is like the rest
    found = to_learn(graphs)
    if len(found) < FEWEST:
        raise ValueError(
            f"Expected at least {FEWEST} graphs to fit on (got {len(found)}); donors come from them"
        )
    return found


def last_tenth(graphs: list[Data]) -> tuple[list[Data], list[Data]]:
    """Returns the graphs to learn from and those to choose the size on: the last tenth, but at least two."""
    cut = max(len(graphs) // 10, 2)
    return graphs[:-cut], graphs[-cut:]


def fit_path(
    model: nn.Module,
    train: Packed,
    val: Packed,
    config: HPMEConfig,
    progress: Progress | None = None,
    aim: Objective = score_function,
    target: int | None = None,
) -> CapacityPath:
    """Walks the capacity path: minimises the objective while its price rises geometrically.

    Where the explanations keep everything for long and then fall at once, little is seen of the fall. Then
    the path is walked again, with a new scorer, over the prices of the fall alone; see `second_walk`. The
    second path is then returned, after the last point of the first at which everything was kept.

    Args:
        model: Frozen model, of which only forward passes are needed.
        train: Training graphs.
        val: Validation graphs: what the checkpoints keep is measured on them.
        config: Settings.
        progress: Called after each step with its number, the number of steps (twice as many once the path is
            walked again), and price, loss and share; at a checkpoint also with its bits and kept predictions,
            and the share is that of its hard subgraphs.
        aim: What a step descends.
        target: Class to explain; default: of each graph the predicted one. The explanations are to keep this
            class where it is predicted; elsewhere a node costs as much, and is worth nothing.

    Raises:
        ValueError: If the model predicts the target for too few of the graphs.
    """
    training, validation, others = ask_model(model, train), ask_model(model, val), None
    if aim is score_function:  # it asks for answers only
        model = quickly_asked(model, validation.graphs, validation.logits)
    if target is not None:
        training, others = split_by_class(training, target, FEWEST)
        enough = int((validation.target == target).sum()) > 1  # else the size is chosen where it was fitted
        validation = split_by_class(validation, target, 2)[0] if enough else training
    config = replace(config, batch_size=step_size(config, training.graphs))
    steps, report = config.steps(training.graphs.size), progress or (lambda *_: None)
    path = _walk(model, training, validation, config, report, aim, others)
    narrow = second_walk(config, path.points)
    if narrow is None:
        return path
    again = _walk(
        model,
        training,
        validation,
        narrow,
        lambda i, n, info: report(steps + i, steps + n, info),
        aim,
        others,
    )
    before = kept_of_first(path.points, again.points, levels(path.num_outputs))
    if before is None:
        return path
    return CapacityPath(
        path.scorers[before] + again.scorers, path.points[before] + again.points, path.num_outputs
    )


def second_walk(config: HPMEConfig, points: list[Checkpoint]) -> HPMEConfig | None:
    """Returns the settings of a second walk, over the prices of the fall; None where it needs none.

    Args:
        config: Settings of the first walk.
        points: Its checkpoints, by rising price.
    """
    prices = prices_of_fall(points)
    if prices is None or config.price_low == config.price_high:
        return None
    return replace(config, price_low=prices[0], price_high=prices[1])


def prices_of_fall(points: list[Checkpoint]) -> tuple[float, float] | None:
    """Returns the lowest and the highest price of a second walk; None where the first saw enough."""
    first, last = fall(points)
    if last + 1 - first > (1 - SILENT) * len(points):
        return None
    low = points[first].price
    return low, max(points[last].price, MIN_RISE * low)


def _walk(
    model: nn.Module,
    training: Prepared,
    validation: Prepared,
    config: HPMEConfig,
    progress: Progress,
    aim: Objective,
    others: Prepared | None,
) -> CapacityPath:
    """Fits a new scorer while the price rises; see `fit_path`.

    On the `others` a node has its price only.
    """
    draws, size, num_outputs = generator(config.seed, 0), training.graphs.size, training.logits.size(1)
    scorer = _new_scorer(training.z, config)
    optimizer = torch.optim.Adam(scorer.parameters(), config.learning_rate)
    weight = objective.class_weights(training.target, num_outputs)
    scale = objective.output_scale(training.output, training.target, num_outputs)[training.target]
    path, steps = CapacityPath([], [], num_outputs), config.steps(size)
    for step, ids in enumerate(batches(size, config.batch_size, steps, draws), start=1):
        price = config.price_low * (config.price_high / config.price_low) ** (step / steps)
        graphs, nodes = training.graphs.take(ids)
        facts = (values[ids] for values in (training.target, training.output, weight, scale))
        logits = scorer(training.z[nodes])
        batch = Step(graphs, training.traits.take(nodes, training.graphs.edges_of(ids)), *facts)
        descent, loss = aim(model, batch, logits, price, config, draws)
        if others is not None:
            descent = descent + price * _share_elsewhere(others, scorer, config.batch_size, draws)
        _descend(descent, scorer, optimizer)
        share = objective.mean_share(graphs, logits.detach())
        info = {"price": price, "loss": float(loss.mean()), "share": float(share)}
        if step % (steps // config.checkpoints) == 0:
            path.scorers.append(copy.deepcopy(scorer).requires_grad_(False))
            path.points.append(measure_checkpoint(model, validation, path.scorers[-1], price, config))
            info |= asdict(path.points[-1])
        progress(step, steps, info)
    return path


def split_by_class(graphs: Prepared, target: int, fewest: int) -> tuple[Prepared, Prepared | None]:
    """Returns the graphs that are predicted as a class, and the others, None if there are none.

    Raises:
        ValueError: If fewer than `fewest` are predicted so, or there is no such class.
    """
    checks.in_range("target", target, 0, graphs.logits.size(1) - 1)
    own = graphs.target == target
    if int(own.sum()) < fewest:
        raise ValueError(
            f"Expected at least {fewest} graphs that the model predicts as class {target} (got "
            f"{int(own.sum())} of {len(own)}); fit on graphs that show what this class looks like"
        )
    rest = (~own).nonzero().view(-1)
    return graphs.take(own.nonzero().view(-1)), graphs.take(rest) if len(rest) else None


def _share_elsewhere(others: Prepared, scorer: NodeScorer, count: int, draws: torch.Generator) -> Tensor:
    """The mean share that is kept of graphs drawn at random."""
    size = others.graphs.size
    ids = torch.randperm(size, generator=draws)[:count].to(others.graphs.device)
    graphs, nodes = others.graphs.take(ids)
    return objective.mean_share(graphs, scorer(others.z[nodes]))


def _new_scorer(z: Tensor, config: HPMEConfig) -> NodeScorer:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        scorer = NodeScorer(z.size(1), config.hidden).to(z.device)
    scorer.standardise(z)
    return scorer


def _descend(descent: Tensor, scorer: NodeScorer, optimizer: torch.optim.Optimizer) -> None:
    optimizer.zero_grad()
    descent.backward()
    nn.utils.clip_grad_norm_(scorer.parameters(), CLIP)
    optimizer.step()
