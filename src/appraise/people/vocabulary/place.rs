//! Immune defence, health, where somebody is cared for.

use super::super::field::{Field, YES, diabetes, immunity, kidney, liver, setting};
use super::Form::{Adjective, Condition, Nothing, Person, Taken};
use super::{Row, Sense, kinds};

/// Who is healthy has none of the diseases that advice turns on.
const HEALTHY: &str = "healthy; otherwise healthy; perfectly healthy; generally healthy";

/// Immune defence, where.
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
        "HIV positive; living with HIV; HIV infected; seropositive for HIV; PLWH; PLHIV; PWH; HIV patient; has HIV; have HIV; people with HIV; person with HIV; lives with HIV",
    ),
    (Condition, kinds(Field::Immunity, immunity::HIV), "HIV; HIV infection; AIDS"),
    (Person, kinds(Field::Immunity, !immunity::HIV & 0xFF), "HIV negative; HIV uninfected; HIV seronegative"),
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
        transplantation; liver transplantation; heart recipient; lung recipient; liver recipient; kidney recipient; new kidney; \
        new liver; transplanted heart; transplanted liver; transplanted lung; allograft recipient; renal allograft; kidney graft; \
        received a transplant; received a kidney; received a liver; has a transplant; with a transplant",
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
        Taken,
        kinds(Field::Immunity, immunity::DRUGS),
        "methotrexate; rituximab; ocrelizumab; ofatumumab; adalimumab; infliximab; etanercept; certolizumab; golimumab; tocilizumab; \
        abatacept; ustekinumab; tofacitinib; baricitinib; upadacitinib; azathioprine; mercaptopurine; leflunomide; cyclophosphamide; \
        fingolimod; prednisone; prednisolone; TNF inhibitor; TNF blocker; JAK inhibitor; anti TNF; anti TNF drug; \
        biologic; biological; biologic DMARD; immunosuppressant; immunosuppressive; immune suppressant; corticosteroid; steroid; \
        glucocorticoid; glucocorticoids; oral steroid; oral corticosteroid; dexamethasone; anti CD20",
    ),
    (
        Taken,
        kinds(Field::Immunity, immunity::ORGAN | immunity::STEM_CELL | immunity::DRUGS),
        "mycophenolate; tacrolimus; ciclosporin; cyclosporine; cyclosporin; sirolimus; everolimus; antirejection drug; \
        antirejection medicine; anti rejection drug; anti rejection medicine",
    ),
    (
        Condition,
        kinds(Field::Immunity, immunity::CANCER),
        "leukemia; leukaemia; lymphoma; multiple myeloma; chemotherapy; chemo; neutropenia; febrile neutropenia; acute myeloid leukemia; chronic lymphocytic \
        leukemia; CLL; hematologic cancer; blood cancer; haematological malignancy",
    ),
    (
        Person,
        kinds(Field::Immunity, immunity::ORGAN | immunity::STEM_CELL),
        "after a transplant; after transplant; on tacrolimus; after transplantation; had a transplant",
    ),
    (
        Person,
        kinds(Field::Immunity, immunity::OTHER),
        "asplenia; asplenic; no spleen; without a spleen; spleen removed; splenectomy; primary immunodeficiency; CVID; common variable immunodeficiency; SCID; \
        severe combined immunodeficiency; agammaglobulinemia; hypogammaglobulinemia; complement deficiency; sickle cell disease; \
        functional asplenia; hyposplenia; congenital immunodeficiency; primary immune deficiency; had his spleen out; had her spleen \
        out; lost his spleen; lost her spleen",
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
        care; in an ICU; in ICU; critical care patient; septic shock; in the intensive care; on vasopressors; on life support; on a breathing machine; on the breathing \
        machine; on the vent; ventilated patient; ventilated adult; MICU; SICU; high dependency unit; in critical care; ECMO; critical care unit; on \
        the ICU",
    ),
    (
        Person,
        kinds(Field::Setting, setting::HOSPITAL),
        "hospitalized; hospitalised; inpatient; in the hospital; in hospital; hospital patient; admitted to hospital; \
        admitted to the hospital; during hospitalization; hospital inpatient; admitted patient; on the ward; in a \
        hospital bed; during a hospital stay; hospital stay; was admitted; who is admitted; is admitted; admitted for; admitted \
        with; on admission; while admitted; medical inpatient; hospital admission; at the bedside on the ward",
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
        patient; prehospital; paramedic; at the ER; accident and emergency; in the ambulance; urgent and emergency care; emergency \
        physician; emergency care; in an emergency; emergency situation; emergency setting",
    ),
    (
        Person,
        kinds(Field::Setting, 0b11_1111 & !setting::EMERGENCY),
        "nonemergency; non emergency; nonurgent; non urgent; nonemergent; not an emergency",
    ),
    (
        Person,
        kinds(Field::Setting, setting::OUTPATIENT),
        "outpatient; nonhospitalized; non hospitalized; ambulatory patient; not hospitalized; in primary care; \
        primary care patient; outpatient setting; in general practice; ambulatory care; treated at home; not in \
        hospital; non hospitalised; in the clinic; in the community; family practice; ambulatory setting; primary \
        care setting; primary care office; doctor's office; GP surgery; in the outpatient clinic; primary care \
        clinic; walk in clinic; GP practice; at home; sent home; discharged home; after discharge; urgent care clinic; family doctor; \
        family physician; general practitioner; community pharmacy; clinic patient; office visit; home treatment; managed at home; \
        home management; outpatient care; outpatient treatment; outpatient management; as an outpatient; as outpatients; not admitted",
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
        nursing facility; aged care; residential home; rest home; retirement home; nursing home patient; in a \
        nursing home; lives in a nursing home; old people's home; home for the elderly; long term care home; residential care; care home resident; institutionalized; long term \
        care; nursing facility",
    ),
    (
        Person,
        kinds(Field::Setting, setting::SURGERY),
        "surgical patient; undergoing surgery; before surgery; after surgery; before an operation; before the operation; after an \
        operation; elective surgery; in the operating room; having an operation; facing surgery; going for surgery; going to surgery; \
        awaiting surgery; presurgical; undergoes surgery; undergo surgery; scheduled for surgery; having surgery; perioperative; surgical \
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
];
