"""Every error of the project, as one tree.

::

    IsocenterError
    ├── InvalidInputError            what was given is not what it should be
    │   ├── NotDicomError            the bytes are no DICOM object
    │   ├── UnusualEncodingError     legal or not, the header index leaves it to pydicom
    │   ├── TruncatedError           the bytes end inside an element
    │   ├── CorruptPixelDataError    Pixel Data contradicts itself or the header
    │   ├── MissingElementError      an element that the job needs is not there
    │   ├── HeldBackError            de-identification may not pass it on; somebody has to decide
    │   ├── TooManyFilesError        more files than a session may have
    │   └── FieldsError              fields of a form are wrong, each for a reason of its own
    ├── NotAuthenticatedError        nobody who is known: no key, a wrong or an expired one
    ├── NotAllowedError              somebody who is known, and may not do this
    │   └── TicketError              an upload that its ticket is not good for
    ├── NotFoundError                the thing that was named does not exist
    │   ├── FrameNotFoundError
    │   └── ResourceNotFoundError    a server has no such resource, dataset, project, annotation
    ├── NotSupportedError            valid input that this action has no answer for
    │   └── IncompleteError          the class that is asked for requires more than is known
    ├── ConflictError                the state of things forbids it (a name taken, a file changed)
    ├── LimitReachedError            too many requests; later they are welcome again
    │   └── QuotaReachedError        as many as an account has in a month
    ├── TooLargeError                a bound of ``limits`` was passed
    ├── UnavailableError             a part of the machine failed (disk full, read-only)
    │   └── FullError                as many are there as may be; one will go
    ├── DeadlineExceededError        it took longer than allowed
    └── CancelledError               the caller stopped it

Errors carry values and build their own sentences from values that are safe to show: numbers,
tags, keywords, UIDs of the standard. They never contain the value of an element or a path;
whoever knows the file says its name beside the sentence.
"""

from collections.abc import Mapping, Sequence


class IsocenterError(Exception):
    """Root of the tree; ``str(error)`` is one safe sentence without a full stop."""


class InvalidInputError(IsocenterError):
    """What was given is not what it should be."""


class NotDicomError(InvalidInputError):
    """The bytes are no DICOM object (PS3.10 section 7)."""

    def __init__(self, reason: str = "no DICOM prefix and no readable Data Set") -> None:
        self.reason = reason
        super().__init__(f"not a DICOM file: {reason}")


class UnusualEncodingError(InvalidInputError):
    """The header index leaves these bytes to pydicom; ``reason`` says which rule they break."""

    def __init__(self, reason: str, offset: int) -> None:
        self.reason = reason
        self.offset = offset
        super().__init__(f"unusual encoding at byte {offset}: {reason}")


class TruncatedError(InvalidInputError):
    """The bytes end inside an element."""

    def __init__(self, tag: int, needed_bytes: int, available_bytes: int) -> None:
        self.tag = tag
        self.needed_bytes = needed_bytes
        self.available_bytes = available_bytes
        super().__init__(
            f"the file ends inside element ({tag >> 16:04X},{tag & 0xFFFF:04X}): "
            f"{available_bytes} of {needed_bytes} bytes are there"
        )


class CorruptPixelDataError(InvalidInputError):
    """Pixel Data contradicts itself or the header (PS3.5 A.4, section 8)."""


class MissingElementError(InvalidInputError):
    """An element that the job needs is missing or empty."""

    def __init__(self, keyword: str) -> None:
        self.keyword = keyword
        super().__init__(f"{keyword} is missing or empty")


class HeldBackError(InvalidInputError):
    """De-identification may not pass this Instance on unless the caller decides otherwise."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"held back: {reason}")


class TooManyFilesError(InvalidInputError):
    """A session would have more files than it may."""

    def __init__(self, limit_files: int) -> None:
        self.limit_files = limit_files
        super().__init__(f"a session has at most {limit_files} files; nothing was stored")


class FieldsError(InvalidInputError):
    """Fields of a form are wrong; ``reasons`` has sentences for each of them by name."""

    def __init__(self, reasons: Mapping[str, Sequence[str]]) -> None:
        self.reasons = {name: list(sentences) for name, sentences in reasons.items()}
        said = (f"{name}: {' '.join(sentences)}" for name, sentences in self.reasons.items())
        super().__init__("; ".join(said))


class NotAuthenticatedError(IsocenterError):
    """The caller is nobody who is known: no key is given, or a wrong or an expired one."""

    def __init__(self, reason: str = "a key is required") -> None:
        self.reason = reason
        super().__init__(reason)


class NotAllowedError(IsocenterError):
    """The caller is known and lacks the scope for this."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__(f"the scope {scope} is needed for this")


class TicketError(NotAllowedError):
    """An upload that its ticket is not good for: expired, tampered with, used for other bytes."""

    def __init__(self, sentence: str) -> None:
        super().__init__("upload")
        self.args = (sentence,)


class NotFoundError(IsocenterError):
    """The thing that was named does not exist."""


class FrameNotFoundError(NotFoundError):
    """There is no Frame of this number."""

    def __init__(self, frame_number: int, number_of_frames: int) -> None:
        self.frame_number = frame_number
        self.number_of_frames = number_of_frames
        super().__init__(f"there is no frame {frame_number}, the object has {number_of_frames}")


class ResourceNotFoundError(NotFoundError):
    """A server has nothing of this kind for the caller; ``params`` say what was asked for."""

    def __init__(self, resource_type: str, params: Mapping[str, object]) -> None:
        self.resource_type = resource_type
        self.params = dict(params)
        named = ", ".join(f"{name} {value}" for name, value in self.params.items())
        super().__init__(f"the server has no {resource_type} with {named or 'these values'}")


class NotSupportedError(IsocenterError):
    """Valid input that this action has no answer for."""


class IncompleteError(NotSupportedError):
    """The class that is asked for requires more than the slices and the caller say.

    ``missing`` are keywords of what must be supplied, ``unfit`` of what has values that the class
    does not take, ``depending`` of what may be required too, depending on the missing ones.
    """

    def __init__(
        self, missing: Sequence[str], unfit: Sequence[str] = (), depending: Sequence[str] = ()
    ) -> None:
        self.missing = tuple(missing)
        self.unfit = tuple(unfit)
        self.depending = tuple(depending)
        parts = []
        if missing:
            parts.append(f"the class requires attributes that are missing: {', '.join(missing)}")
        if depending:
            parts.append(f"depending on these also: {', '.join(depending)}")
        if unfit:
            parts.append(f"the class does not take the values of: {', '.join(unfit)}")
        super().__init__("; ".join(parts))


class ConflictError(IsocenterError):
    """The state of things forbids it: a name is taken, a file changed while it was read."""


class TooLargeError(IsocenterError):
    """A bound of ``limits`` was passed."""

    def __init__(self, limit: str, limit_value: int, used: int, unit: str) -> None:
        self.limit = limit
        self.limit_value = limit_value
        self.used = used
        self.unit = unit
        super().__init__(f"{limit}: {used} {unit} are more than the {limit_value} allowed")


class LimitReachedError(IsocenterError):
    """A caller asked too often; after ``retry_after_seconds`` it may ask again."""

    def __init__(
        self, what: str, limit_value: int, retry_after_seconds: int, every: str = "minute"
    ) -> None:
        self.what = what
        self.limit_value = limit_value
        self.retry_after_seconds = retry_after_seconds
        super().__init__(
            f"at most {limit_value} {what} a {every}; try again in {retry_after_seconds} seconds"
        )


class QuotaReachedError(LimitReachedError):
    """An account had as much work of one ``kind`` done as it may in a month."""

    def __init__(self, kind: str, what: str, limit_value: int, retry_after_seconds: int) -> None:
        self.kind = kind
        super().__init__(what, limit_value, retry_after_seconds, "month")


class UnavailableError(IsocenterError):
    """A part of the machine failed: disk full, read-only folder, no permission."""


class FullError(UnavailableError):
    """As many are there as may be; after ``retry_after_seconds`` one of them will be gone."""

    def __init__(self, what: str, limit_value: int, retry_after_seconds: int) -> None:
        self.what = what
        self.limit_value = limit_value
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"all {limit_value} {what} are in use; try again later")


class DeadlineExceededError(IsocenterError):
    """It took longer than allowed."""

    def __init__(self, seconds: float, work: str = "one file") -> None:
        self.seconds = seconds
        self.work = work
        super().__init__(f"stopped after {seconds:g} seconds, the time allowed for {work}")


class CancelledError(IsocenterError):
    """The caller stopped it; nothing half-written is left."""
