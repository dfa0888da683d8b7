"""Ray Data in the place of processes. Ray takes long to start, so one test starts it."""

import gc
import os
import pickle
import shutil

import numpy as np
import pyarrow.parquet as parquet
import pytest

from hpme import checks
from hpme.batch import BatchConfig, on_ray, run_batch, workers
from hpme.batch.sources import input_files, read_parts
from hpme.datasets.molecules import bundled_smiles
from tests.crashing import DEADLY, LIGHT, CrashingActor, crashing
from tests.packs import pack
from tests.processes import children, command


@pytest.fixture
def folder(tmp_path, monkeypatch):
    lines = [f"{smiles} m{i}" for i, smiles in enumerate(bundled_smiles()[:30])]
    lines[4], lines[17] = "bad m4", f"{DEADLY} m17"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "list.smi").write_text("\n".join(lines))
    np.savez(tmp_path / "in" / "graphs.npz", **pack(3), edge_attr=np.zeros(26, int))
    monkeypatch.setenv("PYTHONPATH", LIGHT)
    monkeypatch.syspath_prepend(LIGHT)
    return tmp_path


def settings(folder, output="out", **more):
    return BatchConfig((str(folder / "in"),), str(folder / output), "benzene", "gine", part_rows=10, **more)


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
def test_ray_writes_what_processes_write_and_goes_on_where_they_stopped(folder, monkeypatch):
    monkeypatch.setattr(workers, "_run", crashing)
    monkeypatch.setattr(on_ray, "Actor", CrashingActor)
    expected = run_batch(settings(folder, workers=1))
    (folder / "ray").mkdir()
    shutil.copy(folder / "out" / "list-00000.parquet", folder / "ray")
    heard = []
    try:
        found = run_batch(settings(folder, "ray", engine="ray", workers=1), heard.append)
    except ValueError as error:
        found = None
        if "timed out during startup" not in str(error):  # Ray waits 15 s for processes that it starts
            raise
    if found is None:
        gc.collect()  # they are still running, of which Python warns
        pytest.skip("this machine is too busy for Ray to start")
    assert found == expected
    assert (heard[-1].rows, heard[-1].skipped, heard[-1].parts) == (33, 10, 4)
    assert len(expected.parts) == 4
    errors = {}
    for name in expected.parts:
        here, there = (parquet.read_table(folder / output / name) for output in ("out", "ray"))
        assert here.equals(there, check_metadata=True)
        errors |= {row["id"]: row["error"] for row in there.to_pylist() if row["error"]}
    assert errors.keys() == {"m4", "m17"}
    assert "got the end of its process" in errors["m17"]
    assert not [pid for pid in children(os.getpid()) if "raylet" in command(pid)]


def test_an_actor_and_a_reader_hand_errors_on(folder):
    config = settings(folder, seed=77)
    actor = on_ray.Actor(settings(folder, seed=77))
    (told,) = actor({on_ray.ITEM: [pickle.dumps(next(read_parts(config)))]})[on_ray.ITEM]
    assert "HPME fitted to gine on benzene with seed 77" in str(pickle.loads(told))
    actor.workers.close()
    (folder / "in" / "graphs.npz").write_bytes(b"none")
    file = pickle.dumps(next(input_files(config)))
    ((told,),) = (one[on_ray.ITEM] for one in on_ray.read_file(config, {on_ray.ITEM: [file]}))
    assert "got 'graphs.npz'" in str(pickle.loads(told))
    assert actor({on_ray.ITEM: [told]}) == {on_ray.ITEM: [told]}


def test_without_ray_a_sentence_says_what_to_install(folder, monkeypatch):
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"batch jobs on Ray need: ray \(got no ray\).*'.\[ray\]'"):
        run_batch(settings(folder, address="auto"))


@pytest.mark.parametrize(
    ("there", "more", "sentence"),
    [
        ({"CPU": 2.0}, {"workers": 2}, r"a CPU more than workers.*\(got 2 for 2 workers\)"),
        ({"CPU": 8.0}, {"gpus": 1}, r"Expected 1 GPUs \(got 0\)"),
        ({}, {"workers": 1}, r"Ray to do its part \(got RayError: a node is gone\).*done stays done"),
        (None, {}, r"Ray at 192.0.2.1:6379 \(got ConnectionError: nobody there\); try again, or leave"),
    ],
)
def test_a_cluster_that_will_not_do_is_refused(folder, monkeypatch, there, more, sentence):
    def join(address, **settings):
        assert address == "192.0.2.1:6379"
        assert "num_cpus" not in settings
        if there is None:
            raise ConnectionError("nobody there")

    def resources():
        if not there:
            raise ray.exceptions.RayError("a node is gone")
        return there

    import ray

    monkeypatch.setattr(ray, "init", join)
    monkeypatch.setattr(ray, "cluster_resources", resources)
    with pytest.raises(ValueError, match=sentence):
        run_batch(settings(folder, address="192.0.2.1:6379", **more))


def test_the_local_engine_has_no_address(folder):
    with pytest.raises(ValueError, match=r"no address for the engine 'local' \(got 'auto'\)"):
        settings(folder, engine="local", address="auto")
