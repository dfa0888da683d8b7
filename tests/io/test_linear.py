"""The time of every reader grows with the size of its file: eight times as much takes no more than that."""

import gc
import time
from collections.abc import Callable
from itertools import chain

import pytest
from growing import DATASETS, GRAPHS, Make
from test_attacks import assert_sentence

from hpme.io import read_files
from hpme.own_data import label_columns, read_dataset

TIMES, SLOWER = 8, 3  # so many times the size; so many times as long as that would take
SHORT = 0.03  # seconds of a processor in which nothing is measured


def seconds(read: Callable[[], object]) -> float:
    """Seconds of the processor that reading takes, also where it ends in a refusal."""
    gc.disable()
    start = time.process_time()
    try:
        read()
    except ValueError as error:
        assert_sentence(error)
    finally:
        gc.enable()
    return time.process_time() - start


def assert_linear(read: Callable[[bytes], object], size: int, make: Make) -> None:
    small, large = make(size), make(TIMES * size)
    few, many = float("inf"), float("inf")
    for _ in range(4):
        few, many = min(few, seconds(lambda: read(small))), min(many, seconds(lambda: read(large)))
        if many < max(SHORT, TIMES * SLOWER * few):
            return
    pytest.fail(f"{TIMES} times the size take {many:.2f} s instead of {TIMES} * {few:.3f} s")


@pytest.mark.parametrize("title", GRAPHS)
def test_a_file_eight_times_as_large_takes_eight_times_as_long(title):
    name, size, make = GRAPHS[title]
    assert_linear(lambda content: read_files({name: content}), size, make)


@pytest.mark.parametrize("title", DATASETS)
def test_a_dataset_eight_times_as_large_takes_eight_times_as_long(title):
    name, size, make = DATASETS[title]
    assert_linear(lambda content: (label_columns(content, name), read_dataset(content, name)), size, make)


def test_all_files_differ():
    made = [make(2) for _, _, make in chain(GRAPHS.values(), DATASETS.values())]
    assert len({*made}) >= len(made) - 3  # where two are as small as they can be, they may be alike
