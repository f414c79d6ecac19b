//! Heart, vessels and lungs; blood pressure, smoking, allergy.

use super::super::field::{Field, NO, YES, heart_failure, prevention, smoking};
use super::Form::{Condition, Event, Nothing, Person};
use super::{Row, Sense, kinds};

/// Heart and vessels, lungs, smoking, allergy.
pub(super) const HEART_AND_LUNG: &[Row] = &[
    (
        Event,
        kinds(Field::Prevention, prevention::SECONDARY),
        "heart attack; myocardial infarction; MI; STEMI; NSTEMI; stroke; TIA; transient ischemic attack; transient \
        ischaemic attack; mini stroke; ministroke; ischemic stroke; ischaemic stroke; minor stroke; acute coronary \
        syndrome; ACS; PCI; CABG; stent; bypass surgery; coronary stent; coronary bypass; coronary artery bypass; \
        stenting; bypass; angioplasty; cardiovascular event; CVA; coronary revascularization; percutaneous coronary \
        intervention; coronary event; heart bypass; cardiac event; ASCVD event; drug eluting stent; \
        revascularization; revascularisation",
    ),
    (
        Person,
        kinds(Field::Prevention, prevention::SECONDARY),
        "secondary prevention; post MI; post stroke; post PCI; post CABG; post myocardial infarction; heart attack \
        survivor; stroke survivor; heart attack patient; second heart attack; another heart attack; another stroke; \
        second stroke; recurrent stroke; recurrent heart attack; recurrent myocardial infarction; heart stent; \
        coronary stents; has a stent; have a stent; with a stent; had bypass; survived a heart attack; who has had a \
        heart attack; heart patient; cardiac patient; recurrent cardiovascular event; post ACS; survivor of a heart attack; survivor of heart attack; survivor of a \
        stroke; survivor of stroke; after bypass; after a bypass; has had bypass; had a stent; has stents; have stents; \
        lived through a heart attack; prior cardiac event",
    ),
    (
        Condition,
        kinds(Field::Prevention, prevention::SECONDARY),
        "ASCVD; cardiovascular disease; CVD; coronary artery disease; CAD; coronary heart disease; CHD; ischemic \
        heart disease; ischaemic heart disease; IHD; clinical ASCVD; peripheral artery disease; PAD; CCD; \
        atherosclerotic cardiovascular disease; chronic coronary disease; atherosclerotic disease; coronary disease; \
        established heart disease; known heart disease; stable angina; peripheral arterial disease; clogged \
        arteries; heart disease; cardiovascular disease at very high risk; angina; angina pectoris; blocked coronary \
        artery; blocked artery; narrowed coronary arteries; coronary atherosclerosis; atherosclerosis; vascular \
        disease; peripheral vascular disease; carotid disease",
    ),
    (
        Person,
        kinds(Field::Prevention, prevention::PRIMARY),
        "primary prevention; first heart attack; first stroke; first cardiovascular event; first myocardial \
        infarction; first MI; never had a heart attack; never had a heart attack or stroke; no heart attack or \
        stroke; healthy heart; no heart trouble; never had a clot; free of heart disease; free of cardiovascular \
        disease; never had a stroke; never had heart trouble; no history of heart disease; without heart disease; no \
        heart disease; no known heart disease; without known heart disease; no history of heart problems; never had \
        heart disease; no cardiovascular history; no cardiac history; clean cardiac history; without cardiovascular \
        history; without a cardiac history; no history of cardiovascular disease; no prior cardiovascular disease; no \
        heart problem; no vascular disease; without vascular disease; without known vascular disease; no known \
        vascular disease; no known cardiovascular disease; without known cardiovascular disease; never had a \
        cardiovascular event; no previous cardiovascular event; without a previous cardiovascular event; has never \
        had a stroke; no prior stroke or heart attack",
    ),
    (
        Nothing,
        Sense::None,
        "heart attack symptom; stroke symptom; acute stroke; acute ischemic stroke; stroke unit; stroke care; stroke \
        prevention; cardiovascular disease prevention; prevention of cardiovascular disease; cardiovascular disease \
        risk; CVD risk; CVD event; ASCVD risk; cardiovascular disease event; CHD risk; stroke risk; heat stroke; \
        heart disease risk; primary prevention of chronic kidney disease; primary prevention of CKD; primary prevention \
        of kidney disease; primary prevention of cancer; secondary prevention of cancer; primary prevention of \
        fracture; valvular heart disease; congenital heart disease; rheumatic heart disease; structural \
        heart disease; heatstroke; CAD risk; CVD prevention; stroke center; first stroke symptom; ureteral stent; \
        gastric bypass",
    ),
    (
        Condition,
        kinds(Field::HeartFailure, heart_failure::ANY),
        "heart failure; CHF; HF; congestive heart failure; chronic heart failure",
    ),
    (
        Condition,
        kinds(Field::HeartFailure, heart_failure::REDUCED),
        "HFrEF; heart failure with reduced ejection fraction; reduced ejection fraction; systolic heart failure; \
        heart failure with a reduced ejection fraction; low ejection fraction; heart failure and reduced ejection \
        fraction; HF with reduced ejection fraction",
    ),
    (
        Condition,
        kinds(Field::HeartFailure, heart_failure::MILDLY),
        "HFmrEF; heart failure with mildly reduced ejection fraction; mildly reduced ejection fraction",
    ),
    (
        Condition,
        kinds(Field::HeartFailure, heart_failure::PRESERVED),
        "HFpEF; heart failure with preserved ejection fraction; preserved ejection fraction; diastolic heart failure; \
        normal ejection fraction; heart failure with a preserved ejection fraction",
    ),
    (Condition, kinds(Field::Copd, YES), "COPD; chronic obstructive pulmonary disease; emphysema"),
    (Condition, kinds(Field::Asthma, YES), "asthma"),
    (Person, kinds(Field::Asthma, YES), "asthmatic"),
    (
        Nothing,
        Sense::None,
        "COPD screening; asthma medication; asthma attack; asthma screening; heart failure risk; heart failure \
        hospitalization",
    ),
    (Condition, kinds(Field::Hypertension, YES), "hypertension; high blood pressure; HTN"),
    (Person, kinds(Field::Hypertension, YES), "hypertensive patient; hypertensive adult; hypertensive people"),
    (Person, kinds(Field::Hypertension, NO), "normotensive; normal blood pressure"),
    (
        Nothing,
        Sense::None,
        "gestational hypertension; pulmonary hypertension; portal hypertension; intracranial hypertension; pulmonary \
        arterial hypertension; ocular hypertension; chronic hypertension in pregnancy",
    ),
    (
        Person,
        kinds(Field::Smoking, smoking::CURRENT),
        "smoker; current smoker; who smoke; who smokes; currently smoke; currently smokes; cigarette smoker; tobacco \
        user; still smokes; still smoke; she smokes; he smokes; if you smoke; people who use tobacco; adults who use \
        tobacco; smokes a pack; heavy smoker",
    ),
    (
        Person,
        kinds(Field::Smoking, smoking::FORMER),
        "former smoker; ex smoker; past smoker; used to smoke; quit smoking years; formerly smoked; quit years ago; \
        have quit smoking; stopped smoking years",
    ),
    (
        Person,
        kinds(Field::Smoking, smoking::EVER),
        "ever smoked; have smoked; has smoked; who smoked; ever smoker; smoking history; history of smoking; ever \
        smoking; current or former smoker; current or past smoker; smoke or used to smoke; currently smoke or have \
        quit; former or current smoker; currently smoke or who quit",
    ),
    (
        Person,
        kinds(Field::Smoking, smoking::NEVER),
        "never smoked; never smoker; lifelong nonsmoker; lifelong non smoker; never smoking; no smoking history; no \
        history of smoking; without a smoking history; never been a smoker; never touched a cigarette; never smoke",
    ),
    (
        Person,
        kinds(Field::Smoking, smoking::NEVER | smoking::FORMER),
        "nonsmoker; do not smoke; does not smoke; don't smoke; doesn't smoke; not smoking",
    ),
    (
        Nothing,
        Sense::None,
        "children who smoke; smoker in the household; live with a smoker; secondhand smoke; living with a smoker",
    ),
    (
        Condition,
        kinds(Field::PenicillinAllergy, YES),
        "penicillin allergy; allergy to penicillin; severe penicillin allergy; beta lactam allergy",
    ),
    (Person, kinds(Field::PenicillinAllergy, YES), "allergic to penicillin; penicillin allergic"),
    (Nothing, Sense::None, "penicillin allergy testing; penicillin allergy label; penicillin allergy evaluation"),
];
