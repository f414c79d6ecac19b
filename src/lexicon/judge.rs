//! Decides which rows speak: the longest name first, one sense of an abbreviation, one product of a brand.

use std::borrow::Cow;
use std::ops::Range;

use super::MOST_OF_A_SURFACE;
use super::context::{Fit, Surroundings};
use super::link::{Link, Links, Role};
use super::matcher::Match;
use super::ordinary::is_ordinary;
use super::row::{Fact, Region, Row};
use super::word::{self, Word, words};

/// What an abbreviation's sense weighs where the surroundings chose it.
const SURE: f32 = 0.8;
/// What an abbreviation's usual sense weighs, and what all products of a brand share.
const LESS_SURE: f32 = 0.7;

/// Why a row was taken or left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Taken: it holds everywhere.
    Always,
    /// Taken: the abbreviation has no other sense.
    OneSense,
    /// Taken: the words of this sense stand in the claim or its context.
    SpelledOut,
    /// Taken: these words of its context stand nearby.
    Context(Vec<String>),
    /// Taken: nothing nearby speaks for another sense, and this is the usual one.
    Usual,
    /// Taken: the product of this region, which is named nearby.
    Region(Region),
    /// Taken: every product of this brand holds it.
    InEveryProduct,
    /// Left: in lower case the name is an ordinary word, and it is not written as the row prints it.
    WrongCase,
    /// Left: none of its context words stands nearby.
    NoContext,
    /// Left: another sense or product fits better.
    OtherFits,
    /// Left: it is one of several, and nothing nearby chooses.
    Ambiguous,
    /// Left: these words are part of a longer name that was taken.
    Within(String),
    /// Left: the claim or another row gives the same words.
    Repeats,
    /// Left: a stretch of a claim gets so many expansions and no more; weightier ones were taken.
    Surplus,
}

impl Reason {
    /// Whether the row was taken.
    pub fn is_taken(&self) -> bool {
        use Reason::{Always, Context, InEveryProduct, OneSense, Region, SpelledOut, Usual};
        matches!(self, Always | OneSense | SpelledOut | Context(_) | Usual | Region(_) | InEveryProduct)
    }
}

/// A name in a text, and the links to which it leads.
pub(super) struct Judged {
    pub(super) from: Range<usize>,
    pub(super) verdicts: Vec<Verdict>,
}

/// What is decided about one link.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    pub(super) link: u32,
    pub(super) weight: f32,
    pub(super) reason: Reason,
}

/// Judges every name in a text, in the order of the text; those that give nothing are left out unless `all` are wanted.
pub(super) fn judge(rows: &[Row], links: &Links, text: &str, context: Option<&str>, all: bool) -> Vec<Judged> {
    let words = words(text);
    let mut matches = links.names.find(text, &words);
    matches.sort_by_key(|found| (std::cmp::Reverse(found.to - found.from), found.from));
    let mut court = Court { rows, links, text, context, words: &words, around: None };
    let mut holder: Vec<Option<Range<usize>>> = vec![None; words.len()];
    let mut judged = Vec::new();
    for same in matches.chunk_by(|a, b| (a.from, a.to) == (b.from, b.to)) {
        let Some(Match { from, to, .. }) = same.first().copied() else { continue };
        let range = words[from].range.start..words[to - 1].range.end;
        if let Some(longer) = holder[from..to].iter().flatten().next() {
            if all {
                let surface = text.get(longer.clone()).unwrap_or_default();
                judged.push(Judged { from: range, verdicts: court.within(same, surface) });
            }
            continue;
        }
        let verdicts = court.decide(same);
        let taken = verdicts.iter().any(|verdict| verdict.reason.is_taken());
        if taken {
            holder[from..to].fill(Some(range.clone()));
        }
        if taken || all {
            judged.push(Judged { from: range, verdicts });
        }
    }
    judged.sort_by_key(|one| (one.from.start, std::cmp::Reverse(one.from.end)));
    judged
}

/// What is needed to decide.
struct Court<'a> {
    rows: &'a [Row],
    links: &'a Links,
    text: &'a str,
    context: Option<&'a str>,
    words: &'a [Word],
    /// Read only once something is ambiguous.
    around: Option<Surroundings<'a>>,
}

impl<'a> Court<'a> {
    fn row(&self, link: &Link) -> &'a Row {
        &self.rows[link.row as usize]
    }

    fn within(&self, same: &[Match], surface: &str) -> Vec<Verdict> {
        let numbers = same.iter().flat_map(|found| self.links.links_of(*found));
        let verdict = |link: u32| Verdict {
            link,
            weight: self.links.link(link).weight,
            reason: Reason::Within(surface.to_owned()),
        };
        numbers.map(verdict).collect()
    }

    /// Verdicts on all links of one stretch, those that were taken first, the weightiest before others.
    fn decide(&mut self, same: &[Match]) -> Vec<Verdict> {
        let mut verdicts = Vec::new();
        let (mut senses, mut products) = (Vec::new(), Vec::new());
        let span = same.first().map_or(0..0, |found| found.from..found.to);
        for found in same {
            for number in self.links.links_of(*found) {
                let link = self.links.link(number);
                let put = |reason| Verdict { link: number, weight: link.weight, reason };
                match link.role {
                    Role::Sense | Role::Product if !self.is_written_so(link, *found) => {
                        verdicts.push(put(Reason::WrongCase));
                    }
                    Role::Sense => senses.push((number, *found)),
                    Role::Product => products.push(number),
                    Role::Guarded if self.is_back(link) || self.row(link).context.is_empty() => {
                        verdicts.push(put(Reason::Always));
                    }
                    Role::Guarded => {
                        let fit = self.fit(link, None, span.clone());
                        verdicts.push(put(if fit.is_any() { Reason::Context(fit.words) } else { Reason::NoContext }));
                    }
                }
            }
        }
        self.choose_sense(senses, span.clone(), &mut verdicts);
        self.choose_product(&products, &mut verdicts);
        self.settle(verdicts, span)
    }

    fn surface(&self, found: Match) -> &'a str {
        let (Some(first), Some(last)) = (self.words.get(found.from), self.words.get(found.to - 1)) else { return "" };
        let surface = self.text.get(first.range.start..last.range.end).unwrap_or_default();
        let surface = surface.strip_suffix("'s").or_else(|| surface.strip_suffix("’s")).unwrap_or(surface);
        if found.plural { surface.strip_suffix(['s', 'S']).unwrap_or(surface) } else { surface }
    }

    /// Whether an abbreviation or a brand is written in a way that counts.
    fn is_written_so(&self, link: &Link, found: Match) -> bool {
        let surface = self.surface(found);
        let as_printed = surface == self.row(link).name();
        let shouted = || !self.text.chars().any(char::is_lowercase) && self.words.len() > 2;
        if link.as_printed {
            return as_printed && !shouted();
        }
        if !found.plural || as_printed {
            return true;
        }
        // "gas" is no plural of "GA".
        let whole = self.words.get(found.to - 1).map_or("", |word| word.lower.as_str());
        surface.len() >= 4 && !is_ordinary(whole)
    }

    /// Whether the link leads from a row's second column to its first: the context is for the other direction.
    fn is_back(&self, link: &Link) -> bool {
        *link.to == *self.row(link).name()
    }

    fn fit(&mut self, link: &Link, long: Option<&str>, span: Range<usize>) -> Fit {
        let row = self.row(link);
        self.surroundings().fit(row.context(), long, span)
    }

    fn surroundings(&mut self) -> &Surroundings<'a> {
        let (text, words, context) = (self.text, self.words, self.context);
        self.around.get_or_insert_with(|| Surroundings::of(text, words, context))
    }

    fn choose_sense(&mut self, mut senses: Vec<(u32, Match)>, span: Range<usize>, verdicts: &mut Vec<Verdict>) {
        // "Ca" is not "CA" where both are known.
        let links = self.links;
        let exact = |court: &Self, (number, found): &(u32, Match)| {
            court.surface(*found) == court.row(links.link(*number)).name()
        };
        if senses.iter().any(|sense| exact(self, sense)) {
            senses.retain(|sense| {
                let keep = exact(self, sense);
                if !keep {
                    verdicts.push(Verdict {
                        link: sense.0,
                        weight: links.link(sense.0).weight,
                        reason: Reason::OtherFits,
                    });
                }
                keep
            });
        }
        let one = senses.windows(2).all(|pair| links.link(pair[0].0).to == links.link(pair[1].0).to);
        let mut fits = Vec::new();
        for (number, _) in &senses {
            let link = links.link(*number);
            let free = one && self.row(link).context.is_empty();
            let fit = if free { Fit::default() } else { self.fit(link, Some(&link.to), span.clone()) };
            fits.push((*number, fit, self.is_common(link)));
        }
        let best = fits.iter().map(|(_, fit, _)| fit.rank()).max().unwrap_or_default();
        let leaders: Vec<&(u32, Fit, bool)> = fits.iter().filter(|(_, fit, _)| fit.rank() == best).collect();
        let fitting = fits.iter().any(|(_, fit, _)| fit.is_any());
        // Of equals the usual sense, else all where they say nearly the same, else none.
        let usual = leaders.iter().filter(|(.., common)| *common).count() == 1;
        let together = fitting && leaders.len() > 1 && !usual && self.nearly_same(&leaders);
        let alone = leaders.len() == 1;
        for (number, fit, common) in &fits {
            let link = links.link(*number);
            let leads = fit.rank() == best;
            let (reason, weight) = if one && !fit.is_any() && *common {
                (Reason::OneSense, link.weight)
            } else if !leads {
                (if fitting { Reason::OtherFits } else { Reason::NoContext }, link.weight)
            } else if fitting && (alone || together || (usual && *common)) {
                let reason = if fit.spelled_out { Reason::SpelledOut } else { Reason::Context(fit.words.clone()) };
                (reason, SURE)
            } else if !fitting && usual && *common {
                (Reason::Usual, LESS_SURE)
            } else if usual {
                (Reason::OtherFits, link.weight)
            } else if alone {
                (Reason::NoContext, link.weight)
            } else {
                (Reason::Ambiguous, link.weight)
            };
            verdicts.push(Verdict { link: *number, weight, reason });
        }
    }

    fn is_common(&self, link: &Link) -> bool {
        matches!(self.row(link).fact, Fact::Abbreviation { common: true, .. })
    }

    /// Whether all of them share at least half of their words with the first.
    fn nearly_same(&self, leaders: &[&(u32, Fit, bool)]) -> bool {
        let stems = |number: u32| -> Vec<String> {
            words(&self.links.link(number).to).iter().map(|word| word::stem(&word.lower)).collect()
        };
        let Some(((first, ..), rest)) = leaders.split_first() else { return false };
        let first = stems(*first);
        rest.iter().all(|(other, ..)| {
            let other = stems(*other);
            let shared = first.iter().filter(|stem| other.contains(stem)).count();
            2 * shared >= first.len().max(other.len())
        })
    }

    fn choose_product(&mut self, products: &[u32], verdicts: &mut Vec<Verdict>) {
        let links = self.links;
        let rows = self.rows;
        let product = |number: &u32| match &rows[links.link(*number).row as usize].fact {
            Fact::Drug { target, region, .. } => (&**target, region.as_slice()),
            _ => ("", &[][..]),
        };
        let Some(first) = products.first().map(product) else { return };
        if products.iter().all(|number| product(number).0 == first.0) {
            let always = |link: &u32| Verdict { link: *link, weight: links.link(*link).weight, reason: Reason::Always };
            verdicts.extend(products.iter().map(always));
            return;
        }
        let named = self.surroundings().regions();
        let local = |number: &u32| product(number).1.iter().copied().find(|region| named.contains(region));
        let mut targets: Vec<&str> =
            products.iter().filter(|number| local(number).is_some()).map(|number| product(number).0).collect();
        targets.sort_unstable();
        targets.dedup();
        let parts = |number: &u32| product(number).0.split(" + ");
        for number in products {
            let link = links.link(*number);
            let shared = || products.iter().all(|other| parts(other).any(|part| part == &*link.to));
            let (reason, weight) = match (local(number), targets.as_slice()) {
                (Some(region), [_]) => (Reason::Region(region), link.weight),
                (None, [_]) => (Reason::OtherFits, link.weight),
                _ if shared() => (Reason::InEveryProduct, LESS_SURE),
                _ => (Reason::Ambiguous, link.weight),
            };
            verdicts.push(Verdict { link: *number, weight, reason });
        }
    }

    /// Puts those that were taken first, by weight; drops repetitions, and what is too many.
    fn settle(&self, mut verdicts: Vec<Verdict>, span: Range<usize>) -> Vec<Verdict> {
        let by = |verdict: &Verdict| (!verdict.reason.is_taken(), -verdict.weight);
        verdicts.sort_by(|a, b| by(a).0.cmp(&by(b).0).then(by(a).1.total_cmp(&by(b).1)).then(a.link.cmp(&b.link)));
        let mut kept: Vec<&str> = Vec::new();
        let own: Vec<Cow<'_, str>> = self.words[span].iter().map(|word| word::key(&word.lower)).collect();
        for verdict in &mut verdicts {
            if !verdict.reason.is_taken() {
                continue;
            }
            let to = &*self.links.link(verdict.link).to;
            // "amoxycillin" is another spelling of "amoxicillin", and says nothing that the claim does not.
            let itself = words(to).iter().map(|word| word::key(&word.lower)).eq(own.iter().cloned());
            if itself || kept.iter().any(|before| before.eq_ignore_ascii_case(to)) {
                verdict.reason = Reason::Repeats;
            } else if kept.len() == MOST_OF_A_SURFACE {
                verdict.reason = Reason::Surplus;
            } else {
                kept.push(to);
            }
        }
        verdicts
    }
}
