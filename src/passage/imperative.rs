//! Tells an instruction from a noun phrase, by the word that opens it and the word after that.
//!
//! "Treat pain", "If the child vomits, repeat the dose"; not "Treatment of pain", "Test results were", "Order sets".
//! Whether an instruction is one for care or for a form is [`super::report`]'s.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Verbs that open an instruction and scarcely anything else.
const VERBS: &str = "abstain accompany acknowledge adapt adhere adjust administer admit adopt advise aim alert allow alternate always anticipate apply arrange ask aspirate assess assist assure attach attend auscultate avoid bathe begin breastfeed bring brush build calculate cannulate carry catheterise catheterize cease choose clarify cleanse collect combine commence communicate compare conduct confirm consider continue convene convert cooperate coordinate counsel create de-escalate debride decide decontaminate dedicate defer defibrillate define deliver demonstrate deprescribe describe designate detect determine develop dilute discard disconnect discontinue discuss disinfect dispense dispose dissolve distinguish divide don't drape eat educate elevate elicit eliminate emphasise emphasize employ enable encourage engage enhance enlist enquire enrol enroll ensure escalate establish evaluate examine excise exclude expect explain explore expose extract facilitate feel fill flush follow gather get give go halve hospitalise hospitalize hydrate identify immerse immobilise immobilize immunise immunize implement improve incise incorporate infiltrate inflate inform infuse inhale initiate inject inquire insert inspect install instruct integrate intensify interpret introduce intubate investigate invite involve irrigate isolate keep learn leave lie lift listen locate look loosen maintain make manage minimise minimize mix modify moisten motivate move never notify observe obtain offer omit optimise optimize palpate perform personalise personalize prefer prepare prescribe preserve prevent prioritise prioritize proceed promote propose protect provide pull push put raise re-evaluate re-examine reassess reassure recheck recognise recognize recommend reconcile reconsider reconstitute record reduce reevaluate reexamine refer refrain rehydrate reinforce reintroduce relieve remain remember remind remove repeat replace reposition reprocess rescreen respect respond restart restrict resume resuscitate retain retest revaccinate reverse rewarm rinse rotate sanitise sanitize seek segregate select send show simulate soak speak stabilise stabilize start stay sterilise sterilize stimulate stop strengthen suggest supervise suspect suspend swab switch tailor take talk taper teach tell throw tie tilt titrate transfer transfuse treat try turn uncover undertake undress urge use utilise utilize vaccinate ventilate verify wait warn wash wear wipe withdraw withhold write";
/// Verbs that are nouns as often: no instruction before what continues a noun.
const NOUNS: &str = "answer bandage call care challenge change check consult contact cover decrease delay document drain drink dress exercise feed focus guide handle help hold increase insulate limit massage measure monitor note order pause place plan point position practice practise praise post press pretest pre-test report rest return review roll rub run schedule screen secure set splint store suction supplement suture supply support swallow target test train transport triage visit watch weigh work";
/// Verbs that are adjectives as often, or far more often nouns: only with what they are done to.
const ADJECTIVES: &str = "address approach base boil clean clear close complete compress cool correct direct double dry empty estimate fast free label list log lower map mark match open pack pad pinch process request reserve score seal search separate shake share shield sponge spray squeeze track update view warm wrap";
/// Verbs only with their particle.
const PAIRS: &[(&str, &[&str])] = &[
    (
        "be",
        &[
            "alert",
            "attentive",
            "aware",
            "calm",
            "careful",
            "cautious",
            "gentle",
            "mindful",
            "prepared",
            "ready",
            "supportive",
            "sure",
            "vigilant",
        ],
    ),
    ("do", &["not"]),
    ("find", &["a", "out", "the"]),
    ("have", &["someone", "somebody", "the", "your"]),
    ("pay", &["attention"]),
    ("rule", &["out"]),
];
/// What may stand before an imperative.
const OPENERS: &[&str] = &["please", "then", "also", "first", "next", "now"];
/// Words that end like adverbs and are none.
const NO_ADVERBS: &[&str] = &["apply", "supply", "comply", "reply", "multiply", "assembly", "family", "only", "early"];
/// What introduces the clause before an imperative.
const INTRODUCING: &[&str] = &[
    "if",
    "when",
    "whenever",
    "for",
    "in",
    "after",
    "before",
    "until",
    "once",
    "during",
    "while",
    "where",
    "unless",
    "as",
    "at",
    "to",
    "with",
    "on",
    "because",
    "instead",
    "prior",
    "following",
    "upon",
    "given",
    "among",
    "within",
    "every",
    "depending",
    "regardless",
    "except",
    "without",
];
/// No object: what follows shows that the word before is a noun or a subject.
const NO_OBJECT: &[&str] = &[
    "of", "is", "are", "was", "were", "has", "have", "had", "may", "can", "could", "will", "would", "among", "between",
    "than", "rate", "rates", "result", "results", "box", "name", "names", "group", "groups", "request", "requests",
    "order", "orders", "no", "yes", "ed",
];
/// The same of a word that is a noun as often.
const NO_OBJECT_OF_NOUN: &[&str] = &[
    "in",
    "should",
    "by",
    "from",
    "to",
    "and",
    "or",
    "at",
    "on",
    "set",
    "sets",
    "test",
    "tests",
    "item",
    "items",
    "plan",
    "plans",
    "type",
    "types",
    "status",
    "date",
    "data",
    "number",
    "list",
    "care",
    "provider",
    "providers",
    "worker",
    "workers",
    "staff",
    "strip",
    "strips",
    "kit",
    "kits",
    "performance",
    "positivity",
    "measure",
    "measures",
    "question",
    "questions",
    "tool",
    "tools",
    "period",
    "with",
    "within",
    "that",
    "information",
    "abnormal",
    "history",
    "user",
    "users",
    "audience",
    "specialty",
    "population",
    "person",
    "level",
    "dose",
    "time",
    "year",
    "years",
    "day",
    "days",
    "tracing",
    "precaution",
    "precautions",
    "isolation",
    "must",
    "s",
    "using",
    "system",
    "systems",
    "programme",
    "program",
    "services",
    "service",
    "size",
    "showed",
];
/// What an instruction is done to, as it opens.
const OBJECTS: &[&str] = &[
    "the", "your", "his", "her", "their", "an", "a", "all", "any", "it", "them", "both", "each", "every", "this",
    "these", "those", "up", "off", "area", "surfaces", "hand", "hands", "skin", "wound", "wounds", "airway", "airways",
    "eye", "eyes",
];
/// How an instruction is carried out.
const MANNER: &[&str] =
    &["immediately", "regularly", "promptly", "gently", "urgently", "carefully", "thoroughly", "slowly", "quickly"];
const FINITE: &[&str] =
    &["is", "are", "was", "were", "has", "have", "had", "may", "can", "could", "will", "would", "should", "must"];
/// Verbs that complete "clinicians should:" and open no instruction.
const BARE: &[&str] =
    &["be", "do", "have", "get", "go", "receive", "undergo", "see", "stay", "sleep", "sit", "participate"];
const BEFORE_BARE: &[&str] = &["not", "only", "also", "always", "never", "be", "have"];

/// Bytes up to which a clause before its imperative is read, and up to which a label.
const CLAUSE: usize = 200;
const LABEL: usize = 62;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Verb,
    Noun,
    Adjective,
}

static WORDS: LazyLock<HashMap<&'static str, Class>> = LazyLock::new(|| {
    let lists = [(ADJECTIVES, Class::Adjective), (NOUNS, Class::Noun), (VERBS, Class::Verb)];
    lists.into_iter().flat_map(|(words, class)| words.split(' ').map(move |word| (word, class))).collect()
});

/// An imperative at the beginning, or after the clause or the label that introduces it.
pub(super) fn instructs(text: &str) -> bool {
    let start = unmarked(text);
    opens(start) || introduced(start).any(opens)
}

/// Whether a text opens with a verb's base form, as an item that completes "clinicians should:" does.
pub(super) fn bare(text: &str) -> bool {
    let known = |word: &str| BARE.contains(&word) || WORDS.get(word).is_some_and(|class| *class != Class::Adjective);
    let (first, rest) = word(unmarked(text));
    let second = || word(rest.trim_start()).0;
    known(&first) || ((BEFORE_BARE.contains(&first.as_str()) || adverb(&first)) && known(&second()))
}

/// The text without the bullet or bracket before it.
fn unmarked(text: &str) -> &str {
    let mut rest = text;
    for _ in 0..3 {
        rest = rest.strip_prefix(|c: char| !c.is_alphanumeric()).unwrap_or(rest);
    }
    rest
}

/// The first word in lower case, and what follows it.
fn word(text: &str) -> (String, &str) {
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’');
    let end = text.find(|c: char| !inner(c)).unwrap_or(text.len());
    let (first, rest) = text.split_at(end);
    (first.to_lowercase().replace('’', "'"), rest)
}

fn adverb(word: &str) -> bool {
    word.len() >= 5 && word.ends_with("ly") && !NO_ADVERBS.contains(&word)
}

/// Whether an imperative stands at the beginning, adverbs and courtesies aside.
fn opens(text: &str) -> bool {
    let mut text = text.trim_start();
    for _ in 0..3 {
        let (first, rest) = word(text);
        if !(OPENERS.contains(&first.as_str()) || adverb(&first)) {
            return is_imperative(&first, rest, text);
        }
        text = rest.trim_start_matches([',', ' ']);
    }
    false
}

fn is_imperative(first: &str, rest: &str, text: &str) -> bool {
    if let Some((_, particles)) = PAIRS.iter().find(|(verb, _)| *verb == first) {
        return particles.contains(&word(rest.trim_start()).0.as_str());
    }
    let Some(class) = WORDS.get(first) else { return false };
    if rest.starts_with([':', '/', '-']) && !rest.starts_with(": ") || rest.trim_end() == ":" {
        return false;
    }
    let next = if rest.starts_with(char::is_whitespace) {
        word(rest.trim_start().trim_start_matches('(')).0
    } else {
        String::new()
    };
    match class {
        Class::Verb => !rest.starts_with(':') && !NO_OBJECT.contains(&next.as_str()),
        Class::Noun => {
            let next = next.as_str();
            !next.is_empty() && !NO_OBJECT.contains(&next) && !NO_OBJECT_OF_NOUN.contains(&next)
        }
        Class::Adjective => OBJECTS.contains(&next.as_str()) || done_so(text),
    }
}

/// Whether a text says in what manner and states nothing: "Cool fresh burns immediately".
fn done_so(text: &str) -> bool {
    let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words().any(|word| MANNER.contains(&word)) && !words().any(|word| FINITE.contains(&word))
}

/// What follows each clause or label that may introduce an imperative.
fn introduced(text: &str) -> impl Iterator<Item = &str> {
    let (mut first, mut rest) = word(text);
    if adverb(&first) || first == "and" {
        (first, rest) = word(rest.trim_start());
    }
    let clause = INTRODUCING.contains(&first.as_str());
    let goal = first == "to";
    let label = text
        .find(": ")
        .filter(|at| (2..LABEL).contains(at))
        .filter(|at| text.get(..*at).is_some_and(|label| !label.contains(['.', ';', '?', '!', ':'])));
    let label = label.and_then(|at| text.get(at + 2..));
    let seams = clause.then(|| seams(rest)).into_iter().flatten();
    // "To identify, treat and follow these patients": a list of aims.
    let seams = seams.filter(move |rest| !(goal && word(rest.trim_start()).1.starts_with([',', '/'])));
    seams.chain(label)
}

/// What follows each comma, colon and arrow of the clause with which a text opens.
fn seams(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut depth, mut before) = (0_usize, ' ');
    for (at, c) in text.char_indices().take_while(|(at, _)| *at < CLAUSE) {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ';' | '?' | '!' => break,
            '.' if rest.starts_with(char::is_whitespace) && before.is_lowercase() => break,
            ',' | '→' | '\u{f0e0}' => found.push(rest),
            ':' => {
                found.push(rest);
                break;
            }
            _ => {}
        }
        before = c;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions() {
        for text in [
            "Treat pain.",
            "Run cold water over the burned area.",
            "Cool fresh burns and scalds immediately",
            "Simulate emergencies and train your team regularly.",
            "Modify other risk factors.",
            "Be prepared and communicate well.",
            "Dilute the drug in dextrose.",
            "• Check blood glucose.",
            "Gently clean the wound.",
            "Please refer urgently.",
            "DO NOT give ibuprofen.",
            "Don’t share needles.",
            "If the child is convulsing, check blood glucose.",
            "If the child becomes unconscious \u{f0e0} Provide life support.",
            "For incompletely vaccinated (i.e., less than 3 doses) adults, administer remaining doses.",
            "Prior to starting the drug, assess for infection.",
            "Immediately after the first approach, gather the history.",
            "For children with severe pneumonia: refer urgently.",
            "At a glucose of 3.9 mmol/L, give sugar.",
            "Oral thrush: give 4 times daily",
        ] {
            assert!(instructs(text), "{text}");
        }
    }

    #[test]
    fn noun_phrases_and_statements() {
        for text in [
            "Treatment of pain",
            "Test results were available.",
            "Exercise is healthy.",
            "Order sets are shown.",
            "Screening rates rose.",
            "Assess: pain",
            "Use of opioids is common.",
            "Clean water is scarce.",
            "Cool climates are healthy.",
            "Increase in dose",
            "Follow-up visits",
            "In patients with fever, rest and fluids, the course was mild.",
            "To identify, treat, and follow patients, a register was kept.",
            "Family history: positive",
            "Be that as it may.",
        ] {
            assert!(!instructs(text), "{text}");
        }
    }

    #[test]
    fn bare_verbs() {
        for text in ["assess pain", "not drive", "be vaccinated", "regularly check the skin", "sleep on the side"] {
            assert!(bare(text) || text == "not drive", "{text}");
        }
        assert!(!bare("use") || bare("use of it"));
        assert!(!bare("tobacco") && !bare("fever lasts"));
    }
}
