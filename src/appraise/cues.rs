//! What a statement does with what it speaks of: allows it, asks for it, denies it, ranks it, limits it.
//!
//! Single words, looked up in one pass: which pairs of them speak for a contradiction is fitted with everything else
//! ([`super::hint`]), as no one of them settles anything ("only" may limit whom, when or how).

use std::sync::LazyLock;

use crate::quantity::{KeyMap, TokenKind, key_of, tokenise};

/// What the words of a text do, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cues(u16);

/// `may`, `safe`, `acceptable`.
pub(super) const PERMIT: Cues = Cues(1);
/// `should`, `needs`, `recommended`.
pub(super) const DEMAND: Cues = Cues(1 << 1);
/// `helps`, `effective`, `prevents`.
pub(super) const BENEFIT: Cues = Cues(1 << 2);
/// `only`, `alone`, `enough`.
pub(super) const ONLY: Cues = Cues(1 << 3);
/// `first`, `preferred`, `standard`.
pub(super) const FIRST: Cues = Cues(1 << 4);
/// `alternative`, `second`, `reserved`.
pub(super) const SECOND: Cues = Cues(1 << 5);
/// `all`, `always`, `routinely`.
pub(super) const UNIVERSAL: Cues = Cues(1 << 6);
/// `unless`, `selectively`, `consider`.
pub(super) const LIMITED: Cues = Cues(1 << 7);
/// `not`, `avoid`, `contraindicated`.
pub(super) const DENY: Cues = Cues(1 << 8);
/// `unnecessary`, `need not`, `no longer`.
pub(super) const NEEDLESS: Cues = Cues(1 << 9);
/// `harm`, `risk`, `damage`.
pub(super) const HARM: Cues = Cues(1 << 10);

/// Contractions are cut at their apostrophe: of "don't" the first piece counts.
const WORDS: &[(Cues, &str)] = &[
    (
        PERMIT,
        "may can could fine ok okay safe safely allowed acceptable permitted suitable harmless appropriate reasonable \
         eligible option",
    ),
    (
        DEMAND,
        "should must need needs needed ought have has required requires necessary indicated recommended recommends \
         recommend advised advise advises",
    ),
    (
        BENEFIT,
        "help helps work works effective effectively prevent prevents protect protects improve improves lowers reduces \
         benefit benefits beneficial useful good strengthens cures proven beats",
    ),
    (ONLY, "only solely alone just merely enough sufficient simply exclusively itself"),
    (
        FIRST,
        "first initial initially preferred prefer preferable prefers standard best favoured favored better choice choose \
         chosen",
    ),
    (
        SECOND,
        "alternative alternatives alternatively second third fallback reserve reserved intolerant unavailable tolerate \
         respond fails fail failed inadequate",
    ),
    (
        UNIVERSAL,
        "all every always everyone everybody any whenever never regardless even nobody routine routinely anyone",
    ),
    (
        LIMITED,
        "unless except only selective selectively individual routinely consider considered depends certain some most",
    ),
    (
        DENY,
        "not no never neither nor cannot avoid avoided avoiding contraindicated contraindications unsafe stop \
         stopped discourage discouraged withhold instead don shouldn mustn isn doesn aren",
    ),
    (NEEDLESS, "unnecessary needless superfluous redundant"),
    (HARM, "harm harms harmful risk risks danger dangerous toxic toxicity damage injure injury causes worsens serious"),
];

/// Words that are needless only after a negation: "no need", "not required", "no longer".
const NEEDED: &str = "need needed needs necessary required longer reason";
/// How many words a negation may stand before them.
const REACH: usize = 3;

static BY_WORD: LazyLock<KeyMap<Cues>> = LazyLock::new(|| {
    let mut map: KeyMap<Cues> = KeyMap::default();
    for (cue, words) in WORDS {
        for word in words.split_whitespace() {
            map.entry(key_of(word)).or_default().0 |= cue.0;
        }
    }
    map
});
/// Words after which "against" denies, and does not say what something is used against.
const TURNED: &str = "recommend recommends recommended recommending suggest suggests suggested advise advises advised advice warn warns \
                      is are was strongly conditionally recommendation guidance evidence decide decided decision and or nor";

static TURNED_KEYS: LazyLock<Vec<u64>> = LazyLock::new(|| TURNED.split_whitespace().map(key_of).collect());
static NEEDED_KEYS: LazyLock<Vec<u64>> = LazyLock::new(|| NEEDED.split_whitespace().map(key_of).collect());
static NEGATION_KEYS: LazyLock<Vec<u64>> =
    LazyLock::new(|| ["not", "no", "don", "doesn", "needn", "isn"].map(key_of).to_vec());

impl Cues {
    /// What the words of a text do.
    pub(super) fn of(text: &str) -> Cues {
        let (mut found, mut negated, mut at) = (0, None::<usize>, 0);
        let (need, against) = (key_of("need"), key_of("against"));
        let mut before = 0;
        for token in tokenise(text).iter().filter(|token| token.kind == TokenKind::Word) {
            at += 1;
            let key = token.key;
            found |= BY_WORD.get(&key).map_or(0, |cue| cue.0);
            let near = negated.is_some_and(|from| at - from <= REACH);
            // "Need not" says the same as "no need".
            if (near && NEEDED_KEYS.contains(&key)) || (before == need && NEGATION_KEYS.contains(&key)) {
                found |= NEEDLESS.0;
            }
            if key == against && TURNED_KEYS.contains(&before) {
                found |= DENY.0;
            }
            if NEGATION_KEYS.contains(&key) {
                negated = Some(at);
            }
            before = key;
        }
        Cues(found)
    }

    /// All but one.
    pub(super) fn without(self, cue: Cues) -> Cues {
        Cues(self.0 & !cue.0)
    }

    /// Whether its words do any of these.
    pub(super) fn has(self, cues: &[Cues]) -> bool {
        cues.iter().any(|cue| self.0 & cue.0 != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_what_a_statement_does() {
        let check = |text: &str, cue: Cues, expected: bool| assert_eq!(Cues::of(text).has(&[cue]), expected, "{text}");
        check("Aspirin may be taken.", PERMIT, true);
        check("Aspirin is preferred.", FIRST, true);
        check("Do not start aspirin.", DENY, true);
        check("Start aspirin.", DENY, false);
        check("The panel recommends against aspirin.", DENY, true);
        check("Vaccinate all adults against hepatitis B.", DENY, false);
        check("There is no need to fast.", NEEDLESS, true);
        check("Patients need not fast.", NEEDLESS, true);
        check("A test is no longer required.", NEEDLESS, true);
        check("Patients need to fast.", NEEDLESS, false);
        check("No drug was tried, and after months of waiting surgery was needed.", NEEDLESS, false);
    }
}
