//! Kidney, liver, diabetes.

use super::super::field::{Field, diabetes, kidney, liver};
use super::Form::{Condition, Nothing, Person};
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
        kinds(Field::Kidney, kidney::G1 | kidney::G2 | kidney::G3 | kidney::G4 | kidney::G5),
        "predialysis; pre dialysis; not yet on dialysis; nondialysis CKD; non dialysis CKD; CKD not on dialysis; CKD without \
        dialysis; non dialysis dependent CKD; CKD not requiring dialysis; kidney disease not on dialysis",
    ),
    (
        Person,
        kinds(Field::Kidney, kidney::FAILURE),
        "kidneys have failed; failed kidneys; kidneys failed; anuric; kidneys no longer work; kidneys stopped working; kidneys have \
        stopped working; no kidney function; needs a kidney transplant; awaiting a kidney transplant; waiting for a kidney transplant",
    ),
    (
        Condition,
        kinds(Field::Kidney, kidney::DISEASE),
        "nephrotic syndrome; polycystic kidney disease; polycystic kidneys; PKD; ADPKD; IgA nephropathy; chronic kidney failure; \
        chronic kidney problems; renal problem; diabetic kidney damage; kidneys that are failing; reduced eGFR; decreased eGFR; \
        reduced GFR; decreased GFR; chronic kidney trouble; kidney impairment",
    ),
    (
        Person,
        kinds(Field::Kidney, kidney::DISEASE),
        "kidneys are failing; kidneys are damaged; kidneys work poorly; kidneys are weak; kidneys are bad; sick kidneys; diseased \
        kidneys; kidneys are not working well; kidneys do not work well",
    ),
    (
        Person,
        kinds(Field::Kidney, kidney::TRANSPLANT),
        "renal allograft; kidney allograft; kidney graft recipient; kidney recipient; renal transplant recipient; kidney \
        transplant; renal transplant; kidney transplantation; transplanted kidney; kidney graft",
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
        "noncirrhotic; no cirrhosis; not yet cirrhotic; short of cirrhosis",
    ),
    (
        Person,
        kinds(Field::Liver, liver::HEALTHY | liver::MILD),
        "fatty liver without scarring; no liver scarring; no scarring of the liver; no fibrosis; without fibrosis; no significant fibrosis; without significant fibrosis; minimal fibrosis; \
        mild fibrosis; without scarring; little fibrosis; without liver scarring; no or mild fibrosis; unscarred liver; liver is not scarred; liver is unscarred; normal liver biopsy; liver biopsy was normal",
    ),
    (
        Condition,
        kinds(Field::Liver, liver::FIBROSIS | liver::CIRRHOSIS),
        "significant fibrosis; advanced fibrosis; severe fibrosis; bridging fibrosis; significant liver fibrosis; advanced liver \
        fibrosis; moderate fibrosis; marked fibrosis; stiff liver",
    ),
    (Condition, kinds(Field::Liver, liver::CIRRHOSIS), "spontaneous bacterial peritonitis; hepatorenal syndrome"),
    (
        Condition,
        kinds(Field::Liver, liver::DISEASE),
        "fatty liver; fatty liver disease; NAFLD; MASLD; NASH; MASH; steatohepatitis; steatotic liver disease; alcoholic liver \
        disease; alcohol related liver disease; alcohol associated liver disease; alcoholic hepatitis; autoimmune hepatitis; acute hepatitis; viral hepatitis; primary \
        biliary cholangitis; primary sclerosing cholangitis; chronic hepatitis; liver trouble; liver disorder; metabolic dysfunction \
        associated steatotic liver disease; nonalcoholic fatty liver disease",
    ),
    (
        Person,
        kinds(Field::Liver, liver::DISEASE),
        "bad liver; damaged liver; diseased liver; weak liver; poor liver function; impaired liver function; reduced liver function; \
        abnormal liver function; sick liver; liver patient",
    ),
    (
        Person,
        kinds(Field::Liver, liver::DECOMPENSATED),
        "liver is failing; livers are failing; cirrhosis has decompensated; cirrhosis is decompensated; cirrhosis decompensated; \
        cirrhosis decompensates; liver has decompensated; liver has failed; failing livers; hepatic coma; liver failure patient",
    ),
    (
        Nothing,
        Sense::None,
        "malignant ascites; cardiac ascites; ascites from heart failure; ascites due to heart failure; belly from heart failure; \
        pulmonary fibrosis; cystic fibrosis; liver fibrosis test; fibrosis score; hepatitis vaccine",
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
        kinds(Field::Diabetes, diabetes::OTHER),
        "MODY; monogenic diabetes; steroid induced diabetes; cystic fibrosis related diabetes; pancreatogenic diabetes; type 3c \
        diabetes; neonatal diabetes; pancreatic diabetes",
    ),
    (
        Condition,
        kinds(Field::Diabetes, diabetes::GESTATIONAL),
        "gestational diabetes; gestational diabetes mellitus; GDM; diabetes of pregnancy; pregnancy diabetes",
    ),
    (
        Condition,
        kinds(Field::Diabetes, diabetes::PRE),
        "prediabetes; pre diabetes; borderline diabetes; impaired fasting glucose; impaired glucose tolerance; intermediate \
        hyperglycemia; nondiabetic hyperglycemia; nondiabetic hyperglycaemia; borderline sugar; IFG; IGT",
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
