"""Write the reference pages of settings, limits and errors from the code.

python tools/make_reference.py            writes docs/reference/*.md
python tools/make_reference.py --check    fails if a page is not what the code says
"""

import inspect
import sys
from dataclasses import fields
from pathlib import Path

from isocenter import errors
from isocenter.limits import Limits
from isocenter.settings import LIMIT_PREFIX, Settings

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTE = "This page is made by `make docs` from `{source}`; change it there.\n"


def settings_page() -> str:
    """Return the page with one row a setting."""
    rows = [
        f"| `{setting.name}` | {getattr(setting.type, '__name__', setting.type)} "
        f"| `{setting.default}` | `{setting.metadata['variable']}` "
        f"| {setting.metadata['sentence']} |"
        for setting in fields(Settings)
        if "variable" in setting.metadata
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            NOTE.format(source="src/isocenter/settings.py"),
            "Settings are environment variables, read once at start; an empty one is not set.",
            "Options of a command go before them.",
            f"The bounds in [limits](limits.md) are set by `{LIMIT_PREFIX}<NAME>`.",
            "",
            "| name | type | default | variable | meaning |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def limits_page() -> str:
    """Return the page with one row a bound."""
    rows = [
        f"| `{bound.name}` | {bound.default:,} {bound.metadata['unit']} "
        f"| `{LIMIT_PREFIX}{bound.name.upper()}` | {bound.metadata['reason']} |"
        for bound in fields(Limits)
    ]
    return "\n".join(
        [
            "# Limits",
            "",
            NOTE.format(source="src/isocenter/limits.py"),
            "| name | default | variable | reason |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def errors_page() -> str:
    """Return the page with the tree and one row a class."""
    documentation = inspect.getdoc(errors) or ""
    tree = documentation.partition("::\n\n")[2].partition("\n\n")[0]
    rows = [
        f"| `{name}` | `{found.__mro__[1].__name__}` "
        f"| {(inspect.getdoc(found) or '').splitlines()[0]} |"
        for name, found in vars(errors).items()
        if inspect.isclass(found) and found.__module__ == errors.__name__
    ]
    return "\n".join(
        [
            "# Errors",
            "",
            NOTE.format(source="src/isocenter/errors.py"),
            "```text",
            inspect.cleandoc(tree),
            "```",
            "",
            "| class | is a | raised when |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )


PAGES = {"settings.md": settings_page, "limits.md": limits_page, "errors.md": errors_page}


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` compare them; return the exit code."""
    code = 0
    for name, make in PAGES.items():
        path = FOLDER / name
        if arguments != ["--check"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(make(), encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != make():
            print(f"docs/reference/{name} is not what the code says: run `make docs`")
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
