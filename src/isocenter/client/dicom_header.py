"""A pydicom Data Set of a header that is parsed when somebody first looks into it.

A loader gives one with every image, and few are looked at: parsing takes a millisecond, keeping
and pickling the bytes takes next to nothing.
"""

import io
from typing import Any, Self

from pydicom import dcmread
from pydicom.dataset import Dataset

# Of Patient, Study and Series modules: required, may be empty (PS3.5 7.4.3), and left out by many.
_TYPE_2 = frozenset(
    {
        "AccessionNumber",
        "PatientBirthDate",
        "PatientID",
        "PatientName",
        "PatientSex",
        "ReferringPhysicianName",
        "StudyDate",
        "StudyID",
        "StudyTime",
    }
)
# What pydicom adds to a file that it read, and a header in memory has no use for.
_OF_FILES = ("buffer", "filename", "fileobj_type", "timestamp")


class DicomHeader(Dataset):
    """All elements before the pixels; elements of type 2 that are missing read as ``""``.

    Parameters
    ----------
    raw
        A Part 10 stream up to its pixels; empty for what is no DICOM object.
    """

    def __init__(self, raw: bytes = b"") -> None:
        # Not Dataset.__init__: what it sets is what is looked up to know whether it was parsed.
        self.__dict__["_raw"] = raw

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as pydicom says
        """Return what a parsed Data Set has."""
        if "_raw" in self.__dict__:
            if name.startswith("__"):
                raise AttributeError(name)
            self._parse()
            return getattr(self, name)
        try:
            return super().__getattr__(name)
        except AttributeError:
            if name in _TYPE_2:
                return ""
            raise

    def __setattr__(self, name: str, value: object) -> None:
        """Set an element or an attribute."""
        self._parse()
        super().__setattr__(name, value)

    def __reduce_ex__(self, protocol: Any) -> Any:  # noqa: ANN401 - as object says
        """Pickle and copy the bytes while nobody has looked into it."""
        if "_raw" in self.__dict__:
            return type(self), (self.__dict__["_raw"],)
        return _restored, (type(self), dict(self.__dict__))

    def _parse(self) -> None:
        raw = self.__dict__.pop("_raw", None)
        if raw is None:
            return
        if raw:
            found = dcmread(io.BytesIO(raw), stop_before_pixels=True, force=True).__dict__
            self.__dict__.update(
                (name, value) for name, value in found.items() if name not in _OF_FILES
            )
        else:
            self.__dict__.update(Dataset().__dict__)

    @classmethod
    def restored(cls, state: dict[str, Any]) -> Self:
        """Return a header with the attributes of a parsed one."""
        made = cls.__new__(cls)
        made.__dict__.update(state)
        return made


def _restored(kind: type[DicomHeader], state: dict[str, Any]) -> DicomHeader:
    return kind.restored(state)
