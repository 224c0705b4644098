"""Room for bytes that are needed for a moment: in memory, on disk without a name where many."""

import contextlib
import tempfile
from typing import BinaryIO, cast

_IN_MEMORY_BYTES = 64 << 20


def new_scratch(stack: contextlib.ExitStack) -> BinaryIO:
    """Return an empty file that goes with ``stack``."""
    made = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES)  # noqa: SIM115 - the stack closes it
    return cast("BinaryIO", stack.enter_context(made))
