"""What downloaded sets have in common."""

from hpme.files import FULL


def not_fetched(name: str, address: str, error: Exception, advice: str) -> ValueError:
    """Returns the sentence about a set that could not be downloaded.

    Args:
        name: Name of the set.
        address: Where it was looked for.
        error: What happened.
        advice: What to do without a connection; ends the sentence.

    Raises:
        OSError: The error itself, if the disk is full or cannot be written to: that is no matter of the set.
    """
    if isinstance(error, OSError) and error.errno in FULL:
        raise error
    got = str(error) or type(error).__name__
    return ValueError(
        f"Expected {name} from {address} (got: {got}); connect to the internet and try again, or {advice}"
    )
