"""Write ``src/isocenter/dicom/dictionary_table.py`` from pydicom's data dictionary (PS3.6).

The merge path must start without importing pydicom (0.2 s), so the two columns that it needs,
VR and keyword, stand in a module of their own. Run again when pydicom's edition changes:

    python tools/make_dictionary.py > src/isocenter/dicom/dictionary_table.py
"""

import sys

import pydicom
from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary
from pydicom._version import __dicom_version__


def main() -> int:
    out = sys.stdout.write
    out(f'''"""Data dictionary (PS3.6), edition {__dicom_version__}: generated, do not edit.

Made by ``tools/make_dictionary.py`` from pydicom {pydicom.__version__}.
"""

# ruff: noqa: E501
# tag -> (VR, keyword); a VR of several is written as in PS3.6, for example "US or SS"
ELEMENTS: dict[int, tuple[str, str]] = {{
''')
    for tag, (vr, _vm, _name, _retired, keyword) in sorted(DicomDictionary.items()):
        out(f'    0x{tag:08X}: ("{vr}", "{keyword}"),\n')
    out("}\n\n# (mask as in PS3.6, x for any digit) -> (VR, keyword)\n")
    out("REPEATING: dict[str, tuple[str, str]] = {\n")
    for mask, (vr, _vm, _name, _retired, keyword) in RepeatersDictionary.items():
        out(f'    "{mask}": ("{vr}", "{keyword}"),\n')
    out("}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
