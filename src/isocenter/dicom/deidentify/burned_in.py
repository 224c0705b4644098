"""Whether text may be burnt into the pixels, and what is done about it.

Nobody can tell by program what is written in a picture, so an Instance of a kind that often has
text in it is held back, unless it says that there is none, the caller names regions or decides
that it may pass, or it is an ultrasound image that declares what is image in it.

References
----------
PS3.15 E.3.1 (Clean Pixel Data), PS3.3 C.7.6.1.1.7 (Burned In Annotation), C.7.6.1.1.2 (Image
Type), C.8.6.1 (SC Equipment), C.8.12.4 (labels of slides).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from isocenter.dicom.colours import PALETTE
from isocenter.dicom.deidentify.regions import Region, regions_of_image
from isocenter.dicom.deidentify.ultrasound import ULTRASOUND, ULTRASOUND_REGIONS, surroundings
from isocenter.dicom.frames import number_of_frames
from isocenter.dicom.header_index import DataSetIndex, HeaderIndex
from isocenter.dicom.part10 import encode_text
from isocenter.dicom.samples import FloatFormat, pixel_element, read_sample_format
from isocenter.dicom.uids import SC, STANDARD_STORAGE
from isocenter.dicom.values import first_string, strings
from isocenter.errors import HeldBackError, MissingElementError
from isocenter.limits import DEFAULT, Limits

BURNED_IN_ANNOTATION = 0x00280301
_VISUAL_FEATURES = 0x00280302
_MODALITY, _IMAGE_TYPE, _CONVERSION_TYPE = 0x00080060, 0x00080008, 0x00080064
_SOP_CLASS, _LABEL_IN_IMAGE = 0x00080016, 0x00480010
# Position of a slice; functional groups and detectors, which hold positions.
_PLACES = (0x00200032, 0x52009229, 0x52009230, 0x00540022)

# Photographs, screens, films, documents: pictures of something that is no image yet, or that has
# been an image on a screen. BDUS and IVUS are ultrasound; the slides of GM and SM have labels.
_WRITTEN_MODALITIES = {
    **dict.fromkeys(("US", "BDUS", "IVUS"), "ultrasound"),
    **dict.fromkeys(("OT", "DOC", "HC", "SC", "DG"), "a secondary or unknown kind of image"),
    **dict.fromkeys(("XC", "ES", "GM", "IO", "DMS"), "a photograph"),
}
# Endoscopic, microscopic, slide-coordinates microscopic and photographic images; not ophthalmic
# ones, and not whole slides, whose labels and overviews are images of their own.
_PHOTOGRAPH = re.compile(re.escape(f"{STANDARD_STORAGE}77.1.") + r"[1-4](\.1)?")
# Words of Image Type, value 3 and beyond, of pictures of screens, reports, slide labels, surfaces.
_WRITTEN_WORDS = frozenset(
    {"SCREEN", "SCREENSAVE", "SCREENSHOT", "SCREENCAPTURE", "CAPTURE", "SAVE", "SNAPSHOT"}
    | {"REPORT", "DOSE", "PROTOCOL", "PRINT", "FILM", "LABEL", "OVERVIEW"}
    | {"VRT", "SSD", "RENDER", "RENDERED", "RENDERING"}
)
_RECONSTRUCTED = frozenset({"CT", "MR", "PT"})
_GREY = frozenset({"CT", "MR", "PT", "NM", "CR", "DX", "MG", "XA", "RF", "PX", "RTIMAGE"})
_BITS_OF_A_SCREEN = 8


@dataclass(frozen=True, slots=True)
class PixelPlan:
    """What is to be done about burnt-in text.

    Attributes
    ----------
    regions
        To be blanked in every Frame, inside the image; empty where nothing is.
    is_cleaned
        Whether the result may say that no text is burnt in: not of ultrasound that is blanked
        outside of its declared regions without anybody having asked for it.
    warnings
        Sentences for the report, without values.
    """

    regions: tuple[Region, ...] = ()
    is_cleaned: bool = False
    warnings: tuple[str, ...] = ()


def plan_pixels(
    header: HeaderIndex,
    regions: Sequence[Region] = (),
    *,
    accepts_burned_in: bool = False,
    cleans_pixel_data: bool = False,
    limits: Limits = DEFAULT,
) -> PixelPlan:
    """Return what is to be blanked before the Instance may be passed on.

    Parameters
    ----------
    header
        Of the source, because the result may not keep all that is looked at.
    regions
        That the caller wants blanked.
    accepts_burned_in
        Whether the caller decided that such Instances may pass as they are.
    cleans_pixel_data
        The Clean Pixel Data Option: ultrasound is blanked outside of its regions even where it
        says that no text is burnt in.

    Raises
    ------
    HeldBackError
        If text may be burnt in and nothing is done about it.
    InvalidInputError, TooLargeError
        If the header does not describe its pixels.
    """
    dataset = header.dataset
    try:
        pixel_element(dataset)
    except MissingElementError:
        return PixelPlan()
    reason = reason_to_hold_back(header)
    layout = read_sample_format(dataset, limits)
    found, warnings = regions_of_image(
        regions, layout.rows, layout.columns, number_of_frames(dataset)
    )
    is_declared = is_ultrasound(dataset) and ULTRASOUND_REGIONS in dataset
    is_wanted = cleans_pixel_data or (bool(reason) and not found and not accepts_burned_in)
    if is_declared and is_wanted:
        found += surroundings(dataset, layout.rows, layout.columns)
        warnings.append(
            "ultrasound was blanked outside of its declared regions; text inside was not looked for"
        )
    if first_string(dataset, _VISUAL_FEATURES) == "YES":
        warnings.append("the image says that the patient can be recognised in it")
    if reason and not found:
        if not accepts_burned_in:
            raise HeldBackError(f"{reason}; give regions to blank, or accept 'burned-in'")
        warnings.append(f"{reason}; it was passed on because the caller accepts that")
        return PixelPlan(warnings=tuple(warnings))
    # Text inside the regions that a device declares is nobody's promise: unless the caller named
    # what to blank or asked for the option, the result says no more than its source did.
    is_cleaned = bool(found) and (bool(regions) or cleans_pixel_data)
    return PixelPlan(tuple(found), is_cleaned=is_cleaned, warnings=tuple(warnings))


def cleaned_element(*, is_implicit: bool) -> bytes:
    """Return the encoded element Burned In Annotation that says NO."""
    return encode_text(BURNED_IN_ANNOTATION, "NO", is_implicit=is_implicit)


def is_ultrasound(dataset: DataSetIndex) -> bool:
    """Return whether an image is made by ultrasound."""
    modality = first_string(dataset, _MODALITY)
    return first_string(dataset, _SOP_CLASS) in ULTRASOUND or modality in ("US", "BDUS", "IVUS")


def reason_to_hold_back(header: HeaderIndex) -> str:
    """Return why text may be burnt into the pixels, ``""`` if nothing says so.

    Raises
    ------
    InvalidInputError
        If the header does not describe its pixels.
    """
    dataset = header.dataset
    said = first_string(dataset, BURNED_IN_ANNOTATION).upper()
    if said == "YES":
        return "it says that text is burnt into the image"
    if first_string(dataset, _LABEL_IN_IMAGE).upper() == "YES":
        return "it says that the label of a slide is in the image"
    if said == "NO":
        return ""
    uid = first_string(dataset, _SOP_CLASS) or first_string(header.meta, 0x00020002)
    modality = first_string(dataset, _MODALITY)
    kind = _WRITTEN_MODALITIES.get(modality, "")
    reasons = (
        (uid == SC or uid.startswith(f"{SC}."), "a secondary capture may have text burnt in"),
        (
            bool(first_string(dataset, _CONVERSION_TYPE)),
            "what was captured or scanned may have text burnt in",
        ),
        (_PHOTOGRAPH.fullmatch(uid) is not None, "a photograph may have text burnt in"),
        (uid in ULTRASOUND, "ultrasound often has text burnt in"),
        (bool(kind), f"{kind} may have text burnt in"),
    )
    return _first(reasons) or _reason_of_picture(dataset, modality)


def _first(reasons: Iterable[tuple[bool, str]]) -> str:
    return next((reason for is_so, reason in reasons if is_so), "")


def _reason_of_picture(dataset: DataSetIndex, modality: str) -> str:
    """Return why an image looks like one of a screen."""
    image_type = [value.upper() for value in strings(dataset, _IMAGE_TYPE)]
    words = {word for value in image_type[2:] for word in value.replace("_", " ").split()}
    if words & _WRITTEN_WORDS:
        return "by its Image Type it is a screen, a report, a label or a rendering"
    if modality not in _GREY:
        return ""
    layout = read_sample_format(dataset)
    is_coloured = layout.samples > 1 or layout.photometric == PALETTE
    is_secondary = image_type[1:2] == ["SECONDARY"] and not isinstance(layout, FloatFormat)
    has_place = any(tag in dataset for tag in _PLACES)
    reasons = (
        (is_coloured, "colours where the modality gives none may come from a screen with text"),
        (
            is_secondary and layout.bits_stored <= _BITS_OF_A_SCREEN,
            "a secondary image of 8 bits may come from a screen with text",
        ),
        (
            is_secondary and modality in _RECONSTRUCTED and not has_place,
            "a secondary image without a position may come from a screen with text",
        ),
    )
    return _first(reasons)
