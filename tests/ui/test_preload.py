import gc
import subprocess
import sys
from pathlib import Path

from ui.server import preload

ROOT = Path(__file__).parents[2]
CHECK = """
import gc, sys
from ui.server import preload
preload.wait()
assert "torch" not in sys.modules
preload.start()
thread = preload._thread
preload.start()
assert preload._thread is thread
preload.wait()
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
