//! Sentences that name nothing that could be looked up: every word of them is one of small talk, of talk about the
//! answer, or of advice to ask somebody.
//!
//! Tables of sentence beginnings ([`super::worth`]) know how such sentences usually run; these lists know the by what
//! they lack. A word that is in no list is content, so an unknown word always speaks for a claim: names of drugs, parts of
//! the body, signs, tests, and also "safe", "help", "stop", "risk", which say something of what was named before.

use super::clause::{Words, listed};
use super::worth::Worth;

/// Words that name nothing: grammar, evaluation, feeling, time without a number.
static EMPTY: Words = Words::new(|| {
    listed(
        "a about above across actually admit admittedly adventure afraid after again against ago agree agrees \
         ahead aim alike all almost alone along already alright also although always am among an and another \
         anxious any anybody anymore anyone anything anyway anywhere apart approach approaches are aren't around \
         as aside aspect aspects at away baby back bad balance balanced basically be beautiful because become \
         becomes been before behind being believe below beside best better between beyond big bit blame bodies \
         both bottom brave bravely bravo brief briefly bring brings but by call called came can can't cannot care \
         careful case cases certain certainly challenge challenging change changed changes changing chapter \
         choice choices choose clear clearly close come comes comfortable comforting common-sense completely \
         complicated confused confusing consideration considerations considered context could couldn't courage \
         course cover covered curious current currently dad daughter daunting day days deal debatable decide decided decides \
         decision decisions deeply definitely depend depends deserve detail details did didn't differ difference \
         different differently differs difficult disagree disappointing discouraged dive do does doesn't doing \
         don't done doubt down each earlier easier easily easy either else end enough entirely especially even \
         evening ever every everybody everybody's everyone everyone's everything everywhere exactly example \
         exception exceptions exciting exhausting expect expected experience experiences extra extremely factor \
         factors fair fairly family far father fault favourite feel feeling feels felt few final finally find \
         fine first fit fits folks follow following for forget forward found four frankly friend friends \
         frightening from frustrating full fully fun fundamentals further gain gather general generally get gets \
         getting gist glad go goal goals goes going gone good got granted grateful great guess guilty guys had \
         happen happened happens happy hard hardest has hasn't hate have haven't having he he'd he's headline \
         headlines hear heard her here here's hers hi him hindsight his hold honest honestly hope hopefully \
         hoping how however huge husband i i'd i'll i'm i've idea ideal ideally if imagine immediately impossible \
         in indeed individual inside instead interested interesting into involved is isn't issue it it'd it'll \
         it's itself job journey judgement judgment jump just keep keeps kept kind kindly knew know knowing known \
         knows last later latest lead least leave left less let let's life like liked likely little lives long longer \
         look looked looking looks lot lots love luck luckily made magic mainly make makes making many marathon \
         matter matters may maybe me mean means meant meantime medicine middle might milestone mind mine mom \
         moment more morning most mostly mother move moved moves moving much mum must my myself nail name natural \
         naturally near nearly necessarily necessary need needed needs neighbor neighbour neighbours neither \
         nervous never new news next nice night no nobody none nonetheless nor normally not nothing now nowhere \
         nuance nuanced obvious obviously odd of off often oh ok okay on once one one-size-fits-all ones only \
         open opinion opinions option options or order other others otherwise ought our ours ourselves out \
         outside over overall overwhelmed overwhelming own paragraph part particular particularly partner parts \
         past path patience patient people perfect perfectly perhaps person personal personally picture piece \
         pieces place places plain plainly plan plans play please plenty point points poor possible possibly \
         pretty principle principles probably process promise proud pull put puts quick quickly quite quote \
         rather ready real realise realistic realistically realize really reason reasonable reasons reassuring \
         regardless regret relieved remember respect respectfully respond results right rough rule rules run \
         running sad said same saw say saying says scared scary second see seem seems self sense set sets settle \
         several shall she she's short should shouldn't show shows side sides similar simple simpler simply since \
         single situation situations skip small so some somebody someone something sometimes somewhat somewhere \
         son soon sorry sort sorts sound sounds speak speaking specific specifically spot sprint stage stand \
         stands stated stay step steps stick still stone story straight straightforward strange strategies \
         strategy stressful subjective such sudden suits sum supportive suppose sure surely surprise surprised \
         surprises surprising surprisingly talk tell tells tempting terms than thank thankful thankfully thanks \
         that that'll that's the their theirs them themselves then there there's therefore these they they'd \
         they'll they're they've thing things think thinking thinks third this those though thought thoughts \
         three through throughout time times tiring to today together told tomorrow tonight too took top torn \
         total totally tough toward towards tricky tried true truly trust try trying tune turn turns twice two \
         typical typically ultimately uncertain unclear under understand understandable understandably \
         understanding understood unfortunately unique universal unless unsure until up upset upsetting upshot us \
         usual usually varied varies variety vary vast very view wait waiting walk walks want wanted wants was \
         wasn't way ways we we'd we'll we're we've welcome well went were weren't what what's whatever when \
         whenever where wherever whether which whichever while white who who's whoever whole whom whose why wife \
         will wise wish with within without won't wonder wonderful wondering word words worried worries worry \
         worrying worst worth worthwhile would wouldn't wrong yes yesterday yet you you'd you'll you're you've \
         your yours yourself zoom",
    )
});
/// Words about the answer itself and what it rests on.
static ANSWER: Words = Words::new(|| {
    listed(
        "add advice agreement ai answer answered answers assistant attach background basics below calculate \
         caveat caveats chart charts check checklist checks cite cited comment comments consensus copy countries \
         country debate debated describe described diagnose diagnosis disagreement discuss discussed draft \
         educational evidence evolve evolves evolving examination examine expand expert experts explain explained \
         explains explanation explanations explore figures format guess guidance guide guideline guidelines \
         include included includes info information informational intended label labels language link links list \
         listed lists local mention mentioned message model note noted notes numbers nutshell ongoing opinion \
         opinions outline overview page pages paste post practice protocol protocols purposes question questions \
         read reading recap recommend recommendation recommendations recommends record records reference references region regions \
         rely remark remarks replace replaces reply request research response review reviewed rundown schedule \
         schedules science section sections send share source sources studies study substitute substitutes \
         summarise summarises summarize summary table tables tailor takeaway takeaways topic topics turn unpack \
         version versions write writing written wrote",
    )
});
/// Words about asking somebody and being looked after, beside the ones who are asked.
static CARE: Words = Words::new(|| {
    listed(
        "adjust adjusted adjustment adjusts advice advise advised advises agree agreed appointment appointments \
         appropriate approval ask asked asking asks book bring buy buying call calls change changes changing \
         check check-up check-ups checked checks checkup clinic concern concerns consult consultation consulted \
         consulting contact contacts conversation counter cover covered covers decide decision decisions discuss \
         discussed discussion dosage dose doses dosing double-check drug drugs fine-tune follow-up guidance guide \
         guided guides health help helped helps history hospital individual input insurance list lists looks \
         medical medication medications medicine medicines mention message needs option options over-the-counter \
         person personalised personalized phone phoning plan plans practice prescribe prescribed prescriber \
         prescribes prescription prescriptions professional professionals qualified question questions quick \
         raise recommend recommended review reviewed ring run say settle show speak speaking start starting stop \
         stopping suitable supplement supplements support surgery symptoms tailor tailored talk talking talks \
         treatment treatments visit visits",
    )
});
/// Those who are asked.
static CARERS: Words = Words::new(|| {
    listed(
        "allergist anaesthetist anesthesiologist cardiologist clinician clinicians counsellor counselor dentist \
         dermatologist dietitian doctor doctor's doctors endocrinologist gastroenterologist geneticist gp gps \
         gynaecologist gynecologist haematologist healthcare hematologist midwife midwives nephrologist \
         neurologist nurse nurses nutritionist obstetrician oncologist ophthalmologist optician optometrist \
         paediatrician pediatrician pharmacist pharmacists physician physicians physiotherapist prescriber \
         professional professionals provider provider's providers psychiatrist psychologist pulmonologist \
         radiologist rheumatologist specialist specialists surgeon team therapist urologist vet whoever",
    )
});

/// What a sentence of such words is; `None` where it names something.
///
/// `words` are in lower case, without the signs around them.
pub(super) fn of(words: &[String]) -> Option<Worth> {
    // "They should be seen again": whoever was named before is spoken of, and something is asked for.
    let (subject, verb) = (words.first().map(String::as_str), words.get(1).map(String::as_str));
    let obliged =
        matches!(verb, Some("should" | "must" | "may" | "can" | "cannot" | "can't" | "shouldn't" | "mustn't"));
    if matches!(subject, Some("it" | "they" | "he" | "she" | "this" | "these")) && obliged {
        return None;
    }
    let (mut answer, mut care, mut carer) = (0usize, 0usize, false);
    for word in words {
        let word = word.as_str();
        carer |= CARERS.contains(word);
        if EMPTY.contains(word) || CARERS.contains(word) {
            continue;
        }
        let (in_answer, in_care) = (ANSWER.contains(word), CARE.contains(word));
        if !in_answer && !in_care {
            return None;
        }
        answer += usize::from(!in_answer);
        care += usize::from(!in_care);
    }
    match (carer, care == 0, answer == 0) {
        (true, true, _) => Some(Worth::Referral),
        (false, _, true) => {
            Some(if words.iter().any(|word| ANSWER.contains(word.as_str())) { Worth::Meta } else { Worth::Hedge })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::clause;
    use super::*;

    fn check(text: &str, expected: Option<Worth>) {
        assert_eq!(of(&clause::words(text)), expected, "{text}");
    }

    #[test]
    fn what_names_nothing_is_told_by_what_it_lacks() {
        check("Two things stand out.", Some(Worth::Hedge));
        check("The right choice depends on the person.", Some(Worth::Hedge));
        check("The table has the details.", Some(Worth::Meta));
        check("Here is what current guidelines recommend.", Some(Worth::Meta));
        check("Your care team should have the final say.", Some(Worth::Referral));
        check("Any change of dose should be agreed with your doctor.", Some(Worth::Referral));
    }

    #[test]
    fn one_word_of_content_is_enough() {
        for text in [
            "It is safe.",
            "They should be seen again.",
            "Do not give both.",
            "It should not be taken.",
            "They don't help.",
            "It is rare.",
            "Do not stop it suddenly.",
            "Your doctor may order an X-ray.",
            "It can cause drowsiness.",
            "The dose depends on the weight.",
            "Any change of dose should be agreed.",
        ] {
            check(text, None);
        }
    }
}
