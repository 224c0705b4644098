"""Write the tables of the enhanced family that the standard decides.

The module tables of PS3.3 (A.36, A.38, A.56, A.70-A.72 and the modules they name) and the body
parts of PS3.16 Annex L are read from the JSON files that the package highdicom carries (generated
from the published standard). Run with a Python that has highdicom installed:

    python tools/make_legacy_modules.py legacy > src/isocenter/dicom/legacy_modules.py
    python tools/make_legacy_modules.py enhanced > src/isocenter/dicom/enhanced_modules.py
    python tools/make_legacy_modules.py regions > src/isocenter/dicom/anatomic_regions.py
"""

import importlib.metadata
import json
import sys
from collections.abc import Callable
from pathlib import Path

from pydicom.datadict import tag_for_keyword

IODS = {"CT": "ct", "MR": "mr", "PT": "pet"}
LINE_LENGTH = 100

Out = Callable[[str], object]


def main() -> int:
    """Print the module that the argument names."""
    distribution = importlib.metadata.distribution("highdicom")
    folder = Path(str(distribution.locate_file("highdicom/_standard")))
    out = sys.stdout.write
    end = f"""Made by ``tools/make_legacy_modules.py`` from highdicom {distribution.version}.
\"\"\"
"""
    if sys.argv[1] == "regions":
        out(f'"""Body Part Examined as codes (PS3.16 Annex L): generated, do not edit.\n\n{end}')
        write_regions(json.loads((folder / "anatomic_regions.json").read_text()), out)
        return 0
    modules = json.loads((folder / "module_attribute_map.json").read_text())
    iods = json.loads((folder / "iod_module_map.json").read_text())
    prefix, name = {
        "legacy": ("legacy-converted-enhanced", "Legacy Converted Enhanced"),
        "enhanced": ("enhanced", "Enhanced CT, MR and PET Image"),
    }[sys.argv[1]]
    out(f'"""Module attributes of the {name} IODs (PS3.3): generated, do not edit.\n\n{end}')
    keys = {
        modality: [module["key"] for module in iods[f"{prefix}-{one}-image"]]
        for modality, one in IODS.items()
    }
    write_root_tags(keys, modules, out)
    if sys.argv[1] == "enhanced":
        write_macros(keys, modules, out)
    return 0


def write_root_tags(keys: dict[str, list[str]], modules: dict[str, list], out: Out) -> None:  # type: ignore[type-arg]  # JSON
    """Print which attributes stand in the root."""
    tags: dict[str, set[int]] = {}
    for modality, own in keys.items():
        tags[modality] = set()
        for key in own:
            for attribute in modules.get(key, []):
                tag = tag_for_keyword(attribute["keyword"])
                if not attribute["path"] and tag is not None:
                    tags[modality].add(tag)
    common = set.intersection(*tags.values())
    out("\nCOMMON_ROOT_TAGS = frozenset(\n    {\n")
    for tag in sorted(common):
        out(f"        0x{tag:08X},\n")
    out("    }\n)\n\n# Modality -> tags that only this IOD has in its root.\n")
    out("OWN_ROOT_TAGS = {\n")
    for modality, found in tags.items():
        rows = ", ".join(f"0x{tag:08X}" for tag in sorted(found - common))
        text = f'    "{modality}": frozenset({{{rows}}}),\n'
        if len(text) > LINE_LENGTH + 1:
            text = f'    "{modality}": frozenset(\n        {{\n'
            text += "".join(f"            0x{tag:08X},\n" for tag in sorted(found - common))
            text += "        }\n    ),\n"
        out(text)
    out("}\n")


def write_macros(keys: dict[str, list[str]], modules: dict[str, list], out: Out) -> None:  # type: ignore[type-arg]  # JSON
    """Print which attributes, of which type, each functional group of an IOD has."""
    out("\n# Modality -> functional group -> attribute -> type, those of nested Items aside.\n")
    out("MACROS: dict[str, dict[str, dict[str, str]]] = {\n")
    for modality, own in keys.items():
        (key,) = (key for key in own if key.endswith("multi-frame-functional-groups"))
        macros: dict[str, dict[str, str]] = {}
        for attribute in modules[key]:
            path = attribute["path"]
            if path[:1] != ["SharedFunctionalGroupsSequence"] or len(path) > 2:
                continue
            if len(path) == 1:
                macros.setdefault(attribute["keyword"], {})
            else:
                macros.setdefault(path[1], {})[attribute["keyword"]] = attribute["type"]
        out(f'    "{modality}": {{\n')
        for sequence in sorted(macros):
            out(f'        "{sequence}": {{\n')
            for keyword, of_type in sorted(macros[sequence].items()):
                out(f'            "{keyword}": "{of_type}",\n')
            out("        },\n")
        out("    },\n")
    out("}\n")


def write_regions(regions: dict[str, list], out: Out) -> None:  # type: ignore[type-arg]  # JSON
    """Print the code of each body part, and whether there is a left and a right one."""
    out("\n# Body Part Examined -> code value, coding scheme, meaning, whether it is paired.\n")
    out("REGIONS = {\n")
    for part, (scheme, code, meaning, is_paired) in sorted(regions.items()):
        text = f'    "{part}": ("{code}", "{scheme}", "{meaning}", {is_paired}),\n'
        if len(text) > LINE_LENGTH + 1:
            rows = (f'"{code}"', f'"{scheme}"', f'"{meaning}"', f"{is_paired}")
            text = f'    "{part}": (\n' + "".join(f"        {row},\n" for row in rows) + "    ),\n"
        out(text)
    out("}\n")


if __name__ == "__main__":
    raise SystemExit(main())
