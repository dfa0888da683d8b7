"""The bridge to `torch_geometric.explain`: explainers of this project as its algorithms."""

from typing import Any

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import ExplainerAlgorithm, Explanation
from torch_geometric.explain.config import MaskType, ModelMode, ModelTaskLevel

from hpme.explainers.base import Explainer
from hpme.forward.calling import unwrapped
from hpme.forward.fingerprint import fingerprint
from hpme.forward.node_graphs import node_graphs
from hpme.forward.question import Question


class AsPyG(ExplainerAlgorithm):
    """Lets an explainer of this project work inside `torch_geometric.explain.Explainer`.

    It explains the model that the explainer was made for, one graph per call, or with ``task_level="node"``
    the node `index` of a graph. The result holds the masks that were asked for, ``node_score`` and
    ``edge_score``, and whatever else its explanations hold. Of a node they are of the whole graph: zero
    outside of the graph around the node.

    Args:
        explainer: A fitted explainer.

    Example:
        >>> import torch
        >>> from torch_geometric.explain import Explainer
        >>> from hpme import HPME, load_classifier, load_dataset
        >>> graph, model = load_dataset("ba-2motifs").test[0], load_classifier("ba-2motifs")
        >>> asked = {"mode": "multiclass_classification", "task_level": "graph", "return_type": "raw"}
        >>> explainer = Explainer(
        ...     model,
        ...     AsPyG(HPME.load("ba-2motifs")),
        ...     explanation_type="phenomenon",
        ...     node_mask_type="object",
        ...     edge_mask_type="object",
        ...     model_config=asked,
        ... )
        >>> batch = torch.zeros(25, dtype=torch.long)
        >>> out = explainer(graph.x, graph.edge_index, target=torch.tensor([1]), batch=batch)
        >>> int(out.node_mask.sum())
        5
    """

    def __init__(self, explainer: Explainer) -> None:
        super().__init__()
        self.explainer = explainer

    def forward(
        self,
        model: nn.Module,
        x: Tensor,
        edge_index: Tensor,
        *,
        target: Tensor,
        index: int | Tensor | None = None,
        **kwargs: Any,
    ) -> Explanation:
        """Explains the only graph in the call, or a node of it.

        Args:
            model: The model that the explainer was made for.
            x: Node features ``[N, F]``.
            edge_index: Edges ``[2, E]``.
            target: Its class ``[1]``; of a regression, its number; of a model of nodes, that of each ``[N]``.
            index: The node, of a model of nodes; else nothing, or 0: the graph's place.
            **kwargs: What else the model is given, by the names of its parameters.

        Raises:
            ValueError: If there are several graphs or nodes, or the model is another one.
        """
        own = getattr(self.explainer, "question", None)
        names = {} if own is None else {item.name: item.key for item in own.takes.parameters}
        given = {names.get(name, name): kwargs[name] for name in kwargs}
        batch = given.pop("batch", None)
        graphs = 1 if batch is None or not batch.numel() else int(batch.max()) + 1
        of_nodes = self.model_config.task_level is ModelTaskLevel.node
        places = [] if index is None else torch.as_tensor(index).view(-1).tolist()
        if graphs != 1 or (places not in ([], [0]) and not of_nodes):
            raise ValueError(f"Expected one graph per call (got {graphs}); pass graphs one by one")
        if own is not None:
            _check_same(own, model)
        tensors = {name: value for name, value in given.items() if isinstance(value, Tensor)}
        graph = Data(x=x, edge_index=edge_index, **tensors)
        if of_nodes:
            question = Question(model, model_config=self.model_config) if own is None else own
            explanation = self._of_node(question, graph, target, places)
        else:
            explanation = self.explainer.explain(graph, target=self._class(target))
        if self.explainer_config.node_mask_type is None:
            del explanation.node_mask
        if self.explainer_config.edge_mask_type is None:
            del explanation.edge_mask
        return explanation

    def _of_node(self, question: Question, graph: Data, target: Tensor, index: list[int]) -> Explanation:
        """Explains a node; what is said of nodes and edges around it is put where they are in the graph."""
        if len(index) != 1:
            raise ValueError(
                f"Expected the number of one node as index (got {len(index)}); pass nodes one by one"
            )
        node = index[0]
        around = node_graphs(question, graph, node)[0]
        explanation = self.explainer.explain(around, target=self._class(target.view(-1)[[node]]))
        inside = torch.zeros(graph.num_nodes, dtype=torch.bool, device=graph.edge_index.device)
        inside[around.node_number] = True
        edges = inside[graph.edge_index].all(0)
        for places, names in ((inside, ("node_mask", "node_score")), (edges, ("edge_mask", "edge_score"))):
            for name in names:
                values = explanation[name]
                everywhere = values.new_zeros(len(places), *values.shape[1:])
                everywhere[places] = values
                explanation[name] = everywhere
        explanation.x, explanation.edge_index = graph.x, graph.edge_index
        explanation.centre = torch.arange(graph.num_nodes, device=inside.device) == node
        del explanation.node_number
        return explanation

    def _class(self, target: Tensor) -> int | None:
        """The class that PyG asks about; None for a regression, whose target is a number."""
        if self.model_config.mode is ModelMode.regression:
            return None
        own = getattr(self.explainer, "question", None)
        output = None if own is None else own.task.output
        chosen = target.view(-1)[output] if isinstance(output, int) else target
        if chosen.numel() != 1:
            raise ValueError(
                f"Expected one class as target (got {chosen.numel()} of the mode "
                f"{self.model_config.mode.value}); say with output= which of them to explain"
            )
        return int(chosen)

    def supports(self) -> bool:
        """Tells whether the settings are those of graphs or nodes, explained by whole nodes and edges."""
        wanted = {self.explainer_config.node_mask_type, self.explainer_config.edge_mask_type}
        known = self.model_config.task_level in (ModelTaskLevel.graph, ModelTaskLevel.node)
        return known and wanted <= {None, MaskType.object}


def _check_same(question: Question, model: nn.Module) -> None:
    if fingerprint(question.model) != fingerprint(unwrapped(model)):
        raise ValueError(
            f"Expected the model that the explainer was made for, {question.name} (got another "
            f"{type(model).__name__}); make an explainer of this one"
        )
