import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = (
    ("box", "checks", "chemistry", "files", "home", "limits", "orphan", "processors", "seeding"),
    ("forward", "method"),
    ("classifiers", "datasets", "metrics", "io"),
    ("editing",),
    ("explainers", "figures"),
    (
        *("analysis", "batch", "benchmark", "jobs"),
        *("notebook", "own_data"),
    ),
    ("shell", "__main__"),
)
DEPTH = {module: depth for depth, layer in enumerate(LAYERS) for module in layer}
MODULES = [path for path in sorted((ROOT / "hpme").rglob("*.py")) if path != ROOT / "hpme/__init__.py"]
PAGES = sorted((ROOT / "pages").rglob("*.py"))
UI = sorted((ROOT / "ui").rglob("*.py"))


def imports(path: Path) -> Iterator[list[str]]:
    """Absolute dotted names, split, of all that the file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            module = [*package, *(node.module or "").split(".")]
            yield from ([part for part in (*module, alias.name) if part] for alias in node.names)


def home(path: Path) -> str:
    """Name of the module or package directly under hpme/ that the file belongs to."""
    return path.relative_to(ROOT / "hpme").with_suffix("").parts[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_in_hpme_go_down_only_and_never_to_streamlit_or_the_app(path):
    for name in imports(path):
        assert name[0] not in {"streamlit", "app", "pages", "ui"}
        if name[0] != "hpme" or name[1:2] in ([home(path)], ["__version__"]):
            continue
        assert len(name) > 1, "import the module itself, not all of hpme"
        assert name[1] in DEPTH, f"hpme.{name[1]} has no layer"
        assert DEPTH[name[1]] <= DEPTH[home(path)]
        assert not {name[1], home(path)} <= set(LAYERS[2]), "packages of layer 2 do not import one another"


def test_no_two_public_functions_or_classes_of_the_library_share_a_name():
    """Except what every file format has: ``read``, ``write``, ``record``."""
    homes = defaultdict(set)
    for path in MODULES:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].add(path.relative_to(ROOT / "hpme"))
    formats = {"read", "write", "record"}
    assert {name for name, where in homes.items() if len(where) > 1} <= formats
    assert {path.parts[0] for name in formats for path in homes[name]} == {"io", "own_data"}


def test_the_app_only_opens_pages_and_nothing_imports_the_app_or_a_page():
    assert not [name for name in imports(ROOT / "app.py") if name[0] == "hpme"]
    assert UI
    assert not [
        (path, name) for path in [*PAGES, *UI] for name in imports(path) if name[0] in {"app", "pages"}
    ]


def test_a_page_is_a_job_of_the_user_and_what_pages_share_is_in_ui():
    assert PAGES
    assert not [path for path in PAGES if path.parent != ROOT / "pages" or path.name.startswith("_")]


def test_only_the_state_has_cached_functions():
    """A cached function asks Streamlit for its cache; every one of them is in `ui/state`."""
    cached = {
        path
        for path in [ROOT / "app.py", *PAGES, *UI]
        if any(
            isinstance(node, ast.Attribute) and node.attr in {"cache_data", "cache_resource"}
            for node in ast.walk(ast.parse(path.read_text()))
        )
    }
    assert cached
    assert {path.parent for path in cached} == {ROOT / "ui" / "state"}


def test_every_file_of_tests_has_a_name_of_its_own():
    """As pytest imports them by that name, whatever folder they are in."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert len(names) == len(set(names))


RENDERED = {"markdown", "caption", "subheader", "header", "title", "error", "warning", "success", "toast"}
# What may quote a file or an address.
OUTSIDE = {"args", "classes", "prediction", "statement", "note", "words", "error", "query_params"}


def unescaped(call: ast.Call) -> Iterator[str]:
    """What of a call's arguments may come from outside and does not go through `plain`."""
    waiting: list[ast.AST] = [*call.args, *(keyword.value for keyword in call.keywords)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "plain":
            continue
        if isinstance(node, ast.Attribute) and node.attr in OUTSIDE:
            yield ast.unparse(node)
        waiting += ast.iter_child_nodes(node)


def test_text_from_outside_is_never_rendered_as_markdown():
    """Errors and warnings are literals or `plain`, and so is all that may quote files or addresses."""
    found = []
    for path in [*PAGES, *UI]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in RENDERED:
                loose = node.func.attr in {"error", "warning"} and isinstance(node.args[0], ast.Name)
                found += [(path.name, ast.unparse(node))] * (loose or any(unescaped(node)))
    assert not found


CALLERS = {  # beside the question itself: training, what compares the question with the user's own call
    Path("classifiers/train.py"),
    Path("explainers/quick_check.py"),
}


def calls_of_models(path: Path) -> Iterator[str]:
    """Calls of what is named a model or classifier, but for `EdgeWeighted`, which asks the question."""
    for function in ast.walk(ast.parse(path.read_text())):
        if not isinstance(function, ast.FunctionDef):
            continue
        kinds = {arg.arg: ast.unparse(arg.annotation or ast.Name("")) for arg in function.args.args}
        for node in ast.walk(function):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in {"model", "classifier"} and kinds.get(name) != "EdgeWeighted":
                yield f"{function.name}: {ast.unparse(node)}"


def test_only_the_question_calls_a_model():
    found = {
        path.relative_to(ROOT / "hpme"): [*calls_of_models(path)]
        for path in MODULES
        if home(path) != "forward"
    }
    assert not {path: calls for path, calls in found.items() if calls and path not in CALLERS}
    assert all(found[path] for path in CALLERS)
