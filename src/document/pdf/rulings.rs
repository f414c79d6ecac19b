//! Collects a page's ruling lines and groups those that belong together. What makes a table of them is
//! [`super::grid`]'s.

use std::collections::BTreeMap;

use super::content::Rule;
use super::words::PageWords;

/// Distance within which two rulings are one.
pub(super) const SNAP: f64 = 3.0;
/// Rulings on a page beyond which it is a drawing.
const MOST_RULES: usize = 1_500;

/// A horizontal or vertical ruling: where it stands, and from where to where it runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ruling {
    pub(super) at: f64,
    pub(super) from: f64,
    pub(super) to: f64,
}

#[derive(Debug, Default)]
pub(super) struct Rulings {
    horizontal: Vec<Ruling>,
    vertical: Vec<Ruling>,
}

impl Rulings {
    pub(super) fn new(page: &PageWords) -> Rulings {
        let (mut horizontal, mut vertical) = (Vec::new(), Vec::new());
        for Rule { x0, y0, x1, y1 } in page.rules.iter().copied() {
            let (width, height) = (x1 - x0, y1 - y0);
            // The page's own edges and backgrounds are no rulings.
            if width > 0.97 * page.width || height > 0.97 * page.height {
                continue;
            }
            if height < 2.0 && width > 8.0 {
                horizontal.push(Ruling { at: f64::midpoint(y0, y1), from: x0, to: x1 });
            } else if width < 2.0 && height > 5.0 {
                vertical.push(Ruling { at: f64::midpoint(x0, x1), from: y0, to: y1 });
            }
        }
        Rulings { horizontal: merged(horizontal), vertical: merged(vertical) }
    }

    /// Groups of rulings that touch each other, or that are ruled alike one under the other.
    pub(super) fn components(&self) -> Vec<Component> {
        let (across, all) = (self.horizontal.len(), self.horizontal.len() + self.vertical.len());
        if all > MOST_RULES {
            return Vec::new();
        }
        let mut sets = Sets::new(all);
        for (h, horizontal) in self.horizontal.iter().enumerate() {
            for (v, vertical) in self.vertical.iter().enumerate() {
                let meet = vertical.reaches(horizontal.at) && horizontal.reaches(vertical.at);
                if meet {
                    sets.join(h, across + v);
                }
            }
            for (other, below) in self.horizontal.iter().enumerate().skip(h + 1) {
                if (horizontal.from - below.from).abs() < SNAP && (horizontal.to - below.to).abs() < SNAP {
                    sets.join(h, other);
                }
            }
        }
        let mut components: BTreeMap<usize, Component> = BTreeMap::new();
        for (h, ruling) in self.horizontal.iter().enumerate() {
            components.entry(sets.find(h)).or_default().horizontal.push(*ruling);
        }
        for (v, ruling) in self.vertical.iter().enumerate() {
            components.entry(sets.find(across + v)).or_default().vertical.push(*ruling);
        }
        components.into_values().collect()
    }
}

impl Ruling {
    fn reaches(&self, place: f64) -> bool {
        self.from - SNAP <= place && place <= self.to + SNAP
    }
}

/// Joins rulings that continue or cover each other.
fn merged(mut rulings: Vec<Ruling>) -> Vec<Ruling> {
    rulings.sort_by(|a, b| a.at.total_cmp(&b.at));
    // Rulings drawn as thin boxes have two edges: both get the first one's place.
    let mut at = f64::NEG_INFINITY;
    for ruling in &mut rulings {
        if ruling.at - at > SNAP {
            at = ruling.at;
        }
        ruling.at = at;
    }
    rulings.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    let mut merged: Vec<Ruling> = Vec::new();
    for ruling in rulings {
        match merged.last_mut() {
            Some(last) if last.at == ruling.at && ruling.from <= last.to + SNAP => last.to = last.to.max(ruling.to),
            _ => merged.push(ruling),
        }
    }
    merged
}

/// Disjoint sets.
pub(super) struct Sets(Vec<usize>);

impl Sets {
    pub(super) fn new(count: usize) -> Sets {
        Sets((0..count).collect())
    }

    pub(super) fn find(&mut self, mut item: usize) -> usize {
        while let Some(parent) = self.0.get(item).copied().filter(|parent| *parent != item) {
            let above = self.0.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = self.0.get_mut(item) {
                *slot = above;
            }
            item = above;
        }
        item
    }

    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        if let Some(slot) = self.0.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
}

/// Rulings that belong together.
#[derive(Debug, Default)]
pub(super) struct Component {
    pub(super) horizontal: Vec<Ruling>,
    pub(super) vertical: Vec<Ruling>,
}

impl Component {
    /// Left, bottom, right and top.
    pub(super) fn bounds(&self) -> Option<[f64; 4]> {
        let across = self.horizontal.iter();
        let xs = across.clone().flat_map(|ruling| [ruling.from, ruling.to]);
        let xs = xs.chain(self.vertical.iter().map(|ruling| ruling.at));
        let ys = self.vertical.iter().flat_map(|ruling| [ruling.from, ruling.to]).chain(across.map(|ruling| ruling.at));
        let (left, right) = xs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        let (bottom, top) = ys.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)));
        (right - left > 40.0 && top - bottom > 15.0).then_some([left, bottom, right, top])
    }
}
