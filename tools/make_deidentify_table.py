"""Write the two tables that de-identification decides by: Table E.1-1 and the allow-list.

`table.py` is PS3.15 Table E.1-1, edition 2024b, from `confidentiality_profile_attributes.json`
beside this file (text of the standard, machine-readable). `allow_table.py` names the attributes of
PS3.6 that are not in that table and were reviewed as not identifying; the rules of the review
stand below, with their reasons. Attributes of later editions get in only when this runs again:

    python tools/make_deidentify_table.py
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary
from pydicom._version import __dicom_version__

EDITION = "2024b"
HERE = Path(__file__).resolve().parent
SOURCE = HERE / "confidentiality_profile_attributes.json"
TARGET = HERE.parent / "src" / "isocenter" / "dicom" / "deidentify"

# Column of the source -> letter in our table.
COLUMNS = {
    "rtnUIDsOpt": "u",
    "rtnDevIdOpt": "d",
    "rtnInstIdOpt": "i",
    "rtnPatCharsOpt": "p",
    "rtnLongFullDatesOpt": "f",
    "rtnLongModifDatesOpt": "m",
    "cleanDescOpt": "t",
    "cleanStructContOpt": "s",
    "cleanGraphOpt": "g",
    "rtnSafePrivOpt": "v",
}

# --- The review of what is not in Table E.1-1 -----------------------------------------------------

# Groups whose attributes say how an image was made, measured and shown. All others are denied:
# 0000-0004 (command, meta, directory), 0010 and 0038 (people), 0014 and 4010 (not medical),
# 0032 (requests), 0072-0078 and 0100 (protocols, worklists, implants as products), 0400
# (signatures), 0088 and 2000-2200 (media, film), 4000-4FFE (retired reports), odd groups, 50xx.
MEDICAL_GROUPS = frozenset(
    {
        *(0x0008, 0x0016, 0x0018, 0x0020, 0x0022, 0x0024, 0x0028, 0x0034, 0x003A, 0x0040, 0x0042),
        *(0x0044, 0x0046, 0x0048, 0x0050, 0x0052, 0x0054, 0x0060, 0x0062, 0x0064, 0x0066, 0x0068),
        *(0x006A, 0x0070, 0x0080, 0x3002, 0x3004, 0x3006, 0x3008, 0x300A, 0x300C, 0x300E, 0x3010),
        *(0x5200, 0x5400, 0x5600, 0x7FE0),
    }
)
# Attributes of other groups that say how a patient lay, or what the object already is.
EXTRA = {
    0x00100028: "SubjectRelativePositionInImage: geometry",
    0x00100200: "QualityControlSubject: a flag",
    0x00101023: "MeasuredAPDimension: geometry, for dose",
    0x00101024: "MeasuredLateralDimension: geometry, for dose",
    0x00102210: "AnatomicalOrientationType: geometry",
    0x00109431: "ExaminedBodyThickness: geometry, for dose",
    0x20500010: "PresentationLUTSequence: how grey levels are shown",
    0x20500020: "PresentationLUTShape: how grey levels are shown",
    0x00120052: "LongitudinalTemporalOffsetFromEvent: made for de-identified objects",
    0x00120053: "LongitudinalTemporalEventType: made for de-identified objects",
    0x00102202: "PatientSpeciesCodeSequence: a code, type 1C for animals",
}
# Denied although of a medical group and of a VR that is allowed: tag pattern -> reason.
DENIED = {
    r"0008(0001|0010|0040|0041|0042|005[1-6])": "messages, retired sets, issuers, archives",
    r"0008(01[01][0-9A-F]|012[02-4])": "catalogues of coding schemes; context groups",
    r"0008(0201|022[02]|03..|04..|11[23]5|119[0-8AB])": "zone, organisations, inventories, results",
    r"0018(1003|1006|1010|1011|180[1-3])": "identifiers of devices and of networks",
    r"0018(9175|9186|9423|99..)": "procedure protocols and other text written by people",
    r"0020(31..|5002|5000|1020|0070|9213|9238)": "retired identifiers; private creators",
    r"0022(1029|1039|112C|1454|1616|1159|1273|1066|1065)": "free text about eyes",
    r"0024(0069|0044|0202|0306|0307|0308|0309)": "free text about tests",
    r"0034....": "real-time video: flows and their network names",
    r"0028(700D|7007|700[45C])": "names of workstations and their state",
    r"0040(000[0-9A-F]|002.|003.|0220|027.|029[36])": "requests, facilities, what was billed",
    r"0040(032.|0340|0500|0515|[124]...|E...|A390)": "requests, work items, documents elsewhere",
    r"0042(0010|0013|0014)": "documents: title, kinds of their sources",
    r"0044....": "products and approvals: lots, notes, persons",
    r"0068....": "implant templates: catalogues of makers",
    r"0070(0006|0081|0208|0229|0227|0256)": "free text; fonts and patterns by name",
    r"3002(0020|0120)": "names of machines and templates",
    r"300A(00CC|0236|0238|0244|00C2|0183|0184)": "names written by people",
    r"3010(001D|0086|000C|001A)": "identifiers of devices, free text",
}
# What people write, whatever the group is.
DENIED_KEYWORDS = re.compile("Comment|Notes|Narrative|Issuer")
# Retired attributes are denied except in these groups, where old images carry them.
RETIRED_GROUPS = frozenset({0x0018, 0x0020, 0x0028, 0x0054, 0x3004, 0x3006})

NUMBERS = frozenset({"IS", "DS", "US", "SS", "UL", "SL", "FL", "FD", "UV", "SV"})
BULK = frozenset({"OB", "OW", "OF", "OD", "OL", "OV"})
# Short text: kept where each word is in the reviewed vocabulary, however it got there.
SHORT_TEXT = frozenset({"LO", "SH", "UC"})
# Parts of a code, which count only inside of one (`codes.py`).
CODE_PARTS = frozenset({0x00080100, 0x00080102, 0x00080103, 0x00080104, 0x00080119})
# Kept by functions of their own.
SPECIAL = {
    0x00080005: "SpecificCharacterSet",
    0x00282000: "ICCProfile",
    0x7FE00010: "PixelData",
    0x00420011: "EncapsulatedDocument",
}
CLASSES = {
    "number": "numbers: of the form of their VR, of no more values than PS3.6 allows",
    "enumerated": "code strings: each word of the reviewed vocabulary",
    "uid": "UIDs: those of the standard stay, others are replaced",
    "sequence": "sequences: their Items are judged element by element",
    "tag": "pointers: at attributes of PS3.6 only",
    "bulk": "samples, lookup tables and the like",
    "text": "short technical text: each word of the reviewed vocabulary",
    "code": "the parts of a code of a published coding scheme",
    "special": "decided by functions of their own",
}


def main() -> int:
    """Write both tables; return the exit code."""
    rows = json.loads(SOURCE.read_text(encoding="utf-8"))
    tables = {"table.py": confidentiality_table(rows), "allow_table.py": allow_table(rows)}
    for name, text in tables.items():
        (TARGET / name).write_text(text, encoding="utf-8")
        print(f"{name}: {text.count(chr(10))} lines")
    return 0


def head(title: str) -> str:
    """Return how each table begins."""
    return f'"""{title}: generated, do not edit.\n\nMade by ``tools/make_deidentify_table.py``.\n'


def confidentiality_table(rows: list[dict[str, str]]) -> str:
    """Return the module of Table E.1-1."""
    lines = [head("Confidentiality profile attributes (PS3.15 Table E.1-1)")]
    lines.append('"""\n\nfrom isocenter.dicom.deidentify.rows import Row, parse_rows\n\n')
    lines.append(f'EDITION = "{EDITION}"\n\n')
    lines.append("# lines of: tag (x for any digit), action of the Basic Profile, one letter and\n")
    lines.append("# action for each option that changes it\n")
    lines.append('_ROWS = """\\\n')
    for row in rows:
        tag = "private" if "where" in row["id"] else row["id"].upper().replace("X", "x")
        changes = [f"{COLUMNS[name]}={row[name]}" for name in COLUMNS if name in row]
        lines.append(" ".join([tag, row["basicProfile"], *changes]) + "\n")
    lines.append('"""\n\nROWS: dict[str, Row] = parse_rows(_ROWS)\n')
    return "".join(lines)


def allow_table(rows: list[dict[str, str]]) -> str:
    """Return the module of what is allowed beside the table."""
    listed = {row["id"].upper() for row in rows}
    chosen: dict[str, list[str]] = {name: [] for name in CLASSES}
    for tag, (vr, vm, _, retired, keyword) in sorted(DicomDictionary.items()):
        if keyword and f"{tag:08X}" not in listed:
            found = class_of(tag, vr, keyword, is_retired=bool(retired))
            if found:
                chosen[found].append(f"{tag:08X} {values_max(vm)} {keyword}\n")
    lines = [head(f"Attributes that may stay (PS3.6, edition {__dicom_version__})")]
    lines.append('"""\n\n# lines of: tag, how many values at most (0: any number), keyword\n')
    lines.append("ALLOWED: dict[str, str] = {\n")
    for name, reason in CLASSES.items():
        lines.append(f'    # {reason}\n    "{name}": """\\\n')
        lines += chosen[name]
        lines.append('""",\n')
    lines.append(
        "}\n\n# overlay planes: geometry of the plane (PS3.3 C.9), values at most, keyword\n"
    )
    lines.append("OVERLAY: dict[int, tuple[int, str]] = {\n")
    lines += overlay_rows()
    lines.append("}\n")
    return "".join(lines)


def class_of(tag: int, vr: str, keyword: str, *, is_retired: bool) -> str:
    """Return the class of an attribute, empty where it is denied."""
    if tag in SPECIAL or tag in CODE_PARTS:
        return "special" if tag in SPECIAL else "code"
    if tag not in EXTRA and is_denied(tag, vr, keyword, is_retired=is_retired):
        return ""
    vrs = set(vr.split(" or "))
    if vrs & (BULK | NUMBERS):
        return "bulk" if vrs & BULK else "number"
    if vr in SHORT_TEXT:
        return "" if is_retired else "text"
    return {"CS": "enumerated", "UI": "uid", "SQ": "sequence", "AT": "tag"}.get(vr, "")


def is_denied(tag: int, vr: str, keyword: str, *, is_retired: bool) -> bool:
    """Return whether the review says no, whatever the VR is."""
    if tag >> 16 not in MEDICAL_GROUPS or not tag & 0xFFFF:
        return True
    if is_retired and tag >> 16 not in RETIRED_GROUPS:
        return True
    if any(re.fullmatch(pattern, f"{tag:08X}") for pattern in DENIED):
        return True
    return vr in {*SHORT_TEXT, "SQ"} and DENIED_KEYWORDS.search(keyword) is not None


def values_max(multiplicity: str) -> int:
    """Return the greatest number of values, 0 where PS3.6 has no bound."""
    last = re.split("[- ]", multiplicity)[-1]
    return int(last) if last.isdigit() else 0


def overlay_rows() -> Iterator[str]:
    """Yield the numbers and code strings of overlay planes, by element number."""
    wanted = ("0010", "0011", "0015", "0040", "0045", "0050", "0051", "0100", "0102", "1301")
    for mask, (vr, vm, _, _, keyword) in RepeatersDictionary.items():
        if mask.startswith("60xx") and mask[4:] in (*wanted, "1302", "1303"):
            yield f'    0x{mask[4:]}: ({values_max(vm)}, "{vr}"),  # {keyword}\n'


if __name__ == "__main__":
    raise SystemExit(main())
