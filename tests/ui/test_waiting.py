import pytest

from hpme.jobs.pool import Jobs
from hpme.limits import JobLimits
from tests.jobs import work as jobs_work
from ui import state, waiting


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (21, "21st"),
        (113, "113th"),
    ],
)
def test_a_place_is_said_in_words(number, words):
    assert waiting.ordinal(number) == words


def test_a_job_that_waits_says_its_place_in_the_queue(monkeypatch):
    jobs = Jobs(JobLimits(max_running=1))
    monkeypatch.setattr(state, "job_pool", lambda: jobs)
    opened = [jobs.submit("Sleeping", jobs_work.sleep, owner=name) for name in "abc"]
    assert waiting.how_far(opened[1]) == "Sleeping: next in the queue"
    assert waiting.how_far(opened[2]) == "Sleeping: 2nd in the queue"
    for job in opened:
        job.cancel()
