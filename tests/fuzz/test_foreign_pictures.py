"""Fuzz of foreign pictures: each ends in an instance that reads back, or in a reason.

The libraries that read pictures can crash; so this goes the way that users go, through children.
"""

from pathlib import Path
from random import Random

import imagecodecs
import pytest
from pydicom import dcmread

from isocenter.limits import Limits
from isocenter.services.generate import convert_images
from isocenter.services.reports import Work
from tests.foreign import animated, colours, encoded, exif, grey, with_opacity

LIMITS = Limits(picture_bytes=1 << 22, instance_pixel_bytes=1 << 24, child_seconds=20)
MUTATIONS = 12
PICTURES = {
    "a.png": encoded(with_opacity(9), "PNG"),
    "b.png": animated("PNG", 3),
    "c.jpg": encoded(colours(), "JPEG", exif=exif(6)),
    "d.jpg": encoded(grey(), "JPEG"),
    "e.gif": animated("GIF", 3),
    "f.tif": encoded(grey(bits=16), "TIFF"),
    "g.tif": bytes(imagecodecs.tiff_encode(colours(bits=16))),
    "h.bmp": encoded(colours(), "BMP"),
    "i.jp2": encoded(colours(), "JPEG2000"),
    "j.j2c": bytes(imagecodecs.htj2k_encode(grey())),
    "k.jls": bytes(imagecodecs.jpegls_encode(grey(bits=16))),
    "l.ppm": encoded(colours(), "PPM"),
}


def mutated(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice([1, 1, 2, 5])):
        at = min(int(random.expovariate(3) * len(changed)), len(changed) - 1)
        match random.randrange(4):
            case 0:
                del changed[max(at, 8) :]
            case 1:
                changed[at:at] = random.randbytes(random.randrange(1, 9))
            case _:
                changed[at] = random.choice([0, 1, 0x7F, 0xFF, random.randrange(256)])
    return bytes(changed)


@pytest.mark.parametrize("name", PICTURES)
def test_mutated_pictures_end_well(name: str, tmp_path: Path) -> None:
    random = Random(name)
    for number in range(MUTATIONS):
        (tmp_path / f"{number:02d}-{name}").write_bytes(mutated(PICTURES[name], random))
    (tmp_path / "good.png").write_bytes(encoded(grey(), "PNG"))

    work = Work(paths=(tmp_path,), out=tmp_path / "out", limits=LIMITS, durable=False, jobs=2)
    report = convert_images(work)

    assert len(report.files) == MUTATIONS + 1
    assert report.files[-1].status == "done"
    assert report.skipped == 0
    for outcome in report.files:
        assert outcome.outputs or outcome.reason
        for path in outcome.outputs:
            assert dcmread(path).Rows > 0
