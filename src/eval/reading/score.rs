//! One page of gold against what was found there: counts for each figure, and every miss as one line.

use super::figure::{Figure, Figures};
use super::gold::{GoldPage, GoldRecommendation};
use super::page::{Found, Statement};
use super::row::Wanted;
use super::words::{common, in_order, position, words};
use crate::passage::{Direction, Grade};

/// Characters of the document that a line about a miss shows.
const SHOWN: usize = 110;
/// Words within which a statement's last words are looked for when a continuation is recognised.
const LONGEST: usize = 300;

/// Scores one page: adds to its figures and says what is missed.
pub(super) fn score(gold: &GoldPage, found: &Found<'_>, figures: &mut Figures) -> Vec<String> {
    let mut misses = Vec::new();
    headings(gold, found, figures, &mut misses);
    recommendations(gold, found, figures, &mut misses);
    rows(gold, found, figures, &mut misses);
    order(gold, found, figures, &mut misses);
    misses
}

/// Multiset match of heading texts, and whether neighbouring matched ones stand to each other as in the gold.
///
/// A gold heading that was found as two, or as part of one, is not matched.
fn headings(gold: &GoldPage, found: &Found<'_>, figures: &mut Figures, misses: &mut Vec<String>) {
    let mut free: Vec<bool> = vec![true; found.headings.len()];
    let mut matched = Vec::new();
    for heading in &gold.headings {
        let wanted = words(&heading.text);
        let same = found.headings.iter().zip(&free).position(|(other, free)| *free && other.words == wanted);
        match same.and_then(|at| Some((free.get_mut(at)?, found.headings.get(at)?))) {
            Some((free, other)) => {
                *free = false;
                matched.push((heading.level, other.depth));
            }
            None => misses.push(format!("heading missed: {}", shown(&heading.text))),
        }
    }
    for (heading, _) in found.headings.iter().zip(&free).filter(|(_, free)| **free) {
        misses.push(format!("heading extra: {}", shown(&heading.text)));
    }
    // F1 is twice the matched over the sum of both.
    let sum = gold.headings.len() + found.headings.len();
    figures.add_of(Figure::Headings, 2 * matched.len(), sum, gold.headings.len());
    for pair in matched.windows(2) {
        let [(gold_one, found_one), (gold_two, found_two)] = pair else { continue };
        let agrees = gold_one.cmp(gold_two) == found_one.cmp(found_two);
        figures.add(Figure::Levels, agrees);
    }
}

/// What became of one statement of gold.
enum Fate<'f, 'a> {
    Whole(&'f Statement<'a>),
    Split(&'f Statement<'a>),
    Missed,
}

fn recommendations(gold: &GoldPage, found: &Found<'_>, figures: &mut Figures, misses: &mut Vec<String>) {
    let mut taken: Vec<usize> = Vec::new();
    for one in &gold.recommendations {
        let fate = fate(one, found, &taken);
        figures.add(Figure::Recall, matches!(fate, Fate::Whole(_)));
        figures.add(Figure::Split, matches!(fate, Fate::Split(_)));
        match fate {
            Fate::Whole(statement) => {
                taken.push(statement.at);
                qualified(one, statement, figures, misses);
            }
            Fate::Split(statement) => {
                let end: Vec<&str> = statement.passage.text().split_whitespace().collect();
                let end = end.get(end.len().saturating_sub(6)..).unwrap_or_default().join(" ");
                misses.push(format!("recommendation split: {} … {}; it ends: {}", one.first, one.last, shown(&end)));
            }
            Fate::Missed => misses.push(missed(one, found)),
        }
    }
    let regions = regions(gold, found);
    for statement in found.statements.iter().filter(|statement| statement.own && statement.recommends()) {
        let (start, end) = (statement.at, statement.at + statement.words.len());
        let holds = |one: &GoldRecommendation| position(&statement.words, &words(&one.first), 0).is_some();
        let right =
            gold.recommendations.iter().any(holds) || regions.iter().any(|(from, to)| *from <= start && end <= *to);
        figures.add(Figure::Precision, right);
        if !right {
            misses.push(format!("recommendation extra: {}", shown(statement.passage.text())));
        }
    }
}

/// The first recommendation that holds the first words and, at or after them, the last; one that no statement before
/// has taken goes before one that is taken, because a page may say the same twice.
fn fate<'f, 'a>(gold: &GoldRecommendation, found: &'f Found<'a>, taken: &[usize]) -> Fate<'f, 'a> {
    let (first, last) = (words(&gold.first), words(&gold.last));
    let begun = found.statements.iter().filter(|statement| statement.recommends()).filter_map(|statement| {
        let at = position(&statement.words, &first, 0)?;
        Some((statement, position(&statement.words, &last, at).is_some()))
    });
    let (whole, part): (Vec<_>, Vec<_>) = begun.partition(|(_, whole)| *whole);
    let free = whole.iter().find(|(statement, _)| !taken.contains(&statement.at));
    match (free.or(whole.first()), part.first()) {
        (Some((statement, _)), _) => Fate::Whole(statement),
        (None, Some((statement, _))) => Fate::Split(statement),
        (None, None) => Fate::Missed,
    }
}

/// Says what a missed statement was read as instead.
fn missed(gold: &GoldRecommendation, found: &Found<'_>) -> String {
    let first = words(&gold.first);
    let other = found.statements.iter().find(|statement| position(&statement.words, &first, 0).is_some());
    let instead = match other {
        Some(Statement { passage, words, .. }) => {
            let kind = format!("{:?}", passage.kind).to_lowercase();
            format!("read in a {kind} of {} words: {}", words.len(), shown(passage.text()))
        }
        None if position(&found.words, &first, 0).is_some() => "in the text, across passages".to_owned(),
        None => "its first words are not in the text".to_owned(),
    };
    format!("recommendation missed: {} … {}; {instead}", gold.first, gold.last)
}

/// Where the statements of gold stand among the page's words: from the first words to the nearest last ones.
fn regions(gold: &GoldPage, found: &Found<'_>) -> Vec<(usize, usize)> {
    let mut regions = Vec::new();
    for one in &gold.recommendations {
        let (first, last) = (words(&one.first), words(&one.last));
        let mut from = 0;
        while let Some(at) = position(&found.words, &first, from) {
            from = at + 1;
            let end = position(&found.words, &last, at).map(|end| end + last.len());
            regions.extend(end.filter(|end| end - at <= LONGEST).map(|end| (at, end)));
        }
    }
    regions
}

/// Direction and grade of a statement that was found.
fn qualified(gold: &GoldRecommendation, statement: &Statement<'_>, figures: &mut Figures, misses: &mut Vec<String>) {
    let (direction, grade) = (statement.passage.direction, statement.passage.grade.as_ref());
    figures.add(Figure::Direction, direction == Some(gold.direction));
    figures.add(Figure::DirectionFalse, direction.is_some_and(|direction| direction != gold.direction));
    if direction != Some(gold.direction) {
        let (own, other) = (named(Some(gold.direction)), named(direction));
        misses.push(format!("direction: {own}, read as {other}: {}", shown(statement.passage.text())));
    }
    let right = grade_is_right(gold, grade);
    figures.add(Figure::Grade, right);
    figures.add(if gold.grade.is_some() { Figure::Graded } else { Figure::Ungraded }, right);
    figures.add(Figure::GradeFalse, !right && grade.is_some());
    if !right {
        let own = gold.grade.as_ref().map(|grade| {
            let parts = [gold.system.as_deref(), gold.code.as_deref(), gold.certainty.as_deref()];
            format!("{} ({})", shown(grade), parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
        });
        let read = grade.map(|grade| {
            let parts = [grade.system.as_deref(), Some(grade.code.as_str()), grade.certainty.as_deref()];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        });
        let none = || "none".to_owned();
        let (own, read) = (own.unwrap_or_else(none), read.unwrap_or_else(none));
        misses.push(format!("grade: {own}, read as {read}: {}", shown(statement.passage.text())));
    }
}

fn named(direction: Option<Direction>) -> &'static str {
    match direction {
        Some(Direction::For) => "for",
        Some(Direction::Against) => "against",
        Some(Direction::Either) => "either",
        Some(Direction::Insufficient) => "insufficient",
        None => "none",
    }
}

/// Whether a grade is the gold's: the same system, the same code and, where the gold prints one, the same certainty.
/// Without a grade in the gold there must be none; a grade of no known system must be one that prints the same words.
///
/// `CDC` is our `CDC-GRADE`, `HHS` our `HHS HIV`. Codes are compared without case; for ACC/AHA and ESC without `COR` and
/// `Class`, for VA/DoD without the direction that its form prints within the code, which is measured by itself.
/// Certainties are compared without the words that only name them (`LOE`, `evidence type`, `certainty`).
fn grade_is_right(gold: &GoldRecommendation, grade: Option<&Grade>) -> bool {
    let (printed, grade) = match (&gold.grade, grade) {
        (Some(printed), Some(grade)) => (printed, grade),
        (None, None) => return true,
        _ => return false,
    };
    let (Some(system), Some(code)) = (gold.system.as_deref(), gold.code.as_deref()) else {
        return grade.system.is_none() && words(&grade.verbatim) == words(printed);
    };
    let ours = match system {
        "CDC" => "CDC-GRADE",
        "HHS" => "HHS HIV",
        other => other,
    };
    let idle: &[&str] = match system {
        "ACC/AHA" | "ESC" => &["cor", "class", "of", "recommendation"],
        "VA/DoD" => &["for", "against"],
        _ => &[],
    };
    let names = ["loe", "level", "of", "evidence", "type", "certainty", "quality"];
    let certain = gold.certainty.as_deref().is_none_or(|certainty| {
        bare(certainty, &names) == bare(grade.certainty.as_deref().unwrap_or_default(), &names)
    });
    grade.system.as_deref() == Some(ours) && bare(code, idle) == bare(&grade.code, idle) && certain
}

fn bare(text: &str, idle: &[&str]) -> Vec<String> {
    words(text).into_iter().filter(|word| !idle.contains(&word.as_str())).collect()
}

fn rows(gold: &GoldPage, found: &Found<'_>, figures: &mut Figures, misses: &mut Vec<String>) {
    for row in &gold.rows {
        let wanted = Wanted::of(row);
        let right = found.rows.iter().any(|line| wanted.is_in(line));
        figures.add(Figure::Rows, right);
        if right {
            continue;
        }
        let nearest = found.rows.iter().map(|line| (wanted.nearness(line), line)).max_by_key(|(nearness, _)| *nearness);
        let nearest = match nearest {
            Some((_, line)) => format!("{}; nearest: {}", shown(&wanted.lacks(line)), shown(line)),
            None => "no row on the page".to_owned(),
        };
        misses.push(format!("row missed: {}; {nearest}", shown(&wanted.shown())));
    }
}

/// The first and last words of the gold's blocks in order, against the page's words: how many lie on a longest common
/// subsequence, and how many are there at all, which tells loss from disorder.
fn order(gold: &GoldPage, found: &Found<'_>, figures: &mut Figures, misses: &mut Vec<String>) {
    let mut anchors: Vec<(&str, Vec<String>)> = Vec::new();
    for anchor in &gold.order {
        anchors.push((&anchor.first, words(&anchor.first)));
        // A short block is one string in both places and is there once.
        if words(&anchor.last) != words(&anchor.first) {
            anchors.push((&anchor.last, words(&anchor.last)));
        }
    }
    let wanted: Vec<String> = anchors.iter().flat_map(|(_, words)| words.iter().cloned()).collect();
    let taken = in_order(&wanted, &found.words);
    let hits = |flags: &[bool]| flags.iter().filter(|taken| **taken).count();
    figures.add_of(Figure::Order, hits(&taken), wanted.len(), wanted.len());
    figures.add_of(Figure::Words, common(&wanted, &found.words), wanted.len(), wanted.len());
    let mut at = 0;
    for (text, words) in &anchors {
        let flags = taken.get(at..at + words.len()).unwrap_or_default();
        at += words.len();
        if hits(flags) == words.len() {
            continue;
        }
        let place = match position(&found.words, words, 0) {
            Some(_) => "order out of place",
            None if common(words, &found.words) == words.len() => "order torn",
            None => "order missing",
        };
        misses.push(format!("{place}: {}", shown(text)));
    }
}

/// A text on one line, cut off where it is long.
fn shown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::super::gold::tests::page as gold;
    use super::super::page::find;
    use super::super::page::tests::{cut, document};
    use super::*;

    /// Figures as `name hit/of`, those of nothing left out, then the misses.
    fn check(lines: &str, keys: &str, figures: &[Figure], expected: &str) {
        let document = document(lines);
        let passages = cut(&document);
        let heading = if keys.contains("headings =") { "" } else { "headings = [{level=1, text=\"Care\"}]\n" };
        let gold = gold(&format!("section = \"Care\"\n{heading}{keys}"));
        let found = find(&document, &passages, &gold).expect("the section");
        let mut counted = Figures::default();
        let misses = score(&gold, &found, &mut counted);
        let tally = |figure: &Figure| {
            let tally = counted.get(*figure);
            format!("{}/{}", tally.hit, tally.of)
        };
        let shown: Vec<String> = figures.iter().map(tally).chain(misses).collect();
        assert_eq!(shown.join("\n"), expected, "{keys}");
    }

    #[test]
    fn headings_match_whole_and_once() {
        let lines = "# Care\n## 1 Dose\nText.\n## 2 Risks\n# Next";
        let figures = [Figure::Headings, Figure::Levels];
        let keys = |list: &str| format!("headings = [{list}]");
        let care = "{level=3, text=\"CARE\"}";
        check(
            lines,
            &keys(&format!("{care}, {{level=4, text=\"1 Dose\"}}, {{level=4, text=\"2 Risks\"}}")),
            &figures,
            "6/6\n2/2",
        );
        check(
            lines,
            &keys(&format!("{care}, {{level=3, text=\"1 Dose\"}}, {{level=4, text=\"Risks\"}}")),
            &figures,
            "4/6\n0/1\nheading missed: Risks\nheading extra: 2 Risks",
        );
    }

    const STATEMENT: &str = "We recommend drug X in adults with fever (strong recommendation, low-certainty evidence).";
    const RECOMMENDATION: [Figure; 3] = [Figure::Recall, Figure::Precision, Figure::Split];
    const QUALITIES: [Figure; 4] = [Figure::Direction, Figure::Graded, Figure::Ungraded, Figure::GradeFalse];

    fn statement(keys: &str) -> String {
        format!("[[recommendation]]\nfirst = \"We recommend drug X\"\n{keys}")
    }

    #[test]
    fn recommendations_are_found_whole_split_or_not_at_all() {
        let graded = "grade = \"g\"\nsystem = \"GRADE\"\ncode = \"Strong\"\ncertainty = \"low certainty\"\n";
        let lines = format!("# Care\n{STATEMENT}");
        let last = "last = \"with fever\"\ndirection = \"for\"\n";
        check(&lines, &statement(&format!("{last}{graded}")), &RECOMMENDATION, "1/1\n1/1\n0/1");
        check(&lines, &statement(&format!("{last}{graded}")), &QUALITIES, "1/1\n1/1\n0/0\n0/1");
        let elsewhere = statement(&format!("last = \"and children\"\ndirection = \"for\"\n{graded}"));
        check(
            &lines,
            &elsewhere,
            &RECOMMENDATION,
            "0/1\n1/1\n1/1\nrecommendation split: We recommend drug X … and children; \
             it ends: with fever (strong recommendation, low-certainty evidence).",
        );
        check(
            "# Care\nThe drug X is a salt.\nWe recommend rest to all of our patients.",
            &statement(last),
            &RECOMMENDATION,
            "0/1\n0/1\n0/1\nrecommendation missed: We recommend drug X … with fever; its first words are not in the text\n\
             recommendation extra: We recommend rest to all of our patients.",
        );
    }

    #[test]
    fn a_continuation_is_no_wrong_recommendation() {
        let lines = "# Care\nWe recommend drug X in adults with fever.\nTreat them for at least seven days in all.";
        let keys = statement("last = \"seven days in all\"\ndirection = \"for\"\n");
        check(
            lines,
            &keys,
            &RECOMMENDATION,
            "0/1\n2/2\n1/1\nrecommendation split: We recommend drug X … seven days in all; it ends: drug X in adults with fever.",
        );
    }

    #[test]
    fn a_wrong_grade_or_direction_is_told() {
        let lines = format!("# Care\n{STATEMENT}");
        let text = STATEMENT;
        check(
            &lines,
            &statement("last = \"with fever\"\ndirection = \"against\"\n"),
            &QUALITIES,
            &format!(
                "0/1\n0/0\n0/1\n1/1\ndirection: against, read as for: {text}\ngrade: none, read as GRADE, strong, low: {text}"
            ),
        );
    }

    fn check_grade(gold: (&str, &str, Option<&str>), read: (&str, &str, Option<&str>), expected: bool) {
        let own = |text: &str| Some(text.to_owned());
        let gold = GoldRecommendation {
            grade: own("printed"),
            system: own(gold.0),
            code: own(gold.1),
            certainty: gold.2.map(str::to_owned),
            ..toml::from_str("first = \"a\"\nlast = \"b\"\ndirection = \"for\"").expect("a statement")
        };
        let grade = Grade {
            system: own(read.0),
            system_version: None,
            code: read.1.to_owned(),
            direction: None,
            strength: None,
            certainty: read.2.map(str::to_owned),
            verbatim: String::new(),
        };
        assert_eq!(grade_is_right(&gold, Some(&grade)), expected, "{gold:?} {grade:?}");
        assert!(!grade_is_right(&gold, None));
    }

    #[test]
    fn grades_are_compared_by_system_code_and_certainty() {
        check_grade(("CDC", "A", Some("2")), ("CDC-GRADE", "A", Some("evidence type 2")), true);
        check_grade(("HHS", "AII", None), ("HHS HIV", "AII", Some("II")), true);
        check_grade(("ACC/AHA", "2a", Some("B-NR")), ("ACC/AHA", "COR 2a", Some("LOE B-NR")), true);
        check_grade(("ESC", "Class IIa", Some("B")), ("ESC", "Class IIa", Some("LOE A")), false);
        check_grade(("VA/DoD", "Strong", None), ("VA/DoD", "strong for", None), true);
        check_grade(("GRADE", "strong", Some("low")), ("GRADE", "strong", Some("very low")), false);
        check_grade(("GRADE", "strong", Some("low")), ("GRADE", "strong", None), false);
        check_grade(("GRADE", "strong", None), ("USPSTF", "strong", None), false);
        check_grade(("USPSTF", "B", None), ("USPSTF", "C", None), false);
    }

    #[test]
    fn a_grade_of_no_known_system_is_compared_by_its_words() {
        let gold =
            toml::from_str("first = \"a\"\nlast = \"b\"\ndirection = \"for\"\ngrade = \"Level 4A\"").expect("gold");
        let check = |system: Option<&str>, verbatim: &str, expected| {
            let grade = Grade {
                system: system.map(str::to_owned),
                system_version: None,
                code: "4A".to_owned(),
                direction: None,
                strength: None,
                certainty: None,
                verbatim: verbatim.to_owned(),
            };
            assert_eq!(grade_is_right(&gold, Some(&grade)), expected, "{grade:?}");
        };
        check(None, "[level 4A]", true);
        check(None, "4A", false);
        check(Some("GRADE"), "Level 4A", false);
    }

    #[test]
    fn rows_are_right_or_told_with_the_nearest() {
        let lines = "# Care\n| Group: Adults | Dose: 5 mg\n| Group: Children | Dose: 1 mg";
        let row = |cells: &str| format!("[[row]]\nheads = [\"Group\", \"Dose\"]\ncells = [{cells}]\n");
        check(lines, &row("\"Adults\", \"5 mg\""), &[Figure::Rows], "1/1");
        check(
            lines,
            &row("\"Children\", \"2 mg\""),
            &[Figure::Rows],
            "0/1\nrow missed: Group: Children | Dose: 2 mg; lacks Dose: 2 mg; nearest: Group: Children | Dose: 1 mg",
        );
        check(
            "# Care\nText.",
            &row("\"a\", \"b\""),
            &[Figure::Rows],
            "0/1\nrow missed: Group: a | Dose: b; no row on the page",
        );
    }

    #[test]
    fn order_and_loss_are_two_figures() {
        let figures = [Figure::Order, Figure::Words];
        let keys = "order = [{first=\"Care\", last=\"Care\"}, {first=\"One two\", last=\"three four\"}, {first=\"Five\", last=\"five.\"}]";
        check("# Care\nOne two and three four.\nFive.", keys, &figures, "6/6\n6/6");
        check("# Care\nFive.\nOne two and three four.", keys, &figures, "5/6\n6/6\norder out of place: Five");
        check("# Care\nOne of two and three.\nFive.", keys, &figures, "5/6\n5/6\norder missing: three four");
    }
}
