"""Imports PyG without PyTorch's compiler, whose import takes a third of the time of all that `hpme` imports.

PyG imports it to recognise compiled models. An empty module takes its place for this one import and is
gone afterwards: `torch` imports the real one by itself when somebody asks for it, be it PyG.
"""

import sys
from importlib import import_module
from types import ModuleType


def import_pyg() -> None:
    """Imports it, unless the compiler is there already; nothing happens where PyG is."""
    import_module("torch")
    if (compiler := "torch._dynamo") in sys.modules:
        return
    sys.modules[compiler] = ModuleType(compiler)
    try:
        import_module("torch_geometric")
    finally:
        del sys.modules[compiler]


import_pyg()
