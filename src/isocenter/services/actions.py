"""The one table of actions: command line, REST, web tool and watch mode all call it.

A row names its function as ``module:function``; ``resolve`` is the one place that imports it, so
that reading the table costs nothing. Every function takes a ``Work`` and returns a ``Report``.
"""

from collections.abc import Callable
from importlib import import_module

from isocenter.errors import NotFoundError
from isocenter.services.action_rows import Action, Option
from isocenter.services.reports import Report, Work

__all__ = ["ACTIONS", "Action", "ActionFunction", "Option", "action_commands", "resolve"]

ActionFunction = Callable[[Work], Report]


_JSON = Option(name="json", kind="flag", default=False, sentence="give JSON instead of text")
_IN_PLACE = Option(
    name="in_place",
    kind="flag",
    default=False,
    sentence="put each output in the place of its input, as a whole or not at all",
)
_RECOMPRESS = Option(
    name="recompress",
    kind="flag",
    default=False,
    sentence="also encode anew what was compressed with loss before",
)
_WINDOW = Option(
    name="window",
    kind="text",
    default="header",
    sentence="CENTER,WIDTH; full, the range of the cells; auto, from the smallest to "
    "the largest value of the series; header, one of the header for the series; or "
    "own, that of each image",
)
_OVERLAYS = Option(
    name="overlays",
    kind="flag",
    default=False,
    sentence="draw the overlays of the image in white",
)
_ANNOTATIONS = Option(
    name="annotations",
    kind="flag",
    default=False,
    sentence="write name, ID and date of the patient into the pictures",
)
_SET = Option(
    name="set",
    kind="texts",
    default=(),
    sentence="say what the new instances are about, such as PatientID=7; may be repeated",
    metavar="KEYWORD=VALUE",
)
_TEMPLATE = Option(
    name="template",
    kind="file",
    default="",
    sentence="take patient and study from a DICOM file, or attributes from a JSON file",
)


def _conversion(function: str, sentence: str) -> Action:
    variant = function.partition(":")[2]
    return Action(
        name=f"convert_{variant}",
        function=function,
        writes=True,
        sentence=sentence,
        options=(_IN_PLACE,),
        command="convert",
        variant=variant,
    )


_ROWS = (
    Action(
        name="merge",
        function="isocenter.services.merge:merge",
        writes=True,
        sentence="make one multi-frame instance of each series and stack",
        options=(
            Option(
                name="name_template",
                kind="text",
                default="",
                sentence="file name without a patient name, such as 'series{number}_{index}'",
            ),
            Option(
                name="sop_class",
                kind="text",
                default="",
                sentence="kind of multi-frame class: true, legacy converted, or without groups",
                choices=("enhanced", "legacy", "multiframe"),
            ),
            Option(
                name="set",
                kind="texts",
                default=(),
                sentence="KEYWORD=VALUE that the enhanced class requires and no slice has; "
                "{KEYWORD} as value takes it over from another attribute; may be repeated",
                metavar="KEYWORD=VALUE",
            ),
        ),
    ),
    Action(
        name="split",
        function="isocenter.services.split:split",
        writes=True,
        sentence="make single-frame instances of multi-frame ones",
        options=(
            Option(
                name="original_uids",
                kind="flag",
                default=False,
                sentence="give the instances back the UIDs they had before they were merged",
            ),
        ),
    ),
    Action(
        name="compress_lossless",
        function="isocenter.services.transcode:compress_lossless",
        writes=True,
        sentence="compress pixels without loss: JPEG 2000, or another codec",
        options=(
            Option(
                name="codec",
                kind="text",
                default="",
                sentence="how to encode frames (default: j2k, which is JPEG 2000)",
                choices=("j2k", "htj2k", "jpegls", "jpeg-lossless", "rle", "jpegxl", "deflate"),
            ),
            _IN_PLACE,
            _RECOMPRESS,
        ),
        command="compress",
    ),
    Action(
        name="compress_lossy",
        function="isocenter.services.transcode:compress_lossy",
        writes=True,
        sentence="compress pixels with loss, to a quality that is measured",
        options=(
            Option(
                name="codec",
                kind="text",
                default="",
                sentence="how to encode frames (default: j2k, which is JPEG 2000)",
                choices=("j2k", "htj2k", "jpegls", "jpegxl"),
            ),
            _IN_PLACE,
            _RECOMPRESS,
            Option(
                name="quality",
                kind="text",
                default="",
                sentence="quality of a lossy output from 0 (30 dB) to 100 (60 dB)",
            ),
            Option(
                name="psnr",
                kind="text",
                default="",
                sentence="quality of a lossy output in dB over the values in use (default: 50)",
            ),
            Option(
                name="ratio",
                kind="text",
                default="",
                sentence="how many times smaller each frame of a lossy output must be",
            ),
        ),
        command="compress",
        variant="lossy",
    ),
    Action(
        name="decompress",
        function="isocenter.services.transcode:decompress",
        writes=True,
        sentence="decode compressed pixels to native ones",
        options=(_IN_PLACE,),
    ),
    Action(
        name="export",
        function="isocenter.services.export:export",
        writes=True,
        sentence="make a picture of every frame",
        options=(
            Option(
                name="type",
                kind="text",
                default="png",
                sentence="kind of picture",
                choices=("png", "jpeg", "bmp", "tiff", "jp2"),
            ),
            _WINDOW,
            Option(
                name="bits",
                kind="text",
                default="8",
                sentence="bits of a sample, 16 for png, tiff and jp2",
                choices=("8", "16"),
            ),
            _OVERLAYS,
            _ANNOTATIONS,
        ),
    ),
    Action(
        name="anonymize",
        function="isocenter.services.anonymize:anonymize",
        writes=True,
        sentence="take everything out that identifies people (PS3.15 Annex E), and check it",
        options=(
            Option(
                name="profile",
                kind="text",
                default="basic",
                sentence="basic, the profile of PS3.15; or none, only what --params says",
                choices=("basic", "none"),
            ),
            Option(
                name="retain",
                kind="texts",
                default=(),
                sentence="an option of PS3.15: uids, device-identity, institution-identity, "
                "patient-characteristics, full-dates, modified-dates or safe-private; may be "
                "repeated",
                metavar="WHAT",
            ),
            Option(
                name="clean",
                kind="texts",
                default=(),
                sentence="an option of PS3.15: descriptors, structured-content, graphics or "
                "pixel-data; may be repeated",
                metavar="WHAT",
            ),
            Option(
                name="params",
                kind="file",
                default="",
                sentence="lines of what is set on top of it: (gggg,eeee)=VALUE, and rectangles "
                "to blank: r LEFT TOP RIGHT BOTTOM",
            ),
            Option(
                name="regions",
                kind="texts",
                default=(),
                sentence="rectangle that is made black in every frame, in pixels; may be repeated",
                metavar="X,Y,WIDTH,HEIGHT",
                flag="region",
            ),
            Option(
                name="accept_burned_in",
                kind="flag",
                default=False,
                sentence="pass on images that may show text, which are held back otherwise",
            ),
            Option(
                name="detect_text",
                kind="flag",
                default=False,
                sentence="name places where Tesseract, if it is installed, finds text in images "
                "that are held back; a help for whoever looks at them",
            ),
            Option(
                name="accept",
                kind="texts",
                default=(),
                sentence="pass on what is held back otherwise: document, structured-text, "
                "presentation-text or raw-data; may be repeated",
                metavar="WHAT",
            ),
            Option(
                name="key_file",
                kind="file",
                default="",
                sentence="key that pseudonyms are made with, made if it is not there (default: "
                "one of the user's own)",
            ),
            Option(
                name="crosswalk",
                kind="file",
                default="",
                sentence="write or add to a list of what each pseudonym stands for, for its "
                "owner alone",
            ),
            _IN_PLACE,
        ),
    ),
    Action(
        name="modify",
        function="isocenter.services.modify:modify",
        writes=True,
        sentence="change, add and remove elements; pixels stay as they are",
        options=(
            Option(
                name="params",
                kind="file",
                default="",
                sentence="lines of edits: PATH=VALUE, 'm gggg eeee VR VALUE', 'r gggg eeee'",
            ),
            Option(
                name="set",
                kind="texts",
                default=(),
                sentence="change or add an element, such as PatientID=7 or "
                "RequestAttributesSequence[0].RequestedProcedureID=7; may be repeated",
                metavar="PATH=VALUE",
            ),
            Option(
                name="remove",
                kind="texts",
                default=(),
                sentence="remove an element or Item; may be repeated",
                metavar="PATH",
            ),
            _IN_PLACE,
        ),
    ),
    Action(
        name="dicomdir",
        function="isocenter.services.dicomdir:dicomdir",
        writes=True,
        sentence="make a DICOMDIR in a folder with legal names, or in a copy of it",
        options=(
            Option(
                name="copy",
                kind="text",
                default="",
                sentence="folder for copies with legal names and for the DICOMDIR; the same as "
                "--out",
                metavar="DIR",
            ),
            Option(
                name="parent",
                kind="flag",
                default=False,
                sentence="make the DICOMDIR in the folder above the one that is named",
            ),
        ),
    ),
    Action(
        name="video",
        function="isocenter.services.video:export_video",
        writes=True,
        sentence="make a video of every multi-frame file, and of the slices of each series",
        options=(
            Option(
                name="container",
                kind="text",
                default="",
                sentence="kind of video: mp4 (H.264, the default) or avi (Motion JPEG)",
                choices=("mp4", "avi"),
            ),
            Option(
                name="fps",
                kind="text",
                default="",
                sentence="frames a second of a video (default: as the header says, else 30)",
                metavar="NUMBER",
            ),
            _WINDOW,
            _OVERLAYS,
            _ANNOTATIONS,
            Option(
                name="name_template",
                kind="text",
                default="",
                sentence="name of the video of a series (default: 'series{number}'; also "
                "{modality} and {index})",
            ),
        ),
        command="export",
        variant="video",
    ),
    Action(
        name="convert_images",
        function="isocenter.services.generate:convert_images",
        writes=True,
        sentence="make DICOM files of pictures: PNG, JPEG, TIFF, BMP, GIF, JPEG 2000, PNM",
        options=(
            Option(
                name="multiframe",
                kind="flag",
                default=False,
                sentence="make one multi-frame file of all pictures of a folder that are alike",
            ),
            _SET,
            _TEMPLATE,
        ),
        command="convert",
        is_watchable=False,
    ),
    _conversion("isocenter.services.convert:little_endian", "write as Explicit VR Little Endian"),
    _conversion("isocenter.services.convert:big_endian", "write as Explicit VR Big Endian"),
    _conversion("isocenter.services.convert:nema2", "write images as ACR-NEMA 2.0"),
    _conversion("isocenter.services.convert:dicom3", "write ACR-NEMA 2.0 images as DICOM"),
    Action(
        name="convert_video",
        function="isocenter.services.convert_video:convert_video",
        writes=True,
        sentence="make DICOM files of videos; H.264, HEVC and MPEG-2 that fit go in unchanged",
        options=(
            Option(
                name="video_class",
                kind="text",
                default="",
                sentence="class of the instance of a video (default: photographic)",
                choices=("photographic", "endoscopic", "microscopic"),
            ),
            _SET,
            _TEMPLATE,
        ),
        command="convert",
        variant="video",
        is_watchable=False,
    ),
    Action(
        name="headers",
        function="isocenter.services.describe:headers",
        writes=True,
        sentence="show every element of each file",
        options=(
            Option(
                name="write",
                kind="flag",
                default=False,
                sentence="write it beside each file as .txt or .json instead of printing it",
            ),
            _JSON,
        ),
    ),
    Action(
        name="info",
        function="isocenter.services.describe:info",
        writes=False,
        sentence="show the main facts of each file",
        options=(_JSON,),
    ),
    Action(
        name="summary",
        function="isocenter.services.describe:summary",
        writes=False,
        sentence="count files, patients, series and frames",
        options=(_JSON,),
    ),
)
ACTIONS = {action.name: action for action in _ROWS}


def action_commands() -> dict[str, list[Action]]:
    """Return the actions of each sub-command of the command line, the usual one first."""
    found: dict[str, list[Action]] = {}
    for action in _ROWS:
        found.setdefault(action.command or action.name, []).append(action)
    return found


def resolve(name: str) -> ActionFunction:
    """Return the function of an action.

    Raises
    ------
    NotFoundError
        If the table has no such action.
    """
    action = ACTIONS.get(name)
    if action is None:
        raise NotFoundError("there is no such action")
    module, _, function = action.function.partition(":")
    resolved: ActionFunction = getattr(import_module(module), function)
    return resolved
