use std::fs;
use std::path::Path;

use serde_json::json;

use super::chain::{digest, inspect};
use super::commit::{Pack, place};
use super::*;

fn actor() -> Actor {
    Actor { by: "anna".to_owned(), at: "2026-03-01T10:00:00.4Z".parse().expect("a time") }
}

fn change(name: &str, before: Option<&str>, after: &str) -> Change {
    Change {
        action: Action::Check,
        version: "a@1".parse().expect("an id"),
        detail: Map::from_iter([("note".to_owned(), json!("said"))]),
        sidecar: Some(Replacement {
            name: name.to_owned(),
            before: before.map(|text| digest(text.as_bytes())),
            after: Bytes::Of(after.as_bytes().to_vec()),
        }),
        content: None,
    }
}

/// A pack with four events about one sidecar, whose words are `4` now.
fn pack_of_four() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut before: Option<String> = None;
    for word in ["1", "2", "3", "4"] {
        append(folder.path(), &actor(), vec![change("a.toml", before.as_deref(), word)]).expect("an event");
        before = Some(word.to_owned());
    }
    folder
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("a file")
}

fn lines(folder: &Path) -> Vec<String> {
    text(&folder.join(LOG)).lines().map(str::to_owned).collect()
}

fn write_lines(folder: &Path, lines: &[String]) {
    fs::write(folder.join(LOG), lines.iter().map(|line| format!("{line}\n")).collect::<String>()).expect("written");
}

#[test]
fn events_are_chained_and_name_the_bytes() {
    let folder = pack_of_four();
    let events = read(folder.path()).expect("events");
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(events[0].prev, "0".repeat(64));
    assert_eq!(events[1].prev, digest(lines(folder.path())[0].as_bytes()));
    assert_eq!(events[3].sidecar_sha256, Digests { before: Some(digest(b"3")), after: Some(digest(b"4")) });
    assert_eq!((events[0].at.to_string(), events[0].by.as_str()), ("2026-03-01T10:00:00Z".to_owned(), "anna"));
    assert_eq!(text(&folder.path().join("a.toml")), "4");
    let report = verify(folder.path()).expect("a report");
    assert_eq!(report, Report { events: 4, ..Report::default() });
    assert!(read(tempfile::tempdir().expect("a folder").path()).expect("no log").is_empty());
}

/// Changes the log's lines, and compares what is found.
fn check(tamper: impl FnOnce(&mut Vec<String>), expected: &[&str]) {
    let folder = pack_of_four();
    let mut all = lines(folder.path());
    tamper(&mut all);
    write_lines(folder.path(), &all);
    let damage = verify(folder.path()).expect("a report").damage;
    assert_eq!(damage.len(), expected.len(), "{damage:?}");
    for (found, expected) in damage.iter().zip(expected) {
        assert!(found.contains(expected), "{found:?} for {expected:?}");
    }
    let refused = append(folder.path(), &actor(), vec![change("a.toml", Some("4"), "5")]);
    assert!(matches!(refused, Err(Error::Damaged { .. })), "{refused:?}");
    assert_eq!(text(&folder.path().join("a.toml")), "4");
    assert!(matches!(read(folder.path()), Err(Error::Damaged { .. })));
}

#[test]
fn a_tampered_line_is_named() {
    let by = |lines: &mut Vec<String>, at: usize| lines[at] = lines[at].replace("anna", "bert");
    check(|lines| by(lines, 1), &["line 2 was changed"]);
    check(|lines| by(lines, 0), &["line 1 was changed"]);
    check(|lines| by(lines, 3), &["line 4 was changed"]);
    check(
        |lines| {
            by(lines, 0);
            by(lines, 2);
        },
        &["line 1 was changed", "line 3 was changed"],
    );
    check(|lines| lines[2].truncate(9), &["line 3 was changed: it is no event any more"]);
    check(|lines| lines[1].push(' '), &["line 2 was changed"]);
}

#[test]
fn removed_inserted_moved_and_cut_lines_are_named() {
    check(|lines| drop(lines.remove(1)), &["between lines 1 and 2 1 line is missing"]);
    check(|lines| drop(lines.drain(1..3)), &["between lines 1 and 2 2 lines are missing"]);
    check(|lines| drop(lines.remove(0)), &["the first line names a line before it"]);
    check(|lines| drop(lines.pop()), &["1 line at the end of history.jsonl is missing"]);
    check(|lines| lines.truncate(1), &["3 lines at the end"]);
    check(Vec::clear, &["4 lines at the end"]);
    check(|lines| lines.push(lines[0].clone()), &["line 5 stands behind the last"]);
    check(|lines| lines.insert(2, lines[1].clone()), &["line 2 does not belong there"]);
    check(|lines| lines.insert(1, lines[0].replace("anna", "bert")), &["line 2 does not belong there"]);
    check(|lines| lines.swap(1, 2), &["line 3 does not belong there"]);
    check(|lines| lines.reverse(), &["the first line names a line before it", "line 2 stands behind the last"]);
}

#[test]
fn a_lost_log_and_a_lost_head_are_named() {
    let folder = pack_of_four();
    fs::remove_file(folder.path().join(HEAD)).expect("removed");
    assert_eq!(
        verify(folder.path()).expect("a report").damage,
        ["history.head is missing, and history.jsonl has 4 lines"]
    );
    let folder = pack_of_four();
    fs::remove_file(folder.path().join(LOG)).expect("removed");
    assert_eq!(
        verify(folder.path()).expect("a report").damage,
        ["history.jsonl is gone; history.head counts 4 events"]
    );
    let folder = pack_of_four();
    fs::write(folder.path().join(HEAD), "{}").expect("written");
    assert!(verify(folder.path()).expect("a report").damage[0].starts_with("history.head cannot be read"));
}

#[test]
fn any_flipped_byte_is_found() {
    let folder = pack_of_four();
    let log = folder.path().join(LOG);
    let good = fs::read(&log).expect("a log");
    for at in (0..good.len()).step_by(7) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(&log, &bad).expect("written");
        assert!(!verify(folder.path()).expect("a report").damage.is_empty(), "byte {at}");
    }
}

#[test]
fn a_file_changed_outside_the_log_is_named_and_then_logged() {
    let folder = pack_of_four();
    fs::write(folder.path().join("a.toml"), "by hand").expect("written");
    let report = verify(folder.path()).expect("a report");
    assert_eq!(report.outside, ["a.toml was changed outside the log after event 4 (check of a@1)"]);
    assert!(report.damage.is_empty());
    let stale = append(folder.path(), &actor(), vec![change("a.toml", Some("4"), "5")]);
    assert!(matches!(stale, Err(Error::Meanwhile { .. })), "{stale:?}");
    append(folder.path(), &actor(), vec![change("a.toml", Some("by hand"), "5")]).expect("an event");
    let events = read(folder.path()).expect("events");
    assert_eq!((events[4].action, events[5].action), (Action::Amend, Action::Check));
    assert!(verify(folder.path()).expect("a report").is_sound());
    fs::remove_file(folder.path().join("a.toml")).expect("removed");
    assert!(verify(folder.path()).expect("a report").outside[0].starts_with("a.toml is gone"));
}

/// A change of two files that is interrupted after some of its steps; what `verify` says then, and what the files hold
/// once the next change was made.
fn check_crash(steps: impl FnOnce(&Path, &mut Pack, Vec<Change>), unfinished: &[&str], expected: (&str, usize)) {
    let folder = pack_of_four();
    let changes = vec![change("a.toml", Some("4"), "5"), change("b.toml", None, "new")];
    let mut pack = Pack::hold(folder.path()).expect("a lock");
    steps(folder.path(), &mut pack, changes);
    drop(pack);
    let report = verify(folder.path()).expect("a report");
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.unfinished.len(), unfinished.len(), "{report:?}");
    for (found, expected) in report.unfinished.iter().zip(unfinished) {
        assert!(found.contains(expected), "{found:?} for {expected:?}");
    }
    let repaired = recover(folder.path()).expect("put in order");
    assert_eq!(repaired.is_empty(), unfinished.is_empty(), "{repaired:?}");
    let report = verify(folder.path()).expect("a report");
    assert!(report.is_sound() && report.unfinished.is_empty(), "{report:?}");
    assert_eq!((text(&folder.path().join("a.toml")).as_str(), report.events), expected);
    assert_eq!(folder.path().join("b.toml").exists(), expected.0 == "5");
    append(folder.path(), &actor(), vec![change("a.toml", Some(expected.0), "6")]).expect("the next change");
    assert!(!folder.path().join("b.toml.pending").exists() && !folder.path().join("a.toml.pending").exists());
}

#[test]
fn a_crash_between_any_two_writes_leaves_old_or_new() {
    check_crash(|_, pack, changes| drop(pack.stage(changes).expect("staged")), &[], ("4", 4));
    let torn = |at: fn(&[u8]) -> usize| {
        move |folder: &Path, pack: &mut Pack, changes: Vec<Change>| {
            let (changes, _) = pack.stage(changes).expect("staged");
            let before = fs::read(folder.join(LOG)).expect("a log").len();
            pack.write_lines(&actor(), &changes).expect("lines");
            let mut bytes = fs::read(folder.join(LOG)).expect("a log");
            let keep = before + at(&bytes[before..]);
            bytes.truncate(keep);
            fs::write(folder.join(LOG), bytes).expect("cut");
        }
    };
    let first_line = |bytes: &[u8]| bytes.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    check_crash(torn(|_| 20), &["the last line is torn (20 bytes)"], ("4", 4));
    check_crash(torn(first_line), &["of a change of 2 lines, 1 line were written"], ("4", 4));
    check_crash(torn(|bytes| bytes.len() - 1), &["torn", "of a change of 2 lines, 1 line"], ("4", 4));
    let not_in_place = &["2 lines at the end are not counted", "a.toml is not in place", "b.toml is not in place"];
    check_crash(torn(<[u8]>::len), not_in_place, ("5", 6));
    let counted = |_: &Path, pack: &mut Pack, changes: Vec<Change>| {
        let (changes, _) = pack.stage(changes).expect("staged");
        pack.write_events(&actor(), &changes).expect("events");
    };
    check_crash(counted, &["a.toml is not in place", "b.toml is not in place"], ("5", 6));
    let half_placed = |folder: &Path, pack: &mut Pack, changes: Vec<Change>| {
        let (changes, files) = pack.stage(changes).expect("staged");
        pack.write_events(&actor(), &changes).expect("events");
        place(folder, &files[..1]).expect("one in place");
    };
    check_crash(half_placed, &["b.toml is not in place"], ("5", 6));
}

#[test]
fn the_very_first_event_survives_a_crash_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut pack = Pack::hold(folder.path()).expect("a lock");
    let (changes, _) = pack.stage(vec![change("a.toml", None, "1")]).expect("staged");
    pack.write_lines(&actor(), &changes).expect("a line");
    drop(pack);
    assert_eq!(verify(folder.path()).expect("a report").unfinished.len(), 2);
    recover(folder.path()).expect("put in order");
    assert_eq!(verify(folder.path()).expect("a report"), Report { events: 1, ..Report::default() });
    assert_eq!(inspect(folder.path()).expect("a log").events.len(), 1);
}

#[test]
fn changes_of_two_packs_are_made_both_or_not_at_all() {
    let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let both = |second: Change| {
        let packs =
            vec![(one.path().to_owned(), vec![change("a.toml", None, "1")]), (two.path().to_owned(), vec![second])];
        commit(&actor(), packs)
    };
    assert!(matches!(both(change("b.toml", Some("x"), "y")), Err(Error::Meanwhile { .. })));
    assert!(!one.path().join("a.toml").exists() && read(one.path()).expect("a log").is_empty());
    let mut long = change("b.toml", None, "y");
    long.detail.insert("note".to_owned(), json!("x".repeat(LONGEST_LINE)));
    assert!(matches!(both(long), Err(Error::TooLarge { .. })));
    assert!(!one.path().join("a.toml").exists() && !two.path().join("b.toml").exists());
    // Whichever pack came first: its event counts and is undone by another.
    for folder in [one.path(), two.path()] {
        let report = verify(folder).expect("a report");
        assert!(report.is_sound() && report.unfinished.is_empty(), "{report:?}");
    }
    both(change("b.toml", None, "y")).expect("both");
    assert!(one.path().join("a.toml").exists() && two.path().join("b.toml").exists());
    for folder in [one.path(), two.path()] {
        assert!(verify(folder).expect("a report").is_sound());
    }
}

#[test]
fn names_stay_within_the_pack() {
    let folder = tempfile::tempdir().expect("a folder");
    for bad in ["../x.toml", "/x.toml", "a/../../x.toml", "", "a//b.toml", "./a.toml"] {
        let refused = append(folder.path(), &actor(), vec![change(bad, None, "1")]);
        assert!(matches!(refused, Err(Error::Name(_))), "{bad:?}: {refused:?}");
    }
    append(folder.path(), &actor(), vec![change("candidates/x.toml", None, "1")]).expect("a folder of its own");
    assert_eq!(text(&folder.path().join("candidates/x.toml")), "1");
}

#[test]
fn writers_side_by_side_take_turns() {
    let folder = tempfile::tempdir().expect("a folder");
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let folder = folder.path();
            scope.spawn(move || {
                for nth in 0..5 {
                    let name = format!("w{writer}-{nth}.toml");
                    append(folder, &actor(), vec![change(&name, None, "x")]).expect("an event");
                }
            });
        }
    });
    assert_eq!(verify(folder.path()).expect("a report"), Report { events: 20, ..Report::default() });
}
