"""Where readers run."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def here(unboxed: None) -> None:
    """The tests of readers look at them themselves; `tests/box` is about the box."""
