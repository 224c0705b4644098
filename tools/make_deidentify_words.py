"""Write the vocabulary of words that say nothing of a person.

Words of the standard's own names (PS3.6) and of the published codes that pydicom knows (PS3.16,
SNOMED CT, LOINC and others): of the length of three letters and more. Family and given names that
also stand in eponyms and in taxonomy are left out, unless they are colours or parts of the body.

    python tools/make_deidentify_words.py
"""

import re
import textwrap
from pathlib import Path

import pydicom
from pydicom._dicom_dict import DicomDictionary
from pydicom._uid_dict import UID_dictionary
from pydicom.sr._concepts_dict import concepts

TARGET = Path(__file__).resolve().parent.parent / "src" / "isocenter" / "dicom" / "deidentify"
# Common names of people, checked against the words found.
_NAMES = """
abbott abrams adams adamson alexander allen anderson andrews arnold austin bailey baker barlow
barnes barrett barton bauer bell bennett berger bernard bishop blanc boyd bradley brewer brooks
bruno bryant burke burns butler campbell carter castro charles christian clark clarke coleman
collins cooper costa cox craig crawford cruz cushing daniel davies davis dean dixon douglas duke
edwards elliott ellis evans ferguson fisher fletcher flores ford foster fowler fox francis frank
franklin fraser freeman fuchs galen garcia gardner george gibson gilbert gill glover gonzalez
gordon graham grant grave griffin gross haas hall hamilton hansen harper harris harrison hart
harvey henderson henry hill hoffmann holmes howard huang hudson hughes hunt hunter hutchinson
jack jackson jacob jacobs jacobson james jenkins jensen johnson jones jordan joseph keller kelly
kennedy kim king klein knight koch kramer lambert lane lang larsen laurence lawrence lee leonard
lewis li lin liu lloyd lopez lorenz louis luke ma madison maria marie marshall martin martinez
mary mason matthews maurice mayer meyer michel miller mitchell monro moore morgan morris
morrison morton moses murphy murray nelson newman newton nichols noble norman oliver olsen owen
page palmer park parker parkinson parsons patrick patterson paul payne pearson perry peter
peters peterson phillips pierce porter potter powell price randall ray raymond reed reid
reynolds rice richard richards richardson robert roberts robertson robin robinson rogers rosen
ross roth russell russo ryan samuel sanders saunders schmidt schneider schultz schwartz scott
sharp shaw simon simpson singh smith spencer stein stephens stevens stewart sullivan thomas
thompson turner victor victoria vincent vogt wagner walker wallace walsh walter wang ward warren
watson weaver webb weber wells wheeler wilkinson williams williamson willis wilson winter wolf
wolfe wood woods wright xu yang young zhang zimmermann
"""
NAMES = frozenset(_NAMES.split())
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def main() -> int:
    """Write the table; return the exit code."""
    texts = [name for _, _, name, _, _ in DicomDictionary.values()]
    texts += [entry[0] for entry in UID_dictionary.values()]
    texts += [keyword for codes in concepts.values() for keyword in codes]
    words = {word.lower() for text in texts for word in _WORD.findall(text)}
    kept = sorted(word for word in words - NAMES if len(word) > 2)
    text = (
        '"""Words of the standard and of published codes: generated, do not edit.\n\n'
        f"Made by ``tools/make_deidentify_words.py`` from pydicom {pydicom.__version__}.\n"
        '"""\n\n# codespell and readers: parts of compound words stand here, too\nWORDS = """\\\n'
        + textwrap.fill(" ".join(kept), 100)
        + '\n"""\n'
    )
    (TARGET / "vocabulary_table.py").write_text(text, encoding="utf-8")
    print(f"vocabulary_table.py: {len(kept)} words")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
