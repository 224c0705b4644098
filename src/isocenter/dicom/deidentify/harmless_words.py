"""Words that say nothing of a person although a person may be named so.

A family name can be *Head*, *Long* or *Philips*; the standard's own vocabulary, the names of body
parts and of makers stand in elements that are kept. A single word of this kind is no hit of the
self-check; in company of other words of the same value it is.
"""

from functools import cache

from isocenter.dicom.anatomic_regions import REGIONS
from isocenter.dicom.deidentify.identifying_tokens import find_words, folded
from isocenter.dicom.names_table import ELEMENT_NAMES, UID_NAMES

_MAKERS = """
    agfa barco bruker canon carestream dentsply electric elekta esaote fuji fujifilm general
    healthcare healthineers hitachi hologic karl konica konicaminolta kodak marconi medical
    medison mindray minolta neusoft nikon olympus philips picker pixelmed planmeca raysearch
    samsung scimed shimadzu siemens sirona solutions sonosite storz supersonic systems toshiba
    united varian vatech zeiss ziehm
"""
# What stands for nobody: other programs' dummies, names of test objects.
_NOBODY = """
    anon anonym anonymized anonymised anonymous deidentified demo demonstration dummy
    example hospital identified identity male female nobody none null phantom pseudonym removed
    research sample samples study subject test tester testing unknown unspecified various volunteer
    withheld
"""
# Defined terms of images that neither PS3.6 nor the names of body parts hold.
_TERMS = """
    angio artifact asset average averaged bold bone brain breath calibrated cardiac chest cine
    contrast coronal crop derived distortion dixon dual early echo enhanced exam extended fast feet
    filtered flair flash free gated gray green haste head helical high hires hold large late lava
    left linear live localizer long lower lung mask mean medium minip mono mosaic multi native
    navigator nerve norm normal normalized oblique optimum original other overview part perfusion
    phase plain post power primary processed prone prospective protocol quick rapid real recon
    resampled reformatted rest retrospective right routine sagittal scout screen secondary sense
    sharp short single slow small smooth soft spiral standard stand stress strong subtraction
    supine surface survey thick thin tissue topogram transverse trigger turbo ultra upper vibe
    volume water white whole wide with without
"""


_CUT = 8  # letters that some programs cut their dummies to


@cache
def _words() -> frozenset[str]:
    regions = " ".join([name + " " + entry[2] for name, entry in REGIONS.items()])
    words = find_words(
        folded(f"{ELEMENT_NAMES} {UID_NAMES} {regions} {_MAKERS} {_NOBODY} {_TERMS}")
    )
    return frozenset((*words, *(word[:_CUT] for word in _NOBODY.split())))


def is_harmless(words: str) -> bool:
    """Return whether this is one word of that vocabulary, in small letters, perhaps numbered."""
    return " " not in words and words.rstrip("0123456789") in _words()
