"""What test_sessions.py and its child agree about: which slices are uploaded when."""

from tests.builders import instance, to_bytes

BATCH = 3


def batch(number: int) -> dict[str, bytes]:
    """Return the files of one upload."""
    first = number * BATCH
    return {f"{k:04d}.dcm": to_bytes(instance(k)) for k in range(first, first + BATCH)}
