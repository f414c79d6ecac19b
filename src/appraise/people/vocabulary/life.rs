//! Stages of life, sex, pregnancy, menopause.

use super::super::field::{FEMALE, Field, MALE, menopause, pregnancy};
use super::Form::{Condition, Nothing, Person};
use super::{Row, Sense, kinds};

const END: f64 = f64::INFINITY;
/// Twenty-eight days, a newborn's age in the paediatric groups of ICH E11 that FDA and EMA use.
const NEWBORN: f64 = 28.0 / 365.25;

/// Stages of life. Bounds: newborn to 28 days, infant and toddler to 23 months, child 2 to 11, adolescent 12 to 17 (ICH E11);
/// adolescent 10 to 19 (WHO, hence the soft ends); toddler 1 to 3 (CDC's developmental pages); older adult from 65, soft from
/// 60 (WHO counts from 60, US guidelines from 65).
pub(super) const STAGES: &[Row] = &[
    (
        Person,
        Sense::Stage((0.0, NEWBORN), (0.0, 0.2)),
        "newborn; neonate; newborn infant; newborn baby; neonatal period; preterm infant; premature baby",
    ),
    (Person, Sense::Stage((0.0, 1.0), (0.0, 2.0)), "infant; baby; infancy; first year of life; in infancy"),
    (Person, Sense::Stage((1.0, 3.0), (0.9, 4.0)), "toddler"),
    (
        Person,
        Sense::Stage((3.0, 5.0), (2.0, 6.0)),
        "preschooler; preschool child; preschool age child; preschool aged child",
    ),
    (
        Person,
        Sense::Stage((6.0, 12.0), (5.0, 18.0)),
        "school age child; school aged child; schoolchild; schoolchildren; grade schooler",
    ),
    (
        Person,
        Sense::Stage((0.0, 18.0), (0.0, 18.0)),
        "child; kid; pediatric patient; paediatric patient; childhood; pediatrics; paediatrics; youngster; pediatric \
        population; minor child; pediatric; paediatric; child and adolescent; child and teenager",
    ),
    (
        Person,
        Sense::Stage((13.0, 18.0), (10.0, 20.0)),
        "adolescent; teenager; teen; teenage; adolescence; high schooler",
    ),
    (Person, Sense::Stage((15.0, 25.0), (10.0, 30.0)), "young people; young person; youth"),
    (Person, Sense::Stage((18.0, 40.0), (18.0, 45.0)), "young adult; college student; younger adult"),
    (Person, Sense::Stage((40.0, 65.0), (35.0, 70.0)), "middle aged; middle age; midlife"),
    (Person, Sense::Stage((18.0, END), (18.0, END)), "adult; grown up; adulthood"),
    (
        Person,
        Sense::Stage((65.0, END), (60.0, END)),
        "older adult; older people; older folk; older person; older patient; older individual; older man; older woman; elderly; \
        senior; senior citizen; geriatric patient; geriatric; old age; old people; elderly people; elderly patient; \
        retiree; elderly adult",
    ),
];

/// Sex, pregnancy, menopause.
pub(super) const SEX: &[Row] = &[
    (
        Person,
        kinds(Field::Sex, FEMALE),
        "woman; female; girl; lady; schoolgirl; people with a cervix; person with a cervix; individual with a cervix",
    ),
    (Person, kinds(Field::Sex, MALE), "man; male; boy; gentleman; guy; people with a prostate; dad"),
    (Person, Sense::Stage((12.0, END), (12.0, END)), "woman; man; lady; gentleman"),
    (Person, Sense::Stage((0.0, 18.0), (0.0, 20.0)), "girl; boy"),
    (
        Nothing,
        Sense::None,
        "transgender woman; transgender man; trans woman; trans man; male sex; female sex; male condom; female \
        condom; male partner; female partner; baby aspirin; baby formula; infant formula; baby powder; women's \
        health; men's health; child abuse; child pugh; adult dose; pediatric dose; pediatrician; male pattern; woman \
        physician; minor; junior; sex with men; sex with women; baby food; baby bottle; baby shampoo; elderly care; \
        childbearing; geriatrician; child care; child resistant; adult day; girlfriend; boyfriend; man made",
    ),
    (Person, kinds(Field::Sex, MALE), "men who have sex with men; man who has sex with men; MSM"),
    (
        Person,
        kinds(Field::Pregnancy, pregnancy::PREGNANT),
        "pregnant; expecting mother; expectant mother; expecting woman; mother to be; mom to be; mum to be; moms to \
        be; mothers to be; gravid; expecting a baby; expectant woman; pregnant people; gravida; having a baby; \
        carrying a baby; expectant parent; antenatal patient; expecting twins; is expecting; are expecting; pregnant with; \
        carrying twins; twin pregnancy; multiple pregnancy; obstetric patient; parturient; in labor; in labour; laboring; \
        expecting her first; expecting their first; weeks along; months pregnant",
    ),
    (
        Person,
        kinds(Field::Pregnancy, pregnancy::PLANNING | pregnancy::NEITHER),
        "never pregnant; never been pregnant; nulligravid; nulligravida; no previous pregnancy; never had a pregnancy; not pregnant \
        or breastfeeding; neither pregnant nor breastfeeding; not pregnant or lactating; neither pregnant nor lactating; nonpregnant \
        and nonlactating; nonpregnant nonlactating",
    ),
    (
        Person,
        kinds(
            Field::Pregnancy,
            pregnancy::PREGNANT | pregnancy::PLANNING | pregnancy::NEITHER | pregnancy::AFTER_BIRTH,
        ),
        "nonlactating; non lactating; nonbreastfeeding; non breastfeeding",
    ),
    (
        Person,
        kinds(Field::Pregnancy, pregnancy::POSTPARTUM | pregnancy::PLANNING | pregnancy::NEITHER),
        "nonpregnant; not expecting",
    ),
    (
        Condition,
        kinds(Field::Pregnancy, pregnancy::PREGNANT),
        "pregnancy; gestation; the prenatal period; antenatal period; antenatal care; prenatal care; PREG",
    ),
    (
        Condition,
        kinds(Field::Pregnancy, pregnancy::FIRST),
        "first trimester; early pregnancy; 1st trimester; first trimester of pregnancy",
    ),
    (
        Condition,
        kinds(Field::Pregnancy, pregnancy::SECOND),
        "second trimester; 2nd trimester; second trimester of pregnancy",
    ),
    (
        Condition,
        kinds(Field::Pregnancy, pregnancy::THIRD),
        "third trimester; late pregnancy; 3rd trimester; third trimester of pregnancy",
    ),
    (
        Condition,
        kinds(Field::Pregnancy, pregnancy::SECOND | pregnancy::THIRD),
        "second and third trimester; second or third trimester",
    ),
    (
        Nothing,
        Sense::None,
        "pregnancy test; pregnancy testing; pregnancy loss; pregnancy rate; pregnancy prevention; unintended \
        pregnancy; ectopic pregnancy; pregnancy outcome; desire pregnancy; unwanted pregnancy; pregnancy \
        complication; become pregnant; becoming pregnant; became pregnant; pregnancy termination; post pregnancy; \
        prior pregnancy; previous pregnancy; pregnancy intention; pregnancy status; child bearing; get pregnant; \
        getting pregnant; pregnancy risk; pregnancy weight; future pregnancy; past pregnancy; molar pregnancy; \
        before pregnancy; after pregnancy",
    ),
    (
        Person,
        kinds(Field::Pregnancy, pregnancy::PLANNING),
        "trying to conceive; planning a pregnancy; planning pregnancy; planning to become pregnant; trying to get \
        pregnant; want to conceive; trying to become pregnant; planning to conceive; plan to become pregnant; TTC; \
        preconception; hoping to conceive; wishing to conceive; plan pregnancy; want to become pregnant; seeking \
        pregnancy; plan to get pregnant; planning to get pregnant; hoping to get pregnant; trying for a baby; before \
        conception; considering pregnancy; contemplating pregnancy; planning for pregnancy; want to get pregnant; \
        hoping to become pregnant",
    ),
    (
        Person,
        kinds(Field::Pregnancy, pregnancy::PREGNANT | pregnancy::PLANNING | pregnancy::NEITHER),
        "could become pregnant; may become pregnant; can become pregnant; might become pregnant; able to become \
        pregnant; capable of becoming pregnant; can get pregnant; could get pregnant",
    ),
    (
        Person,
        kinds(Field::Pregnancy, pregnancy::POSTPARTUM),
        "postpartum; post partum; after delivery; after childbirth; after giving birth; puerperal; new mother; new \
        mom; new mum; just had a baby; just given birth; who gave birth; recently gave birth; after birth of; after birth; has \
        given birth; gave birth; has just delivered; just delivered; recently delivered; has had her baby; since giving birth; \
        following delivery; following childbirth; following birth; in the puerperium; puerperium; fourth trimester; weeks after birth; \
        weeks after delivery; months after birth; months after delivery; after a cesarean; postnatal; post natal",
    ),
    (
        Nothing,
        Sense::None,
        "postpartum hemorrhage; postpartum haemorrhage; postpartum depression screening; postpartum depression",
    ),
    (
        Person,
        kinds(Field::Pregnancy, pregnancy::BREASTFEEDING),
        "breastfeeding; breast feeding; lactating; nursing mother; nursing mom; nursing mum; nursing woman; \
        breastfeeding mother; breastfeed; breastfed; lactation; breast feed; nurse her baby; nursing her baby; while nursing; still nursing; is nursing; are nursing; who nurse; who nurses; nurses her baby; nurses \
        her newborn; nursing her newborn; nursing parent; gives breast milk; giving breast milk; pumping breast milk; pumping milk; \
        expressing milk; expressing breast milk; feeds her baby at the breast; at the breast; lactate; suckling; breastfeeds; breast \
        feeds; nursing people; milk supply; breastfeeding parent; nursing twins; nursing her infant; her breast milk; \
        nursing a baby; nursing an infant; chestfeeding; nursing their baby; lactating mother",
    ),
    (
        Nothing,
        Sense::None,
        "breastfeeding support; does not nurse her; promote breastfeeding; breastfeeding promotion; encourage \
        breastfeeding; breastfeeding counseling; breastfeeding intervention; support breastfeeding; breastfed \
        infant; breastfed baby; initiate breastfeeding; continue breastfeeding; stop breastfeeding; exclusive \
        breastfeeding; lactation support; breastfed newborn; start breastfeeding; recommend breastfeeding; \
        breastfeeding education; lactation consultant; not breastfed; partially breastfed; exclusively breastfed",
    ),
    (
        Person,
        kinds(Field::Menopause, menopause::AFTER),
        "postmenopausal; post menopausal; after menopause; past menopause; through menopause; after the menopause; past the change; past the change of life; after the change of life",
    ),
    (Person, kinds(Field::Menopause, menopause::BEFORE), "premenopausal; pre menopausal; before menopause"),
    (Nothing, Sense::None, "perimenopausal; peri menopausal"),
    (
        Person,
        Sense::Stage((15.0, 45.0), (10.0, 56.0)),
        "childbearing age; reproductive age; childbearing potential; reproductive years; childbearing years; of child \
        bearing age",
    ),
    (
        Person,
        kinds(Field::Pregnancy, pregnancy::AFTER_BIRTH),
        "bottle feed; bottle feeding; bottle feeding mother; formula feed; formula feeding; formula feeding mother; \
        does not breastfeed; do not breastfeed; does not nurse; do not nurse; stopped breastfeeding; not \
        breastfeeding; not nursing; who bottle feeds; bottle feeds; formula feeds; weaned her baby; has weaned; have weaned; chose \
        formula; uses formula; takes only formula; takes formula; on formula; fed formula; formula fed; bottle fed",
    ),
    (
        Nothing,
        Sense::None,
        "adult protocol; adult dosing; adult regimen; adult schedule; adult formulation; pediatric dosing; adult \
        guideline; infant outcome; infant mortality; maternal and infant outcome; neonatal outcome; infant death; \
        child health; maternal and child",
    ),
    (
        Person,
        Sense::Stage((6.0, 11.0), (5.0, 12.0)),
        "grader; first grader; second grader; third grader; fourth grader; fifth grader",
    ),
    (Person, Sense::Stage((65.0, END), (55.0, END)), "pensioner"),
    (Person, Sense::Stage((0.0, 5.0), (0.0, 11.0)), "young child; little kid; small child"),
];
