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
abbott abrams adams adamson alan albert alexander alfred alice allan allen amy anderson andrew
andrews angela ann anne anthony arnold austin bailey baker barbara barlow barnes barrett barton
bauer bell ben bennett berger bernard bill bishop blanc bob boyd bradley brewer brooks bruce
bruno bryant burke burns butler campbell carl carol carter castro catherine charles chris
christian christine claire clara clark clarke claude coleman collins cooper costa cox craig
crawford cruz cushing daniel david davies davis dean dennis diana dixon donald dora doris
dorothy douglas duke edgar edith edmund edwards edwin elena eliza ella elliott ellis emil emily
emma eric ernst erwin evans eve evelyn felix ferdinand ferguson fisher fletcher flores ford
foster fowler fox francis frank franklin fraser fred frederick freeman fritz fuchs gabriel galen
garcia gardner george gerald gerhard gibson gilbert gill glover gonzalez gordon graham grant
grave griffin gross gustav haas hall hamilton hans hansen harold harper harris harrison harry
hart harvey heinz helen helena henderson henry herbert hermann hill hoffmann holmes howard huang
hudson hughes hugo hunt hunter hutchinson ian ida ivan jack jackson jacob jacobs jacobson james
jan jane jean jeff jenkins jensen jerry jim joan joe joel johann john johnson jonathan jones
jordan jose josef joseph karl kate keith keller kelly ken kennedy kevin kim king klein knight
koch kramer kurt lambert lane lang larry larsen laura laurence lawrence lee leo leon leonard
leopold lewis li lin linda lisa liu lloyd lois lopez lorenz louis lucia lucy ludwig luis luisa
luke ma madison marc marco margaret maria marie mario marshall marta martha martin martinez mary
mason matt matthews maurice mayer meyer michael michel mike miller mitchell mohamed monro moore
morgan morris morrison morton moses murphy murray nancy neil nelson newman newton nichols nick
nicolas nicole nina noble nora norman olga oliver olivia olsen oscar otto owen pablo page palmer
pamela park parker parkinson parsons patricia patrick patterson paul payne pearson pedro peggy
perry peter peters peterson phil philip philippe phillips pierce pierre porter potter powell
price rachel ralph randall raphael ray raymond reed reid rene reynolds rice richard richards
richardson rita rob robert roberts robertson robin robinson rogers rosa rosen ross roth rudolf
russell russo ruth ryan sally sam samuel sanders sandra sara sarah saunders schmidt schneider
schultz schwartz scott sebastian sergio sharp shaw simon simpson singh smith sofia sophie
spencer stefan stein stella stephen stephens steve steven stevens stewart sue sullivan susan
sven tania taylor ted theodor thomas thompson tim tina tom tony turner ursula vera veronica
victor victoria viktor vincent virginia vogt wagner walker wallace walsh walt walter wang ward
warren watson weaver webb weber wells werner wheeler wilhelm wilkinson willi williams williamson
willis wilson winter wolf wolfe wood woods wright xavier xu yang young yves zhang zimmermann zoe
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
