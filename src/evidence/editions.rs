//! Which edition speaks: what is in force above what it replaced, the guideline's own words above a summary of them.

use std::collections::BTreeSet;

use super::{Error, Ranked, Scope};
use crate::corpus::{Tier, VersionId};
use crate::index::Snapshot;
use crate::retrieve::{self, Among, Found, Search};

/// Share of a claim that a passage of another edition must cover to be shown beside or in place of the one that was found.
const FITS: f32 = 0.2;

/// Puts what must stand above each passage there, flags what is not current, and keeps the best `k`.
pub(super) fn settled(
    snapshot: &Snapshot,
    search: &Search,
    scope: &Scope,
    found: &[Found],
    k: usize,
) -> Result<Vec<Ranked>, Error> {
    let mut answer: Vec<Ranked> = Vec::new();
    let mut shown = BTreeSet::new();
    for one in found {
        if answer.len() >= k {
            break;
        }
        if shown.contains(&one.passage.id) {
            continue;
        }
        let version = one.passage.id.version();
        let mut ranked = Ranked::new(one.clone(), scope.standing(snapshot, version));
        let above = match ranked.standing.successor.clone() {
            // The successor is looked for outside the request's filters: hiding what replaced an edition would serve the
            // edition as current.
            Some(successor) => {
                let best = best_of(snapshot, search, &edition(snapshot, &successor), found)?;
                if best.is_none() && snapshot.entry(&successor).is_some() {
                    let standing = scope.standing(snapshot, &successor);
                    ranked.replacement = Some((successor, standing));
                }
                best
            }
            None => best_of(snapshot, search, &own_words(snapshot, scope, version), found)?,
        };
        if let Some(mut best) = above {
            best.score = best.score.max(one.score);
            if shown.insert(best.passage.id.clone()) {
                let standing = scope.standing(snapshot, best.passage.id.version());
                answer.push(Ranked::new(best, standing));
            }
            if answer.len() >= k {
                break;
            }
        }
        shown.insert(one.passage.id.clone());
        answer.push(ranked);
    }
    Ok(in_order(snapshot, scope, answer))
}

/// The versions of an edition, its own words before a summary.
fn edition(snapshot: &Snapshot, id: &VersionId) -> Vec<VersionId> {
    let mut all = vec![id.clone()];
    all.extend(snapshot.catalogue().same_edition(id).cloned());
    all.sort_by_key(|one| (tier(snapshot, one), one != id));
    all
}

/// Where the guideline itself stands beside a summary of it, in a request's scope.
fn own_words(snapshot: &Snapshot, scope: &Scope, id: &VersionId) -> Vec<VersionId> {
    if tier(snapshot, id) != Tier::Digest {
        return Vec::new();
    }
    let primary = |one: &&VersionId| tier(snapshot, one) == Tier::Primary && scope.admits(one);
    snapshot.catalogue().same_edition(id).filter(primary).cloned().collect()
}

fn tier(snapshot: &Snapshot, id: &VersionId) -> Tier {
    snapshot.entry(id).map(|entry| entry.facts.tier).unwrap_or_default()
}

/// The best passage for a claim of the first of these versions that has a fitting one.
fn best_of(
    snapshot: &Snapshot,
    search: &Search,
    versions: &[VersionId],
    found: &[Found],
) -> Result<Option<Found>, Error> {
    for version in versions {
        if snapshot.entry(version).is_none_or(|entry| entry.passages() == 0) {
            continue;
        }
        let fitting = |one: &&Found| one.passage.id.version() == version && one.overlap.topic >= FITS;
        if let Some(already) = found.iter().find(fitting) {
            return Ok(Some(already.clone()));
        }
        let only = BTreeSet::from([version.clone()]);
        let best = retrieve::search(snapshot, search, Among::Alone(&only), 1)?.into_iter().next();
        if let Some(best) = best.filter(|one| one.overlap.topic >= FITS) {
            return Ok(Some(best));
        }
    }
    Ok(None)
}

/// Moves every passage below those of the versions that must stand above its own, and leaves the rest as it is.
fn in_order(snapshot: &Snapshot, scope: &Scope, answer: Vec<Ranked>) -> Vec<Ranked> {
    let versions: Vec<VersionId> = answer.iter().map(|ranked| ranked.found.passage.id.version().clone()).collect();
    let over: Vec<BTreeSet<VersionId>> = versions
        .iter()
        .map(|id| {
            let mut over = snapshot.catalogue().descendants(id, scope.day);
            over.extend(own_words(snapshot, scope, id));
            over
        })
        .collect();
    let mut left: Vec<Option<Ranked>> = answer.into_iter().map(Some).collect();
    let mut order = Vec::with_capacity(left.len());
    for at in 0..left.len() {
        if left[at].is_none() {
            continue;
        }
        // What stands over a version includes what stands over that, so one look ahead is enough; among themselves the
        // higher ones have fewer over them.
        let mut above: Vec<usize> = (at + 1..left.len())
            .filter(|later| left[*later].is_some() && over[at].contains(&versions[*later]))
            .collect();
        above.sort_by_key(|later| (over[*later].len(), *later));
        order.extend(above.into_iter().filter_map(|later| left[later].take()));
        order.extend(left[at].take());
    }
    order
}
