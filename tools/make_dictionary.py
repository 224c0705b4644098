"""Write the tables of `src/isocenter/dicom/` that come from pydicom's dictionaries (PS3.6).

The merge path must start without importing pydicom (0.2 s), so the columns that it needs, VR and
keyword, stand in a module of their own. Names and private elements, which only JSON and printed
headers need, stand in two more. Run again when pydicom's edition changes:

    python tools/make_dictionary.py
"""

from pathlib import Path

import pydicom
from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary
from pydicom._private_dict import private_dictionaries
from pydicom._uid_dict import UID_dictionary
from pydicom._version import __dicom_version__

TARGET = Path(__file__).resolve().parent.parent / "src" / "isocenter" / "dicom"


def main() -> int:
    """Write the three tables; return the exit code."""
    tables = {
        "dictionary_table.py": dictionary_table(),
        "names_table.py": names_table(),
        "private_table.py": private_table(),
    }
    for name, text in tables.items():
        (TARGET / name).write_text(text, encoding="utf-8")
        print(f"{name}: {text.count(chr(10))} lines")
    return 0


def head(title: str, *, allowed: str = "") -> str:
    """Return how each table begins; `allowed` are the rules of ruff that it may break."""
    marker = f"# ruff: noqa: {allowed}\n" if allowed else ""
    return f'''"""{title}: generated, do not edit.

Made by ``tools/make_dictionary.py`` from pydicom {pydicom.__version__}.
"""

{marker}'''


def dictionary_table() -> str:
    """Return the module of VRs and keywords.

    It holds text too: parsing it takes 2 ms, loading the same as a dict of tuples 29 ms, and every
    command line pays for it.
    """
    lines = [head(f"Data dictionary (PS3.6), edition {__dicom_version__}")]
    lines.append(f'EDITION = "{__dicom_version__}"\n\n')
    lines.append('# lines of: tag, VR (one word, as in "US_or_SS"), keyword\n')
    lines.append('_ELEMENTS = """\\\n')
    for tag, (vr, _vm, _name, _retired, keyword) in sorted(DicomDictionary.items()):
        lines.append(f"{tag:08X} {vr.replace(' ', '_')} {keyword}".rstrip() + "\n")
    lines.append('"""\n\n')
    lines.append(PARSER)
    lines.append("# (mask as in PS3.6, x for any digit) -> (VR, keyword)\n")
    lines.append("REPEATING: dict[str, tuple[str, str]] = {\n")
    for mask, (vr, _vm, _name, _retired, keyword) in RepeatersDictionary.items():
        lines.append(f'    "{mask}": ("{vr}", "{keyword}"),\n')
    lines.append("}\n")
    return "".join(lines)


PARSER = """\
# tag -> (VR, keyword); a VR of several is written as in PS3.6, for example "US or SS"
ELEMENTS: dict[int, tuple[str, str]] = {
    int(tag, 16): (vr.replace("_", " "), keyword)
    for tag, vr, keyword in (f"{line} ".split(" ")[:3] for line in _ELEMENTS.splitlines())
}

"""


def names_table() -> str:
    """Return the module of the names that people read.

    It holds text, which loads ten times faster than the same as dicts.
    """
    lines = [
        head(f"Names of elements and UIDs (PS3.6), edition {__dicom_version__}", allowed="E501")
    ]
    lines.append('# lines of: tag, name\nELEMENT_NAMES = """\n')
    for tag, (_vr, _vm, name, _retired, _keyword) in sorted(DicomDictionary.items()):
        lines.append(f"{tag:08X} {escaped(name)}".rstrip() + "\n")
    lines.append('"""\n\n# lines of: keyword of a repeating element, name\nREPEATING_NAMES = """\n')
    names = {entry[4]: entry[2] for entry in RepeatersDictionary.values()}
    lines.extend(f"{keyword} {escaped(name)}\n" for keyword, name in names.items() if keyword)
    lines.append('"""\n\n# lines of: UID, name\nUID_NAMES = """\n')
    lines.extend(
        f"{uid} {escaped(entry[0])}\n" for uid, entry in UID_dictionary.items() if entry[0]
    )
    lines.append('"""\n')
    return "".join(lines)


def private_table() -> str:
    """Return the module of private elements."""
    lines = [head("Known private elements by private creator", allowed="E501, RUF001")]
    lines.append("# private creator -> lines of: mask of the tag (x for any digit), VR, name;\n")
    lines.append(
        "# text, so that loading it costs nothing and only asked-for creators are parsed\n"
    )
    lines.append("PRIVATE_ELEMENTS: dict[str, str] = {\n")
    for creator, elements in private_dictionaries.items():
        lines.append(f'    {quoted(creator)}: """\n')
        for mask, (vr, _vm, name, _retired) in elements.items():
            several = vr.replace("_", " or ").replace(" ", "_")  # one word
            lines.append(f"{mask} {several} {escaped(name)}".rstrip() + "\n")
        lines.append('""",\n')
    lines.append("}\n")
    return "".join(lines)


def escaped(text: str) -> str:
    """Return the text as it stands inside three double quotes."""
    assert '"""' not in text
    assert text.isprintable()
    return text.replace("\\", "\\\\")


def quoted(text: str) -> str:
    """Return the text as the formatter writes it: double quotes unless there are more of them."""
    literal = repr(text)
    if literal[0] == "'" and '"' not in text:
        return f'"{literal[1:-1]}"'
    return literal


if __name__ == "__main__":
    raise SystemExit(main())
