"""Where text may stand in images that are held back: candidates for the reviewer to judge.

Only the first Frame is looked at. Nothing is blanked by what is found here, and finding nothing
lets nothing pass.
"""

import contextlib
import os
from pathlib import Path

from isocenter.dicom.deidentify.regions import Region
from isocenter.dicom.deidentify.text_regions import candidate_regions
from isocenter.dicom.header_index import HeaderIndex
from isocenter.dicom.samples import read_sample_format
from isocenter.errors import IsocenterError
from isocenter.jobs.sandbox import DECODING_CHILD, Sandbox, pixel_limits
from isocenter.jobs.text_reader import find_text_reader, read_text
from isocenter.limits import Limits

_EXPORT = "isocenter.dicom.any_pictures:export_frames"
# Less is mostly noise of the image; a margin covers what the program cuts off letters.
_CONFIDENCE_MIN = 30.0
_MARGIN_PIXELS = 4
_REGIONS_NAMED_MAX = 20


class TextCandidates:
    """Looks for text in Instances; used by one thread.

    Parameters
    ----------
    scratch
        Folder for pictures, which are removed at once.

    Raises
    ------
    UnavailableError
        If Tesseract is not installed.
    """

    def __init__(self, stack: contextlib.ExitStack, scratch: Path, limits: Limits) -> None:
        self._program = find_text_reader()
        self._limits = limits
        self._scratch = scratch
        self._sandbox = stack.enter_context(Sandbox(pixel_limits(limits), child=DECODING_CHILD))

    def kill(self) -> None:
        """End the child."""
        self._sandbox.kill()

    def find(self, path: Path, header: HeaderIndex) -> list[Region]:
        """Return regions of the first Frame in which text may stand.

        Parameters
        ----------
        path, header
            Of the same Instance.

        Raises
        ------
        IsocenterError
            If the Frame cannot be shown, or the program fails.
        """
        layout = read_sample_format(header.dataset, self._limits)
        picture = self._scratch / f"{os.urandom(8).hex()}.png"
        try:
            self._sandbox.transform(_EXPORT, path, picture, first_frame=1, frames=1, kind="png")
            words = read_text(self._program, picture, self._limits)
        finally:
            picture.unlink(missing_ok=True)
        return candidate_regions(
            words,
            layout.rows,
            layout.columns,
            confidence_min=_CONFIDENCE_MIN,
            margin=_MARGIN_PIXELS,
        )

    def sentence(self, path: Path, header: HeaderIndex) -> str:
        """Return what was found, for the report; it names places, never words."""
        try:
            regions = self.find(path, header)
        except IsocenterError as error:
            return f"text was looked for in vain: {error}"
        if not regions:
            return "no text was recognised in the first frame, which proves nothing"
        named = " ".join(
            f"{one.left},{one.top},{one.width},{one.height}" for one in regions[:_REGIONS_NAMED_MAX]
        )
        more = f" and {len(regions) - _REGIONS_NAMED_MAX} more" * (
            len(regions) > _REGIONS_NAMED_MAX
        )
        return f"text may stand in {named}{more} of the first frame; look at it before you decide"
