"""Tiny works for the jobs, with the standard library alone: their processes start in no time."""

import os
import signal
import time


def add(report, a, b):
    return a + b


def count(report, steps):
    for step in range(1, steps + 1):
        report(step, steps, {"square": float(step**2)}, partial=f"{step} so far")
    return "counted"


def refuse(report):
    raise ValueError("Expected a graph (got none); add one")


def stumble(report):
    return 1 / 0


def crash(report):
    os._exit(3)


def die(report):
    os.kill(os.getpid(), signal.SIGKILL)


def swallow(report, size):
    return len(bytearray(size))


def unpicklable(report):
    return lambda: None


def sleep(report, seconds=60):
    report(1, 2, partial=os.getpid())
    time.sleep(seconds)


def facts(report):
    return os.environ["OMP_NUM_THREADS"], os.getpriority(os.PRIO_PROCESS, 0)
