"""Weights that somebody brings: of a built-in architecture and the dataset at hand, or refused."""

import io
import json
import logging
import struct
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from hpme.classifiers import (
    GIN,
    available_classifiers,
    classifier_path,
    fitting,
    load_classifier_bytes,
    predict,
)
from hpme.classifiers.registry import create
from hpme.classifiers.weights import build
from hpme.datasets import load_built_in


@pytest.fixture(scope="module")
def data():
    return load_built_in("ba-2motifs")


def state(**changes):
    torch.manual_seed(0)
    return GIN(10, 2).state_dict() | {name.replace("_DOT_", "."): value for name, value in changes.items()}


def linear(value):
    return state() | {"linear.weight": value}


@pytest.mark.parametrize(
    ("name", "arch"),
    [
        (name, arch)
        for name in ("ba-2motifs", "ba-motif-counting", "fluoride-carbonyl")
        for arch in available_classifiers(name)
    ],
)
def test_weights_that_were_trained_here_are_read_and_measured_anew(name, arch):
    dataset, content = load_built_in(name), classifier_path(name, arch).read_bytes()
    model, card = load_classifier_bytes(content, dataset)
    kind = "r2" if dataset.spec.regression else "accuracy"
    stored = json.loads(
        json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])["__metadata__"]["card"]
    )
    assert card["arch"] == arch
    assert card[f"test_{kind}"] == pytest.approx(stored[f"test_{kind}"], abs=0.002)
    assert not model.training
    assert not any(parameter.requires_grad for parameter in model.parameters())


@pytest.mark.parametrize("kind", fitting(0))
def test_weights_without_a_card_and_of_another_width_are_read(kind, data):
    model = create(kind, 10, 2, hidden=7).eval()
    read, card = load_classifier_bytes(save(model.state_dict()), data)
    assert (type(read), card["arch"]) == (type(model), kind)
    assert torch.equal(predict(read, data.test), predict(model, data.test))


@pytest.mark.parametrize("kind", fitting(4))
def test_weights_of_molecules_are_told_apart_with_their_features_of_edges(kind):
    model = create(kind, 14, 2, 4, hidden=7)
    arch, read = build(model.state_dict(), 14, 2, 4)
    assert (type(read), arch) == (type(model), kind)
    if kind in ("gine", "gat"):
        with pytest.raises(ValueError, match="of kind gin or gcn-norm or gcn or gat"):
            build(model.state_dict(), 14, 2)


REFUSED = {
    "nothing": (b"", "Expected safetensors"),
    "text": (b"weights", "Expected safetensors"),
    "a header of no object": (struct.pack("<Q", 2) + b"[]", "Expected safetensors"),
    "a card that is no JSON": (save(state(), {"card": "{"}), "Expected safetensors"),
    "no tensors": (save({}), "got no tensors"),
    "another model's": (
        save({"conv.weight": torch.ones(2)}),
        r"of kind gin or gcn-norm or gcn or gat \(got tensors conv.weight",
    ),
    "a regression's": (save(GIN(10, 1).state_dict()), "Expected the weights of a classifier"),
    "another dataset's features": (save(GIN(9, 2).state_dict()), r"shape \[32, 10\] in 'layers.0"),
    "another dataset's classes": (save(GIN(10, 3).state_dict()), r"shape \[2, 64\] in 'linear.weight'"),
    "classes of another name": (
        save(state(), {"card": '{"classes": ["a", "b"]}'}),
        r"classes cycle, house \(got",
    ),
    "NaN": (
        save(linear(torch.full((2, 64), torch.nan))),
        r"finite numbers in 'linear.weight' \(got nan\)",
    ),
    "an infinity that only shows in use": (
        save(state(layers_DOT_0_DOT_norm_DOT_running_var=torch.full((32,), -1.0))),
        r"Expected finite outputs for the test graphs \(got (nan|inf|-inf)\)",
    ),
    "half precision": (save({k: v.half() for k, v in state().items()}), "got torch.float16"),
    "a width that memory could not hold": (save(linear(torch.ones(1, 2_000_000))), r"1000000"),
    "a flat matrix": (save(linear(torch.ones(128))), "of kind gin or gcn"),
    "no width": (save(linear(torch.ones(2, 0))), "of kind gin or gcn"),
    "too many bytes": (b" " * 10_000_001, "10,000,000 bytes"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_weights_of_the_dataset_is_refused_in_one_sentence(name, data):
    content, words = REFUSED[name]
    with pytest.raises(ValueError, match=words) as caught:
        load_classifier_bytes(content, data)
    assert str(caught.value).startswith("Expected ")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


class Note:
    """Leaves a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return Path.touch, (self.path,)


def scripted(path: Path) -> bytes:
    """TorchScript that writes a file when it is asked for a prediction."""

    class Writer(torch.nn.Module):
        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.from_file(self.path, shared=True, size=4, dtype=torch.float32).fill_(1) + x

    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(Writer(str(path))), buffer)
    return buffer.getvalue()


def exported(path: Path) -> bytes:
    """A torch.export archive whose sample inputs leave a file when they are loaded."""

    class Plus(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + 1

    first, evil, second = io.BytesIO(), io.BytesIO(), io.BytesIO()
    torch.export.save(torch.export.export(Plus(), (torch.ones(2),)), first)
    torch.save(Note(path), evil)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w") as target:
        for name in source.namelist():
            content = evil.getvalue() if "sample_inputs" in name else source.read(name)
            target.writestr(name, content)
    return second.getvalue()


def test_archives_of_programs_are_refused_because_they_can_run_what_they_hold(tmp_path, data, caplog):
    caplog.set_level(logging.ERROR, "torch._export.serde.serialize")  # its warning cannot be formatted
    program, archive = scripted(tmp_path / "asked"), exported(tmp_path / "loaded")
    torch.jit.load(io.BytesIO(program))(torch.ones(4))
    assert (tmp_path / "asked").exists()  # so TorchScript writes files
    with pytest.raises(AssertionError):
        torch.export.load(io.BytesIO(archive))
    assert (tmp_path / "loaded").exists()  # and torch.export unpickles
    pickled = io.BytesIO()
    torch.save(Note(tmp_path / "pickled"), pickled)
    for path in tmp_path.iterdir():
        path.unlink()
    for content in (program, archive, pickled.getvalue(), b"\x80\x04N."):
        with pytest.raises(ValueError, match="opening one can run code in it"):
            load_classifier_bytes(content, data)
    assert not [*tmp_path.iterdir()]
