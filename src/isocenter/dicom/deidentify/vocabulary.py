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
_PLAIN = re.compile(rb"[ -~\r\n\t\f]*")
# Five digits can be a case number, and four that begin so are a year.
_LONG_NUMBER = re.compile(r"[0-9]{5}|(?<![0-9.])(?:19|20)[0-9]{2}(?![0-9])")
# Three numbers in a row can be a date; versions look the same, but have zeros and high numbers.
_THREE_NUMBERS = re.compile(r"(?<![0-9])([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})(?![0-9])")
_MONTHS, _DAYS = range(1, 13), range(1, 32)
_SHORT_WORD = 2

_MAKERS = """
accuray achieva aera agfa airis aperio apollo aquilion artis asmedica avanto axiom barco biograph
brilliance bruker canon carestream clinac cmr cms corporation cps cyberknife dalsa definition
dentsply discovery draeger eclipse electronics elekta elscint emotion esaote espree force fresenius
fuji fujifilm gehc gems genesis gmbh gmm haag hamamatsu harmony healthcare healthineers heidelberg
hipax hitachi hologic iba ibeam imaging imix impact inc ingenia intera italray iterative kodak
konica kuratorium leica leonardo lightspeed lorad ltd magnetom marconi mecall medical mediso medison
medos merge mevion microdicom mindray minolta mobilett monaco neusoft nidek nikon olympus optima
optovue orthoscan osirix panorama pathology pentax philips picker pinnacle planmeca positron precise
prisma quantum rayence raysearch raystation revolution roche samsung scimed sedecal sensation
shimadzu siemens signa sirona skyra somatom sonic sonoscape sonosite spectra storz streit super
supersonic swissray symphony syngo synth system systems technologies tomotherapy tomtec topcon
toshiba trio triotim trixell truebeam uih ultrasound united varex varian vatech ventana ventri verio
vision vivid xeleris xvi zeiss ziehm
"""
# Defined terms and what makers write in ImageType, SequenceName, kernels and the like.
_TERMS = """
abd abdo abdom abdomen abn aborted access acq acqu acuson adapt adc add admin adobergb adult advance
aes afdl afdr algo all allura aloka alpha altea ambition amira ammendment anc and angio aniso ankle
annot anon ant anterior any apl app appen application apps aprn argb arm arms art arterial artf as
asc asset astm asymx asymy at atten attenuated attenuation attn attntd ave averaged avg axi axial
axiom azurion bdus be bgr big bilinear biped biteblock bmd body bold bone bones bore borelocal bpm
bqml brain brc breath brn brt build by calc cardiac cardresp carm ccd ccw cdca cdcm cdcr cddi cddo
cdvo ced cemra centric cephalostat cereb cervical chest chnl cima cine circ clamshell cls cmos cmx
colpar comp composed concerto concurrent confirm connectom console const cont contains contrast
control cor coro coronal coronary cosine counting cpm crdre crdrn crdrt crord crore crorn crpro csa
csaparallel cspine csv cta cthd cube custodian cutline cxr cylindrical dark dashed dcal dcdo dcmqi
dcmr dcmtk ddio decay decreasing decubitus decy def default delayed dens density der derived desc
det detail devices dfov diagnost diagnostic dicm dicomdir diff diffusion digital dimensions dis disp
dist distalphalanx divg dixon dlyd dmip dose dr drive drr drs drw dsa dst dstate dti dtim dual duo
dwi dyn dynamic each easy ecat ecg ecgt echelon echo ecoil edge editor eff eis ekg elbow elec elem
elition ellipsoidal emptying encap enclosed endobronchial endocav endsystole engineering enh
enhanced epfid epi epid epiq eps epse equilibrium espree essenta exam examination exams excel excl
excretion exp expir expiration ext face fade fast fat fcr fdr feet fem ffdl ffdr ffe ffp ffs fft fib
fiesta fil filt fir first flair flash fle flexible flow fls fltr fluid fmri foot for forw four fov
fpa fre free from frontalsinus fse fsr full fun fusion gain gat gated gating gbk gcc gemini gems gen
genesis gevaert gmm go gonads gradient grase gre gsp gyroscan hamming hand hanning haste hd hde hdr
hdx hdxt head header headneck hexagonal hfdl hfdr hfl hfp hfs hhcc hibcc high highmi hip hir hires
hispeed hist hold holo horizon hrct ibw ice ict icv iden identity iir image imaginary img immediate
in incl increasing ind inf inferior inferred infiniteline informative ingenuity inj inner innova
insp inspiration instrument instruments integrating intera intralumenary intvl inv invalid inversion
investigator ipat iq irm irrad is isotropic ivoct jpeg json jug kinetdx knee kontron labelmap
landscape lao las lat late lateral lava lbm lbmjames lbmjanma lci lcx ldr leaping led left leg legs
letters lfl lightning lin lite lkup lld lle llo lmin lminm loc localizer logic logiq lorentzian low
lower lph lps lrntz lro lspine lumbar lumina luminos lung lungs lut mag magnitude maintain mammomat
manu masked matrx max mct mean mec mech med medial medium mev mevislab mgminml mi millennium minus
minutes mip mirror mix mlem mlming mlminml mmr mobilediart mod model modulus mono monoplane mortara
mosaic motion motn mpr mprage mra mrac mrs msk mtl mts multi multicoil multiecho multilayer
multiline multipoint multisegment multiva multix named narrowband nav navigator nbd ncdr ndgr neck
nepi nerve neuro neutron non none nonlinear nonplanar nonprogressive norm normal not notspecified
now nrgy num oasis obj oblique obs oesophageal of offis on one open or ori orian orig orth
oscillating osem osl osp out outlined ova over ovfl ovly ovr pacs pancan par parallel parasag
parastern parm partialbody parts pass passed passthru patch pati patnt pca pcar pct pdf pei pelvis
per perf perfusion perspective pff pfp phan phantom phase pheno phs phy phys physio pictures
pixelmed pixl plan planning plas platform plus pmod pmot pname pnt polarized poly polycycloidal
polyline polynomial portal portfilm portrait pos post postbiopsy posterior postfire postmarker ppg
pps pre precession prefire press prim prime prio pristina products prof proj prone prop propcnts
propcps prostream prot protocol proton prox psd pseudocontinuous psn public pvalues pwi pydicom qct
qiicr qsm quality quantum questionable rad radiograph radl ramp ran rangeline ratio raw rcbf rcbv
rct real realtime rec recon reconstruction recovery rect redfree redgreensplit ref refor rel rela
release reoriented replicate resampled rescanning research resp respir rest retracted rev reversed
revision rfov rfp rgb rgbalut rhapsody riesz right rigid rlo rms roi rommrgb rot rota routine rsa
rsna rsupraclavicular rtdose rtdvh rtimage rtplan rtrecord rtstruct running rwave rwv sag sagittal
saph sar sat saturated saturation scan scat scatter scatterer sce sci scintillator scn scoord scope
scout sec seg sel select selenia semiautomatic sempra sen senographe sense separate seq ser serie
series sharp shcolpar shm shoulder shrt shstpar shzoom sin sinc singles sitting slab slc slicer
slicerate slnt slow smash smooth smr sms snr sof soft software sola som space sparse spc spec
spectralis speed spgr spi spin spine spir spirit spirometer spl spline split spoiled spr squared src
srf srgb ssfp ssh stable stack stan stand standard standing statscan std stddev ste stepwise stern
stim stippeled stir stl stpar str stress struc study stx sub subtr subtract subtraction sum sup
superimposed superior supine suppressed suppression supria surf surview swi swp sym syn sysrate tabl
tb tbb tbd tcoord tcs tee ter tes test text tfe tfl tgse the thick thin thor thoracic thorax three
thumbnail tib tiled tilting tirm titan to tof tomo topo topogram tor tra tracew transcranial
transverse treatment trig trmt trnsfm trues trufi tse tspine tte tumbling turb turbo tvs two ufb
ugitract uidref ult unaltered unapproved uncalibrated undefined under underlying unidirectional unif
uniform unit units unk unkn unmodified unsafe unverified unzeroed upper urt usbiopsy use vantage var
vct venc venous vent ventricles verifed vers version vert vibe vida view viewer voilps vol volume
vrt waltz wat water weeks weighted win winter wireframe with without wobble workstation wrist wsd
xfl xml xt xtd xyzg ybr yes ysio zee zeego zoom
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
