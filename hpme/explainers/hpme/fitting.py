"""Fitting HPME: the price of capacity rises, and the scorer is kept at points along the way."""

import copy
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import torch
from torch import Tensor, nn

from hpme.explainers.base import Progress
from hpme.explainers.hpme.config import HPMEConfig
from hpme.explainers.hpme.scorer import NodeScorer
from hpme.forward.ask import graph_logits, levels, node_embedding, same, tolerance
from hpme.forward.batches import batches
from hpme.forward.packed import Packed
from hpme.method import mixup, objective, pooling
from hpme.method.capacity import Checkpoint, content_bits, counting, fall
from hpme.seeding import generator

CLIP = 2.0  # norm of a gradient
SILENT = 1 / 3  # of a path: with more of it whole or empty, it is walked again
MIN_RISE = 3.0  # of the price on the second walk


@dataclass(frozen=True)
class Prepared:
    """Graphs with all that the frozen classifier says of them, computed once."""

    graphs: Packed
    z: Tensor  # node embeddings [N, H]
    types: Tensor  # [N]
    logits: Tensor  # [G, C]
    target: Tensor  # predicted class [G]; 0 in a regression
    output: Tensor  # its log-odds, or the number [G]


def ask_model(model: nn.Module, graphs: Packed) -> Prepared:
    """Asks the classifier about every graph."""
    logits, z = graph_logits(model, graphs), node_embedding(model, graphs)
    target = logits.argmax(-1)
    return Prepared(graphs, z, mixup.node_types(graphs.x), logits, target, objective.log_odds(logits, target))


@dataclass(frozen=True)
class Step:
    """The graphs of one step, and what is known of them."""

    graphs: Packed
    types: Tensor  # of each node [N]
    target: Tensor  # predicted class [B]
    output: Tensor  # on the original [B]
    weight: Tensor  # of the graph's class [B]
    scale: Tensor  # distance of outputs that counts as one [B]


# (model, batch, masks [T, N], config, draws): logits [T, B, C] of the mixed graphs.
Mix = Callable[[nn.Module, Step, Tensor, HPMEConfig, torch.Generator], Tensor]
# (model, batch, logits [N], price, config, draws): a scalar to descend, and the losses [T, B] behind it.
Objective = Callable[[nn.Module, Step, Tensor, float, HPMEConfig, torch.Generator], tuple[Tensor, Tensor]]


def mixed_graphs(
    graphs: Packed, types: Tensor, keep: Tensor, donor: Tensor, dilation: float, draws: torch.Generator
) -> mixup.Mixed:
    """The mixed graphs of every mask, one mask's ``B`` after the other's.

    Args:
        graphs: ``B`` graphs.
        types: Type of each node ``[N]``.
        keep: Masks, bool ``[T, N]``.
        donor: A permutation of the graphs for each mask ``[T, B]``.
        dilation: Share of the mixtures whose donor loses the neighbours of its explanation, too.
        draws: Source of all draws.

    Returns:
        ``T * B`` mixed graphs.
    """
    copies, size = donor.shape
    many, flat = graphs.repeat(copies), keep.reshape(-1)
    grown = torch.rand(copies * size, generator=draws) < dilation
    exchange = mixup.Exchange(
        keep=flat,
        cut=mixup.dilate(many, flat, grown) if dilation else flat,
        donor=(donor + size * torch.arange(copies)[:, None]).reshape(-1),
        types=types.repeat(copies),
    )
    return mixup.replace(many, exchange, draws)


def mixed_logits(
    model: nn.Module,
    graphs: Packed,
    types: Tensor,
    keep: Tensor,
    donor: Tensor,
    dilation: float,
    draws: torch.Generator,
) -> Tensor:
    """Logits ``[T, B, C]`` of `mixed_graphs`, from one forward pass over their disjoint union."""
    mixed = mixed_graphs(graphs, types, keep, donor, dilation, draws)
    return graph_logits(model, mixed).view(*donor.shape, -1)


def mix_at_random(
    model: nn.Module, batch: Step, keep: Tensor, config: HPMEConfig, draws: torch.Generator
) -> Tensor:
    """Logits ``[T, B, C]`` with the batch's graphs, whatever their class, as each other's donors."""
    donor = torch.randperm(batch.graphs.size, generator=draws).expand(len(keep), -1)
    return mixed_logits(model, batch.graphs, batch.types, keep, donor, config.dilation, draws)


def score_function(
    model: nn.Module,
    batch: Step,
    logits: Tensor,
    price: float,
    config: HPMEConfig,
    draws: torch.Generator,
    mix: Mix = mix_at_random,
) -> tuple[Tensor, Tensor]:
    """HPME's objective: hard masks are drawn, and the classifier is only asked forward."""
    graphs, probability = batch.graphs, pooling.keep_probability(logits)
    with torch.no_grad():
        keep = pooling.sample(probability, config.samples, draws)
        outputs = objective.log_odds(mix(model, batch, keep, config, draws), batch.target)
        loss = batch.weight * objective.prediction_loss(outputs, batch.output, batch.scale)
    surrogate = objective.surrogate(
        objective.leave_one_out(loss),
        objective.log_likelihood(keep, probability, graphs.batch, graphs.size),
        objective.mean_share(logits, graphs.batch, graphs.size),
        price,
        config.logit_penalty * logits.square().mean(),
    )
    return surrogate, loss


def fit_path(
    model: nn.Module,
    train: Packed,
    val: Packed,
    num_classes: int,
    config: HPMEConfig,
    progress: Progress | None = None,
    aim: Objective = score_function,
) -> tuple[list[NodeScorer], list[Checkpoint]]:
    """Walks the capacity path: minimises the objective while its price rises geometrically.

    Where the explanations stay whole for long and then fall at once, little is seen of the fall. If more
    than a third of the path says nothing for that reason, it is walked again, with a new scorer, between the
    prices at which the first walk left the whole graph and came to nothing. The second path is then returned,
    after the last point of the first at which the graph was whole.

    Args:
        model: Frozen classifier; only asked forward.
        train: Training graphs.
        val: Validation graphs: what the checkpoints keep is measured on them.
        num_classes: Number of classes.
        config: Settings.
        progress: Called after each step with its number, the number of steps (twice as many once the path is
            walked again), and price, loss and share; at a checkpoint also with its bits and kept predictions,
            and the share is that of its hard subgraphs.
        aim: What a step descends.

    Returns:
        Scorers and figures of the checkpoints, by rising price.
    """
    known, held = ask_model(model, train), ask_model(model, val)
    steps, tell = config.steps(train.size), progress or (lambda *_: None)
    scorers, path = _walk(model, known, held, num_classes, config, tell, aim)
    first, last = fall(path)
    if last + 1 - first > (1 - SILENT) * len(path) or config.price_low == config.price_high:
        return scorers, path
    low = path[first].price
    narrow = replace(config, price_low=low, price_high=max(path[last].price, MIN_RISE * low))
    again = _walk(
        model, known, held, num_classes, narrow, lambda i, n, info: tell(steps + i, steps + n, info), aim
    )
    if not counting(again[1], levels(num_classes)):
        return scorers, path  # it has fallen to nothing before anything was learnt
    whole = slice(first - 1, first) if first else slice(0)
    return scorers[whole] + again[0], path[whole] + again[1]


def _walk(
    model: nn.Module,
    known: Prepared,
    held: Prepared,
    num_classes: int,
    config: HPMEConfig,
    progress: Progress,
    aim: Objective,
) -> tuple[list[NodeScorer], list[Checkpoint]]:
    """Fits a new scorer while the price rises; see `fit_path`."""
    draws, size = generator(config.seed, 0), known.graphs.size
    scorer = _new_scorer(known.z, config)
    optimizer = torch.optim.Adam(scorer.parameters(), config.learning_rate)
    weight = objective.class_weights(known.target, num_classes)
    scale = objective.output_scale(known.output, known.target, num_classes)[known.target]
    scorers, path, steps = [], [], config.steps(size)
    for step, ids in enumerate(batches(size, config.batch_size, steps, draws), start=1):
        price = config.price_low * (config.price_high / config.price_low) ** (step / steps)
        graphs, nodes = known.graphs.take(ids)
        facts = (values[ids] for values in (known.target, known.output, weight, scale))
        logits = scorer(known.z[nodes])
        batch = Step(graphs, known.types[nodes], *facts)
        descent, loss = aim(model, batch, logits, price, config, draws)
        _descend(descent, scorer, optimizer)
        share = objective.mean_share(logits.detach(), graphs.batch, graphs.size)
        info = {"price": price, "loss": float(loss.mean()), "share": float(share)}
        if step % (steps // config.checkpoints) == 0:
            scorers.append(copy.deepcopy(scorer).requires_grad_(False))
            path.append(measure_checkpoint(model, held, scorers[-1], price, config))
            info |= asdict(path[-1])
        progress(step, steps, info)
    return scorers, path


def _new_scorer(z: Tensor, config: HPMEConfig) -> NodeScorer:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        scorer = NodeScorer(z.size(1), config.hidden)
    scorer.standardise(z)
    return scorer


def _descend(descent: Tensor, scorer: NodeScorer, optimizer: torch.optim.Optimizer) -> None:
    optimizer.zero_grad()
    descent.backward()
    nn.utils.clip_grad_norm_(scorer.parameters(), CLIP)
    optimizer.step()


def measure_checkpoint(
    model: nn.Module, held: Prepared, scorer: NodeScorer, price: float, config: HPMEConfig
) -> Checkpoint:
    """What the hard subgraphs of a scorer cost and keep on validation graphs; no ground truth is asked."""
    graphs, draws = held.graphs, generator(config.seed, 1)
    with torch.no_grad():
        keep = pooling.select(scorer(held.z))
        donor = torch.stack([torch.randperm(graphs.size, generator=draws) for _ in range(config.draws)])
        masks = keep.expand(config.draws, -1)
        mixed = mixed_logits(model, graphs, held.types, masks, donor, 0, draws)
    hit = same(mixed, held.logits, tolerance(held.logits)).float().mean(0)
    kept = torch.stack([hit[held.target == c].mean() for c in held.target.unique()]).mean()
    count = torch.zeros(graphs.size).index_add(0, graphs.batch, keep.float())
    num_types = mixup.count_types(graphs.x)
    return Checkpoint(
        price=price,
        share=float((count / graphs.node_ptr.diff()).mean()),
        bits=sum(content_bits(int(k), num_types) for k in count) / graphs.size,
        kept=float(kept),
    )
