//! Kidney, liver, diabetes; heart, vessels and lungs; smoking.

use super::super::field::{Field, NO, YES, diabetes, heart_failure, kidney, liver, prevention, smoking};
use super::Form::{Condition, Event, Nothing, Person};
use super::{Row, Sense, kinds};

/// Kidney, liver, diabetes.
pub(super) const ORGANS: &[Row] = &[
    (
        Person,
        kinds(Field::Kidney, kidney::DISEASE),
        "CKD patient; renal patient; kidney patient; bad kidneys; weak kidneys; damaged kidneys; poor kidney \
        function; impaired kidney function; reduced kidney function; poor renal function; impaired renal function; \
        reduced renal function; decreased kidney function; failing kidneys",
    ),
    (
        Condition,
        kinds(Field::Kidney, kidney::DISEASE),
        "CKD; chronic kidney disease; kidney disease; renal disease; renal impairment; kidney impairment; renal \
        insufficiency; kidney problem; kidney dysfunction; renal dysfunction; chronic renal disease; diabetic kidney \
        disease; kidney damage; renal damage; low kidney function; low eGFR; nephropathy; albuminuria; diabetic \
        nephropathy; chronic renal insufficiency; kidney trouble; microalbuminuria; macroalbuminuria; proteinuria; \
        protein in the urine; protein in urine; albumin in the urine; protein in his urine; protein in her urine; \
        elevated UACR; raised UACR; high UACR; lupus nephritis; glomerulonephritis; failing kidney function",
    ),
    (
        Condition,
        kinds(Field::Kidney, kidney::FAILURE),
        "kidney failure; renal failure; end stage renal disease; end stage kidney disease; ESRD; ESKD; ESRF; chronic \
        renal failure; end stage renal failure; end stage kidney failure",
    ),
    (
        Nothing,
        Sense::None,
        "acute kidney failure; acute renal failure; acute kidney injury; kidney function; renal function; kidney \
        stone; kidney disease screening",
    ),
    (
        Condition,
        kinds(Field::Kidney, kidney::G4 | kidney::FAILURE),
        "advanced CKD; advanced kidney disease; severe kidney disease; severe CKD; severe renal impairment; severe \
        kidney impairment; advanced chronic kidney disease; severe renal insufficiency; severely reduced kidney \
        function; severe kidney failure; near dialysis; stage 4 or 5",
    ),
    (
        Condition,
        kinds(Field::Kidney, kidney::G3),
        "moderate CKD; moderate renal impairment; moderate kidney impairment; moderate kidney disease; moderate \
        chronic kidney disease",
    ),
    (
        Condition,
        kinds(Field::Kidney, kidney::G1 | kidney::G2 | kidney::G3A),
        "early CKD; mild CKD; mild renal impairment; mild kidney disease; early kidney disease; mild chronic kidney \
        disease",
    ),
    (
        Person,
        kinds(Field::Kidney, kidney::HEALTHY),
        "normal kidney function; normal renal function; healthy kidneys; normal kidneys; preserved kidney function; \
        kidney function is normal; kidneys are normal; kidneys are healthy; kidneys work normally; intact renal \
        function; kidneys are fine; kidneys work well; kidneys work fine; kidneys are working; kidney function is \
        fine; kidney function is intact; preserved renal function; intact kidney function; sound kidneys; good kidney \
        function; normal eGFR; normal GFR; eGFR is normal; eGFR are normal; normal creatinine; creatinine is normal; \
        normal UACR; normoalbuminuria; no kidney trouble; no kidney problem; no known kidney disease; never had kidney \
        trouble",
    ),
    (
        Person,
        kinds(Field::Kidney, kidney::DIALYSIS),
        "on dialysis; dialysis patient; hemodialysis patient; haemodialysis patient; dialysis dependent; dialysis \
        recipient; HD patient; on HD; getting dialysis; receiving dialysis; undergoing dialysis; treated with \
        dialysis; receive dialysis; dialyzed; dialysed; treated by dialysis; who need dialysis; need dialysis; \
        requiring dialysis; maintenance dialysis; chronic dialysis; on peritoneal dialysis; on hemodialysis; on \
        haemodialysis; on maintenance hemodialysis; on maintenance dialysis; on long term dialysis; on chronic \
        dialysis; receiving hemodialysis; receiving haemodialysis; G5D; receiving maintenance dialysis; gets dialysis; get dialysis; gets hemodialysis; get hemodialysis; goes to \
        dialysis; go to dialysis; undergoes dialysis; undergo dialysis; undergoing hemodialysis; undergoes hemodialysis; \
        receives dialysis; receives hemodialysis; dialysis three times a week; hemodialysis three times a week; home \
        dialysis; on home dialysis; started on dialysis; requires dialysis; require dialysis; needs dialysis; is \
        dialyzed; is dialysed",
    ),
    (Condition, kinds(Field::Kidney, kidney::DIALYSIS), "dialysis; hemodialysis; haemodialysis; peritoneal dialysis"),
    (
        Nothing,
        Sense::None,
        "start dialysis; dialysis access; initiate dialysis; initiation of dialysis; need for dialysis; starting \
        dialysis; dialysis catheter; delay dialysis; avoid dialysis; dialysis initiation; leads to dialysis; \
        dialysis or death",
    ),
    (
        Person,
        kinds(Field::Kidney, kidney::TRANSPLANT),
        "kidney transplant; renal transplant; kidney transplantation; transplanted kidney; kidney graft",
    ),
    (
        Condition,
        kinds(Field::Liver, liver::CIRRHOSIS),
        "cirrhosis; liver cirrhosis; hepatic cirrhosis; cirrhosis of the liver",
    ),
    (
        Person,
        kinds(Field::Liver, liver::CIRRHOSIS),
        "cirrhotic; cirrhosis patient; scarred liver; scarring of the liver; cirrhotic patient; liver is scarred; liver \
        scarring",
    ),
    (
        Condition,
        kinds(Field::Liver, liver::COMPENSATED),
        "compensated cirrhosis; compensated liver disease; compensated liver cirrhosis",
    ),
    (
        Condition,
        kinds(Field::Liver, liver::DECOMPENSATED),
        "decompensated cirrhosis; decompensated liver disease; liver failure; hepatic failure; end stage liver \
        disease; ESLD; ascites; hepatic encephalopathy; decompensated liver cirrhosis; failing liver; acute liver \
        failure; hepatic decompensation",
    ),
    (
        Condition,
        kinds(Field::Liver, liver::DISEASE),
        "liver disease; hepatic disease; chronic liver disease; hepatic impairment; liver impairment; liver problem; \
        hepatic insufficiency; liver dysfunction; liver damage; hepatic dysfunction",
    ),
    (
        Condition,
        kinds(Field::Liver, liver::C | liver::B),
        "severe liver disease; severe hepatic impairment; advanced liver disease; severe liver impairment",
    ),
    (Condition, kinds(Field::Liver, liver::B), "moderate hepatic impairment; moderate liver impairment"),
    (Condition, kinds(Field::Liver, liver::A | liver::NO_CIRRHOSIS), "mild hepatic impairment; mild liver impairment"),
    (Person, kinds(Field::Liver, liver::A), "child pugh a; child pugh class a; child class a; child turcotte pugh a"),
    (Person, kinds(Field::Liver, liver::B), "child pugh b; child pugh class b; child class b; child turcotte pugh b"),
    (Person, kinds(Field::Liver, liver::C), "child pugh c; child pugh class c; child class c; child turcotte pugh c"),
    (Person, kinds(Field::Liver, liver::B | liver::C), "child pugh b or c; child pugh class b or c; child pugh b c"),
    (Person, kinds(Field::Liver, liver::A | liver::B), "child pugh a or b; child pugh class a or b; child pugh a b"),
    (
        Person,
        kinds(Field::Liver, liver::HEALTHY),
        "normal liver function; no liver disease; normal liver tests; healthy livers; healthy liver; normal liver; liver is \
        healthy; liver is normal; sound liver; liver is sound; liver is fine; livers are fine; liver works normally; \
        liver works well; liver function is normal; liver function tests normal; liver function tests are normal; \
        normal liver function tests; liver tests normal; liver tests are normal; normal LFTs; normal liver enzymes; \
        without liver involvement; no liver involvement; liver is not involved; liver is not affected; no liver \
        problem; no liver trouble; no known liver disease; intact liver function; no signs of liver disease",
    ),
    (
        Person,
        kinds(Field::Liver, liver::HEALTHY | liver::NO_CIRRHOSIS),
        "noncirrhotic; no cirrhosis; not yet cirrhotic; fatty liver without scarring; no liver scarring; no scarring of the \
        liver; no fibrosis; without fibrosis; no significant fibrosis; without significant fibrosis; minimal fibrosis; \
        mild fibrosis; no advanced fibrosis; without advanced fibrosis; without scarring",
    ),
    (Condition, kinds(Field::Diabetes, diabetes::ANY), "diabetes; diabetes mellitus; DM; diabetics"),
    (Person, kinds(Field::Diabetes, diabetes::ANY), "diabetic; diabetic patient; diabetic people; diabetic adult"),
    (
        Condition,
        kinds(Field::Diabetes, diabetes::TYPE_1),
        "type 1 diabetes; type 1 diabetes mellitus; type one diabetes; T1D; T1DM; juvenile diabetes; type i diabetes; \
        type 1 DM; DM1; LADA; diabetes type 1",
    ),
    (
        Person,
        kinds(Field::Diabetes, diabetes::TYPE_1),
        "type 1 diabetic; type 1s; T1D patient; type one diabetic; with type 1; with type 1 diabetes; with type 1 \
        diabetes mellitus; in type 1 diabetes; have type 1 diabetes; has type 1 diabetes; in type 1; have type 1; \
        has type 1",
    ),
    (
        Condition,
        kinds(Field::Diabetes, diabetes::TYPE_2),
        "type 2 diabetes; type 2 diabetes mellitus; type two diabetes; T2D; T2DM; adult onset diabetes; type ii \
        diabetes; type 2 DM; DM2; NIDDM; diabetes type 2",
    ),
    (
        Person,
        kinds(Field::Diabetes, diabetes::TYPE_2),
        "type 2 diabetic; type 2s; type two diabetic; with type 2; with type 2 diabetes; with type 2 diabetes \
        mellitus; in type 2 diabetes; have type 2 diabetes; has type 2 diabetes; in type 2; have type 2; has type 2",
    ),
    (
        Condition,
        kinds(Field::Diabetes, diabetes::TYPE_1 | diabetes::TYPE_2),
        "type 1 or type 2 diabetes; type 1 or 2 diabetes; type 1 and type 2 diabetes; type 1 and 2 diabetes; \
        preexisting diabetes; pregestational diabetes; pre existing diabetes",
    ),
    (
        Condition,
        kinds(Field::Diabetes, diabetes::GESTATIONAL),
        "gestational diabetes; gestational diabetes mellitus; GDM; diabetes of pregnancy; pregnancy diabetes",
    ),
    (
        Condition,
        kinds(Field::Diabetes, diabetes::PRE),
        "prediabetes; pre diabetes; borderline diabetes; impaired fasting glucose; impaired glucose tolerance",
    ),
    (Person, kinds(Field::Diabetes, diabetes::PRE), "prediabetic; pre diabetic; borderline diabetic"),
    (Person, kinds(Field::Diabetes, diabetes::NONE | diabetes::PRE), "nondiabetic"),
    (
        Nothing,
        Sense::None,
        "diabetes insipidus; diabetic ketoacidosis; diabetes screening; diabetes prevention; diabetes risk; history \
        of gestational diabetes; previous gestational diabetes; prior gestational diabetes; had gestational \
        diabetes; diabetic diet; diabetes test; diabetes program; diabetic retinopathy screening",
    ),
];

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
