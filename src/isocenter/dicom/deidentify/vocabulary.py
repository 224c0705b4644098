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
# Words written together are words: ImagePositionPatient, LightSpeed.
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_PLAIN = re.compile(rb"[ -~]*")
# Five digits can be a case number, and four that begin so are a year.
_LONG_NUMBER = re.compile(r"[0-9]{5}|(?<![0-9.])(?:19|20)[0-9]{2}(?![0-9])")
# Three numbers in a row can be a date; versions look the same, but have zeros and high numbers.
_THREE_NUMBERS = re.compile(r"(?<![0-9])([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})(?![0-9])")
_MONTHS, _DAYS = range(1, 13), range(1, 32)
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
for and the of in on to from per by at or as is be not all any each sat apl speed ramp algo
aborted access acqu acuson adapt admin adobergb advance aes afdl afdr allura aloka alpha altea
ambition amira ammendment anc annot anon app appen application apps aprn argb arms astm asymx asymy
attenuation attntd axiom azurion bdus big bilinear biped biteblock bmd bore borelocal bqml brn build
cardiac cardresp carm ccd cdca cdcm cdcr cddi cddo cdvo centric cephalostat cereb chnl cima
clamshell cmos cmx colpar concerto concurrent confirm connectom console const cont contains coro
coronary cosine counting cpm crdre crdrn crdrt crord crore crorn crpro csv cthd custodian cutline
cxr cylindrical dashed dcal dcdo dcmqi dcmr dcmtk ddio decreasing decy dens devices diagnost
diagnostic dicm dicomdir digital dimensions disp distalphalanx divg dlyd dr drive drr drs drw dsa
dst dstate dtim duo easy ecat echelon ecoil edge editor eis ekg elec elem elition ellipsoidal
emptying encap enclosed endobronchial endocav endsystole engineering epfid epi epid epiq eps espree
essenta exams excel excl excretion ext fcr fdr fem fib filt flexible flow fltr forw free
frontalsinus full fusion gain gated gbk gemini gen genesis gevaert gmm go gonads gyroscan hamming
hanning hd hde hdr hdx hdxt header headneck hexagonal hhcc hibcc highmi hispeed horizon ibw ict icv
iden identity immediate incl increasing ind inferred infiniteline informative ingenuity innova
instrument instruments integrating intralumenary intvl invalid investigator iq irrad isotropic ivoct
json jug kinetdx kontron labelmap landscape lbm lbmjames lbmjanma lcx ldr leaping led letters
lightning lite lkup lmin lminm logic logiq lorentzian lrntz lumina luminos lut maintain mammomat
manu masked matrx max mct mec mech mev mgminml mi millennium minutes mirror mlem mlming mlminml mmr
mobilediart model modulus monoplane mortara motn mtl multicoil multiecho multilayer multiline
multipoint multisegment multiva multix named narrowband navigator nbd ncdr nerve neutron nonlinear
nonplanar nonprogressive notspecified now nrgy num oasis obj obs oesophageal offis one open orian
oscillating outlined ovfl ovly ovr pacs parasag parastern parm partialbody parts passed passthru
patch pati patnt pcar pdf perspective pff pfp pheno phy physio pictures pixelmed pixl planning
platform pmod pmot pname pnt polarized poly polycycloidal polyline polynomial portfilm portrait
postbiopsy postfire postmarker ppg precession prefire press prime pristina products prof propcnts
propcps prostream prox pseudocontinuous public pvalues pydicom qiicr quantum questionable radiograph
radl ran rangeline rcbf rcbv rct realtime reconstruction rect redfree redgreensplit rel rela release
reoriented replicate resampled rescanning resp respir rest retracted reversed revision rfp rgbalut
rhapsody riesz rigid rms rommrgb rota rsupraclavicular rtdose rtdvh rtimage rtplan rtrecord rtstruct
running rwave rwv saph scat scatterer scintillator scoord scope seg select selenia semiautomatic
sempra senographe separate serie shcolpar shstpar shzoom sinc singles slicer slicerate slnt smash
smr software sola sparse spec spectralis spin spirit spirometer spline split spoiled squared src srf
srgb statscan stddev ste stepwise stern stim stippeled stl stpar stress struc stx subtr subtract
superimposed supria sym sysrate tabl tbd tcoord tcs tee text thumbnail tib tiled tilting titan
transcranial treatment trig trmt trnsfm trues tumbling ugitract uidref unaltered unapproved
uncalibrated undefined underlying unidirectional unif unkn unmodified unsafe unverified unzeroed
usbiopsy vantage vct vent ventricles verifed vers version vert vida viewer voilps waltz weeks winter
wireframe wobble workstation wsd xml xt xtd xyzg ybr ysio zee zeego
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
def harmless_words(value: bytes) -> frozenset[str] | None:
    """Return words and numbers of a text in capitals if it says nothing of a person, else None.

    Words of one or two letters may be anything; a text without any word gives an empty set.
    """
    if len(value) > TEXT_BYTES_MAX or not _PLAIN.fullmatch(value.rstrip(b"\0")):
        return None
    text = value.rstrip(b"\0 ").decode("ascii")
    if _LONG_NUMBER.search(text) or _has_date(text):
        return None
    words = {word.lower() for word in _WORDS.findall(text)}
    if not all(_is_known(word) for word in words):
        # ``FLAIRt2`` and ``NaCl`` are cut at the wrong place; whole they may be known.
        words = {word.lower() for word in _LETTERS.findall(text)}
        if not all(_is_known(word) for word in words):
            return None
    tokens = _TOKENS.findall(text)
    return frozenset(word.upper() for word in (*words, *tokens) if len(word) > 1)


_TOKENS = re.compile(r"[A-Za-z]+|[0-9]{3,}|[A-Za-z0-9]+")


def _is_known(word: str) -> bool:
    known = vocabulary()
    return len(word) <= _SHORT_WORD or word in known or (word[-1] == "s" and word[:-1] in known)


def _has_date(text: str) -> bool:
    return any(
        _may_be_date(int(first), int(middle), int(last), len(first), len(last))
        for first, _, middle, last in _THREE_NUMBERS.findall(text)
    )


def _may_be_date(first: int, middle: int, last: int, first_digits: int, last_digits: int) -> bool:
    """Return whether three numbers can be day, month and year, in any of the usual orders."""
    day_first = first in _DAYS and middle in _MONTHS
    month_first = first in _MONTHS and middle in _DAYS
    year_last = last_digits in (2, 4) and (day_first or month_first)
    year_first = first_digits in (2, 4) and middle in _MONTHS and last in _DAYS
    return year_last or (year_first and last_digits == 2)


@cache
def vocabulary() -> frozenset[str]:
    """Return all harmless words of three letters and more, in lower case."""
    regions = " ".join(f"{term} {entry[2]}" for term, entry in REGIONS.items())
    words = _LETTERS.findall(f"{WORDS} {_MAKERS} {_TERMS} {regions}")
    return frozenset(word.lower() for word in words if len(word) > _SHORT_WORD)
