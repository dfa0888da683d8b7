import os
import pickle
import subprocess
import sys
import textwrap
import time
from multiprocessing import Pipe
from pathlib import Path

import pytest

from hpme.jobs import worker
from hpme.jobs.pool import Jobs, State
from hpme.limits import JobLimits
from tests.jobs import work as jobs_work
from tests.processes import children

ROOT = Path(__file__).parents[2]
PATIENCE = 60


@pytest.fixture
def jobs():
    pool = Jobs(JobLimits(max_running=2, owner_running=1, owner_open=3, memory=256 << 20))
    yield pool
    for job in pool._open:
        job.cancel()


def ended(job):
    assert job.wait(PATIENCE)
    return job


def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_job_gives_what_its_work_returns(jobs):
    job = ended(jobs.submit("adding", jobs_work.add, 2, 3))
    assert (job.state, job.result, job.error) == (State.DONE, 5, "")
    assert job.seconds > 0


def test_reports_are_kept_as_progress_a_curve_and_the_latest_partial_result(jobs):
    job = ended(jobs.submit("counting", jobs_work.count, 3))
    assert (job.done, job.total, job.partial) == (3, 3, "3 so far")
    assert job.curve == [{"square": 1.0}, {"square": 4.0}, {"square": 9.0}]


@pytest.mark.parametrize(
    ("work", "arguments", "sentence"),
    [
        (jobs_work.refuse, (), "Expected a graph (got none); add one"),
        (jobs_work.stumble, (), "ZeroDivisionError: division by zero"),
        (
            jobs_work.crash,
            (),
            "Trying stopped unexpectedly (exit code 3); try again, or use less data",
        ),
        (
            jobs_work.die,
            (),
            "Trying stopped unexpectedly (signal 9); try again, or use less data",
        ),
        (
            jobs_work.swallow,
            (1 << 30,),
            "Trying needed more than 0.25 GiB of memory and was stopped; use less data",
        ),
    ],
)
def test_a_work_that_goes_wrong_ends_in_one_sentence_and_the_next_one_runs(jobs, work, arguments, sentence):
    job, after = jobs.submit("trying", work, *arguments), jobs.submit("adding", jobs_work.add, 1, 1)
    assert (ended(job).state, job.error, job.result) == (State.FAILED, sentence, None)
    assert ended(after).result == 2


@pytest.mark.parametrize("work", [jobs_work.unpicklable, lambda report: None])
def test_what_cannot_be_pickled_fails_in_one_sentence(jobs, work):
    job = ended(jobs.submit("trying", work))
    assert job.state is State.FAILED
    assert "pickle" in job.error.lower() or "local" in job.error.lower()


def test_cancel_ends_a_running_job_and_its_process_and_keeps_what_there_was(jobs):
    job = jobs.submit("sleeping", jobs_work.sleep)
    until(lambda: job.partial)
    assert job.state is State.RUNNING
    job.cancel()
    assert (job.state, job.done, job.total) == (State.CANCELLED, 1, 2)
    until(lambda: not is_alive(job.partial))
    job.cancel()
    assert job.state is State.CANCELLED


def test_a_waiting_job_can_be_cancelled_and_never_runs(jobs):
    first, second = (jobs.submit("sleeping", jobs_work.sleep, owner="a") for _ in range(2))
    assert second.state is State.WAITING
    second.cancel()
    first.cancel()
    assert ended(jobs.submit("adding", jobs_work.add, 1, 2, owner="a")).result == 3
    assert (second.state, second.started) == (State.CANCELLED, None)


def test_a_job_that_takes_too_long_is_ended():
    jobs = Jobs(JobLimits(seconds=1))
    job = ended(jobs.submit("sleeping", jobs_work.sleep))
    assert job.error == (
        "Sleeping took longer than 1 s and was stopped; use less data, or run it in the shell, which has no "
        "such limit"
    )


def test_one_owner_runs_one_job_the_server_two_and_a_fourth_open_one_is_refused(jobs):
    own = [jobs.submit("sleeping", jobs_work.sleep, owner="a") for _ in range(3)]
    others = [jobs.submit("sleeping", jobs_work.sleep, owner=name) for name in "bc"]
    states = [State.RUNNING, State.WAITING, State.WAITING, State.RUNNING, State.WAITING]
    assert [job.state for job in own + others] == states
    with pytest.raises(ValueError, match=r"at most 3 jobs at once \(got 4\); wait for one, or cancel one"):
        jobs.submit("adding", jobs_work.add, 1, 1, owner="a")
    assert jobs.open_jobs("a") == own
    own[0].cancel()
    until(lambda: others[1].state is State.RUNNING)  # who has not had a turn yet goes first
    assert own[1].state is State.WAITING
    others[0].cancel()
    until(lambda: own[1].state is State.RUNNING)
    jobs.cancel("a")
    assert jobs.open_jobs("a") == []


def test_an_address_with_too_many_open_jobs_is_refused_and_another_one_is_not():
    jobs = Jobs(JobLimits(max_running=1, address_open=2))
    open_ones = [jobs.submit("sleeping", jobs_work.sleep, owner=name, address="here") for name in "ab"]
    sentence = (
        r"at most 2 jobs at once of all who come from your address \(got 3\); wait for one, or cancel one"
    )
    with pytest.raises(ValueError, match=sentence):
        jobs.submit("adding", jobs_work.add, 1, 1, owner="c", address="here")
    elsewhere = jobs.submit("adding", jobs_work.add, 1, 1, owner="c", address="there")
    for job in open_ones:
        job.cancel()
    assert ended(elsewhere).result == 2
    assert ended(jobs.submit("adding", jobs_work.add, 1, 2, owner="c", address="here")).result == 3


def test_a_queue_of_twelve_long_jobs_lets_another_session_in_next_and_places_are_told():
    jobs = Jobs(JobLimits(max_running=1, owner_open=12))
    long = [jobs.submit("sleeping", jobs_work.sleep, owner="a") for _ in range(12)]
    short = [jobs.submit("adding", jobs_work.add, 1, 1, owner="b") for _ in range(2)]
    assert [jobs.place(job) for job in long] == [0, 2, 4, *range(5, 14)]
    assert [jobs.place(job) for job in short] == [1, 3]
    long[0].cancel()
    assert ended(short[0]).result == 2
    until(lambda: long[1].state is State.RUNNING)
    assert [jobs.place(job) for job in (*long[1:3], short[1])] == [0, 2, 1]
    assert jobs.place(short[0]) == 0
    jobs.cancel("a")
    assert ended(short[1]).result == 2


def test_a_job_has_one_thread_and_steps_back_behind_the_pages(jobs):
    threads, niceness = ended(jobs.submit("looking", jobs_work.facts)).result
    assert threads == "1"
    assert niceness == min(os.getpriority(os.PRIO_PROCESS, 0) + 10, 19)


def test_a_job_ends_when_the_server_is_killed():
    script = """
        import time
        from hpme.jobs.pool import Jobs
        from tests.jobs import work as jobs_work
        job = Jobs().submit("sleeping", jobs_work.sleep)
        while not job.partial:
            time.sleep(0.05)
        print(job.partial, flush=True)
        time.sleep(60)
    """
    server = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    process = int(server.stdout.readline())
    assert is_alive(process)
    server.kill()
    server.communicate()
    until(lambda: not is_alive(process))


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes where Linux lists them")
@pytest.mark.parametrize("seconds", [0.0, 0.3, 1.0])
def test_a_job_that_still_imports_ends_within_five_seconds_of_a_killed_server(seconds):
    script = """
        import time
        from hpme.jobs import own_dataset
        from hpme.jobs.pool import Jobs
        job = Jobs().submit("training", own_dataset.train_work, None, "gin")
        print("submitted", flush=True)
        time.sleep(60)
    """
    server = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout.readline() == "submitted\n"
    until(lambda: children(server.pid))
    workers = children(server.pid)
    time.sleep(seconds)
    server.kill()
    server.communicate()
    end = time.monotonic() + 5
    while any(is_alive(worker) and Path(f"/proc/{worker}/exe").exists() for worker in workers):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_process_that_cannot_be_started_fails_the_job_with_a_sentence(jobs, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("pass_fds not supported on Windows.")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    job = ended(jobs.submit("adding", jobs_work.add, 1, 2))
    assert job.state is State.FAILED
    assert "could not start (pass_fds not supported on Windows.)" in job.error


def test_a_process_works_on_a_system_without_limits_and_niceness():
    """As on Windows, where there is no module `resource` and no `os.nice`."""
    ours, theirs = Pipe()
    code = """
import os, runpy, sys
sys.modules["resource"] = None
del os.nice
runpy.run_path(sys.argv[2], run_name="__main__")
"""
    command = [sys.executable, "-c", code, str(theirs.fileno()), worker.__file__]
    process = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()])
    theirs.close()
    ours.send_bytes(pickle.dumps(([str(ROOT), *sys.path], 1 << 30)))
    ours.send_bytes(pickle.dumps((jobs_work.add, (1, 2))))
    assert pickle.loads(ours.recv_bytes()) == ("done", 3)
    ours.close()
    process.wait(PATIENCE)
