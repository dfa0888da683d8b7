import subprocess
import sys

COMPILER = """
import sys
import hpme
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


def test_the_compiler_that_pyg_is_imported_without_still_works():
    subprocess.run([sys.executable, "-W", "ignore", "-c", COMPILER], timeout=300, check=True)
