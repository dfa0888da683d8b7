"""GradCAM: the last embeddings, each channel weighted by its gradient."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch_geometric.nn import global_mean_pool

from hpme.explainers.base import ExplainerSpec
from hpme.explainers.node_scores.base import NodeWise, target_logits
from hpme.forward.calling import copied
from hpme.forward.embedding import message_passing
from hpme.forward.packed import Packed
from hpme.forward.question import ask
from hpme.forward.weighted import no_gradient


@dataclass(frozen=True)
class GradCAM:
    r"""Scores each node with its last embedding, weighted by the mean gradient of each channel.

    The score of node :math:`v` is :math:`\max(0, \sum_k \alpha_k z_{vk})` with
    :math:`\alpha_k = \frac{1}{n} \sum_u \partial f_c(G) / \partial z_{uk}`. One backward pass for a batch of
    graphs, on a copy of the classifier.

    The embeddings are those that the model's own `embed` returns while it predicts; if it has none, or
    does not use it, the output of the message-passing layer that is called last of those with a row for each
    node: before the first pooling, where nodes are pooled on the way.

    Raises:
        ValueError: If the model predicts from neither.

    Source:
        Pope et al. (2019), "Explainability methods for graph convolutional neural networks", section 3.3,
        after Selvaraju et al., arXiv:1610.02391. There the last layer alone is asked, too.
    """

    def __call__(self, model: nn.Module, graphs: Packed, target: Tensor) -> Tensor:
        """Weights and sums the channels of each node ``[N]``."""
        probe = copied(ask(model)).requires_grad_()  # embeddings of integers need it of the weights
        if not probe.together and graphs.size > 1:
            ids = torch.arange(graphs.size, device=graphs.device).split(1)
            return torch.cat([self(probe, graphs.take(i)[0], target[i]) for i in ids])
        caught = _catch(probe.model, len(graphs.x))
        x = graphs.x.detach()
        with torch.enable_grad():
            chosen = target_logits(probe, graphs, target, x.requires_grad_() if x.is_floating_point() else x)
            if not caught:
                raise ValueError(
                    f"Expected a model that predicts from 'embed' or message-passing layers with a row for "
                    f"each node (got {probe.name}, which uses neither); choose another explainer"
                )
            gradient = torch.autograd.grad(chosen, caught[-1], allow_unused=True)[0]
        if gradient is None:
            raise ValueError(no_gradient(probe.name, "the last embeddings of nodes"))
        alpha = global_mean_pool(gradient, graphs.batch, graphs.size)
        return (alpha[graphs.batch] * caught[-1].detach()).sum(1).clamp(min=0)


def _catch(probe: nn.Module, count: int) -> list[Tensor]:
    """Returns a list that fills with node embeddings as the probe predicts, those next to the logits last.

    Args:
        probe: A copy of the model, which is changed.
        count: Number of nodes: what has other than so many rows is no embedding of each of them.
    """
    caught: list[Tensor] = []

    def catch(_module: nn.Module, _inputs: object, output: object) -> None:
        first = output[0] if isinstance(output, tuple) else output  # some return their attention, too
        if isinstance(first, Tensor) and first.dim() == 2 and len(first) == count and first.requires_grad:
            caught.append(first)

    for layer in message_passing(probe):
        layer.register_forward_hook(catch)
    embed = getattr(probe, "embed", None)
    if callable(embed) and not isinstance(embed, nn.Module):

        def caught_embed(*args: Any, **kwargs: Any) -> Tensor:
            caught.append(embed(*args, **kwargs))
            return caught[-1]

        vars(probe)["embed"] = caught_embed
    return caught


GRADCAM = ExplainerSpec(
    name="gradcam",
    title="GradCAM",
    hard=False,
    learns=False,
    one_pass=True,
    build=lambda model, seed: NodeWise(model, GradCAM()),
    source="https://arxiv.org/abs/1610.02391",
)
