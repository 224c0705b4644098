"""Write ``src/isocenter/dicom/legacy_modules.py``: root attributes of the Legacy Converted IODs.

The module tables of PS3.3 (A.70-A.72 and the modules they name) are read from the JSON files that
the package highdicom carries (generated from the published standard). Run with a Python that has
highdicom installed:

    python tools/make_legacy_modules.py > src/isocenter/dicom/legacy_modules.py
"""

import importlib.metadata
import json
import sys
from pathlib import Path

from pydicom.datadict import tag_for_keyword

IODS = {"CT": "ct", "MR": "mr", "PT": "pet"}


def main() -> int:
    """Print the module."""
    distribution = importlib.metadata.distribution("highdicom")
    folder = Path(str(distribution.locate_file("highdicom/_standard")))
    modules = json.loads((folder / "module_attribute_map.json").read_text())
    iods = json.loads((folder / "iod_module_map.json").read_text())
    tags: dict[str, set[int]] = {}
    for modality, name in IODS.items():
        tags[modality] = set()
        for module in iods[f"legacy-converted-enhanced-{name}-image"]:
            for attribute in modules.get(module["key"], []):
                tag = tag_for_keyword(attribute["keyword"])
                if not attribute["path"] and tag is not None:
                    tags[modality].add(tag)
    common = set.intersection(*tags.values())
    out = sys.stdout.write
    out(f'''"""Module attributes of the Legacy Converted Enhanced IODs (PS3.3): generated, do not edit.

Made by ``tools/make_legacy_modules.py`` from highdicom {distribution.version}.
"""

COMMON_ROOT_TAGS = frozenset(
    {{
''')
    for tag in sorted(common):
        out(f"        0x{tag:08X},\n")
    out("    }\n)\n\n# Modality -> tags that only this IOD has in its root.\n")
    out("OWN_ROOT_TAGS = {\n")
    for modality, own in tags.items():
        rows = ", ".join(f"0x{tag:08X}" for tag in sorted(own - common))
        text = f'    "{modality}": frozenset({{{rows}}}),\n'
        if len(text) > 101:
            text = f'    "{modality}": frozenset(\n        {{\n'
            text += "".join(f"            0x{tag:08X},\n" for tag in sorted(own - common))
            text += "        }\n    ),\n"
        out(text)
    out("}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
