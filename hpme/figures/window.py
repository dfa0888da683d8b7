"""Large graphs: only the surroundings of the explanation are drawn."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from hpme.figures.networks import Panel

SLOW, MOST = 1_000, 5_000  # nodes: drawing takes a while above the first, and is cut off at the second


def near(panel: Panel, kept: Iterable[int], most: int = MOST) -> Panel:
    """A panel with no more nodes than can be drawn: the kept ones first, then their neighbours, and so on.

    Args:
        panel: Any view of a network.
        kept: Ids of the nodes to start from, the most important first.
        most: How many nodes may stay.

    Returns:
        The panel itself where it is small enough, else one with fewer nodes and the edges between those.
    """
    if len(panel.nodes) <= most:
        return panel
    around = defaultdict(list)
    for edge in panel.edges:
        around[edge["from"]].append(edge["to"])
        around[edge["to"]].append(edge["from"])
    reached = dict.fromkeys(kept)  # in the order of their discovery
    queue = deque(reached)
    while queue and len(reached) < most:
        new = [other for other in around[queue.popleft()] if other not in reached]
        reached |= dict.fromkeys(new)
        queue.extend(new)
    shown = set(islice(reached, most))
    return replace(
        panel,
        nodes=[node for node in panel.nodes if node["id"] in shown],
        edges=[edge for edge in panel.edges if edge["from"] in shown and edge["to"] in shown],
    )
