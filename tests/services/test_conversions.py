"""The table of Transfer Syntaxes is that of the codecs (see also test_retrieval.py)."""

from isocenter.dicom.codecs import ENCODERS
from isocenter.dicom.uids import EXPLICIT
from isocenter.services.conversions import TARGETS


def test_every_codec_can_be_asked_for() -> None:
    lossless = {codec.lossless_uid: codec.name for codec in ENCODERS.values()}
    lossy = {codec.lossy_uid: codec.name for codec in ENCODERS.values() if codec.lossy_uid}

    assert {uid: name for uid, (name, goal) in TARGETS.items() if not goal} == {
        EXPLICIT: "",
        **lossless,
    }
    assert {uid: name for uid, (name, goal) in TARGETS.items() if goal} == lossy
