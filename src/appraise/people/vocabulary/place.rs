//! Immune defence, health, where somebody is cared for, symptoms.

use super::super::field::{Field, YES, diabetes, immunity, kidney, liver, risk, setting, symptoms};
use super::Form::{Adjective, Condition, Nothing, Person};
use super::{Row, Sense, kinds};

/// Who is healthy has none of the diseases that advice turns on.
const HEALTHY: &str = "healthy; otherwise healthy; perfectly healthy; generally healthy";

/// Immune defence, where, symptoms.
pub(super) const DEFENCE_AND_PLACE: &[Row] = &[
    (
        Person,
        kinds(Field::Immunity, immunity::WEAKENED),
        "immunocompromised; immunosuppressed; immune compromised; immunodeficient; weakened immune system; weak \
        immune system; immunocompromising condition; altered immunocompetence; immunocompromise; compromised immune \
        system; immune deficiency; immunosuppression; immunodeficiency; poor immunity; severely immunocompromised",
    ),
    (
        Person,
        kinds(Field::Immunity, immunity::HEALTHY),
        "immunocompetent; healthy immune system; normal immune system; normal immunity; immune competent",
    ),
    (
        Person,
        kinds(Field::Immunity, immunity::HIV),
        "HIV positive; living with HIV; HIV infected; seropositive for HIV; PLWH",
    ),
    (Condition, kinds(Field::Immunity, immunity::HIV), "HIV; HIV infection; AIDS"),
    (Person, kinds(Field::Immunity, !immunity::HIV & 0xFF), "HIV negative; HIV uninfected"),
    (
        Nothing,
        Sense::None,
        "HIV test; HIV testing; HIV screening; HIV prevention; HIV acquisition; HIV exposure; HIV risk; hearing aids; \
        HIV transmission; HIV prep; exposed to HIV; exposure to HIV; hearing aid; acquiring HIV; HIV pep",
    ),
    (
        Person,
        kinds(Field::Immunity, immunity::ORGAN),
        "transplant recipient; organ transplant; transplant patient; solid organ transplant; kidney transplant; liver \
        transplant; heart transplant; lung transplant; organ recipient; renal transplant; transplanted organ; solid \
        organ transplant recipient; solid organ recipient; transplanted kidney; organ transplantation; kidney \
        transplantation; liver transplantation",
    ),
    (
        Person,
        kinds(Field::Immunity, immunity::STEM_CELL),
        "stem cell transplant; bone marrow transplant; hematopoietic cell transplant; HSCT; hematopoietic stem cell \
        transplant; haematopoietic stem cell transplant",
    ),
    (
        Person,
        kinds(Field::Immunity, immunity::CANCER),
        "on chemotherapy; chemotherapy patient; receiving chemotherapy; undergoing chemotherapy; chemo patient; \
        getting chemotherapy; on chemo; getting chemo; during chemotherapy; going through chemo; during chemo; \
        having chemo; undergoing chemo; receiving chemo; neutropenic; with neutropenia; going through chemotherapy; \
        hematologic malignancy; having chemotherapy",
    ),
    (
        Person,
        kinds(Field::Immunity, immunity::DRUGS),
        "on biologics; taking biologics; on immunosuppressants; taking immunosuppressants; immunosuppressive therapy; \
        immunosuppressive drug; immunosuppressive medication; on a biologic; on long term steroids; on high dose \
        steroids; high dose steroids; high dose corticosteroids; on high dose prednisone; anti tnf therapy; taking \
        high dose steroids; on prednisone; taking prednisone; on immunosuppression; on methotrexate; on rituximab; \
        on adalimumab; on a tnf inhibitor; immunosuppressive treatment; on humira; chronic steroids; on \
        immunosuppressive",
    ),
    (
        Condition,
        kinds(Field::Immunity, immunity::CANCER),
        "leukemia; leukaemia; lymphoma; multiple myeloma; chemotherapy; chemo",
    ),
    (
        Person,
        kinds(Field::Immunity, immunity::ORGAN | immunity::STEM_CELL),
        "after a transplant; after transplant; on tacrolimus; after transplantation; had a transplant",
    ),
    (
        Person,
        kinds(Field::Risk, risk::HIGH | risk::VERY_HIGH),
        "BRCA carrier; BRCA1 carrier; BRCA2 carrier; BRCA mutation carrier; BRCA1 mutation; BRCA2 mutation; BRCA \
        mutation",
    ),
    (
        Condition,
        kinds(Field::Risk, risk::INCREASED),
        "Lynch syndrome; familial adenomatous polyposis; Li Fraumeni syndrome; strong family history; family history of \
        cancer; family history of breast cancer; family history of ovarian cancer; family history of colorectal \
        cancer; family history of colon cancer; family history of prostate cancer; first degree relative with breast \
        cancer; first degree relative with colorectal cancer; first degree relative with colon cancer; hereditary \
        cancer syndrome; chest radiation; chest irradiation; mantle radiation",
    ),
    (
        Person,
        kinds(Field::Risk, risk::INCREASED),
        "whose mother had; whose father had; whose sister had; whose brother had; whose parent had; mother had breast \
        cancer; sister had breast cancer; father had colon cancer; inject drugs; injects drugs; injection drug user",
    ),
    (
        Person,
        kinds(Field::Immunity, immunity::OTHER),
        "asplenia; asplenic; no spleen; without a spleen; spleen removed; splenectomy; primary immunodeficiency",
    ),
    (Adjective, kinds(Field::Immunity, immunity::HEALTHY), HEALTHY),
    (Adjective, kinds(Field::Kidney, kidney::HEALTHY), HEALTHY),
    (Adjective, kinds(Field::Liver, liver::HEALTHY), HEALTHY),
    (Adjective, kinds(Field::Diabetes, diabetes::NONE), HEALTHY),
    (
        Person,
        kinds(Field::Setting, setting::INTENSIVE),
        "in the ICU; ICU patient; in intensive care; critically ill; intensive care unit; intensive care patient; \
        critical illness; mechanically ventilated; on a ventilator; on mechanical ventilation; intubated; intensive \
        care; in an ICU; in ICU; critical care patient; septic shock; in the intensive care; critical care unit; on \
        the ICU",
    ),
    (
        Person,
        kinds(Field::Setting, setting::HOSPITAL),
        "hospitalized; hospitalised; inpatient; in the hospital; in hospital; hospital patient; admitted to hospital; \
        admitted to the hospital; during hospitalization; hospital inpatient; admitted patient; on the ward; in a \
        hospital bed; during a hospital stay; hospital stay",
    ),
    (
        Person,
        kinds(Field::Setting, setting::WARD),
        "noncritically ill; non critically ill; non ICU; not critically ill; general ward; medical ward; non icu \
        inpatient; general medicine ward; non critically ill hospitalized; noncritically ill hospitalized; outside \
        the ICU; hospitalized nonICU; not in the ICU; hospital ward",
    ),
    (
        Person,
        kinds(Field::Setting, setting::EMERGENCY),
        "in the ED; emergency department; emergency room; in the ER; in the emergency department; ER patient; ED \
        patient; prehospital; paramedic; at the ER",
    ),
    (
        Person,
        kinds(Field::Setting, setting::OUTPATIENT),
        "outpatient; nonhospitalized; non hospitalized; ambulatory patient; not hospitalized; in primary care; \
        primary care patient; outpatient setting; in general practice; ambulatory care; treated at home; not in \
        hospital; non hospitalised; in the clinic; in the community; family practice; ambulatory setting; primary \
        care setting; primary care office; doctor's office; GP surgery; in the outpatient clinic; primary care \
        clinic; walk in clinic; GP practice; at home",
    ),
    (
        Person,
        kinds(Field::Setting, setting::HOME),
        "community dwelling; living independently; living at home; community living; live at home; lives at home; \
        living in the community; noninstitutionalized; lives independently; live independently",
    ),
    (
        Person,
        kinds(Field::Setting, setting::CARE_HOME),
        "nursing home resident; nursing home; long term care facility; long term care resident; care home; skilled \
        nursing facility; long term care home; residential care; care home resident; institutionalized; long term \
        care; nursing facility",
    ),
    (
        Person,
        kinds(Field::Setting, setting::SURGERY),
        "surgical patient; undergoing surgery; scheduled for surgery; having surgery; perioperative; surgical \
        inpatient; scheduled for noncardiac surgery; undergoing noncardiac surgery; undergoing major surgery; \
        postoperative; during surgery; preoperative",
    ),
    (
        Nothing,
        Sense::None,
        "hospital readmission; reduce hospitalization; emergency contraception; hospital mortality; dental office; \
        perioperative medicine; risk of hospitalization; prevent hospitalization; call emergency",
    ),
    (
        Person,
        kinds(Field::EndOfLife, YES),
        "palliative care; hospice; end of life; terminally ill; dying patient; hospice patient; palliative patient; \
        limited life expectancy; terminal illness; receiving palliative care; on hospice; life expectancy of less \
        than; in hospice; last days of life; terminal cancer; end of life care; in palliative care",
    ),
    (
        Person,
        kinds(Field::Symptoms, symptoms::NONE),
        "asymptomatic; symptom free; symptomless; without symptoms; no symptoms; without signs or symptoms; no signs \
        or symptoms; without any symptoms; free of symptoms; who feel well; feel well; feeling well; nothing wrong; \
        no trouble; no signs; has no complaints; without a single symptom; not a single symptom; no urinary \
        symptoms; without urinary symptoms; no signs of; who feels well; feels well; feels fine; without signs; \
        feel fine; no symptom; without respiratory symptoms; do not have symptoms; does not have symptoms; who do \
        not recognize or report symptoms; not having symptoms; no complaints; without a history signs or symptoms; \
        without complaints; not symptomatic; no obvious signs or symptoms; without obvious signs or symptoms; \
        without recognized signs or symptoms; without current signs or symptoms; has no symptoms; do not recognize \
        or report; has noticed nothing; have noticed nothing; noticed nothing; noticing nothing; no breathing \
        trouble; no trouble breathing; no joint trouble; no bowel trouble; no urinary trouble; no signs of \
        deficiency; without signs of deficiency; no bowel complaints; free of complaints; who is well; perfectly \
        well; otherwise well; has no trouble; have no trouble; have no complaints; having no complaints; who have \
        no complaints; have no symptoms; had no symptoms; never had symptoms; without warning signs; no warning \
        signs; discovered by chance; found by chance; incidentally found",
    ),
    (
        Person,
        kinds(Field::Symptoms, symptoms::SOME),
        "symptomatic; with symptoms; who have symptoms; has symptoms; having symptoms; with signs or symptoms; with \
        signs and symptoms; with typical symptoms; with signs; showing symptoms; shows symptoms; who develop \
        symptoms; with concerning symptoms; with new symptoms; experiencing symptoms; with suggestive symptoms; and \
        has symptoms; have symptoms; with respiratory symptoms; with alarm symptoms; noticed symptoms; complaining \
        of; complains of; presents with; presenting with",
    ),
    (
        Condition,
        kinds(Field::Symptoms, symptoms::ALARM),
        "breast lump; lump in her breast; lump in the breast; palpable lump; palpable mass; rectal bleeding; blood \
        in the stool; blood in stool; bloody stools; blood in his stool; blood in her stool; blood in their stool; \
        blood in the urine; blood in urine; weight loss; unexplained weight loss; coughing up blood; hemoptysis; \
        haemoptysis; nipple discharge; vaginal bleeding; trouble swallowing; dysphagia; difficulty swallowing; \
        testicular lump; postmenopausal bleeding; abnormal bleeding; gastrointestinal bleeding; neck lump; lump in \
        the neck; bleeding after menopause; changing mole; a lump; alarm symptom; alarm sign; alarm feature; \
        warning sign; red flag; night sweats; lump in his testicle; change in bowel habits; swollen testicle; \
        testicular swelling; testicular mass; a swollen testicle; lump in a testicle; breast mass; a new lump; \
        vomiting blood; black stools; tarry stools; melena; melaena; hematuria; haematuria; hematochezia; bloody \
        urine; bloody diarrhea; unintended weight loss; unintentional weight loss; pain on swallowing; bleeding \
        between periods; bloody discharge; bloody sputum; swollen lymph nodes; hard lump; nodule in her breast; \
        lump in her neck; lump in his neck; changed mole",
    ),
    (
        Person,
        kinds(Field::Symptoms, symptoms::ALARM),
        "with alarm symptoms; coughing up blood; coughs up blood; passing blood; passes blood; found a lump; feels a \
        lump; felt a lump; noticed a lump; has a lump; who bleeds after menopause; swollen testicle",
    ),
    (
        Condition,
        kinds(Field::Symptoms, symptoms::SOME),
        "memory complaints; memory problems; memory loss; hearing complaints; hearing loss; dysuria; burning \
        urination; painful urination; excessive thirst; visual symptoms; vision problems; thyroid nodule; palpable \
        nodule; abdominal pain; chest pain; shortness of breath; dyspnea; dyspnoea; breathlessness; chronic cough; \
        cough; wheezing; wheeze; pulsating mass; daytime sleepiness; claudication; leg pain; leg pain when walking; \
        urinary symptoms; persistent cough; polyuria; polydipsia; abnormal discharge; vaginal discharge; genital \
        ulcer; genital sores; neurologic symptoms; facial droop; flare; gout flare; palpitations; fainting; \
        syncope; heartburn; regurgitation; itching; headache; rash; dizziness; nausea; vomiting; diarrhea; \
        diarrhoea; constipation; swelling; blurred vision; tremor; trouble hearing; trouble remembering; trouble \
        seeing; blurry vision; sores; a rash; an itch; neck pain; knee pain; pelvic pain; bone pain; ear pain; pain \
        when; weakness; tingling; jaundice; hot flashes; dark urine; loud snoring; erectile dysfunction; limb \
        weakness; speech delay; speech problems; hearing problems; breast pain; palpitation; exertional chest pain; \
        angina; weak legs; hoarseness; fatigue; joint pain; numbness; snoring; burning; frequency and burning; back \
        pain; cold intolerance; tophi; tophus; thirst; increased thirst; weight gain; muscle weakness; muscle pain; \
        stomach pain; belly pain; tummy pain; bloating; indigestion; acid reflux; pain on walking; leg cramps; \
        night cough; daily cough; morning cough; sputum; chronic sputum; cloudy urine; burning when urinating; \
        frequent urination; passing a lot of urine; incontinence; leaking urine; hair loss; irregular heartbeat; \
        racing heart; double vision; floaters; ringing in the ears; earache; sore throat; runny nose; easy \
        bruising; nosebleeds; swollen joint; swollen joints; swollen ankles; swollen legs; joint stiffness; morning \
        stiffness; stiff joints; loss of taste; loss of smell; low mood; restless legs; trouble sleeping; falls \
        asleep; tiredness; exhaustion; feeling cold; dry skin; hand tremor; unsteady gait; forgetfulness; \
        confusion; breathing trouble; trouble breathing; joint trouble; burning feet; numb feet; vision loss; loss \
        of vision; pain during sex; painful periods; heavy periods; heavy bleeding",
    ),
    (
        Person,
        kinds(Field::Symptoms, symptoms::SOME),
        "stops breathing; stop breathing; has noticed; who noticed; complains; who complain; urinates often; hears \
        poorly; coughs; wheezes; who snores; who snore; breathless; burns when; is thirsty; who coughs; feels \
        tired; forgetful; short of breath; out of breath; gets winded; get winded; winded; gets breathless; feels \
        cold; gains weight; gained weight; is tired; always tired; tired woman; tired man; tired patient; tired \
        person; thirsty; pees a lot; passes a lot of urine; passing a lot of urine; wakes up gasping; who has \
        flares; who had a flare; who faints; who fainted; falls asleep; whose memory is failing; cannot hear well; \
        sees poorly; who itches; complain about",
    ),
    (
        Nothing,
        Sense::None,
        "menopausal symptom; vasomotor symptom; reduce symptoms; relief of symptoms; symptom relief; withdrawal \
        symptoms; depressive symptoms; symptomatic relief; symptomatic treatment; relieve symptoms; if symptoms; \
        until symptoms; when symptoms; improve symptoms; symptoms persist",
    ),
];
