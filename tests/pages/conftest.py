"""What tests of pages leave behind: nothing."""

from collections.abc import Iterator

import pytest

from ui import state


@pytest.fixture(autouse=True)
def no_job_is_left() -> Iterator[None]:
    """A job that nobody waits for is in nobody's way: a fit can take minutes, and few run at once."""
    yield
    for job in [*state.job_pool()._open]:
        job.cancel()
