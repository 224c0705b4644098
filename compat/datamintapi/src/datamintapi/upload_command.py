"""`datamint-upload`: files and folders to a server, de-identified on the way."""

import argparse
import fnmatch
import logging
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from datamintapi import __version__
from datamintapi.config_command import set_value
from datamintapi.mask_files import Names, find_masks, read_names
from isocenter.client.api_handler import APIHandler
from isocenter.client.config import KEY_NAME
from isocenter.errors import IsocenterError, NotAuthenticatedError, NotFoundError

NOTHING_DONE = 1
SOME_FAILED = 3
_DEPTH_MAX = 1000
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.retain_pii and chosen.retain_attribute:
        parser.error("--retain-pii and --retain-attribute say the opposite")
    if chosen.include_extensions and chosen.exclude_extensions:
        parser.error("--include-extensions and --exclude-extensions cannot stand together")
    if chosen.verbose:
        logging.basicConfig(level=logging.INFO)
    try:
        return _run(chosen)
    except IsocenterError as error:
        print(f"datamint-upload: {error}", file=sys.stderr)
        return NOTHING_DONE
    except (EOFError, KeyboardInterrupt):
        print("\nUpload cancelled.")
        return NOTHING_DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="datamint-upload",
        description="Upload DICOM files and others; DICOM is de-identified on the way.",
    )
    add = parser.add_argument
    add("--path", type=_path, required=True, metavar="PATH", help="a file or a folder")
    add(
        "-r",
        "--recursive",
        nargs="?",
        const=-1,
        type=int,
        metavar="LEVELS",
        help="also the folders in it, so many levels deep; without a number all",
    )
    add("--exclude", metavar="PATTERN", help="leave out folders of such a name")
    add("--channel", "--name", metavar="NAME", help="the channel to upload to")
    add("--retain-pii", action="store_true", help="do not de-identify")
    add(
        "--retain-attribute",
        type=_code,
        action="append",
        default=[],
        metavar="CODE",
        help="an element that keeps its value, such as (0x0008, 0x0050)",
    )
    add("-l", "--label", "--tag", action="append", metavar="NAME", help="a label for all files")
    add("--publish", action="store_true", help="publish what is uploaded")
    add(
        "--mungfilename",
        type=_mung,
        metavar="all|N,N",
        help="folders that go into the name: all, or these, the first being 1",
    )
    add("--include-extensions", nargs="+", metavar="EXT", help="only such files")
    add("--exclude-extensions", nargs="+", metavar="EXT", help="no such files")
    add("--segmentation_path", type=_path, metavar="PATH", help="segmentations of the files")
    add("--segmentation_names", type=_path, metavar="FILE", help="their names: YAML or CSV")
    add("--transpose-segmentation", action="store_true", help="exchange rows and columns")
    add("--accept-burned-in", action="store_true", help="send what may have text in its pixels")
    add("--resume", metavar="NAME", help="name this upload; the same name again goes on with it")
    add("--strict", action="store_true", help="end with 3 if a file failed")
    add("--yes", action="store_true", help="do not ask before uploading")
    add("--verbose", action="store_true", help="say more")
    add("--version", action="version", version=f"%(prog)s {__version__}")
    return parser


def _run(chosen: Namespace) -> int:
    files = _files(chosen)
    names = Names() if chosen.segmentation_names is None else read_names(chosen.segmentation_names)
    masks = None
    if chosen.segmentation_path is not None:
        masks = find_masks(files, chosen.path, chosen.segmentation_path, names)
    _summarise(files, chosen)
    if not chosen.yes and input("Do you want to proceed with the upload? (y/n): ").lower() != "y":
        print("Upload cancelled.")
        return NOTHING_DONE
    with _handler() as api:
        results = api.upload_resources(
            files,
            anonymize=not chosen.retain_pii,
            anonymize_retain_codes=chosen.retain_attribute,
            on_error="skip",
            labels=chosen.label,
            mung_filename=chosen.mungfilename,
            channel=chosen.channel,
            publish=chosen.publish,
            segmentation_files=masks,
            transpose_segmentation=chosen.transpose_segmentation,
            accept_burned_in=chosen.accept_burned_in,
            resume=chosen.resume,
        )
    assert isinstance(results, list)
    failed = [
        (file, result)
        for file, result in zip(files, results, strict=True)
        if not isinstance(result, str)
    ]
    print("\nUpload summary:")
    print(f"\tTotal files: {len(files)}")
    print(f"\tSuccessful uploads: {len(files) - len(failed)}")
    print(f"\tFailed uploads: {len(failed)}")
    for file, error in failed:
        print(f"\t{file}: {error}", file=sys.stderr)
    return SOME_FAILED if failed and chosen.strict else 0


def _handler() -> APIHandler:
    """Return a handler; where no key is known, ask for it."""
    try:
        return APIHandler()
    except NotAuthenticatedError:
        if not sys.stdin.isatty():
            raise
    print("API key not found. Please provide it:")
    key = input("API key (leave empty to abort): ").strip()
    if not key:
        raise NotAuthenticatedError("no API key is known: run datamint-config")
    if input("Save the API key so it automatically loads next time? (y/n): ").lower() == "y":
        set_value(KEY_NAME, key)
    return APIHandler(api_key=key)


def _files(chosen: Namespace) -> list[Path]:
    """Return the files that are meant, in order.

    Raises
    ------
    NotFoundError
        If there are none.
    """
    path: Path = chosen.path
    if path.is_file():
        return [path]
    depth = 0 if chosen.recursive is None else chosen.recursive
    found = _walk(path, _DEPTH_MAX if depth < 0 else min(depth, _DEPTH_MAX), chosen.exclude)
    included, excluded = (
        _extensions(chosen.include_extensions),
        _extensions(chosen.exclude_extensions),
    )
    files = [
        file
        for file in found
        if (not included or file.suffix.lower() in included)
        and file.suffix.lower() not in excluded
        and file.stat().st_size
    ]
    if not files:
        raise NotFoundError("there is no file to upload in the folder: -r looks into its folders")
    return files


def _walk(folder: Path, depth: int, exclude: str | None) -> Iterator[Path]:
    for child in sorted(folder.iterdir()):
        if child.name.startswith("."):
            continue
        if child.is_dir():
            if depth and not (exclude and fnmatch.fnmatch(child.name, exclude)):
                yield from _walk(child, depth - 1, exclude)
        elif child.is_file():
            yield child


def _extensions(given: Sequence[str] | None) -> frozenset[str]:
    parts = [part.strip().lower() for one in given or () for part in one.split(",")]
    return frozenset(part if part.startswith(".") or not part else f".{part}" for part in parts)


def _summarise(files: Sequence[Path], chosen: Namespace) -> None:
    size = float(sum(file.stat().st_size for file in files))
    unit = 0
    while size >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    kinds = Counter(file.suffix or "no extension" for file in files)
    print(f"Number of files to be uploaded: {len(files)}")
    print(f"\t{files[0]}")
    if len(files) > 1:
        print(f"\t(...)\n\t{files[-1]}" if len(files) > 2 else f"\t{files[-1]}")
    print(f"Total size of the upload: {size:.4g} {_UNITS[unit]}")
    print("Number of files per extension:")
    for kind, count in kinds.most_common():
        print(f"\t{kind}: {count}")
    if len(kinds) > 1 and not chosen.include_extensions:
        print("Multiple file extensions found! Make sure you are uploading the correct files.")


def _path(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.exists():
        raise argparse.ArgumentTypeError(f"{text} does not exist")
    return path


def _code(text: str) -> tuple[int, int]:
    try:
        group, element = (int(part, 16) for part in text.strip("() ").split(","))
    except ValueError:
        sentence = "two hexadecimal numbers are needed, such as (0x0008, 0x0050)"
        raise argparse.ArgumentTypeError(sentence) from None
    return group, element


def _mung(text: str) -> str | list[int]:
    if text.lower() == "all":
        return "all"
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        numbers = [0]
    if any(number < 1 for number in numbers):
        raise argparse.ArgumentTypeError("'all' or numbers from 1 on are needed")
    return numbers


if __name__ == "__main__":
    sys.exit(main())
