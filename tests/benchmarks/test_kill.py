from pathlib import Path

import pytest

from benchmarks.kill import kill, rows, whole

pytestmark = pytest.mark.skipif(
    not Path("/proc").is_dir(), reason="looks for processes where Linux lists them"
)


def test_a_killed_explorer_and_a_killed_benchmark_lose_nothing_and_leave_no_process():
    for outcome in kill(4, seed=3, kinds=("bench", "explorer")):
        assert (outcome.lost, outcome.half, outcome.orphans, outcome.wrong) == (0, [], [], "")
        assert not [path for path in outcome.left if path.endswith(".part")]


def test_a_file_that_was_cut_off_is_noticed(tmp_path):
    (tmp_path / "rows.json").write_text('{"rows": [{"explainer": "degree", "seed": 0}')
    assert not whole(tmp_path / "rows.json")
    (tmp_path / "rows.json").write_text('{"rows": [{"explainer": "degree", "seed": 0}]}')
    assert whole(tmp_path / "rows.json")
    assert rows(tmp_path / "rows.json") == {("degree", 0)}
    (tmp_path / "gin.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{}")
    assert not whole(tmp_path / "gin.safetensors")
