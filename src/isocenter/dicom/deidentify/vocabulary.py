"""Whether a short text says nothing of a person: each of its words is known to be harmless.

Words of the standard and of published codes (``vocabulary_table.py``), names of makers, kernels,
sequences and coils as they stand in real files, and letters or numbers so short that they identify
nobody. Anything else, be it a name, a place, a date or a long number, makes the whole value go.
"""

import re
from functools import cache, lru_cache

from isocenter.dicom.anatomic_regions import REGIONS
from isocenter.dicom.deidentify.vocabulary_table import WORDS

TEXT_BYTES_MAX = 1024

_LETTERS = re.compile(r"[A-Za-z]+")
_PLAIN = re.compile(rb"[ -~]*")
# Five digits can be a case number, and four that begin so are a year.
_LONG_NUMBER = re.compile(r"[0-9]{5}|(?<![0-9.])(?:19|20)[0-9]{2}(?![0-9])")
# Three numbers in a row are read as a date.
_LIKE_A_DATE = re.compile(r"(?<![0-9])[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{1,4}(?![0-9])")
_SHORT_WORD = 2

_MAKERS = """
agfa airis apollo aquilion artis asmedica axiom barco biograph bruker canon carestream cmr
definition discovery elekta elscint emotion esaote force fuji fujifilm gehc gems genesis healthcare
healthineers hipax hitachi hologic ingenia intera iterative konica kodak leonardo lightspeed
magnetom marconi mediso merge microdicom mindray minolta mobilett nikon olympus optima osirix
panorama philips picker positron prisma raysearch revolution samsung scimed sensation shimadzu
siemens signa skyra somatom sonosite spectra symphony syngo tomtec toshiba trio triotim ultrasound
varian ventri verio vivid vision xeleris zeiss ziehm avanto aera achieva espree harmony impact
brilliance precise xvi clinac truebeam eclipse monaco pinnacle cyberknife tomotherapy raystation
medical systems system imaging technologies electronics corporation inc ltd gmbh
"""
# Defined terms and what makers write in ImageType, SequenceName, kernels and the like.
_TERMS = """
abd abdo acq adc add adult angio aniso ant art artf asc asset ave averaged avg axi bgr body bold
bone bpm brc brt calc cardiac ccw ced cemra chest cine circ cls comp composed cor coronal csa cta
cube cube dark default def der derived desc det dfov diff diffusion dis dist dixon dmip dti dual
dwi dyn dynamic ecg ecgt eff enh epi epse exp expir ext face fade fast fat feet ffe ffp ffdl ffdr
ffs fft fiesta fil fir flair flash fle fls fmri fov fpa fre fse fsr fun gat gating gcc gems gre
grase gsp haste hfdl hfdr hfp hfs hir hires hist holo hrct ice image iir img inf inj inner insp
intera inv ipat irm jpeg lao las lat lava lci left legs lfl lin lld lle llo loc localizer lph lps
lro lung lut max mean med medium mip mix mod mono mosaic motion mpr mprage mpr mra mrac mrs msk mts
multi neck nav ndgr nepi neuro non none norm normal ori orig orth osl osp out ova pancan par pca
pct pei perf perfusion phan phantom phs phys plan plas pos pps pre prim prio proj prop prot psd psn
pwi qct qsm rad raw rec recon ref refor rest rfov rgb rms roi rot rlo sag sagittal sar scan sce sci
scn scout sec sel sen sense seq ser shm shrt sin slab slc slow sms snr sof soft space spc spgr spi
spin spir spl spr ssh ssfp stable stan stand standard std stir str sub subtraction sum sup surf
surview swi swp syn tb tbb tes tfe tfl tgse thick thin thor tirm tof tomo topo topogram tor tra
tracew trufi tse turb turbo tvs ufb ult unk urt use var venc vibe view vol volume vrt wat win xfl
yes zoom abn hfl mag rev rsa rsna stack ter unit units decay scatter atten attn osem recon
sharp smooth detail edge lungs bones brain head spine cspine lspine tspine pelvis knee hip shoulder
wrist ankle foot hand elbow leg arm abdomen thorax cervical lumbar thoracic with without contrast
water phase magnitude real imaginary ratio enhanced uniform first pass late delayed arterial venous
portal equilibrium routine protocol study series exam examination research test quality control
left right upper lower anterior posterior superior inferior lateral medial oblique axial transverse
sagittal coronal low high dose post plus minus over under one two three four free breath hold
inspiration expiration prone supine decubitus standing sitting weighted spin echo gradient
inversion recovery fluid attenuated saturated saturation suppressed suppression proton density
"""


@lru_cache(maxsize=8192)
def harmless_words(value: bytes) -> tuple[str, ...] | None:
    """Return the words of a text in capitals if it says nothing of a person, else None.

    Words of one or two letters do not count. A text without any word gives ``()``.
    """
    if len(value) > TEXT_BYTES_MAX or not _PLAIN.fullmatch(value.rstrip(b"\0")):
        return None
    text = value.rstrip(b"\0 ").decode("ascii")
    if _LONG_NUMBER.search(text) or _LIKE_A_DATE.search(text):
        return None
    words = tuple(word for word in _LETTERS.findall(text) if len(word) > _SHORT_WORD)
    if not all(word.lower() in vocabulary() for word in words):
        return None
    return tuple(word.upper() for word in words)


@cache
def vocabulary() -> frozenset[str]:
    """Return all harmless words of three letters and more, in lower case."""
    regions = " ".join(f"{term} {entry[2]}" for term, entry in REGIONS.items())
    words = _LETTERS.findall(f"{WORDS} {_MAKERS} {_TERMS} {regions}")
    return frozenset(word.lower() for word in words if len(word) > _SHORT_WORD)
