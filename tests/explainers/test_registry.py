import ast
import sys
from pathlib import Path

import pytest

from hpme.benchmark import GROUND_TRUTH
from hpme.explainers import (
    EXPLAINERS,
    HPME,
    REFERENCE,
    EdgeMaskExplainer,
    NotFittedError,
    ReFine,
    explainers_of,
)

ROOT = Path(__file__).parents[2]


def named(field: str) -> set[str]:
    return {name for name, spec in EXPLAINERS.items() if getattr(spec, field)}


def test_the_explainers_are_listed_in_this_order():
    assert list(EXPLAINERS) == [
        *("hpme", "random", "degree", "saliency", "integrated-gradients", "gradcam", "leave-one-out"),
        *("gnnexplainer", "subgraphx", "eig-search", "gstarx", "pgexplainer", "refine"),
        *("mixupexplainer-released", "mixupexplainer", "regexplainer", "proxyexplainer", "gsat"),
        *("pgexplainer-path", "gsat-path"),
    ]
    assert all(spec.name == name for name, spec in EXPLAINERS.items())


def test_models_of_nodes_are_left_to_those_that_explain_them():
    assert explainers_of(False) == list(EXPLAINERS)
    assert (
        set(EXPLAINERS) - set(explainers_of(True))
        == named("only_graphs")
        == {"regexplainer", "proxyexplainer", "gstarx"}
    )


def test_specs_say_what_they_are():
    assert named("hard") == {*("hpme", "subgraphx", "eig-search", "gstarx", "pgexplainer-path", "gsat-path")}
    assert named("one_pass") == {"random", "degree", "saliency", "integrated-gradients", "gradcam"}
    assert not named("one_pass") & named("learns")
    soft = {"gnnexplainer", *named("learns")} - named("hard")
    assert named("fits_masks") == soft
    assert named("as_released") == {"mixupexplainer-released"}
    assert named("reference") == {REFERENCE} == {"hpme"}
    assert not named("ceiling")  # the ground truth is no explainer


def test_every_fitted_mask_says_what_it_was_held_to():
    for name in named("fits_masks"):
        said = EXPLAINERS[name].validation
        assert said.startswith("Not validated: ") or 0 < float(said.split()[0]) < 1
        assert said.endswith(".")


@pytest.mark.parametrize("name", EXPLAINERS)
def test_those_that_learn_and_no_others_want_to_be_fitted_first(name, neighbour_sum, path):
    explainer = EXPLAINERS[name].build(neighbour_sum, 0)
    assert isinstance(explainer, HPME | EdgeMaskExplainer | ReFine) == EXPLAINERS[name].learns
    if EXPLAINERS[name].learns:
        with pytest.raises(NotFittedError, match=r"^This \w+ is not fitted; call fit\(graphs\)"):
            explainer.explain(path)
    else:
        assert explainer.explain(path).target.tolist() == [1]


@pytest.mark.parametrize("name", EXPLAINERS)
def test_an_explainers_file_ends_with_its_entry(name):
    tree = ast.parse(Path(sys.modules[EXPLAINERS[name].build.__module__].__file__).read_text())
    last = tree.body[-1]
    assert isinstance(last, ast.Assign)
    assert ast.unparse(last.value).startswith("ExplainerSpec(name=")


def test_fields_decide_and_no_code_compares_with_an_explainers_name():
    names = {*EXPLAINERS, GROUND_TRUTH.name}
    code = [
        path for folder in ("hpme", "ui", "pages", "benchmarks") for path in (ROOT / folder).rglob("*.py")
    ]
    assert code
    for path in code:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare):
                constants = {part.value for part in ast.walk(node) if isinstance(part, ast.Constant)}
                assert not constants & names, f"{path}:{node.lineno}"
