import pytest

from benchmarks import app_latency


@pytest.mark.parametrize(("what", "page", "query", "act"), app_latency.ACTIONS)
def test_every_action_that_is_timed_can_be_done(what, page, query, act):
    app = app_latency.healthy(app_latency.visitor("ba-2motifs", page, **query).run())
    for turn in range(2):
        act(app, turn)
    app_latency.healthy(app)
