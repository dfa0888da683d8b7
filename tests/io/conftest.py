"""Where readers run, and the last words of a test run: what the fuzzers tried."""

import fuzzing
import pytest
import structure


@pytest.fixture(scope="module", autouse=True)
def here(unboxed: None) -> None:
    """The tests of readers look at them themselves; `tests/box` is about the box."""


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hands what this process tried to the one that writes the summary, where tests run in several."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["fuzzed"] = fuzzing.RESULTS, structure.RESULTS


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Takes it there."""
    files, structures = getattr(node, "workeroutput", {}).get("fuzzed", ({}, []))
    fuzzing.RESULTS.update(files)
    structure.RESULTS.extend(structures)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if fuzzing.RESULTS:
        total = {name: sum(result[name] for result in fuzzing.RESULTS.values()) for name in fuzzing.TALLY}
        crashes = sum(result["status"] != 0 for result in fuzzing.RESULTS.values())
        counts = ", ".join(f"{count:,} {name}" for name, count in total.items())
        terminalreporter.write_line(f"fuzzed {len(fuzzing.RESULTS)} readers: {counts}, {crashes} crashes")
    if structure.RESULTS:
        kinds = [{name: result[name] for name in (*fuzzing.TALLY, "true")} for result in structure.RESULTS]
        total = {name: sum(kind[name] for kind in kinds) for name in kinds[0]}
        counts = ", ".join(f"{count:,} {name}" for name, count in total.items())
        terminalreporter.write_line(f"fuzzed the structure of {len(kinds)} kinds: {counts}")
