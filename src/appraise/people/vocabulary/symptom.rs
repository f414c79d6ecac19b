//! With and without symptoms, and those that call for a look at once.

use super::super::field::{Field, symptoms};
use super::Form::{Condition, Nothing, Person};
use super::{Row, Sense, kinds};

/// Symptoms.
pub(super) const SYMPTOMS: &[Row] = &[
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
        no complaints; have no symptoms; had no symptoms; never had symptoms; discovered by chance; found by chance; incidentally found; no concern has been raised; no concern; no concerns; without concern; without concerns; no parental concern; \
        without parental concern; no worries; symptoms absent; never any symptoms; \
        without a symptom; not a symptom; no signs of disease; notices nothing; notice nothing; feels nothing; feel nothing; unaware of any symptoms",
    ),
    (
        Person,
        kinds(Field::Symptoms, symptoms::SOME),
        "parents worry; parents are worried; parents are concerned; parental concern; parents have concerns; parent is concerned; \
        parents raise concerns; concern has been raised; teacher is concerned; mother is worried; mother worries; parents notice; \
        parents noticed; caregiver concern; raised a concern; whose parents worry; whose family has noticed",
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
        the neck; bleeding after menopause; changing mole; a lump; alarm symptom; alarm sign; alarm feature; danger sign; worrying feature; red flag symptom; warning symptom; \
        worrisome feature; \
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
        "with alarm symptoms; vomits blood; vomited blood; throws up blood; throwing up blood; lost weight without trying; losing weight \
        without trying; bleeds from the rectum; food sticks; coughing up blood; coughs up blood; passing blood; passes blood; found a lump; feels a \
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
