import gc
import subprocess
import sys
from pathlib import Path

from ui.server import preload

ROOT = Path(__file__).parents[2]
CHECK = """
import gc, os, sys
os.environ.pop("OMP_NUM_THREADS", None)
import threadpoolctl
from ui.server import preload
preload.wait()
assert "torch" not in sys.modules
preload.start()
thread = preload._thread
preload.start()
assert preload._thread is thread
preload.wait()
assert os.environ["OMP_NUM_THREADS"] == "1"
assert all(pool["num_threads"] == 1 for pool in threadpoolctl.threadpool_info())
assert not thread.is_alive() and gc.isenabled() and gc.get_freeze_count()
print(*(name for name in sys.modules if name.startswith("hpme.")))
"""


def test_one_thread_imports_all_but_the_shell_and_leaves_the_garbage_collector_on():
    done = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=ROOT, capture_output=True, text=True, timeout=300, check=True
    )
    assert not done.stderr
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in (ROOT / "hpme").rglob("*.py")
    }
    assert {name for name in modules - {*done.stdout.split()} if "hpme.shell" not in name} == {
        "hpme",
        "hpme.__main__",
    }


def test_what_cannot_be_imported_is_left_to_the_page(monkeypatch):
    monkeypatch.setattr(preload, "walk_packages", lambda *_: 1 / 0)
    monkeypatch.setattr(preload, "_thread", None)
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    preload.start()
    preload.wait()
    assert gc.isenabled()


def test_the_server_itself_imports_none_of_it():
    names = [f"ui.server.{path.stem}" for path in Path(preload.__file__).parent.glob("[a-z]*.py")]
    code = f"import sys, {', '.join(names)}; print('torch' in sys.modules, 'hpme' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "False False\n"
