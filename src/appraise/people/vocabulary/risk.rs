//! What puts somebody at more than the usual risk, and of what.
//!
//! Sources: average risk of colorectal cancer as the American Cancer Society and USPSTF (2021) delimit it; of breast cancer USPSTF
//! 2019 (BRCA) and 2024; preeclampsia USPSTF 2021; preterm delivery USPSTF 2020; hepatitis B and HIV USPSTF 2020 and 2023; bleeding
//! on aspirin USPSTF 2022; fracture after fracture and with glucocorticoids ACR 2022; tuberculosis USPSTF 2023.

use super::super::field::{Kinds, risk};
use super::Form::{Condition, Event, Nothing, Person};
use super::{Row, Sense};

const HIGH: Kinds = risk::HIGH | risk::VERY_HIGH;

const fn of(kinds: Kinds, object: &'static str) -> Sense {
    Sense::Risk(kinds, object)
}

const COLORECTAL: &str = "colorectal colon bowel crc cancer";
const BREAST: &str = "breast ovarian brca cancer";
const PRETERM: &str = "preterm premature delivery birth";
const PREECLAMPSIA: &str = "preeclampsia eclampsia";
const BLEEDING: &str = "bleeding hemorrhage haemorrhage ulcer gastrointestinal";
const FRACTURE: &str = "fracture osteoporosis fragility osteoporotic";
const BLOOD_BORNE: &str = "hiv hepatitis infection sexually transmitted sti";

/// Risks.
pub(super) const RISKS: &[Row] = &[
    (
        Person,
        of(HIGH, BREAST),
        "BRCA carrier; BRCA1 carrier; BRCA2 carrier; BRCA mutation carrier; BRCA1 mutation; BRCA2 mutation; BRCA mutation; \
        BRCA1 variant; BRCA2 variant; BRCA variant; BRCA positive; carries a BRCA mutation; carry a BRCA mutation",
    ),
    (
        Condition,
        of(HIGH, BREAST),
        "Li Fraumeni syndrome; chest radiation; chest irradiation; mantle radiation; radiation to the chest; chest \
        radiotherapy; atypical hyperplasia; lobular carcinoma in situ; LCIS; BRCA1; BRCA2; BRCA",
    ),
    (
        Condition,
        of(risk::INCREASED, BREAST),
        "family history of breast cancer; family history of ovarian cancer; first degree relative with breast cancer; \
        personal history of breast cancer",
    ),
    (
        Person,
        of(risk::INCREASED, BREAST),
        "mother had breast cancer; sister had breast cancer; mother has breast cancer; sister has breast cancer; mother and \
        sister had breast cancer; mother with breast cancer; sister with breast cancer",
    ),
    (
        Condition,
        of(HIGH, COLORECTAL),
        "Lynch syndrome; familial adenomatous polyposis; FAP; hereditary nonpolyposis colorectal cancer; HNPCC; ulcerative \
        colitis; inflammatory bowel disease; Crohn's colitis; Crohn's disease; Crohn disease; IBD",
    ),
    (
        Condition,
        of(risk::INCREASED, COLORECTAL),
        "family history of colorectal cancer; family history of colon cancer; family history of bowel cancer; first degree \
        relative with colorectal cancer; first degree relative with colon cancer; adenomatous polyps; previous polyps; \
        history of polyps; history of adenomas; personal history of colorectal cancer; history of adenomatous polyps",
    ),
    (
        Person,
        of(risk::INCREASED, COLORECTAL),
        "father had colon cancer; mother had colon cancer; father had bowel cancer; mother had bowel cancer; brother had colon \
        cancer; sister had colon cancer; parent had colon cancer; father had colorectal cancer; mother had colorectal cancer",
    ),
    (
        Condition,
        of(risk::INCREASED, "prostate cancer"),
        "family history of prostate cancer; first degree relative with prostate cancer",
    ),
    (
        Person,
        of(risk::INCREASED, "prostate cancer"),
        "father had prostate cancer; brother had prostate cancer; father with prostate cancer; brother with prostate cancer",
    ),
    (
        Condition,
        of(risk::INCREASED, "cancer"),
        "strong family history; family history of cancer; hereditary cancer syndrome; hereditary cancer",
    ),
    (
        Person,
        of(risk::INCREASED, "cancer"),
        "whose mother had; whose father had; whose sister had; whose brother had; whose parent had",
    ),
    (
        Event,
        of(risk::INCREASED, PRETERM),
        "preterm birth; preterm delivery; premature birth; premature delivery; spontaneous preterm birth; preterm labor",
    ),
    (
        Person,
        of(risk::INCREASED, PRETERM),
        "prior preterm birth; previous preterm birth; had a preterm birth; had a preterm delivery; history of preterm birth; \
        previous preterm delivery; prior preterm delivery; delivered early before; short cervix; history of preterm delivery",
    ),
    (
        Person,
        of(HIGH, PREECLAMPSIA),
        "prior preeclampsia; previous preeclampsia; history of preeclampsia; had preeclampsia; preeclampsia in a previous \
        pregnancy; preeclampsia in her last pregnancy; preeclampsia before",
    ),
    (
        Person,
        of(HIGH, BLEEDING),
        "prior gastrointestinal bleeding; previous gastrointestinal bleeding; history of gastrointestinal bleeding; prior GI \
        bleed; previous GI bleed; history of GI bleeding; history of GI bleed; history of bleeding ulcer; had a bleeding ulcer; \
        bleeding disorder; prior ulcer bleeding; history of ulcer bleeding; recent bleeding ulcer; peptic ulcer disease; \
        hemophilia; haemophilia",
    ),
    (
        Person,
        of(risk::INCREASED, FRACTURE),
        "prior fragility fracture; previous fragility fracture; prior osteoporotic fracture; previous fracture; prior fracture; \
        history of fragility fracture; had a fragility fracture; broke a hip; broke her hip; broke his hip; had a hip fracture; \
        prior hip fracture; previous hip fracture; prior vertebral fracture; history of vertebral fracture",
    ),
    (
        Person,
        of(risk::INCREASED, BLOOD_BORNE),
        "inject drugs; injects drugs; injection drug user; who inject; injecting drugs; injection drug use; intravenous drug \
        user; IV drug user; uses IV drugs; person who injects drugs; people who inject drugs",
    ),
    (
        Person,
        of(risk::INCREASED, "falls fall falling"),
        "who has fallen; who have fallen; has fallen twice; fell twice; has fallen before; history of falls; recurrent falls; \
        repeated falls; fell last year; keeps falling",
    ),
    (
        Person,
        of(HIGH, "cardiovascular coronary heart"),
        "familial hypercholesterolemia; familial hypercholesterolaemia",
    ),
    (
        Nothing,
        Sense::None,
        "BRCA testing; BRCA test; BRCA screening; BRCA counseling; BRCA related; preterm birth risk; preterm birth rate; risk of \
        preterm birth; risk of preterm delivery; IBD screening; test for BRCA; prevent preterm birth; prevent preterm delivery; \
        preterm birth prevention; bleeding disorder screening",
    ),
];
