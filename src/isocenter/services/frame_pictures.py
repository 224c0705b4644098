"""Single Frames as pictures, rendered on demand in child processes with limits."""

import contextlib
from pathlib import Path
from types import TracebackType
from typing import Self

from isocenter.dicom.windows import FULL, OWN, parse_window
from isocenter.errors import FrameNotFoundError, InvalidInputError
from isocenter.limits import DEFAULT, Limits
from isocenter.services.renderers import Renderers
from isocenter.services.scratch import scratch_folder

KINDS = frozenset({"png", "jpeg"})


class FramePictures:
    """Renders Frames of files; a context manager, safe for any number of threads.

    Parameters
    ----------
    jobs
        How many Frames are rendered at once; the others wait.
    """

    def __init__(self, jobs: int, limits: Limits = DEFAULT) -> None:
        self._jobs = jobs
        self._limits = limits
        self._stack = contextlib.ExitStack()
        self._renderers: Renderers | None = None

    def __enter__(self) -> Self:
        scratch = self._stack.enter_context(scratch_folder())
        self._renderers = self._stack.enter_context(Renderers(self._jobs, scratch, self._limits))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, where)

    def render(self, path: Path, *, frame_number: int, kind: str, window: str) -> bytes:
        """Return a Frame as a picture file.

        Parameters
        ----------
        frame_number
            1-based.
        kind
            One of ``KINDS``.
        window
            ``own``, ``full`` or ``CENTER,WIDTH``.

        Raises
        ------
        FrameNotFoundError
            If there is no such Frame.
        IsocenterError
            If the file cannot be read, decoded or shown.
        """
        assert self._renderers is not None, "render within the with block"
        if kind not in KINDS:
            raise InvalidInputError(f"the type of a picture is one of {', '.join(sorted(KINDS))}")
        if frame_number < 1:
            raise FrameNotFoundError(frame_number, 0)
        if window not in {OWN, FULL}:
            window = str(parse_window(window))
        target = self._renderers.new_scratch()
        options: dict[str, str | int | bool] = {
            "first_frame": frame_number,
            "frames": 1,
            "kind": kind,
            "window": window,
        }
        try:
            self._renderers.export(path, target, is_simple=False, options=options)
            return target.read_bytes()
        finally:
            target.unlink(missing_ok=True)
