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

COMPILER = """
import sys
from ui.server import preload
preload.import_library()
assert "torch._dynamo" not in sys.modules
import torch
from torch_geometric import is_torch_instance
from hpme import load_classifier, load_dataset
model, graph = load_classifier("ba-2motifs", "gin"), load_dataset("ba-2motifs").test[0]
assert is_torch_instance(model, type(model)) and not is_torch_instance(model, torch.nn.Linear)
inputs = graph.x, graph.edge_index, torch.zeros(graph.num_nodes, dtype=torch.long)
compiled = torch.compile(model, backend="eager")
assert isinstance(compiled, torch._dynamo.OptimizedModule) and is_torch_instance(compiled, type(model))
assert torch.allclose(compiled(*inputs), model(*inputs))
weight = torch.nn.Parameter(torch.ones(1))
weight.sum().backward()
torch.optim.SGD([weight], lr=0.5).step()
assert weight.item() == 0.5
import torch._dynamo.config
assert torch._dynamo is sys.modules["torch._dynamo"] and torch._dynamo.config is torch._dynamo.utils.config
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


def test_the_compiler_that_pyg_is_imported_without_still_works():
    subprocess.run([sys.executable, "-W", "ignore", "-c", COMPILER], cwd=ROOT, timeout=300, check=True)


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
