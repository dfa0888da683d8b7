"""Fitting HPME: the price of capacity rises, and the scorer is kept at points along the way."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from hpme import mixup, objective, pooling
from hpme.capacity import Checkpoint, content_bits
from hpme.collate import Packed
from hpme.embedding import graph_logits, node_embedding
from hpme.explainers.config import HPMEConfig
from hpme.explainers.scorer import NodeScorer
from hpme.seeding import generator

Progress = Callable[[int, int, dict[str, float]], None]
CLIP = 2.0  # norm of a gradient


@contextmanager
def one_thread() -> Iterator[None]:
    """Runs torch on one thread: a step's tensors are too small to share between cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@dataclass(frozen=True)
class Prepared:
    """Graphs with all that the frozen classifier says of them, computed once."""

    graphs: Packed
    z: Tensor  # node embeddings [N, H]
    types: Tensor  # [N]
    target: Tensor  # predicted class [G]
    output: Tensor  # its log-odds [G]


def prepare(model: nn.Module, graphs: Packed) -> Prepared:
    """Asks the classifier about every graph."""
    logits = graph_logits(model, graphs.x, graphs.edge_index, graphs.batch, graphs.size)
    z, target = node_embedding(model, graphs.x, graphs.edge_index), logits.argmax(-1)
    return Prepared(graphs, z, mixup.node_types(graphs.x), target, objective.log_odds(logits, target))


def mixed_logits(
    model: nn.Module,
    graphs: Packed,
    types: Tensor,
    keep: Tensor,
    donor: Tensor,
    dilation: float,
    draws: torch.Generator,
) -> Tensor:
    """What the classifier says of every mask's mixed graphs, in one disjoint forward pass.

    Args:
        model: Classifier.
        graphs: ``B`` graphs.
        types: Type of each node ``[N]``.
        keep: Masks, bool ``[T, N]``.
        donor: A permutation of the graphs for each mask ``[T, B]``.
        dilation: Share of the mixtures whose donor loses the neighbours of its explanation, too.
        draws: Source of all draws.

    Returns:
        Logits ``[T, B, C]``.
    """
    copies, size = donor.shape
    many = graphs.repeat(copies)
    batch, flat = many.batch, keep.reshape(-1)
    grown = torch.rand(copies * size, generator=draws) < dilation
    mixed = mixup.replace(
        many.x,
        many.edge_index,
        batch,
        copies * size,
        flat,
        mixup.dilate(flat, many.edge_index, batch, grown) if dilation else flat,
        (donor + size * torch.arange(copies)[:, None]).reshape(-1),
        types.repeat(copies),
        draws,
    )
    logits = graph_logits(model, mixed.x, mixed.edge_index, mixed.batch, copies * size)
    return logits.view(copies, size, -1)


def fit_path(
    model: nn.Module,
    train: Packed,
    val: Packed,
    num_classes: int,
    config: HPMEConfig,
    progress: Progress | None = None,
) -> tuple[list[NodeScorer], list[Checkpoint]]:
    """Minimises the objective while its price rises geometrically.

    Args:
        model: Frozen classifier; only asked forward.
        train: Training graphs.
        val: Validation graphs: what the checkpoints keep is measured on them.
        num_classes: Number of classes.
        config: Settings.
        progress: Called after each step with its number, the number of steps, and price, loss and share.

    Returns:
        Scorers and figures of the checkpoints, by rising price.
    """
    known, held = prepare(model, train), prepare(model, val)
    draws = generator(config.seed, 0)
    scorer = _new_scorer(known.z, config)
    optimizer = torch.optim.Adam(scorer.parameters(), config.learning_rate)
    weight = objective.class_weights(known.target, num_classes)
    scale = objective.output_scale(known.output, known.target, num_classes)[known.target]
    scorers, path, steps = [], [], config.steps(train.size)
    for step, ids in enumerate(batches(train.size, config.batch_size, steps, draws), start=1):
        price = config.price_low * (config.price_high / config.price_low) ** (step / steps)
        info = _step(model, known, ids, scorer, optimizer, weight, scale, price, config, draws)
        if step % (steps // config.checkpoints) == 0:
            scorers.append(copy.deepcopy(scorer).requires_grad_(False))
            path.append(measure(model, held, scorers[-1], price, config))
        if progress:
            progress(step, steps, {"price": price, **info})
    return scorers, path


def _new_scorer(z: Tensor, config: HPMEConfig) -> NodeScorer:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        scorer = NodeScorer(z.size(1), config.hidden)
    scorer.standardise(z)
    return scorer


def batches(count: int, batch_size: int, steps: int, draws: torch.Generator) -> Iterator[Tensor]:
    """Ids of `steps` batches; each graph comes once before any comes again, but for a round's odd rest."""
    size, order = min(batch_size, count), torch.empty(0, dtype=torch.long)
    for _ in range(steps):
        if len(order) < size:
            order = torch.randperm(count, generator=draws)
        ids, order = order[:size], order[size:]
        yield ids


def _step(
    model: nn.Module,
    known: Prepared,
    ids: Tensor,
    scorer: NodeScorer,
    optimizer: torch.optim.Optimizer,
    weight: Tensor,
    scale: Tensor,
    price: float,
    config: HPMEConfig,
    draws: torch.Generator,
) -> dict[str, float]:
    """One gradient step on the batch `ids`; returns its loss and share."""
    graphs, nodes = known.graphs.take(ids)
    logits = scorer(known.z[nodes])
    probability = pooling.keep_probability(logits)
    with torch.no_grad():
        keep = pooling.sample(probability, config.samples, draws)
        donor = torch.randperm(len(ids), generator=draws).expand(config.samples, -1)
        mixed = mixed_logits(model, graphs, known.types[nodes], keep, donor, config.dilation, draws)
        outputs = objective.log_odds(mixed, known.target[ids])
        loss = weight[ids] * objective.prediction_loss(outputs, known.output[ids], scale[ids])
    share = objective.mean_share(logits, graphs.batch, graphs.size)
    surrogate = objective.surrogate(
        objective.leave_one_out(loss),
        objective.log_likelihood(keep, probability, graphs.batch, graphs.size),
        share,
        price,
        config.logit_penalty * logits.square().mean(),
    )
    optimizer.zero_grad()
    surrogate.backward()
    nn.utils.clip_grad_norm_(scorer.parameters(), CLIP)
    optimizer.step()
    return {"loss": float(loss.mean()), "share": float(share.detach())}


def measure(
    model: nn.Module, held: Prepared, scorer: NodeScorer, price: float, config: HPMEConfig
) -> Checkpoint:
    """What the hard subgraphs of a scorer cost and keep on validation graphs; no ground truth is asked."""
    graphs, draws = held.graphs, generator(config.seed, 1)
    with torch.no_grad():
        keep = pooling.select(scorer(held.z))
        donor = torch.stack([torch.randperm(graphs.size, generator=draws) for _ in range(config.draws)])
        masks = keep.expand(config.draws, -1)
        predicted = mixed_logits(model, graphs, held.types, masks, donor, 0, draws).argmax(-1)
    hit = (predicted == held.target).float().mean(0)
    kept = torch.stack([hit[held.target == c].mean() for c in held.target.unique()]).mean()
    count = torch.zeros(graphs.size).index_add(0, graphs.batch, keep.float())
    num_types = mixup.count_types(graphs.x)
    return Checkpoint(
        price=price,
        share=float((count / graphs.node_ptr.diff()).mean()),
        bits=sum(content_bits(int(k), num_types) for k in count) / graphs.size,
        kept=float(kept),
    )
