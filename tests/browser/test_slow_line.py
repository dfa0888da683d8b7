"""A visit on a line of 1.6 Mbit/s: what comes is counted, not how long it takes."""

import pytest

from benchmarks._in_browser import NEXT, NODE, rest, visitor

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("dataset", "most"), [("ba-2motifs", 70), ("benzene", 100)])
def test_on_a_slow_line_neither_a_first_visit_nor_any_click_brings_much(chromium, server, dataset, most):
    with visitor(chromium, "1.6 Mbit/s", "") as (page, wire):
        page.goto(f"{server}/?dataset={dataset}")
        page.locator(".trio canvas").nth(2).wait_for()
        rest(page)
        brought = {"visit": wire.taken()}
        for name, act in (("first node", NODE), ("next graph", NEXT), ("node", NODE)):
            page.evaluate(act, 1)
            rest(page)
            brought[name] = wire.taken()
    assert brought.pop("visit") <= 2500
    assert not {name: size for name, size in brought.items() if size > most}
