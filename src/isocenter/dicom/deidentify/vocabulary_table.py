"""Words of the standard and of published codes: generated, do not edit.

Made by ``tools/make_deidentify_words.py`` from pydicom 3.0.2.
"""

# codespell and readers: parts of compound words stand here, too
WORDS = """\
aapm abdomen abdominal abdominis abdominopelvic abducens abduction abductor aberdeen aberrated
abigar ability ablation abnormal abnormalities abnormality abnormally abondance aborigine abort
abortion above abrupt abscess absence absent absolute absorbed absorbing absorptiometry absorption
abstract abtenauer abuse abyssinian acanthioparietal acasum acbpd acbpdfl acbpdflhc accel
accelerated acceleration accentuated acceptance accepted acceptor access accessed accessible
accession accessories accessory accident accreditation accumbens accumulated accumulation accuracy
acd ace aceh acepromazine acessorius acetabular acetabulum acetate acetic acetrizoate acetyl
acetylaspartate acetylaspartylglutamate acfl acflhc achc ache achham achieve achieved achilles acid
acidified acinar acoustic acquired acquisition acquisitions acr acridine acriflavine
acromioclavicular acromion across acrylic acting actinic action actionable activation active
actively activity actual acuity acute adaev adamawa adaptaur adaptive adc add added addended
addendum addition additional address adduction adductor aden adeno adenocarcinoma adenohypophysis
adenoid adenoidal adenolipoma adenoma adenomyoepithelioma adenopathy adenosine adenosis adhoc
adiabatic adipose adjacent adjudicator adjunct adjusted adjustment adjuvant administered
administering administration administrator admission admissions admitted admitting adolescent
adrenal adrenergic adult adults advance advanced adventitia adventitial adverse aerobic afc affected
affenpinscher afferent afghan african africana africander africangnus africangus after afterloader
afz agar agatston age agency agent agents agerolese aggregated aggressive agn ago agonist agreement
aic aided aidi aif aifroi ain ainu air airedale aires airflow airway ais ait akbash akha akhal
akinesia akinesis akita aksa ala alaeque alambadi alanine alano alapaha alarm alaska alaskan alb
albanian albers albese albino albumin alcian alcohol alcoholic aldehyde ale alentejana alentejo
aleppo alert alerts alfentanil algarvia algorithm algorithmic algorithms aliab alias aliased aligned
alignment alistana alive alizarin alkali alkaline all allergic allergies allergy alliance allocated
allocation allow allowed alloy alloys almanzorena almost along alpha alphachloralose alphadelta
alphadolone alphaxalone alpine alps altai altay alter altered alternans alternate alternative
altitude aluminium aluminum alur alveolar ambient ambiguous amboim ambu ambulatory amelanotic
america american americas amerifaxcattle amine aminoglycoside aminotransferase ammonia amniocentesis
amnioinfusion amnion amniotic amorphous amount amphetamine amplifier amplitude amputation amrit
amritmahal amygdala amygdaloid amyloid anadolu anal analgesic analog analyses analysis analytical
analyzed analyzer anastomosis anastrozole anatolian anatomic anatomical anatomy anchor anchoring
anconeus and andalusian andaluza andean andor androgen anechoic anesthesia anesthesiology anesthetic
aneurysm aneurysmal aneurysms ang angeln angina anginal angio angiocardiography angiogram
angiographic angiography angiolipoma angioma angiomatosis angioplasty angiosarcoma angioscopy
angiotensin angle angles anglo angoni angora angular angulation anguli angus ani aniline animal
animals animation anion anisotropy anjou ankina ankle ankole annotation annotations annular annulo
annulus anode anomalous anomaly anonyma antagonist antebrachii antecubital antegrade anterior
anteriorly antero anterolateral anteroseptal anthracene anthropomorphic anti antiarrhythmic
antibiotic antibody antibradycardia anticholinergic anticoagulant anticonvulsant antidiuretic
antiemetic antifungal antigen antihelix antihemophilic antihistamine antihypertensive
antihypoglycemic antilipemic antilles antitachycardia antitragus antra anulus anus anxiety any aorta
aortic aortography aortopulmonary aosta apadtad apennine aperture apex aphakia aphakic apical apmm
apmmbsa apnea apneic apocrine appaloosa apparatus apparent appearance appearing appendage
appendiceal appendicular appendix appenzell appenzeller apple appliance applicability applicable
application applications applicator applied applies appointment apposition approach appropriate
approval approved approver approving approximate apso apulian aqrs aqueduct aqueous aquitaine
araappaloosa arab arabi arabian aracena arachnoid arado aragonesa aramid arapawa arbitrary arbuckle
arc arcelin arch architectural archive arcott arcuate ardennais ardennes are area areas areola
argentine argentino ari aries arithmetic arm armant armorican armrest around arouquesa arousal
arousals arrangements array arrest arrhythmia arrhythmic arrival arrive arrived arsenic arsi art
arterial arteries arteriography arteriolosclerosis arteriosclerosis arteriosclerotic arteriosum
arteriosus arteriovenous artery articular artifact artifacts artifactual artificial artois ascending
ascitic ascob ascorbate ascorbic asd ashanti ashman asian asl asleep aspartate aspect aspen
asphericity aspirate aspiration assembly asserter assertion assess assessed assessment assigned
assigning assignment assist assistant assisted assisting associated association assurance asthenia
asthma astigmatism astringent astrocytoma asturian asum asymmetric asymmetry asymptomatic
asynchronous asystole ata ataxia atd atdt atebrin atelectasis ath atherectomy atheroma atheromatous
atherosclerotic atlantal atlanto atlantoaxial atlantooccipital atlas atomic atopic atpadi atresia
atrial atrioventricular atrium atrophy atropine atsm attach attached attachment attempt attempted
attending attenuated attenuation attenuator attenuators attribute attributes atypical aubrac aucbn
audemer audio audiology audit auditory augment augmentation augmented aulie aunt auramine aure
auricular auricularis australian austrian authentication author authority authorization authorized
authorizing auto autocorrelation automated automatic automatically automation autonomic autonomous
autorefraction autosequence auvergne auxiliary auxois availability available avc avelignese average
averaged averages averaging avetonou avf avg avilena avl avoidance avr avti awaiting awake awakening
awassi aweil axes axial axilla axillaris axillary axis axt ayrshire azaouak azaperone azawakh
azerbaijan azimuthal azo azocarmine azophloxin azores azorubin azteca azure azurine azurol
azygoesophageal azygos azygous bac bachaur back background backrest backscatter bacon bacterial bad
baden badger baffle bag baggara bagot bahia bahima bailout bakosi bakwiri baladi baladicattle
balance balanced baldinger baldy balearic bali balikun balinese balkan balke balkhi ball balloon
baltaret baltic baluchi balwen bamaxiang bambara bambawa bambey bamei bami ban banat band bandwidth
bangladesh banjara banker bantu banyo baoule bapedi barb barbado barbados barbari barbary barbet
barbiturate barcode bardigiano bargur bari baria barium barka barometric barotse barra barrosa
barroso barzona basal base based baseline basenji bashi bashkir basic basilar basilic basis basket
basque basset bassett basuto bat batak batanes batangas batard bath battery baum bavarian bavenda
bay bayar bayesian bazadais bazett bazna beaded beagle beam beams beamsplitter bear bearded bearing
bearnais beat beath beats beauceron beclere becquerel becquerels bedding bedlington beef beefmaker
beer beetal before begin beginning behavior beijing being beiroa beja belarus belge belgian belgium
belied bellied belmont belorus below belt belted beltsville benadir bengal bengali benign
benralizumab bentheim bentheimer benzo benzodiazepine bergamasca bergamasco bergschaf berkshire
berlin bernese bernoulli bernthsen berrendas bertel beryllium bessel best bestuzhev beta betizuak
between beulah bevacizumab bhagnari bhirum bhuj bhutia bias bibliographic bibrik bic biceps bichon
bichons bicisate bicycle bidirectional biebrich biellese bifascicular bifurcation big bigeminy
bilateral bild bile biliary bilirubin billing billy bimal bin binary binh binning bins biochemistry
biohazardous biomagnetic biomarker biomedical biometry biomicroscope biophysical biopsy bioptome
biosafety biparietal biplane bipolar biquad bird birefringence birman birth bis bisaro bismark
bismuth bison bisynchronous bit bite bitmap bits biventriculare bizanian bkb black blackbelly
blackett blackhead blackheaded blackmouth blacknosed blacksided bladder blalock blanca blanco blank
blanket blaukoepfiges bleach bleeding blending bleomycin bleu blinatumomab blind blink blinks block
blockage blocked blocker blocking blocks blond blonde blood bloodhound bloody bloom blue blueblood
bluefaced blunted blur bmi boak boar board boarding bobtail bode bodmin body boer boerboel bold boli
bolivian bolognese bolting bolus boluses bombay bon bond bone bones bonsmara bony booroola booted
boothby bootstrap bor boran bordeaux border borderline borders boreray borg borghigiana borgou
borneo bororo borzoi bos bosnian boston both bottle bottom bouin boulonnais bound boundaries
boundary bounded bounding bourbonnais bouscat bouvier bovinae bovine bovska bowtie box boxer boxes
boykin bpd bpda bpdapadtadfl bpdasum bpdftafl bpdttd bqrs bra braba brabant bracco brachial
brachialis brachii brachiocephalic brachioradialis brachy brachycardia brachytherapy bracke
bradycardia braford bragado braganca brahma brahman brahmousin brahorn brain brainmask brainstem
bralers branch branching brand brandenburg brandlbracke brandrood brangus braque brasileiro braunes
braunvieh bravia bravon brazilian brazilin brca break breakout breast breasts breath breathing
brecknock bred breech breed breeders bregma breitov brenner brentuximab brep bretagne bretegne
breton breve brevis brewerton briard bridge bright brightfield brightness brillenschaf brilliant
brindle briquet british brittany broad broden broholmer bromide bromine bronchial bronchioloalveolar
bronchiologram bronchodilator bronchogram bronchopulmonary bronchospasm bronchovascular bronchus
broselow brother brought brown bruising brumby bsa bsi buccal buccinator buckskin bud budyonny
buffered bulb bulbi bulboventricular bulgarian bulk bull bulldog bulldogge bullet bullmastiff
bunamiodyl bundle buohai bupivacaine burden burgos burlina burman burmese burned burning bursa burst
bursts burwash buryat busa bushuev busyness but butabarbital butana butanol butterfly butterworth
buttock button butyrate bwp byelorussian bypass byte caballus cabannina cabano cabg cachena cachexia
cad caffeine cage cahoon cai cairn caiua calabrian calascibetta calasparrena calcaneal calcaneum
calcaneus calcification calcifications calcified calcium calculated calculation calculations
caldeano caldelana caldwell calendar calf calibrated calibration calibrator california californium
callback called calling callithrix callosum caloric calvana calyx camargue camarron cambodian
camborough cambourgh cambridge camera camp campanian campolina can canaan canada canadian canal
canario canary canastr canastra canastrinho cancel canceled cancellation cancer canchim cane canik
canind canine canines canis cannabis cannot cannula canthus cantonese cap capabilities capability
capacity cape capillary capit capitis capra caprine capromab capsular capsule captain capture caput
caracu carazebu carbapenem carbol carbon carbonate carcinogen carcinoma carcinosarcoma card cardia
cardiac cardigan cardiogenic cardiology cardiomegaly cardiomyopathy cardiophrenic cardiopulmonary
cardiorespiratory cardiosphere cardiothoracic cardiotonic cardiovascular cardioversion care
carfentanil carina carinthian carlo carmine carminic carmoisine carnae carneae carnoy carolina
carotid carpathe carpathian carpi carpus carrier carthusian cartilage cartilaginous cartridge
carunchinho caruncho caruncle casanareno case casertana cashmere caspian cassette cast casting
castlemilk cat catahoula catalan catalana catalina catalog cataract catch catching category cath
catheter catheterization cattle cattlebreed catus caucasian caucasus caudad caudal caudate caudo
caudocranial caudodistal caudodorsal caudoventral cause caused causton cava caval cavalier cavallino
cavernosum cavia cavity cavopulmonary cavum cayuse cba cbsa ccu cda cecum celestine celiac cell
cells celsius celtiberica cemented center centered centerline centerpoint centimeter central
centralis centralizer centrally centre centrilobular centroid cephalad cephalic cephalosporin cerbat
cerebellar cerebellum cerebral cerebrospinal cerebrovascular ceres certainty certificate
certification certified ceruloplasmin cervical cervicales cervicis cervico cervicothoracic cervix
cesium cesky cessation cestrum cetuximab cfr cfx chair chakouyi challenge challenges cham chamber
chamberlain chamfer chamois chamoisee chan chang change changed changes channel channels channi
chantilly chaos chaouia chapar char chara character characteristic characteristics characters
charbray charcoal charford charge charging charmed charnequeria charolais charollais charollandais
chart chartreux chassard chausse chd chebyshev check checked checkerboard checks cheek cheju chem
chemical chemotherapy chenghua chernigov chesapeake chesi chest chester chestnut cheurfa cheviot
chewing chi chiangus chianina chiasm chiasma chickasaw chicken chico chien chiford chihuahua child
children chilean chills chilote chimaine chin china chinampo chincoteague chinese chino chinook
chios chip chitkara chittagong chitty chloracetate chloral chloride chloriodized chloroacetate
chloroform chlorpromazine cholesterol choline cholinergic cholistani chondroma chondrosarcoma chord
chordae chordal chords choriocapillaris choroid choroidal chosen chow chromate chromaticities
chromaticity chrome chromic chromium chromotrope chronic chronically chronotropic chryak chrysoidine
chumbivilcas chumysh chunan churro cic cid cie cigarette cildir ciliary cine cinefluorography
cingulum cinisara circadian circle circuit circular circulating circulation circulatory circum
circumference circumferential circumflex circumscribed cirit cirneco cirrhosis cirsoid cisterna
citation cited citrate citric ckdepi ckmb clammy class classes classification classified
claudication clavicle clavicular clawn clean clear clearance clearing cleavage cleaves clemente
clements cleveland clinic clinical clinically clinician clinoid clip clipping clitoris clock
clockface close closed closes closest closewool closure clot clothing cloud clr club clumber clun
cluster clustered clydesdale cmab cmod coach coaching coagulant coagulation coalescent coarctation
coarse coarseness coarsewool coast coat coated coating cob cobalt cobb coburger cocaine coccygeal
coccygeus coccyx cochineal cochlearis cocker cockett cockroft code coded codes coding coefficient
coefficients coeliacus coenzyme coercion coherence coil coiled coiling coin coincidence col colcher
cold coldblood colher colic colin collapse collar collated collateral collation collection colli
collie collimated collimation collimator collision collocation colloid colloidal colombian colon
colonial colonic colonography color colorado colorectal colored colorpoint colostomy colourpoint
columbia column columns combination combined comeback comedocarcinoma comisana command commanded
comment comments commercial commissioning commissure commitment committee common communes
communicated communicating communication communications communis community compact compactness
comparative compared comparison comparisons compartment compatible compensation compensator
compensators complaint complete completed completely completion complex complexes complexion
complexity complicated complication complications component composed composing composite compositing
composition compositor compound comprehensive compressed compression computation computed computer
computerized comtois con concatenation concave concentration concentric concept conception concepts
conceptual concern concha conclusion conclusions condenser condition conditionality conditions
conductance conducted conduction conduit cone conepresent conference confidentiality configuration
configured confined confirmation confirmed confluence confocal conformal conformality conformation
conformity congenital congestion congestive congo conjunctiva conjunctival conjunctive connected
connection connective connector connemara connor consciousness consent conservation considered
consistency consistent constant constants constituent constrained constraint constricted
constriction constrictive constructed construction consult consultant consultation consulting
consumable consumption contact contained container containing content context contextual contiguous
continental continuation continue continuing continuity continuous contour contouring contours
contra contraception contraceptives contracta contractility contraction contraindicated
contraindication contraindications contralateral contrast contributing contribution control
controlled controller controls conventional convergence convergent conversion converted converter
converting convex convolution convulsions cooker cool coon coonhound coopelso cooperative coopworth
coordinate coordinated coordinates coordinating copied copies coplanar copper copy cor
coracobrachialis coracoid cord cordis cordocentesis core corgi coriphosphine cormo corn cornea
corneal corner cornish cornwall corona coronal coronary corporeal corpus corralero correct corrected
correction correlates correlation corresponding corriedale corriente corsican corso cortex
corticobulbar corticospinal cosentina costae costal costarum coste costeno costocervical
costochondral coton cotswold couch cough coughed couinaud count counter country counts county
coupled couplet coupling course cousin coventry cover coverage coverslip cow cpap cpf cpz cracker
cradle cramp cranial craniales cranio craniofacial cranioproximal cranium crdr cream crease created
creatine creatinine creation creator creole crescent crest crested cresyl cretan cribriform
cricothyroideus criollo crioulo criteria critical crl crlasum croatian crocein croix crop cropping
cross crossed crosshair crossing crosstable crown crt cruro crus crusher cryoablation cryotherapy
crystal crystalline csf css ctd ctdi ctdifreeair ctdivol ctdiw ctmv ctv ctx cuanzo cuban cube cubic
cubital cuernos cuff cuino cukurova culposcopy culprit cumulative cuniculus cup cuprem cur curative
curcumin curettage curl curled curly curraleiro current currently cursor curta curvature curve
curved cushion cusp custodial custom cut cutaneous cutaneus cutchi cutoff cutter cutting cuvak
cyanine cyanocobalamin cyanol cyanosis cycle cyclopentolate cylinder cylindroid cyphersuite cyprus
cyst cystadenocarcinoma cystatin cysteinate cystic cystoscopy cytokine cytologic cytology cytotoxic
czech czechoslovakian dabieshan dac dachsbracke dachshund dachsund daera dagestan dahe dairy dajal
dala dales dalesbred dalland dalmatian dama damage damani damara damascus damietta damping damus
danakil dandie dane danelius dangi danish danube danubian dark darkfield dartmoor dashing dashtiari
data date dates datetime datong datum daughter daweizi day daya days dbi dbsa dca dcam dce dcfbcf
dcis dct ddl dead death debouillet decay deceased deceleration decibel decibels deciduous decimal
decimate decimeter decision decomposition decongestant deconvolution decorrelation decrease
decreased decubitus deep deerhound default defect defects deferens defibrillation defibrillator
defined definite definition definity deflate deflated deflection deformable deformation deformed
deformity deg degeneration degree degrees dehydration deidentification dekalb del delaine delay
delayed deleted deletion deliboz delimitation delimiter delimiters delineated delivered delivery
dell delphian delta deltoid deltoideus demand demarcated demographics dengchuan denominator dense
densities densitometric densitometry density dental deogir deoni deoxygenation deoxynucleotidyl
departed department dependence dependent dependovirus deployed deployment depolarizing deposit
deprecated depreotide depression depressor deprivation depth depths derbyshire derivation derivative
derived dermantsi dermatitis dermatology dermoscopic dermoscopy des desaturation descendants
descending descent description descriptions descriptor descriptors desert desflurane design
designator desmoid dest destination destruction detach detachable detached detail detailed details
detected detection detections detector detectors determination determined determining deterministic
deuterium deutsche deutsches deviation deviations device devices devon dexa dexamethasone dexter
dextran dextrocardia dfpm dfpt dgn dhanni dhs diabetes diabetic diacetyl diagnoses diagnosis
diagnostic diagonal diali dialog diameter diamond diani diaphanography diaphoretic diaphragm
diaphragma diaphragmatic diaphragmatis diastasis diastole diastolic diatrizoate diazepam
dibromofluorescein dichloride dichroic dichromate dicom dicos dictation did didinga died
diencephalon dies diet dietary diethlyamide diethyl diethylamide diethylenetriamine difference
different differential differentiated differentiation difficult difficulty diffuse diffusely
diffusion diffusivity digastricus digestion digit digital digitales digiti digitized digitizer
digitizing digitorum digits digoxin dihydrotetrabenazine dilatation dilated dilation diluent
dilution dimeglumine dimension dimensional dimensionality dimensions dimer din ding dingo dinka
dinmont diode diopters dioxide diphenhydramine diprotrizoate dipyridamole direct directed direction
directional directionality directions directive directly directory disability disabled disagreement
disapproval disapproved disc discarded discharge discharged discharges discoid discoloration
discomfort disconnected discontinuation discontinued discordance disease diseased diseases dishty
disintegration disk disks disodium disofenin disorder disorders disoriented dispense dispersion
displaced displacement display displayed disposed disposition disproportion dissecting dissection
disseminated dissimilarity dissociation distal distance distances distant distilled distinctly
distorted distortion distraction distributed distribution disturbance diuretic divergence
diverticulum divide division divisor dizziness djakore djerma dki dlp dls dnepropetrovsk dnieper
doayo doberman dobrogea dobutamine doc doctor document documented documenting documents dodd dodge
does doesn dog dogo dogue domain domestic dominance dominant don done dongola dongyang donnersberg
donor door dop dopa doppler doran dorna dorper dorsal dorsales dorsalis dorset dorsi dorso
dorsocaudal dorsodistal dorsolateral dorsomedial dorsopalmar dorsoplantar dorsoproximal dorsorostral
dorsum dortyol dosage dose doses dosimeter dosimetric dosimetrist dosimetry dosing dot dotatate
doubilet double doublet dower down downgaze downsloping downward dpa draft drakensberger draped
drents drentse drever drive drop droperidol drops droughtmaster drowsy dru drug drutm dry drysdale
dsi dti dual dublin duck duct ductal ductogram ductography ductus due dulmen dun dunker dunkerhound
dunlap duodenal duodenum duplex duplicate dupuy dura duration durations durazol during duroc dutch
dvd dvh dwarf dwi dxx dxy dxz dye dyn dynamic dynamics dyscrasia dysfunction dyskinesia dyskinesis
dysplasia dyspnea dyssynchrony dystrophic dyy dyz dzumalia dzz ear eared earliest early easi east
eastern eating eccentric eccentricity ecg echo echocardiography echogenic echogenicity echotexture
echovist echt eclampsia ecromeximab ecst ect ectasia ectatic ectopic ectpet eczema edd eddy
edelschwein edema edge edited editing edition edlv edotreotide edta educational eeg eem effect
effective effectiveness effects efferent effort effusion efw eggshell egyptian eighth ejection ela
elapsed elastic elasticity elastography elb elbow elderly elective electric electrical
electrocardiogram electrocardiographic electrocardiography electrode electrodes electroencephalogram
electroencephalography electrogram electromagnetic electromechanical electromyogram electromyography
electron electrooculogram electrooculography electrophysiology electroporation electroretinogram
elegant eleia element elemental elements elevated elevation eleventh eligibility eligible elite
elizabethan elkhound ell ellestad elliottdale ellipse ellipsoid elliptic elm elongation elsewhere
email embedding embolism embolization embolus embryonic emergency emergent emg emission emissive
emitter emitting emmetropia emmetropic emphasis emphysema empirical empted empty emulation enabling
encapsulated encapsulation encephalomyelitis enclosing encode encoded encoding encrypted end ended
enderby endian ending endo endocardial endocarditis endocavitary endocrine endocrinology endoleak
endometrial endometrium endorectal endoscope endoscopic endoscopy endothelial endothelium
endotracheal endovaginal endovascular endplate enema energy enflurane engadine engineering english
enhanced enhancement enhancing enlarged enrichment enrollment enteral entered enterer entire
entirely entity entlebucher entorhinal entrance entrapment entries entropy entry envelope
environment environmental enzyme eog eosin epagneul ephedrine epi epicardial epicardium epidermal
epidermoid epididymis epidural epifluorescence epigastric epilepsy epileptic epileptiform
epileptogenic epinephrine epiploic epirus episode epithelial epithelium epitrochlear eponymous epoxy
epsse equal equalization equals equation equidistant equipment equivalent equivocal equus era erase
erased eraso erb erect erector ergometer erhulian erie eriksen eriochrome eriskay erl erlunchun
eroded error eruption erythema erythematosus erythrosin erzgebirg esasai escape eskimo esophageal
esophagus espa essex est esterase estimate estimated estimates estimation estonian estrela estrogen
estrogenic esur ethanol ether ethics ethidium ethmoid ethnic ethyl ethylenediamine etidronate
etiology etna etomidate euler eurasian eurasier euroline european europium eustachian evaluated
evaluation evaluator event events ever evidence evol evolution ewing exact exaggerated exametazime
examination examined examiner examining exceeds excellent except excess excessive exchange excision
excitation excluded excluding exclusion exclusive excursion execution exercise exerciser exertion
exertional exif existence exit exmoor exogenous exotic expanded expander expanding expansion
expected experimental expert expertise expiration expired expiry explanation explantation explicit
exponent exponential export exposed exposure exposures expression extended extensible extension
extensor extent extents external externus extra extracardiac extracorporeal extracted extracting
extraction extrafoveal extraluminal extraocular extrapulmonary extrasystole extravasation
extremadura extremely extremena extremities extremity exy eye eyeball eyebrow eyelash eyelid eyes
fabrianese fabrication face faced faceplate facet facial faciales facialis facility fact factor
factors faeroes faf failed failure failures falabella fall fallopian fallot fallypride false
familial familiaris family fan fannong farm fascia fasciae fascial fascicular fasciculation
fasciculus fast fasting fastpac fat fatal father fatigue fatty faults fauve fca fcf fcpa fcpv fcv
fcz feature features febrile feces federation feed feedback feeding feet feetfirst feist feline
felis fell fellata fellow felver female femoral femoralis femoris femur fenestration fengjing
ferrandais ferric ferromagnetic ferrous fetal fetlock fetocide fetus fetuses feulgen fever ffd fhc
fiber fiberoptic fibers fibrate fibril fibrillation fibrils fibrinogen fibrinoid fibrinolysin fibro
fibroadenolipoma fibroadenoma fibroadenomatoid fibrocalcific fibrocystic fibroelastosis
fibroglandular fibromatosis fibromuscular fibronodular fibrosarcoma fibrosing fibrosis fibrosus
fibrous fibula fibular fibularis fidelity fiducial fiducials field fifth fighting fil fila file
filename fill filled filler filling fills film films filter filtered filtering filters filtration
final find finding findings fine finewool finger fingers finish finite finncattle finnhorse finnish
fino fio fir firing firm first fish fisk fissure fistula fit fitted fitting fitzpatrick five fixated
fixation fixative fixator fixed fjall fjord fkpeg flac flag flagellar flags flail flandres flank
flash flat flatness flattening flb flbpd fleck fleisch fleischner fleischschaf flemish fleuve
flexion flexor flexure flhc flight flip flirt float floating flocculent floor florbetaben
florbetapir florida flortaucipir flow fluanisone flubatine fluciclatide fluciclovine fluctuation
fluence fluffy fluid flumazenil fluorescein fluorescence fluorescent fluorethyltyrosin fluorexon
fluoride fluorine fluoro fluorobenzothiazole fluorocholine fluorodeoxyglucose fluorodopa
fluoroestradiol fluoroetanidazole fluoroethylflumazenil fluoromethane fluoromisonidazole
fluoropropyl fluoroscopic fluoroscopy fluorotriopride fluorouracil flurpiridaz flush flushing
flutemetamol flutter fmisof focal focus focused fogera foi fold folder folio follicle follow
followed following font fontan fontanel fonthill foo food foot footing for foramen force forced
forceps forearm forefoot foreground forehead foreign forelimb forensic forest form formaldehyde
formalin format formation formats formatted former formol formula fornix forrest fort forward fossa
fosses fouchet foundation four fourier fourth fousek fouta fov fovea foveal foxhound fplp fpz
fractal fraction fractional fractionation fractions fracture fragmentable frame frames framing
framingham fran francais france frati fredericia frederiksborg free freedom freehand freezing
freiberg french frenulum freq frequencies frequency frequent fresolimumab fridericia friedman friend
fries friesian frijolillo frise friuli frog from front frontal frontalis fronto froxfield frozen frs
fuan fuchse fuchsin fuchsschaf fujian fulani full fumati function functional functions fundoscopy
fundus funiculus fur furioso furo further fused fusiform fusion fuzhou fuzzy fwp gaasum gabou gacko
gado gadobenate gadobutrol gadodiamide gadofosveset gadolinium gadopentetate gadoterate gadoteridol
gadoversetamide gadoxetate gain gait galactocele galactosyl galiceno galician gallbladder gallium
gallocyanine gallope galloway galvanic galway gambian gamma gammopathy ganglion ganong gansu gantry
ganz ganzhongnan ganzhou gaolao gaoundere gap garfagnina garganica garment garnet garrano garre
garth gas gasara gascogne gascon gascony gaseous gasping gastric gastro gastrocnemius gastroduodenal
gastrointestinal gate gated gatei gating gauge gault gaunling gaussian gavage gayal gaynor gaze gbc
gcct gcl gctt geary gehoernte gel gelbray gelbveih gelderland gene general generalized generated
generation generator generic genetic genicular geniculate genioglossus genital genitalia
genitourinary genome gentian gentile genu genus geographic geois geometric geometrical geometry
georgian geriatric germain german germanium gestation gestational get geud gfr ggx ghana ghori ghost
giacomini giant gidda gidran giemsa gieson gingiva gir girdle girgentana girolando girons given glan
gland glands glandular glans glare glass glaucoma glcm glembatumumab glen glenn glenoid glioblastoma
global globulin globus glomerular glossokinetic glossopharingeus glossopharyngeal glottis gloucester
gls glsalax glucagon glucoheptonate glucose glucuronidase glue gluing glutamate glutamic glutamine
gluteal gluteus glycogen glycolysis gmelini gmellus goat gobra gol gold golden goldstein gole
golpayegani gonad goniolens good goomsur gorbatov gorlin goryn gotland gps gqb gqn gracilis grade
graded gradient graft grafting gram granadina grand grande grandfather grandmother grandy granular
granuloma graph graphic graphics grashey grati graticule graue gravity gray grayscale great greater
greatest greek green greenland grey greyhound grid griffon grip grips grisonne grisons gritstone
groenendael groin gromark groningen groove ground group grouped groups growth grunwald gtv
guadarrama guadeloupe guadiana guang guangdong guangxi guanling guanzhong guard gudali guelma
guernsey guidance guide guided guideline guidewire guiding guinea guizhou gujamavu gujarati gulf
gums guoxia gurktal gute guttate gutter guzerando guzerat gvn gyn gynecologic gynecological
gynecology gynecomastia gypsy habenular habitual habitus hack hackney hadlock haemostatic haflinger
hafnium hai haigis hailum hainan hair haired hairless hairs haiti half halfblood halhin hallikar
hallingdal hallucis halo halogen halothane hamartoma hamiltonst hamline hampen hampline hamprace
hampshire hamroc han hand handgrip handler handling hanford hang hanging hanjiang hanoverian hansel
hansmann hanzhong harbin hard hardcopy hardening hardi hardware hariana harlequin harnai harness
harrier harvesting harz has hasht hatton haustra havana havanese have hawaiian hays hazaragie hcac
hcasum hcat hcl head headache headfirst headframe heading headrest heads health healthcare healthy
healy heart heat heated heater heating heavy hebridean heel heideschaap heidschnucke height heihe
heilongjiang heilongkaing held helical helium helix hellenic hellman helly hemangioma
hemangiopericytoma hemangiosarcoma hematein hematocrit hematology hematoma hematopoietic hematoxylin
hemi hemifacial hemifield hemisphere hemispheric hemispherical hemodynamic hemodynamics hemoglobin
hemolymph hemoptysis hemorrhage hemostasis hemostatic henschen heparin hepatic hepatitis
hepatobiliary hepatomegaly hequ herder herdwick hereford hereland herens hermaphrodite herniated
heroin hertz hessen hetao heterogeneity heterogeneous heterogeneously hevc hexacyanoferrate hezuo
hfl hiatus hickey hierarchical high higher highest highland highlighted highly hilar hilum hindfoot
hindlimb hinis hinterwald hip hippocampal hippocampus hircus hirtz hirzai his hispanic hissar
histiocytoma histogram histologic histological histologically histology histomine histopathology
historical history hiv hoa hoc hodges hodgkin hoffer hoffman hog hohler hokkaido hold holder holders
holding holgus holladay holland holly holmblad holmium holmonger holstein holsteincattle holsteiner
holter homatropine home homo homogeneity homogeneous honduras honeycomb hong hope horizontal hormel
hormone horn horned hornlose horro horse horses hospital hostname hot hough hound hounsfield hour
hours housing hovawart hpgl hrbinecky hrf hsieh htcm htj htwt huai huazhong hubei hubert huchuan
hucul huertana hughston hull human humerus humidity humor hungahyb hungairan hungarian hungarofries
hunterian huskie hybrid hydrate hydration hydrochloride hydrocholoride hydrocortisone hydroxide
hydroxyapatite hydroxydopamine hydroxymethylglutaryl hyoid hyper hypercholesterolemia hyperechoic
hyperemic hyperintense hyperintensity hyperkinesis hyperkinetic hypermetropia hyperopia hyperplasia
hypersensitivity hypertension hypertensive hypertrophic hyperventilation hypo hypochondriac
hypoechoic hypogastric hypoglossal hypoglossus hypoglycemic hypointense hypointensity hypokinesis
hypopharyngeal hypopharynx hypoplasia hypoplastic hypotension hypotensive hypothenar hysterectomy
iabp iauc iaucbn ibage iban iberian ibizan icacca icbm icc icd icelandic icon icrp ideal identical
identifiable identification identifier identifiers identifying identity idiopathic idioventricular
idm iec igloo ignored iia iib iii iiia iiib iiic iir ijssel ilcr ile ileal ileocecal ileocolic
ileostomy ileum iliac ilio iliocostalis iliohypogastricus iliopsoas ilium ill illawarra illegible
illumination illuminator illustration illyrian ilm ilocos iloilo imaal image imaged imager images
imagify imaging img iminodiacetate immediately immersion immobile immunocompromised immunodeficiency
immunofluorescent immunohistochemistry immunology immunomodulator impaired impairment impedance
imperial implant implantable implantation implants implementation implicit import imported importer
impression impressions improved improvement inactive inadequate inappropriate inbound inc inca
incident incision incisional incisor incisure include included includes including inclusion
incompetence incomplete inconsistent incoordination incorporated incorrect incorrectly increase
increased increment incremental incubation independent indeterminate index indexed india indian
indicated indication indications indicator indices indicis indicus indigo indigotindisulfonate
indirect indistinct indium individual individually indo indocyanine indophenol induced inductance
induction induration ineligible infant infarct infarction infection infectious inferior inferioris
inferolateral inferomedial inferoseptal infertility infiltrate infiltrating infiltration infinity
inflammation inflammatory inflatable inflated inflation inflow info informant information informed
infra infraalar infraclavicular inframammary infraorbitalis infrared infrarenal infraspinatus
infrasternal infrequent infusate infusion ingessana ingredient inguinal inguinalis inhalation
inhibitor inhomogeneous initial initiation initiative initiator inject injectate injection
injections injector injury ink inkuku inl inlay inlet inline inner innermost innominate inobuta
inositol inotropic input inra insert inserted insertion insertional inside insoluble inspection
inspiration installation installed instance instances instantaneous institution institutional
institutionally instruction instrument instrumental insufficiency insufficient insula insular
insulin insurance intact intake integral integrated integration intelligence intended intensifier
intensity intensive intent intents inter interaction interatrial intercept intercostal intercostales
interdigitating interest interface interference interfering interferometric interferometry
interferon interiliac interlaced interlobar interlobular interlock intermediate intermedius
intermittent intern internal international internus interoperability interossei interpectoral
interpolated interpolation interpolator interpretation interpreted interpreter interpsinales
interquartile interrupted intersection interspinales interstitial intertarsal intertragal interval
intervals intervention interventional interventions interventricular intervertebral intestinal
intestine intima intimal into intra intracardiac intracavitary intracoronary intracorpus
intracranial intracutaneous intracystic intradermal intraductal intraepithelial intragenus
intraglandular intrahepatic intralobular intraluminal intramammary intramedullary intramural
intramuscular intraocular intraoperative intraparotid intraperitoneal intrapulmonary intrathecal
intratumor intrauterine intravascular intravenous intraventricular introitus intubation inu invasion
invasive inventoried inventory inverse inversion inverted investigational involution involved
involvement inward iod iodamide iodide iodinated iodine iodipamide iodixanol iodized iodoalphionic
iodobenzylguanidine iodocholesterol iodohippurate iodomethamate iodophenyl iodophthalein iodopyracet
iofetamine ioflupane iohexol iol iomud ion ionic ionizing iopamidol iopanoic iophendylate iophenoxic
iopromide iothalamate ioversol ioxaglate ioxilan ipl ipodate ipsilateral iranian iraqi iridium irigb
iris irish iron irradiated irradiating irradiation irregular irregularities irreversible irrigation
irritation ischemia ischemic ischerwood ischiadicus ischium isherwood iskar island islander iso
isocenter isocentric isodense isodose isoechoic isoelectric isoflurane isointense isolated isolation
isorhythmic isos isotope isovelocity isovolumic israeli issue issuer isthmus istoben istrian italian
italiano italic itching item items iterations iterative itinerary itis itr itv iugr ivim ivol ivus
jabe jabugo jacchus jagdterrier jalajala jamaica janma janmahasatian janus japanese jarmelista
jaulan jaundice jaundiced java javan javanese jaw jawline jeanty jejunal jejunostomy jejunum
jellicut jem jenner jenubi jerdi jersey jersind jet jewelry jezerskosolcavska jianchang jianli
jiaoxi jiaxing jiddu jielin jijjiga jilin jindo jinhong jinhua jining jinnan jinzhou job joint
jonica joslin jotko jpeg jpip judd judet jugular junction junctional junqueira jura jurisdiction
justification jutland juvenile juxtaintestinal juxtaposed kabarda kabota kabyle kachcha kachhi
kaghani kai kajli kakhetian kalakheri kalmyk kaman kamdhino kameroen kamori kandahari kandel
kandhari kanem kangal kangaroo kangayam kaningan kankrej kaokoveld kappiliyan kapsiki karabair
karabakh karachai karakacan karakul karamajong karan karelian karelo kasabach katahdin katerini
kathiawari kaye kazakh kedah keep keeshond kelantan kele kelpie kemerovo kemp kenacid kenana
kenkatha kennel kenran kentucky kenya kep keratectomy keratoconus keratolytic keratometer
keratometric keratometry keratomileusis keratoscope keratosis keratotomy kerley kerma kernel kerry
ketamine keteku kevlar key keyword keywords khamala kharkov kherigarh khevsurian khillari kholmogory
khorsan khuong khurasani kidney kiger kigezi kiko kilara kilis kill kilogram kilometers kilopascal
kilovolt kinder kinetic kinniya kirdi kirgiz kirhiz kisantu kisber kishu kiso kit kite kladruby klee
kleen knabstrup knee kneeling knob known kochi kolbroek kolubara komondor konari konink kooiker
kooikerhondje kooka koolie korat korean koronadal kostroma kovacs krasky kravarsky krishna
krishnagari krolevets kromfohrl krskopolje krypton kscore ktrans kuchendorf kuchinoshima kui kula
kumamoto kumauni kunekune kurdi kurgan kuri kurtosis kurtz kurzbauer kushum kustanai kutta kuvasz
kuznet kvp kwai kyi kyoga lab label labeled labeling labia labii labium laboratory laboreiro
labrador lacmoid lacombe laconie lacrimal lactam lactate lactated lactating lactation lactational
lactocele lacunar lad ladakhi laden laeken lafe lagrangian lagune laika lakeland lakenvelder
lamalese lambda lamina laminar laminated lamp lan landais lander landmark landrace landschaf langhe
language languedoc lans lansa lantang lao laoshan laparoscopy laperm lapin lapine lapphund
laquerriere large largest largo laringis laryngeal larynx lasek laser lasik last latae late lateral
laterale lateralis laterality laterally laterals latero laterodorsoproximal lateromedial lati
latissimus latitude latuka latvian lauenstein launcher lavinia law layer layout lbbb lbw ldl lead
leading leads leaf leaflet leak leakage lean learning least leaves lebanese lebedin leen left
leftmost leg legacy legs leicester leicoma leineschaf leiomyoma leiomyosarcoma leiqiong leishman
lemniscus length lengths lens lenses lensometry lenticular leonberger leopard leping lesion lesions
less lesser lessoway leucofuchsin leucopus leukemia leukemic levator levatores level levenberg
levine levovist lewitzer lhasa liang liaoning liberian libitum library libyan license lichuan lid
lidocaine lidofenin life ligament ligamentum light lights lijiang likar like likely lilienfeld lim
limb limbic limbus limiana limit limited limiting limits limon limousin limping limpurger linac
lincoln lincomycin lindblom line linear linearity lineback liner lines linezolid lingao linguae
lingual liothyronine lip lipetsk lipid lipidic lipizzaner lipoadenoma lipoma lipopolysaccharide
liposarcoma liquid lissamine list lithotomy lithuanian litigation little liver livestock living
livny ljsselvee llanero llanwenog ller lleyn lma lmp lms loaghtan loashan lobar lobe lobi lobular
lobulated lobulations lobule local localization localized localizer localizing locally located
location locations locator lock loenberger log loge logging login logout lohani lohi lokai lombok
long longhair longhaired longhorn longissimus longitude longitudinal longlin longum longus longuss
longwool longyou lonk look lookup loop lop lopsided lordotic lorquina loss losses lossless lossy
lost lot lourdais low lower lowest lowland lowline lown lpba lph lpv lsau lsdi lubricant lucanian
lucency lucent lucerna luchuan lucie lugware luing lumbales lumbalis lumbar lumbo lumborum
lumbosacral lumbosacralis lumbricales lumen luminal luminance lump lumpectomy lunbricales lundehund
lundy lung lungs lupus lurcher lusitano lut lutai luten lutetium lutz luxi luxol luzein lvc lvot lvs
lwh lympathic lymph lymphadenopathy lymphatic lymphocytic lymphogram lymphoid lymphoma lysergic
lysholm lysolecithin lysophosphatidylcholine mab mac macau macedonian machine macrocalcifications
macrolide macroscopic macula macular madagascar madaripur made madonie madura mag magal magna
magnesium magnet magnetic magnetization magnification magnified magnify magnitude magnum magnus
magyar mahal main maine maintenance major majora majorum majus makaweli make maker malabsorption
malachite malague malakan malamute malawi male malformation malformations malignancy malignant
malinois malleolar mallorquin mallory malnad malopolski maltese malvi mammary mammogram mammograms
mammographic mammography mammoplasty mampati management managra manapari mancha manchester mandalong
mandatory mandi mandible mandibular mandibularis maneuver mangafodipir mangalarga mangalista
mangalitsa mangalitza mangalizta manganese maniculatus manifest manifold manipulated manipulation
manipuri manometer manor mantiqueira manual manually manubrium manufacture manufactured manufacturer
manufacturing manx manxamese map mapped mapping maps marchador marchigiana maremma maremmana marfan
margetuximab margin marginal margins marianas marijuana marinhoa mark markedly marker markers
marking maronesa marquardt marrow marsh martinero martius marwari maryland maryuti masai mash mashen
mashona mask masking mass massage masseter massif mastectomy mastergilt masticatores mastiff mastoid
mastopathy match matches matching mater material materials maternal mating matrix matter mau maure
mauritius max maxilla maxillaris maxillary maximal maximum maximus may mayden mayo mazandarani
mazury mcfee mcnab mdrd mean meaning measure measured measurement measurements measures measuring
meat meatline meatus mebrofenin mechanical mechanism mechanisms mecklenburg medi media medial
mediale medialis medially median mediani medianus mediastinal mediastinum medical medication
medications medicine medio mediolateral mediopalmarodistal medioplantarodistal medium medius
medronate medullary meet meets mega megabecquerel megavolt megezh meglumine megrel meishan meixin
melanin melanoma melanomas meldola mellitus member members membrane membranous membri memory mems
men menggu meninges meniscus menopausal menopause menstrual menstruation mental mentalis menufi meo
merauke mercaptoacetyl mercaptoacetyltriglycine mercer merchant mercuric mercury merens mergelland
meridional merino merinolandschaf merkel mertolenga mertz merz mescaline mesenteric mesentery mesh
meslan mesocardia mesopic mesothelioma mesothelium mespiperone message messaoria messara meta
metabolic metabolite metacarpal metacarpus metadata metaiodobenzylguanidine metal metals metanil
metaplasia metastases metastasis metastatic metatarsal metatarsus meter metering meterset metersets
methadone methanol methionine methlyphenidate method methodology methods methohexital methoxyflurane
methyl methylene methylpentadecanoic methylphenidate methylprednisolone methylthioninium
methylthiosemicarbazone methyltryptophan metohija metomidate metric metrizamide metrizoate
metronidazole meusse mewati mexican mezen mezohegyes mezzalina mgi mhaswad miami mibg mic micro
microaggregated microarray microbiology microbubbles microcalcifications microclip microcysts
microdissection microdosimetric microglandular microinvasion microlobulated micrometer micromole
micronodule micropapillary microscope microscopic microscopy microspheres microvolt microwave mid
midazolam midbrain midcolic middle midlayer midline midlung midventricular migration miguel mild
mildly miles miliary military milk milking millicurie milligrams milliliter millimeter millimeters
millimoles milling millisecond millitesla millivolt mime min minature minbei mineral mingrelian
minhota miniature minimal minimi minimize minimum minimus minipig minisib minnesota minor minora
minorcan minus minusin minute minzhu mirandesa mircroscope mird mirdose mirgorod mirroring misaki
mishima missing missouri mist misuse mitral mixed mixture miyako mlc mlk mlo mmbsa mmhg mobile
mobitz mod modalities modality modbsa mode model modeling models modenese moderate moderately modern
modes modicana modifiable modification modifications modified modifier modifiers modifying modulated
modulation modulator modulators mogamulizumab moghani moi moiled molar mold mole molecular moles
molybdenum moment monarch monchina mondor mong mongalla mongolian monitor monitored monitoring mono
monoblock monochrome monoclonal monoenergetic monomorphic monopole monoxide montafon montage montana
montanara montbeliard montdale monte month months montmorillon moorit mora morab morada moran morang
morava moravian more morenas morgue moribund morochuco morphine morphologic morphological
morphologically morphology mortice morucha mosaic moscow mosfet most mother motility motion motor
motorized mottled mouflon mount mountain mounted mounting moura mouse mouth move moveable movement
movements moxot moyen moyle mozambique mpeg mpps mpr mpwapwa mrdr mri mrs mtc mthund mtl muban
mucicarmine mucinous mucocutaneous mucosa mucous mudi mukota mule mulefoot multi multifidii
multifocal multiparametric multiplanar multiple multiplet multiplex multiplexed multiplication
multiplicity multiplier multispectral multiview munchkin munich munster muong murakoz mural murboden
murcian murciana murgese murghese murine murle murmur murnau mus muscle muscles muscular musculi
musculocutaneus musculoskeletal musculus musculustriceps mustang mustard mustela mutant mutton mva
mycotic mydriatic myelin myeloma myeloperoxidase mylohyoideus myocardial myocarditis myocardium
myoclonic myoclonus myofibroblastoma myogenic myokymia myokymic myopia myotonic mytilene nachi
nadbuzanska nadir nafl nafld nagori nagri nail nailing nakali nakayama nama name names namespace
namib nanjing nanocolloidal nantais nanyang naphthalene naphthol narcotic narmont narrative narrow
narrowing narym nasal nascet nash nasi nasion nasolabial nasopharyngeal nasopharynx national native
natural nature naughton nausea navajo navarro navicular navigation nberg ndagu nder ndner near
nearline nebelung neck necrosis necrotic need needle needles needs neelsen neer neg negative
negatives negra nehb neighborhood neighbourhood neighbouring neijiang nejdi nellore nelore nemaxr
neo neoaortic neointima neointimal neonatal neoplasia neoplasm neoplastic neopolitan nepalese
nephrology nerve nervi nervous nervus net network neuroectodermal neuroendocrine neurofibroma
neurofibromatosis neurohypophysis neuroimaging neurology neuromuscular neurophysiology
neuroradiologic neuroradiology neurosurgery neurosurgical neurovascular neutered neutral neutrophil
never new newfoundland next nganda nghia ngldm ngtdm nguni nhieu nickel nifedipine nifene nigerian
night nigra nigrosine nih nil nile nilo nilotic nimari nimrod ninetieth ninety ning ningxiang ninth
niobium nipple nitra nitrate nitrazine nitrogen nitroglycerin nitrous nivernais nizinny nkedi nkone
nmb nodal node nodes nodular nodule nodules noir noise nolke noma nomarski nomenclature nominal non
nonalcoholic nonaugmented noncardiac noncerebral nonconforming noncontact nondepolarizing none
nonidentifying nonimmersion noninfiltrating nonionic nonius nonparenchymal nonspecific nonsustained
nonuniformity nooitgedacht noordhollander norbottenspets nordland norfolk norgaard noric norland
norline normal normality normalization normalized normals normand normande normandie normanzu
normative noroeste north northeastern northern norvegicus norwegian norwich norwood nos nose not
notch note noted notes notification nottingham nova npo nsaid nsterl ntp nuba nubian nuchal nuclear
nucleus nuer nulling nulliparous number numbering numbers numerator numeric numerical nuras nurbs
nurse nursing nutrition nutritional nyberg nyha nyoro nystagmoid oberhasli oberland obesity obgyn
obinituzimab obj object objective objectives objects obliq oblique obliquus obscured observable
observation observations observed observer obstetric obstetrical obstetrics obstructed obstruction
obstructive obtained obturator obturatorius obtuse ocaratuzumab occipital occipitofrontalis occlusal
occlusion occult occupancy occupation occupational occurred occurrence occurrences ocicat oct octa
octb ocular oculi oculomotor oculomotorius oecf ofd ofdasum off offending office offline offset
offsets ohmini oic oil oils oiq old olde oldenborg oldenburg ole oled oleic oles olfactory oligemia
olindaexm oliventina omental omentum omission omitted oncologic oncology one ongoing ongole online
only onset ontology ood ooi oozing opacities opacity opaque open opening openings opens operating
operation operational operations operative operator operators ophtalmicus ophthalmic ophthalmology
ophthalmoscope ophthalmoscopy opiate opl opponens opposite opt optic optical opticus optima
optimization optimized option optional options optison optometry optotype oral orange orbicularis
orbit orbital orbitalis orbito orbitoparietal orcein orchid order ordered ordering oregon orehla
orejinegro organ organism organization organizational organized oriental orientation oriented
orifice origin original originality originating originator oris orkney orlov orobica oronary oropa
oropharyngeal oropharynx orthogonal orthopedic orthostatic oryctolagus osaka osborne osem osld
osmium osmolality osmolarity osmosis ossabaw osseous ossification ossimi osteosarcoma ostium other
otorhinolaryngology otter ottonello ouessant ouest oulmes out outaouais outer outflow outlets
outline outpatient output outside outward oval ovale ovalis ovambo ovarian ovary ovcar ovcharka over
overall overbed overdose overflow overlap overlaps overlay overlays overridden override overriding
oversampling overview ovine ovis ovoid ovtcharka ovulation owczarek owner oxford oxide oxidronate
oximetry oxygen oxygenation oxyquinoline oxytocic pabna pacd pace paced pacemaker pacer pacific
pacing package pad padded padding paddle paget pagliarola pain painful paint paintings pair pairs
pajuna palatal palate palatina palatine palatoglossal pale palette palladium palliative pallidus
pallor palm palmar palmares palmaris palmarodistal palmarolateral palmaromedial palmaroproximal
palmera palmitate palomino palouse palpated palpation palpitations pamphlet pan panah panama
pancreas pancreatic pancreaticoduodenal pancreaticosplenic pancuronium panitumumab panje pankota
panoramic pantaneiro pantelleria pap papaverine paper paphos papillary papilloma papillomas
papillomatosis papillon papyrus para paracervical paraesophageal paraffin paraformaldehyde parallel
parallelepiped paralysis paralytic paramammary parameter parameters parametrial parametric paranasal
paraproteinemia pararectal parasagittal paraspinal parasternal parasystole parathyroid paratracheal
paravaginal paravesicular parenchyma parenchymal parent parenteral paresthesia parietal parieto
parietoacanthial parmense parotid paroxsysmal paroxysmal parqui pars part parthenais parti partial
partially participant participation particle particles particulate party parungao pas paso pass
passes passive past pastern pasture patella patellar patency patent paternal path pathologic
pathology paths pathway pathways patibarcina patient patients patrijshond patterdale pattern
paulista pause pawlow pci pcm pdf peacock peak peau pechora pectineus pectoral pectoralis pectoris
pediatric pedicle pedis peduncle pedunculated pee peeling peer peg pegdinetanib pei pekingese pel
pelib pellet pellucidi pellucidum peloponnesus pelvic pelvis pembroke pen penbuk pendetide peneia
penetration penicillin penile penis penner penshire pentaacetic pentetate pentetreotide
pentobarbital pepper pequeno per perceived percent percentage percentile percheron percutaneous
perdigueiro perdiguero perendale perfluorocarbon perforating perforator perforators performance
performed performer performers performing perfusion peri periangan pericardial pericardiophrenic
pericarditis pericardium perigastric perijanero perilesional perimeter perimetry perineal perineum
period periodic periods perioral peripancreatic peripapillary peripheral peritioneum peritoneal
peritoneum perivascular permanent permethrin perna peromyscus peroneal peroneus peroxidase
perpendicular persian persistence persistent person personal personnel perspective pertechnetate
pertinent peruvian pester pet petctav petctfdg petctmet petiso petit petite pge phakic phalanx
phantom pharaoh pharmacologic pharmacological pharyngeal pharyngotympanic pharynx phase phased
phases phencyclidine phentolamine phenylephrine phenylpropan philippine philtrum phlebosclerosis
phloxin phonation phone phonocardiogram phonocardiographic phosphatase phosphate phosphor phosphorus
phosphotungstic photo photoacoustic photodriving photodynamic photogrammetric photographic
photography photometric photomicrography photomyogenic photon photoparadoxysmal photopic
photoreceptors photorefractive phototimer phrenic phrenicus phyllodes physical physician physicist
physics physiologic physiological physiotherapy phytate pia piau pic picard picardie picric pie
pieces pied pierquin pietrain piezocomposite piflufolastat pig piggham piggyback pigmentation pin
pinatuzumab pindos pine pineal pineywoods pinhole pink pinna pinning pinscher pintabian pinto
pinzgau pinzgauer pinzgua pinzhou pinzirita pipe pipeline piquira pirads piradsdce piradsdwi piradst
piradsv piradsx piradsxdce piradsxdwi piradsxt pirapetinga pirie piriform piriformis pisa pisana pit
pitangueiras pitch pitman pitt pittsburgh pituitary pixel pixelated pixels pixie placed placement
placenta placental placer placing plain plaines plan planar plane planes planimetry planina planned
planning plantae plantar plantares plantaris plantarodistal plantarolateral plantaromedial
plantaroproximal plantodorsal plaque plasma plasmacytoma plastic plate plateau platinum platysma
plax playback pleomorphic pleonemia pleura pleural pleven plexus plott plus pmx pneumomediastinum
pneumothorax pnx pod podengo podhalandski podolian point pointer pointers pointes pointing points
poiseuille poitevin poitou poland polar polarimeter polarity polarization polarizing polatuzumab
polesian police policy poliovirus polish poll polled pollicis polo polski poltava polwarth polygon
polygonal polymer polymorphic polyp polypay polyurethane polyvinylpyrrolidone pomeranian pon ponceau
pont pontamine pontremolese ponwar pony poodle pool poor poorly popcorn popliteal popliteus
population porcelaine porcellus porcine port portable portacath portal portion portland porto
portosystemic portuguese posavina position positioner positioning positions positive positives
positron possible possibly post postartificial postauricular postaxial postductal posterior postero
posteroanterior posterobasal posterolateral posteromedial postoperative postprandial postprocedural
postprocedure postprocessing postsurgical posttreatment posture postvesicular pot potassium
potential potentially pottok pouch povidone power powerline poz ppm pqc practitioner prairie
pramenka prcs pre preamplifier preauricular preaxial prececal precedence precision preclinical
precordial predecessor predicted prediction predictor prednisone preductal prefemoral preference
preferred preformed pregnancy pregnant preinfarction prelaryngeal preliminary prem premature premier
premolar preoperative preparation prepericardial prepped prepuce presa prescribed prescription
presence present presentation presented presenting preserve preserved pressa pressed pressure
prestice presymphysial preta pretracheal pretreatment prevascular prevented preventive prevertebral
prevesicular previous previously prewakwa priangan prick prilocaine primary prime primitive
primitives principal print printer printing prinzmetal priob prior priority priors prisheksninsk
prism private prk probabilistic probability probably probe problem problems procedural procedure
procedures proceeding process processed processing procion producer product production professional
profile profunda profundus profusion progesterone program programmable programmed progress
progression progressive projection projections prokinetic prolapse proliferation proliferative
prominence promontory prompts pronation pronator prone prong pronounced propagation proper properly
properties property prophylactic prophylaxis propofol proportional proposed propranolol proprii
propyliodone prospective prostaglandin prostate prostatectomy prostatic prostatitis prosthesis
prosthetic protamine protargol protease protection protocol protocols proton proven provider
proximal proximity proximo pru prussian psax pseudo pseudoaneurysm pseudoangiomatous
pseudohermaphrodite pseudophakia pseudoplaque psma psoriasis psychiatry psychology ptca pten
pterygoideus ptis pto ptsm ptv ptx pub pubis publication puborectalis pudelpointer pudendum pudendus
puerto pug puglia pul pulawy puli pull pullback pulm pulmonary pulmonic pulmonology pulsatility
pulsation pulse pulsed pulser pulses pumi pump punctate punganur pupil pupillary pupillograph
purebred purified purkinje purple purpose push putamen putian putorius pvc pvcs pvdf pygmy pygora
pyloric pyramid pyramidal pyrenean pyrenee pyrenees pyridoxyl pyriform pyronin pyronine
pyrophosphate pyruvaldehyde pyruvic qin qinchuan qingping qon qrs qtc qtu quadrant quadrantectomy
quadratic quadrature quadratus quadriceps quadruped quadrupole qualification qualifier qualifiers
qualitative quality quantification quantified quantify quantitative quantitification quantity quarab
quarter quartile quasah quasiperiodic query quest queue quinacrine quinidine quinolone quotation
quoted raad rabbit rabo race racemose racial rack racka racking racks raclopride rad radial radialis
radian radians radiata radiation radiations radical radices radio radioactive radiobiological
radiofluoroscopic radiofluoroscopy radiofrequency radiographer radiographic radiography radioisotope
radiologic radiological radiology radiolucent radiomics radionuclide radiopaque radiopharmaceutical
radiopharmaceuticals radiotherapy radium radius radnor radon rafer rafert ragamuffin ragdoll rahvan
raised raloxifene rambouillet ramgarhi ramo ramp ramus rana randoms range ranger ranging ranibizumab
rank ranking rano rao rapid rare ras rasa rash rastelli raster rastreador rat rate rath rathi rating
ratio rational rationale ratios rattus raw raynaud razor rca rcs rdsr reach reaction read readable
reader readiness reading ready reagent real realignment rear reason reasons rebreathing recalculated
recall receive receiver receiving recent receptor recess recipients reciprocating recist recognition
recognizable recommendation recommendations recommended reconstruct reconstructable reconstructed
reconstruction record recorded recorder recording records recovery rectal rectangle rectangular
rectification rectifier rectilinear rectouterine rectum rectus recumbent recurrence recurrent recut
recutting red redbone redistribution reductase reduction reentrant ref reference referenced
references referring reflectance reflected reflection reflector reformatting refraction refractive
refractory refused reg reggiana regime region regional regions registered registrar registration
registry regression regular regularity regulation regulatory regurgitant regurgitation regus
rehabilitation reimbursement reinjection rejected rejecting rejection related relating relational
relationship relative relatives relaxant relaxation relaxivity relevant reliability religious rem
remaining remifentanil remission remodeling remote removal removed rempen renal rendena render
rendered rendering renders rendition renitelo reordered reordering repaint repair repartida repeat
repeated repeating repetition repetitive replaced replacement repolarization report reported
reporting reports repositioned repositioning repository representation representative reprojection
request requested requester requesting required requirement requirements requires res resampling
resava rescale rescheduled rescheduling research reserve residence resident residual resin
resistance resistivity resistors resolution resolved resonance resonant resource resources respect
respiration respiratory responded response responsible rest restenotic resting restless restoration
restraint restricted restrictive result resulting results resume resurfacing retain retention retest
retesting reticle reticular reticulonodular retina retinal retinopathy retinta retired retraction
retrieval retrieve retriever retro retrocecal retrograde retroillumination retromolar
retroperitoneal retroperitoneum retropharyngeal retropyloric retrospective retrotracheal return
returned reuse reused reversal reverse reversible review reviewer revised revolution rex rfc rgb
rgba rgbb rgbg rgbr rhabdomyosarcoma rhaetian rheinberg rhenium rhese rheumatic rheumatology rhine
rhineland rhodamine rhodesian rhodium rhoenschaf rhomboideus rhythm rhythmic rib rican rich rideau
ridge ridgeback riding right rightmost rijnlam ring ringer rio riopardenze rise risk risorius
rituximab rle rms rnc rnfl roa roan robotic robust rock rocky rod rodopi roi rojhan role roledumab
roles roll rolled rolling romagnola romanian romanov romanowsky rombo romedale romnelet romney
romosinuano rongchang roof room roosevelt root rosacea rose rosenberg rosolic rostov rostral
rostrocaudal rostrodorsal rostroventral rotary rotation rotational rotations rotator rottal
rottweiler rouge rough round rounded route routine routing rove row rows roya royal rpcl rpe rplgd
rtp rtv rubidium ruler rules rump run runge runs rupture ruptured russel russian rustaqi rustic
ruthenium rutherford rvot rya ryeland rygja saanen sabbagha sable sabre sabueso sabuesos sac saccade
saccular sacral sacrales sacralis sacro sacrococcygeal sacroiliac sacrum sad saddle saddleback
saddlebred safe safety saffron safranin sagittal sahel sahford sahiwal saidi saint saintongeois
sakhalin salerno salers saliency saline salivary salorn salt saluki salvage samarium same samoyed
sample samples sampling san sanabresa sandalwood sandan sandy sanfratello sanga sanhe sanjiang sano
santa santandereano saphenofemoral saphenopopliteal saphenous saphenus sapiens sar sarabi sarcoma
sarcosine sarda sardinian sardo sarny sarplaninac sartorius sarvar satellite satellites saturation
satzeling saving savinja sawtooth saxpm sayaguesa scale scalene scalenous scalenus scales scaling
scalp scan scandium scanned scanner scanning scans scaphoid scapula scapulae scapular scar scarlet
scarred scatter scattered scene sch schapendoes scheduled scheduler scheimpflug scheme schiff
schiller schipperke schleswig schnauzer schonberg schoonebeker schuller schwarzwalder schwerfurt
schwyz sclera scleral sclerosing sclerosis sclerotic scm scope score scoring scotia scotopic
scottish scp scraping screen screening screens screw scrofa scroll scrolling scrotal scrotum scrub
sddn sdhn sdvn sea sealyham seam seat sebaceous sec second secondary seconds secreting secretory
section sectional sectioning sections sector secure security sedated sedation sedative seed seen
seferihisar segment segmental segmentation segmentectomy segmented segments seizure selected
selection selective selector selenium selenomethionine selenomethionione self selkirk sella selle
semi semiconductor semimembranosus seminal semiprone semirechensk semispinalis semitendinosus
sending senegus senepol sengologa senne senning sensation sense sensing sensitivity sensor sent
sentinel sepa separation sepp sepsis septal septi septum sequence sequenced sequencing sequential
sequestrant serere serial series seroma serous serpentina serpentine serra serrana serratus serum
server service sesamoid seshaga sessile session sestamibi set sets settegast setter setting settings
settling setup setups seventh severe severely severity sevoflurane sewing sex sfr shade shading
shadow shadowing shaft shagya shahutou shakhansurri shaking shallow shan shanghai shanxi shape
shaped shaping shar sharabi shared sharply sharpness shaving shear sheath sheep sheepdog sheepdogs
sheet sheko shell shelter shendi shengxian shenxian shepard shepherd shetland shiba shield shielding
shift shifter shifters shih shilluk shiloh shin shininess shinozuka shire shkodra shock shoot short
shortening shorthair shorthaired shorthorn shorthorned shot should shoulder show showing shropshire
shunt shutter shuwa siamese sian siberian siboney sicilian sick sid side sided sides siena sigma
sigmodon sigmoid sign signal signature signatures signed signer signet significance significant
signs silent silesian silhouette silicon silicone silky silver simbrah similar simmental simple
simplified simulated simulation simultaneous simultaneously since sinclair sindhi singapura single
singlesubjt singleton singular sinhala sini sino sinoatrial sinotubular sinus sinuses siphon siri
sirius siska sistani sister sita sitaswap site sites sitting situ sixth size sizes skeletal skew
skewness skin skip skudde skull sky skye skyros slab slabs slavonian sleep slew slice slices slide
sliding slip slit slope slot slots sloughi slovak slovakian slovenian slovhyb slow small smallest
smear smearing smile smithfield smoked smoker smoking smooth smoothing smpte snout snowshoe snr soay
social socotra sodium soft softcopy software sokoke sokolka sokoto solar sole soleal soleus solid
solitary solochrome solognote soluble solution somali somba son sonazoid sonkheri sonographer
sonographic sonologist sonovue sop sopravissana sorocaba sorraia sort sorting sound soundpath source
sources south southdown southeast southern southwest sovereign soviet space spacing spangled spaniel
spanish spasms spatial spatially special specialist specialized specialty species specific
specification specificity specified specimen specimens speckle speckled spect spectacle spectct
spectral spectrally spectroscopy spectrum specular speech speed sphenoid sphere spherical sphericity
sphincter sphynx spiculated spiculation spiculations spiegel spike spikes spin spinae spinal
spinales spinalis spindle spine spinone spinous spiperone spiral spirit spiti spitz spleen splenic
splenium splenius splitting spm spmi spoiling sponsor spontaneous spore sport spot spotted spreading
spreca spring springer sqrt squamous square squares srd sri srkii srkt ssd ssde ssdez ssing ssm
stable stabyhoun stack staffordshire stage staged stages staging stain stainer staining stainless
stalk stamp stand standalone standard standardbred standardisation standardized standby standing
stannous stansel staple star start started starting stasis state statement states static statins
station stationary statistics status staunig steady steam steatohepatitis stecher steel steep
steering steigar steinschaf stem stenoses stenosis stenotic stent stented stenting stenver stenvers
step steppe stepping steps stereo stereographic stereometric stereoscopic stereotactic
stereotactically sterile sterling sternal sternoclavicular sternocleidomastoid
sternocleidomastoideus sternum steroid steroidal sthr sticker stiffle stifle stimulant stimulating
stimulation stimuli stimulus stitching stl stland stock stocli stoma stomach stone stooped stop
stopped stopper stopping storage stored stow strain strategy streaks stream streamline street strei
strength streptokinase stress stretched stretcher stria striatum string strip stripe striped stroke
stroma stromal strong strongly strontium structural structure structured structures stryker stt
student studies study stump stumpy style styrian sub subacute subaortic subarachnoid subareolar
subcapsular subcarinal subcategory subclavian subclavius subcortical subcostal subcutaneous
subdiaphragmatic subepithelial subfamily subiliac subject subjective subjects sublimate
submandibular submental submentovertical submission suboptimal subotica subpart subpleural
subpyloric subscapular subscapulares subscapularis subscription subsegmental subsequent subsets
subspecies substance substantia substituted subsystem subsystems subtask subtraction subtype
subvalvular subxiphoid succeeded successful successor succimer succinate succinylcholine sudan
sudanese sudden sufentanil suffolk suggestive suia suisbu suksun sulawesi sulfate sulfon sulfonamide
sulfur sum sumadija sumba sumbawa summarized summary summation summer sunandini sung sunkuma sunset
superbreed superficial superficialis superfine superior superiori superioris supernumerary
superolateral superomedial superseding supination supinator supine supplementary supplies supply
support supported supporting supportive suppressed suppression suppressions supra supraaortic
supraclavicular supraglottis supramammary supraorbitalis suprapulmonic suprapyloric suprarenal
supraspinatus suprasternal supraventricular surae sure surealis surface surfaces surgeon surgery
surgical surgically surrounding surveillance survey sus susceptibility suspected suspend suspended
suspension suspicious sussex sussman sustained suture suv suvbsa suvbw suvibw suvlbm svd swab
swabian swaledale swallow swallowing swann swanson sweat sweating swedish swelling swiss switch
switching swivel sychevka sykia symbology symmetric symmetry sympathetic sympathomimetic symphysis
symptom symptoms sync synchronization synchronized syncope syndrome syndromes synkinesis syntax
synthesizing synthetic synuclein syringe system systemic systems systole systolic tabapua table
tabletop tabular tabulated tachycardia tad tadzhik tag tagged tagging tagil tahltan taihu tail
taille taino taishuh taiwan tajma take taken taking talairach talc talus tamankaduwa tambov
tamoxifen tamponade tamworth tan tangential tantalum tanzanian taoyuan tap tape taper tapetum tapse
tarai tarentaise targestar target targeted targeting targhee tarina tarpan tarrant tarsal tarsus
tartrazine task tasks taste tau taurine tauroselcholic taurus taussig tavda tawleed taxonomic tbi
tcd tdi tdr teaching tears teboroxime tec tech technetium technical technique techniques
technologist technology teddy teeswater teeth tei teichholz teke telangiectasia telecom telemark
telencephalon telephone teletherapy telomain telomian temperature template temporal temporalis
temporally temporary temporomandibular tend tendency tendineae tendon teneriffe tennessee tensor
tenth terbium teres term terminal terminalis terminals terminate terminated termination terminology
terra terrier territories territory tersk tervuren test testicle testicular testing testis tests
tetra tetracycline tetralogy tetrofosmin tetroxide teufel texas texel texon text texture thai
thailand thalamic thalamus thalli thallium thallous than thanh tharparkar thc the thecal theiler
thenar therapeutic therapist therapy thermal thermistor thermocouple thermography thermoluminescent
thessalonian thessaly theta thiamylal thibar thickening thickness thigh thillari thin thinning
thioflavine thionin thionine thiopental thiosemicarbazone third this thk thoracentesis thoracic
thoracici thoracicus thoracis thoraco thoracolumbar thorax thrace threat three threshold throat
thrombectomy thrombin thrombolysis thrombolytic thrombophlebitis thromboplastin thrombosed
thrombosis thrombotic thrombus through throughput thumb thuoc thuringian thymidine thymus
thyrocervical thyroid tia tibetan tibia tibial tibialis tick ticks tid tidal tieling tien tiffany
tile tiled tiletamine tilt time timecode timeframe timeout timer timers times timestamp timezone
timi timing timor tin tinged tinima tinos tip tissue tissues titan titanium title titles
titterington tlhc tls tmax tobacco todaro toe toff tofts toggenburg tokara tokyo tolazoline
tolerance tolling toluidine tomo tomographer tomographic tomography tomosynthesis tomotherapeutic
tone tong tonga tongcheng tongue tonkinese tonsil tonsillar too tool tooth top topic topical
topographer topographic topographical topography toposa tori toric toro toronke torsades torsion
tortuosity tortuous torus tosa total touabire toubou touch toupouri toward towne toxin toy
trabeculae trabecular trace tracer trachea tracheal tracheobronchial tracheostomy tracheotomy track
tracking tract traction tractography tragus trailing train trajectories trakehner trakya tramline
trans transaction transaminase transarterial transcatheter transcriber transcription transcutaneous
transducer transesophageal transfer transferase transferred transferrin transferring transforamenal
transform transformation transformed transfusion transgastric transgenic transhepatic transient
transients transillumination transistor transit transition transitional transjugular translation
translational translucency translucent transluminal transm transmission transmit transmittance
transmitter transmural transoral transorbital transpancreatic transplant transplantation
transpleural transponder transport transposition transrectal transrenal transseptal transsplenic
transtemporal transthecal transthoracic transtracheal transurethral transvenous transverse
transversus transvesical transylvanian trapeze trapezius trapping trastuzumab trauma traumatic
traversal traverse tray trc treadmill treat treated treatment treatments tree treeing tremor trend
trendelenburg tretinoin trial trials triangle triangulation triatriatum tribred tribromoethanol
tributary triceps trichrome tricolore tricuspid trifascicular trigeminal trigeminus trigeminy trigg
trigger triggered triggering triggers triglycine trigone triloculare trim triolein trioxide
triphasic triple triplet trisodium trochanter trochlear trochlearis trodat trofolastat trondheim
tropaeolin tropical tropicamide tropicana trote trotter trotting trout tru true truncal truncated
truncus trunk trust trypan tsivilsk tsn tssh tswana ttingen tuarine tubal tube tubercle tubes
tubular tudanca tuigpaard tukidale tul tuli tumor tumour tunchang tune tungchang tungsten tuni
tunica tunis tunnel turbulence turcica turino turkish turkmen turkoman turntable turopolje tushin
tuva tux tuy twelfth twining twins two type types typical tyroartenoideus tyrol tyrolean tyropanoate
tzu uberaba uberon ublituximab ucbjc uda udi uid uids ujumqin ukrainian ukranian ulcer ulcerated
ulceration ulcerative ulna ulnar ulnaris ultra ultrasonic ultrasonography ultrasound ultraviolet
umbilical umbilicus umblachery unable unadministered unassigned unavailability unavailable
uncemented uncertain uncertainty uncinate unclassifiable unclassified uncle uncompressed
unconstrained uncorrected under underdose underflow underlined undetermined undifferentiated
undiluted unformatted unheated unified unifocal uniform uniformity unilateral uninvolved unipolar
unique unit united units universal university unknown unl unlimited unmounted unnecessary
unobstructed unresponsive uns unscheduled unsharp unspecified unstable unstageable unsteady
unsuccessful unsynchronized until untrackable unusable unused unwanted update updated upgaze upper
upright ups upsloping uptake upward ural ureter ureteral ureteric urethan urethane urethra urethral
urgency urgent uri uric urinary urine url urn urokinase urology urostomy urticaria urzhum usa usable
usage usb use used usefulness user uses using usm usual utc uteri uterine uterus utricle uvula uzbek
uzunyayla vacuum vagal vagina vaginal vagus valais valdini valdres valid validation valley vallhund
valsalva value values valve valved valveless valvular van vancomycin vanner vare variability
variable variance variant variation varicose variegated vas vascular vascularity vasculature
vasculitis vasoconstriction vasoconstrictor vasodilatation vasodilating vasodilation vasodilator
vasopressor vasorum vasovagal vastus vaynol vcfv vector vectors vedotin veiling vein veins velasquez
velocity vena vend vendeen vendor venerie venezuelan venipuncture venosus venous venter venticular
ventilated ventilation ventilator ventral ventricle ventricular ventriculogram ventriculography
ventro ventrocaudal ventrorostral verapamil verata verbal verhoeff verification verified verifying
verinesa vermelho vermilion versenate version versions vertebra vertebral vertex vertical vertices
verticosubmental vertrebrae very verzasca vesical vesicle vesicular vessel vessels vestibularis
vestibule vestibulocochlear vestibulocochlearis vestland vestpd vesubie vet via viability vial
vianesa vich victorian video videofluorography vieh vietnam vietnamese view viewing viewpoint views
vii viii viking villard violation violet viral virginal virtual virus visceral viscosity visibility
visible visit visual visualized vita vital vitamin vitelline vitoria vitrectomy vitreous vivo vizsla
vlaamperd vladimir vmat vmax vogelsberg voi voice voiding volar volt voltage volume volumes
volumetric voluntary volynsk vomer vomiting vorderwald voronezh vosges voxel voxelized voxelwise vti
vtibsa vulnerable vulva vulval vulvar vyatka wado wagyu wai wait wake wakwa walachenschaf waldeyer
waler wales walking wall wallis walls wandering wannan wanzhe warfarin warm warmblood warmed warmer
warming warning wash washout waste watch water waters wattle wattled watusi wave waveform wavefront
wavelength waves wax waxoline wayson waziri wchen weak weakly weal wedge wedges wedging wee week
weekday weight weighted weighting weights weimaraner weisse welder welera well welsh wenchang
wenckebach wenshan wensleydale werdenfels wessex west western westphalian westrain wet wheaten when
whippet white whitebred whiteface whitehead whiteheaded who whole wicket wide width wielkopolski
wigby wild wiltshire window windows windsnyer wing winston wipz wire wirehair wirehaired with
withdrawn within without witrik witz wokalup wolfhound women wooden woodland wool word workflow
working workitem workitems worklist workload workstation world worst wound wraparound wrist wrv wsi
wtht wujin wurttemberg wurttemburg wuyi wuzhishan wynne xds xenon xiang xiangxi xii xilingol
xinjiang xinjin xiphoid xmab xml xrf xrgb xuyen xylazine xylene xylidine xylose xyz yacumento yakut
yanan yanbian yanqi yarkoni yaroslavl yaw ybrfullcb ybrfullcr ybrfully ybrictcb ybrictcr ybricty
ybrpartialcb ybrpartialcr ybrpartialy ybrrctcb ybrrctcr ybrrcty year years yellow yemeni yes yili
yimeng yiwu yolk yonaguni yongkang york yorkshire ytterbium yttrium yuca yucatan yuedong yugoslavian
yujiang yunnan yurino yyy zabumba zambia zanelli zanzibar zaobei zavot zealand zeboid zebu zenker
zero zeta zhemaichu zhongwei ziehl zillertal zinc zirconium zlotniki znamensk zobel zolazepam zonal
zone zones zoom zygoma zygomatic zygomaticus zzz
"""
