"""What the caller says about new Instances: the options ``set`` and ``template`` of an action."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from isocenter.dicom.given_identity import (
    GivenIdentity,
    given_identity,
    template_of_dataset,
    template_of_json,
)
from isocenter.dicom.part10 import Elements
from isocenter.errors import InvalidInputError, IsocenterError, TooLargeError
from isocenter.jobs.sandbox import Sandbox
from isocenter.limits import Limits
from isocenter.services.files import FileSource
from isocenter.services.sources import open_dicom

_HEAD_BYTES = 256
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_given(options: Mapping[str, object], scratch: Path, limits: Limits) -> GivenIdentity:
    """Return what the options ``set`` and ``template`` say about new Instances.

    Raises
    ------
    InvalidInputError
        If a value or the template makes no sense.
    NotFoundError, UnavailableError, TooLargeError
        If the template cannot be read, or is too large.
    """
    values = options.get("set") or ()
    assert isinstance(values, Sequence)
    asked = options.get("template") or ""
    if isinstance(asked, Path):
        template = _template(asked, scratch, limits)
    else:
        # The text itself, from faces whose callers must not name files of the machine.
        template = template_of_json(str(asked).encode()) if asked else {}
    return given_identity([str(value) for value in values], template)


def _template(path: Path, scratch: Path, limits: Limits) -> Elements:
    try:
        with FileSource(path) as source:
            first = source.read_at(0, _HEAD_BYTES).lstrip(_BYTE_ORDER_MARK + b" \t\r\n")[:1]
            if first in (b"{", b"["):
                if source.size > limits.template_bytes:
                    raise TooLargeError(
                        "template_bytes", limits.template_bytes, source.size, "bytes"
                    )
                text = source.read_at(0, source.size)
                return template_of_json(text.removeprefix(_BYTE_ORDER_MARK))
        with Sandbox(limits) as sandbox:
            opened = open_dicom(path, sandbox, scratch, limits)
            try:
                return template_of_dataset(opened.header.dataset)
            finally:
                opened.close()
    except IsocenterError as error:
        raise InvalidInputError(f"the template cannot be used: {error}") from None
