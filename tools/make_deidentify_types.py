"""Write the types of attributes (PS3.3): what may be empty, what may be absent.

De-identification replaces, empties or removes by these types, so that a valid object stays one.
They are read from the JSON files that the package highdicom carries (generated from the published
standard). Run with a Python that has pydicom, naming the folder that holds these files:

    python tools/make_deidentify_types.py .../highdicom/_standard
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

from pydicom.datadict import tag_for_keyword

TARGET = Path(__file__).resolve().parent.parent / "src" / "isocenter" / "dicom" / "deidentify"
# Conditional attributes that are there meet their condition, as far as anybody can tell.
STRENGTH = {"1": 1, "1C": 1, "2": 2, "2C": 2}
ROW_ITEMS = 8
HEAD = '''"""Types of attributes in the IODs (PS3.3): generated, do not edit.

Made by ``tools/make_deidentify_types.py`` from highdicom's copy of the tables.
"""

'''


def main() -> int:
    """Write the table; return the exit code."""
    folder = Path(sys.argv[1])
    modules = json.loads((folder / "module_attribute_map.json").read_text())
    iods = json.loads((folder / "iod_module_map.json").read_text())
    classes = json.loads((folder / "sop_class_iod_map.json").read_text())
    lines = [HEAD]
    lines += root_lines(modules, iods, classes)
    lines += nested_lines(modules)
    target = TARGET / "types_table.py"
    target.write_text("".join(lines), encoding="utf-8")
    print(f"{target.name}: {len(lines)} lines")
    return 0


def root_lines(modules: dict, iods: dict, classes: dict) -> list[str]:  # type: ignore[type-arg]  # JSON
    """Return the types in the root, IOD by IOD."""
    names = sorted(set(classes.values()))
    lines = ["# SOP Class UID -> number of its IOD\nIODS: dict[str, int] = {\n"]
    lines += [f'    "{uid}": {names.index(name)},\n' for uid, name in sorted(classes.items())]
    lines.append("}\n\n# lines of: tag, IODs where its type is 1 and where it is 2, as bits in\n")
    lines.append('# hexadecimal; those of all modules that an IOD may have\nROOT = """\\\n')
    masks: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for number, name in enumerate(names):
        for tag, strength in strengths_of(modules, iods[name]).items():
            masks[tag][strength] |= 1 << number
    for tag, (_, first, second) in sorted(masks.items()):
        lines.append(f"{tag:08X} {first:x} {second:x}\n")
    lines.append('"""\n\n')
    return lines


def strengths_of(modules: dict, own: list) -> dict[int, int]:  # type: ignore[type-arg]  # JSON
    """Return the strictest type of each attribute in the root of an IOD."""
    found: dict[int, int] = {}
    for module in own:
        for attribute in modules.get(module["key"], []):
            tag = tag_for_keyword(attribute["keyword"])
            strength = STRENGTH.get(str(attribute["type"]))
            if strength and tag is not None and not attribute["path"]:
                found[tag] = min(strength, found.get(tag, strength))
    return found


def nested_lines(modules: dict) -> list[str]:  # type: ignore[type-arg]  # JSON
    """Return the types inside of sequences, by the sequence, over all modules."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for attributes in modules.values():
        for attribute in attributes:
            kind = str(attribute["type"])
            if attribute["path"] and kind in STRENGTH:
                parent = tag_for_keyword(attribute["path"][-1])
                tag = tag_for_keyword(attribute["keyword"])
                if parent is not None and tag is not None:
                    known = found[parent].get(tag, "9")
                    found[parent][tag] = min(known, kind)
    lines = ["# lines of: a sequence, tags in its Items and their types (C: conditional)\n"]
    lines.append('NESTED = """\\\n')
    for parent, children in sorted(found.items()):
        items = [f"{tag:08X}{kind}" for tag, kind in sorted(children.items())]
        lines += [
            " ".join([f"{parent:08X}", *items[start : start + ROW_ITEMS]]) + "\n"
            for start in range(0, len(items), ROW_ITEMS)
        ]
    lines.append('"""\n')
    return lines


if __name__ == "__main__":
    raise SystemExit(main())
