"""What a comparison of explainers comes to, in one sentence, by measured values and limits with a name."""

from collections.abc import Sequence

from hpme.figures.grid import Method
from hpme.figures.soft import TRACE

FOUND = 0.5  # least node IoU at which an explainer is said to find the true part
CARRIED = 0.9  # least share of mixed graphs in which the prediction has to hold


def outcome(methods: Sequence[Method]) -> str:
    """Says who finds the true part, whose kept part carries the prediction, and whose mask removes nothing.

    Args:
        methods: What is compared, all on the same graph.

    Returns:
        One sentence; empty for less than two methods.
    """
    if len(methods) < 2:
        return ""
    clauses = [_found(methods), _carried(methods), *_soft(methods)]
    words = "; ".join(clause for clause in clauses if clause)
    return f"{words[0].upper()}{words[1:]}."


def removes_nothing(method: Method) -> bool:
    """Returns whether every edge of a method's raw mask, as it gives it, still passes messages."""
    mask = method.raw.edge_mask
    return bool(len(mask)) and float(mask.min()) > TRACE and float(mask.max() - mask.min()) > 0


def _found(methods: Sequence[Method]) -> str:
    if methods[0].story.scene.ground_truth is None:
        return ""
    passing = [(method.values["node_iou"] or 0.0) >= FOUND for method in methods]
    return f"{_who(methods, passing, 'find')} the true part (node IoU of at least {FOUND:.1f})"


def _carried(methods: Sequence[Method]) -> str:
    passing = [method.story.num_held >= CARRIED * method.story.draws for method in methods]
    what = f"“{methods[0].story.answers.explained_name}” into at least {CARRIED:.0%} of the mixed graphs"
    return f"{_who(methods, passing, 'carry')} {what} (HPME's own criterion)"


def _soft(methods: Sequence[Method]) -> list[str]:
    titles = [method.title for method in methods if removes_nothing(method)]
    if not titles:
        return []
    plural = len(titles) > 1
    return [f"the soft mask{'s' * plural} of {_listed(titles)} remove{'s' * (not plural)} nothing"]


def _who(methods: Sequence[Method], passing: Sequence[bool], verb: str) -> str:
    """How many of the methods pass, the fewer ones by name, and what they do."""
    good, bad = (
        [method.title for method, passes in zip(methods, passing, strict=True) if passes is wanted]
        for wanted in (True, False)
    )
    once = {"find": "finds", "carry": "carries"}[verb]
    if not good:
        return f"none of the {len(methods)} {once}"
    if not bad:
        return f"all {len(methods)} {verb}"
    named = _listed(good) if len(good) <= len(bad) else f"not {_listed(bad)}"
    return f"{len(good)} of {len(methods)} ({named}) {once if len(good) == 1 else verb}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
