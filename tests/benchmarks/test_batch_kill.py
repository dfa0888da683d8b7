from types import SimpleNamespace

import pytest

from benchmarks import batch_kill


def test_a_job_that_ends_before_it_has_written_is_started_again_some_times(tmp_path):
    starts = []
    job = SimpleNamespace(process=SimpleNamespace(poll=lambda: 1), start=starts.append)
    with pytest.raises(RuntimeError, match=r"a job that starts \(got an end 5 times\)"):
        batch_kill.wait_for_files(job, ["hpme", "batch"], tmp_path, 1)
    assert starts == [["hpme", "batch"]] * 4
    (tmp_path / "list-00000.parquet").touch()
    batch_kill.wait_for_files(job, ["hpme", "batch"], tmp_path, 1)
    assert len(starts) == 4
