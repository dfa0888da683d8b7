import sys

import pytest

from benchmarks.read_dataset import measured


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of memory")
def test_ten_thousand_molecules_are_read_in_half_a_gigabyte():
    row = measured(10_000)
    assert row["molecules"] == 10_000
    assert row["MB more"] < 500
