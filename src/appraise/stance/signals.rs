//! What is measured of a claim beside a passage: the features that the models were fitted to.
//!
//! Sentences are ordered by how likely they settle the claim; the best three are weighed, near ties alike. What each
//! signal is worth and what was left out is told in `training/README.md`.

use super::pair::{Alike, Negation, Pair, Polarity, exact, soft};
use super::reading::Reading;
use super::text::{Text, sentences};
use super::{lists, text};

/// Number of features.
pub const COUNT: usize = 31;

/// Names of the features, as in `training/stance`, and what each tells in plain words.
pub const NAMES: [(&str, &str); COUNT] = [
    ("mean_soft", "how much of the claim an average sentence has"),
    ("sentences", "how many sentences the passage has"),
    ("soft_near", "how much of the claim stands in the best sentence and those beside it"),
    ("soft_all", "how much of the claim stands in the passage, similar words counted"),
    ("exact_all", "how much of the claim stands in the passage word for word"),
    ("exact_best", "how much of the claim stands in the best sentence word for word"),
    ("missing_abs", "how heavy the heaviest word is that the passage lacks"),
    ("soft_most", "how much of the claim one sentence has at most, similar words counted"),
    ("missing_entity", "how heavy the heaviest name is that the passage lacks"),
    ("finding_best", "whether the best sentence tells of a finding"),
    ("exact_most", "how much of the claim one sentence has at most, word for word"),
    ("position", "where in the passage the best sentence stands"),
    ("null3_xor", "whether claim or passage alone says that there is no effect"),
    ("p3_conflict", "how much the claim's words meet their opposites"),
    ("t3_clause", "whether claim and clause turn the statement round equally often"),
    ("null3", "whether the passage says that there is no effect"),
    ("null_claim", "whether the claim says that there is no effect"),
    ("p3_conflict_max", "how strongly one word of the claim meets its opposite"),
    ("p3c_direction", "how strongly a word of direction meets its opposite"),
    ("p_top", "how far agreement outweighs conflict in the sentence that agrees most"),
    ("t3_part", "whether claim and matching words turn the statement round equally often"),
    ("p3_direction", "whether words of direction agree or conflict"),
    ("p_conflict", "how much the claim's words meet their opposites in the best sentence"),
    ("x_null", "whether one side alone says that there is no effect, by how much of the claim is found"),
    ("t3_part_soft", "whether both turn the statement round equally often, by how much of the claim is found"),
    ("n3_xor_most", "how heavy the heaviest word is that is negated on one side alone"),
    ("n3_xor", "how much of what matches is negated on one side alone"),
    ("p3a_direction", "how strongly a word of direction agrees"),
    ("p3_net", "how far agreement outweighs conflict"),
    ("p3_explicit", "whether words meet that are listed as opposites of each other"),
    ("n3_both", "how much of what matches is negated on both sides"),
];

/// Sentences that are looked at closely.
const CLOSELY: usize = 3;
/// How sharply the best of them is preferred.
const SHARPNESS: f64 = 12.0;

/// The features of one pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Signals(pub(super) [f64; COUNT]);

impl Signals {
    /// A feature by its name; `None` where there is none of that name.
    pub fn get(&self, name: &str) -> Option<f64> {
        let at = NAMES.iter().position(|(one, _)| *one == name)?;
        self.0.get(at).copied()
    }
}

/// Measures a claim beside a passage, whose title (empty where there is none) counts as its first sentence; of long ones
/// the first 60 sentences of 200 words. `None` where either has no words.
pub fn signals(claim: &Reading, title: &str, passage: &str) -> Option<Signals> {
    let passage = Text::read(sentences(title).chain(sentences(passage)), true);
    if claim.rows.is_empty() || passage.sentences.is_empty() {
        return None;
    }
    let shorts = together(claim.shorts(), &passage.shorts);
    let alike = Alike::of(claim, &passage);
    let new = |sentence| Pair::new(claim, &passage, sentence, &alike, &shorts);
    let pairs: Vec<Pair<'_>> = passage.sentences.iter().map(new).collect();
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by(|a, b| pairs[*b].relevance.total_cmp(&pairs[*a].relevance));
    let mut found = [0.0; COUNT];
    let (relevance, polarity) = found.split_at_mut(12);
    relevance.copy_from_slice(&coverage(claim, &pairs, order[0]));
    polarity.copy_from_slice(&contrast(claim, &pairs, &order));
    Some(Signals(found))
}

/// Short forms that either text explains; where both do, as the claim does.
fn together(claim: &text::Shorts, passage: &text::Shorts) -> text::Shorts {
    let mut all = claim.clone();
    for short in passage {
        if all.iter().all(|(known, _)| *known != short.0) {
            all.push(short.clone());
        }
    }
    all
}

/// How much of the claim the passage has, in the order of [`NAMES`].
fn coverage(claim: &Reading, pairs: &[Pair<'_>], first: usize) -> [f64; 12] {
    let everywhere = most_of(claim, pairs);
    let near = most_of(claim, &pairs[first.saturating_sub(1)..(first + 2).min(pairs.len())]);
    let missing = |row: usize| claim.rows[row].weight * (1.0 - f64::from(everywhere[row].min(1.0)));
    let most = |of: &dyn Fn(&Pair<'_>) -> f64| pairs.iter().map(of).fold(0.0, f64::max);
    let best = &pairs[first];
    [
        pairs.iter().map(|pair| pair.soft).sum::<f64>() / pairs.len() as f64,
        (pairs.len() as f64).ln_1p(),
        soft(claim, &near),
        soft(claim, &everywhere),
        exact(claim, &everywhere),
        best.exact,
        (0..claim.rows.len()).map(missing).fold(0.0, f64::max),
        most(&|pair| pair.soft),
        (0..claim.rows.len()).filter(|row| claim.rows[*row].entity).map(missing).fold(0.0, f64::max),
        f64::from(u8::from(best.finding)),
        most(&|pair| pair.exact),
        first as f64 / (pairs.len() - 1).max(1) as f64,
    ]
}

/// The best of each of the claim's words over some sentences.
fn most_of(claim: &Reading, pairs: &[Pair<'_>]) -> Vec<f32> {
    let mut most = vec![0.0_f32; claim.rows.len()];
    for pair in pairs {
        most.iter_mut().zip(&pair.best).for_each(|(most, best)| *most = most.max(*best));
    }
    most
}

/// Whether what is found says the same or the contrary, in the order of [`NAMES`].
fn contrast(claim: &Reading, pairs: &[Pair<'_>], order: &[usize]) -> [f64; 19] {
    let top: Vec<&Pair<'_>> = order.iter().take(CLOSELY).map(|at| &pairs[*at]).collect();
    let shares = shares(&top);
    let mean = |values: &mut dyn Iterator<Item = f64>| shares.iter().zip(values).map(|(share, one)| share * one).sum();
    let polar: Vec<Polarity> = top.iter().map(|pair| pair.polarity()).collect();
    let turns: Vec<(f64, f64)> = top.iter().map(|pair| pair.parity()).collect();
    let negations: Vec<Negation> = top.iter().map(|pair| pair.negation()).collect();
    let polar_mean = |of: fn(&Polarity) -> f64| -> f64 { mean(&mut polar.iter().map(of)) };
    let negation_mean = |of: fn(&Negation) -> f64| -> f64 { mean(&mut negations.iter().map(of)) };
    let says_none = |pair: &&Pair<'_>| f64::from(u8::from(lists::says_no_effect(&pair.sentence.raw)));
    let null: f64 = mean(&mut top.iter().map(says_none));
    let null_claim = f64::from(u8::from(claim.says_no_effect));
    let null_apart = (null_claim - null).abs();
    [
        null_apart,
        polar_mean(|one| one.conflict),
        mean(&mut turns.iter().map(|(_, clause)| *clause)),
        null,
        null_claim,
        polar_mean(|one| one.conflict_most),
        polar_mean(|one| one.direction_conflicts),
        polar.iter().map(Polarity::net).fold(f64::NEG_INFINITY, f64::max),
        mean(&mut turns.iter().map(|(part, _)| *part)),
        polar_mean(|one| one.direction),
        polar[0].conflict,
        null_apart * top[0].soft,
        mean(&mut turns.iter().zip(&top).map(|((part, _), pair)| part * pair.soft)),
        negation_mean(|one| one.most),
        negation_mean(|one| one.one),
        polar_mean(|one| one.direction_agrees),
        polar_mean(Polarity::net),
        polar_mean(|one| one.explicit),
        negation_mean(|one| one.both),
    ]
}

/// How much each of the best sentences counts; adds to 1.
fn shares(top: &[&Pair<'_>]) -> Vec<f64> {
    let best = top[0].relevance;
    let raw: Vec<f64> = top.iter().map(|pair| (SHARPNESS * (pair.relevance - best)).exp()).collect();
    let sum: f64 = raw.iter().sum();
    raw.into_iter().map(|share| share / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_apart() {
        for (at, (name, told)) in NAMES.iter().enumerate() {
            assert!(NAMES[..at].iter().all(|(other, other_told)| other != name && other_told != told), "{name}");
        }
    }

    #[test]
    fn without_words_there_are_no_signals() {
        let of = |claim: &str, title: &str, passage: &str| signals(&Reading::of_claim(claim), title, passage);
        assert_eq!(of("", "", "Aspirin helps."), None);
        assert_eq!(of("Aspirin helps.", "", " \n . "), None);
        assert!(of("Aspirin helps.", "Aspirin", "").is_some());
    }

    #[test]
    fn what_is_measured_stays_within_bounds() {
        let long = "No effect (NE), aspirin not lowers raises. A 5% ".repeat(2_000);
        let found = signals(&Reading::of_claim(&long), &long, &long).expect("signals");
        assert!(found.0.iter().all(|value| value.is_finite()), "{found:?}");
        assert!((found.get("sentences").expect("a feature") - 61f64.ln()).abs() < 1e-9);
    }
}
