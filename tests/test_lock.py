"""What `make run` and `make test` install: packages of known hashes, and none else."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
ENTRY = re.compile(
    r"^(\S+)==(\S+)(?: ; (.+?))? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def locked(file: str) -> dict[tuple[str, str], str]:
    """Hashes of a lock file by name and version."""
    return {
        (name, version): hashes.replace("\\", "")
        for name, version, _, hashes in ENTRY.findall((ROOT / file).read_text())
    }


def pinned(file: str) -> set[tuple[str, str]]:
    """Names and versions that people wrote down."""
    lines = [line for line in (ROOT / file).read_text().splitlines() if line[:1] not in "#-"]
    wanted = map(Requirement, lines)
    return {(canonicalize_name(each.name), str(each.specifier).removeprefix("==")) for each in wanted}


def make(*arguments: str) -> str:
    """What a command of the Makefile prints, with the packages taken as installed."""
    command = ["make", *arguments, f"BIN={Path(sys.executable).parent}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("file", LOCKS)
def test_a_lock_is_made_of_names_versions_markers_and_hashes_alone(file):
    assert ENTRY.sub("", (ROOT / file).read_text()) == ""


@pytest.mark.parametrize("file", LOCKS)
def test_a_lock_has_each_pin_in_its_version_but_torch(file):
    pins = pinned("requirements.txt") | (pinned("requirements-dev.txt") if "dev" in file else set())
    assert {name for name, _ in pins - locked(file).keys()} == {"torch"}
    assert not [name for name, _ in locked(file) if re.match(r"(torch|triton)$|(cuda|nvidia)-", name)]


def test_what_is_tested_is_what_is_run():
    run, test = map(locked, LOCKS)
    assert run.items() <= test.items()


def test_what_torch_needs_everywhere_is_locked_so_that_its_own_install_brings_it_alone():
    from importlib.metadata import requires

    needed = [each for each in map(Requirement, requires("torch") or []) if not each.marker]
    assert {canonicalize_name(each.name) for each in needed} <= {name for name, _ in locked(LOCKS[0])}


@pytest.mark.parametrize(("goal", "lock"), [(".venv/.runtime", LOCKS[0]), (".venv/.dev", LOCKS[1])])
def test_nothing_is_installed_but_from_a_lock_and_torch_by_its_version(goal, lock):
    commands = [line for line in make("-n", "-W", lock, goal).splitlines() if " pip install " in line]
    hashed, torch = (command.partition(" --disable-pip-version-check ")[2] for command in commands)
    assert hashed == f"--require-hashes --only-binary :all: -r {lock}"
    assert torch == "$(grep '^torch==' requirements.txt)"


def test_a_package_of_another_hash_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "thing-1-py3-none-any.whl", "w") as wheel:
        for name, text in {
            "METADATA": "Metadata-Version: 2.1\nName: thing\nVersion: 1\n",
            "RECORD": "",
        }.items():
            wheel.writestr(f"thing-1.dist-info/{name}", text)
        wheel.writestr(
            "thing-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
    (tmp_path / "lock").write_text(f"thing==1 --hash=sha256:{'0' * 64}\n")
    options = ["--require-hashes", "--only-binary", ":all:", "--no-index", "--find-links", tmp_path]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--dry-run", *options, "-r", tmp_path / "lock"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr


def test_the_bill_of_materials_names_every_package_with_its_version_and_hashes(tmp_path):
    make("-o", ".venv/.dev", "sbom", f"SBOM={tmp_path / 'sbom.json'}")
    bill = json.loads((tmp_path / "sbom.json").read_text())
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["name"] == "hpme"
    parts = {(canonicalize_name(part["name"]), part["version"]): part for part in bill["components"]}
    assert parts.keys() - locked(LOCKS[0]).keys() == pinned("requirements.txt") - locked(LOCKS[0]).keys()
    for pin, hashes in locked(LOCKS[0]).items():
        assert [
            digest["content"]
            for place in parts[pin]["externalReferences"]
            for digest in place.get("hashes", [])
        ] == re.findall(r"sha256:(\w+)", hashes)
