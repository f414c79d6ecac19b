use std::fs;
use std::path::Path;

use super::*;
use crate::corpus::{Notice, NoticeKind, Status};

fn actor() -> Actor {
    Actor { by: "anna".to_owned(), at: "2026-03-01T10:00:00Z".parse().expect("a time") }
}

fn id(text: &str) -> VersionId {
    text.parse().expect("an id")
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, content).expect("written");
    }
    folder
}

fn corpus(folder: &Path) -> Corpus {
    Corpus::open(&[folder.to_owned()]).expect("a corpus")
}

/// Three editions of `a`, of which the third replaces the second, and one of `b`.
const EDITIONS: &[(&str, &str)] = &[
    ("p/pack.toml", "name = \"p\"\n"),
    ("p/a1.md", "one"),
    ("p/a1.toml", "# first\nid = \"a\"\nversion = \"1\"\nstatus = \"current\" # so far\n"),
    ("p/a2.md", "two"),
    ("p/a2.toml", "id = \"a\"\nversion = \"2\"\nstatus = \"superseded\"\nsuperseded_by = \"a@3\"\n"),
    ("p/a3.md", "three"),
    ("p/a3.toml", "id = \"a\"\nversion = \"3\"\nsupersedes = [\"a@2\"]\n"),
    ("q/pack.toml", "name = \"q\"\n"),
    ("q/b.md", "b"),
    ("q/b.toml", "id = \"b\"\nversion = \"1\"\n"),
];

fn check_refused(old: &str, new: &str, expected: &str) {
    let folder = folder(EDITIONS);
    let refused = supersede(&corpus(folder.path()), &id(old), &id(new), None, &actor()).expect_err("a refusal");
    assert!(refused.to_string().contains(expected), "{refused}");
    assert!(!folder.path().join("p").join(history::LOG).exists());
}

#[test]
fn edges_that_cannot_be_are_refused() {
    check_refused("a@1", "a@1", "cannot supersede itself");
    check_refused("a@3", "a@2", "would close a circle");
    check_refused("a@2", "b@1", "a@3 supersedes a@2 already");
    check_refused("c@1", "a@2", "no c@1 in the corpus");
    check_refused("c@1", "c@2", "no c@1 in the corpus");
}

#[test]
fn an_edge_is_recorded_on_both_sidecars_with_their_comments() {
    let folder = folder(EDITIONS);
    let made =
        supersede(&corpus(folder.path()), &id("a@1"), &id("a@2"), Some("2024 update"), &actor()).expect("an edge");
    assert!(made.notes.is_empty() && made.done.events.len() == 2, "{made:?}");
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file");
    let expected = "# first\nid = \"a\"\nversion = \"1\"\nstatus = \"superseded\" # so far\nsuperseded_by = \"a@2\"\n";
    assert_eq!(text("p/a1.toml"), expected);
    assert!(text("p/a2.toml").contains("supersedes = [\"a@1\"]"));
    let standing = corpus(folder.path()).catalogue().standing(&id("a@1"), None);
    assert_eq!((standing.status, standing.successor), (Status::Superseded, Some(id("a@3"))));
    assert!(corpus(folder.path()).faults.is_empty());
    let again = supersede(&corpus(folder.path()), &id("a@1"), &id("a@2"), None, &actor()).expect("nothing to do");
    assert!(again.done.events.is_empty() && again.notes[0].contains("recorded already"));
    assert!(history::verify(&folder.path().join("p")).expect("a report").is_sound());
}

#[test]
fn packs_and_editions_that_are_not_held_are_joined_too() {
    let folder = folder(EDITIONS);
    let across = supersede(&corpus(folder.path()), &id("a@3"), &id("b@1"), None, &actor()).expect("an edge");
    assert_eq!(across.done.events.len(), 2);
    for pack in ["p", "q"] {
        assert_eq!(history::read(&folder.path().join(pack)).expect("events").len(), 1, "{pack}");
    }
    let named = supersede(&corpus(folder.path()), &id("a@0"), &id("a@1"), None, &actor()).expect("an edge");
    assert!(named.notes[0].contains("a@0 is not in the corpus"), "{named:?}");
}

#[test]
fn the_first_is_not_written_where_the_second_cannot_be() {
    let folder = folder(EDITIONS);
    let opened = corpus(folder.path());
    // Somebody changes the other pack's sidecar between reading and writing.
    let version = opened.versions.iter().find(|version| version.facts.id == id("a@3")).expect("a@3");
    let mut open = Open::of(version).expect("open");
    open.text.set("superseded_by", "b@1");
    let one = open.change(Action::Supersede, Map::new()).expect("a change").expect("a change");
    let version = opened.versions.iter().find(|version| version.facts.id == id("b@1")).expect("b@1");
    let mut open = Open::of(version).expect("open");
    open.text.add_edition("supersedes", &id("a@3"));
    let two = open.change(Action::Supersede, Map::new()).expect("a change").expect("a change");
    let path = folder.path().join("q/b.toml");
    fs::write(&path, "id = \"b\"\nversion = \"1\"\ntitle = \"New\"\n").expect("written");
    assert!(Plan::of(vec![one, two], Vec::new()).make(&actor()).is_err());
    assert!(!fs::read_to_string(folder.path().join("p/a3.toml")).expect("a file").contains("superseded_by"));
    assert!(history::read(&folder.path().join("p")).expect("a log").is_empty());
}

#[test]
fn a_check_a_retirement_and_a_notice_are_recorded() {
    let folder = folder(EDITIONS);
    let day = jiff::civil::date(2026, 3, 1);
    checked(&corpus(folder.path()), &[id("a@3"), id("b@1"), id("b@1")], day, &actor()).expect("checks");
    assert!(checked(&corpus(folder.path()), &[id("a@3")], day, &actor()).expect("again").events.len() == 1);
    let said = Notice { kind: NoticeKind::Draft, since: Some(day), until: None, source: None };
    notice(&corpus(folder.path()), &id("a@3"), &said, &actor()).expect("a notice");
    assert!(notice(&corpus(folder.path()), &id("a@3"), &said, &actor()).is_err());
    retire(&corpus(folder.path()), &id("b@1"), Some("withdrawn"), &actor()).expect("a retirement");
    assert!(matches!(retire(&corpus(folder.path()), &id("b@1"), None, &actor()), Err(Error::Refused(_))));
    assert!(matches!(retire(&corpus(folder.path()), &id("a@2"), None, &actor()), Err(Error::Refused(_))));
    let now = corpus(folder.path());
    let facts = |wanted: &str| find(&now, &id(wanted)).expect("held").facts.clone();
    assert_eq!((facts("a@3").last_checked, facts("a@3").notices), (Some(day), vec![said]));
    assert_eq!(facts("b@1").declared_status, Some(Status::Retired));
    let actions: Vec<Action> =
        history::read(&folder.path().join("p")).expect("events").iter().map(|event| event.action).collect();
    assert_eq!(actions, [Action::Check, Action::Check, Action::Notice]);
    let unknown = checked(&corpus(folder.path()), &[id("a@9")], day, &actor()).expect_err("unknown");
    assert!(unknown.to_string().contains("there is a@1, a@2, a@3"), "{unknown}");
}

fn offer(folder: &Path, file: &str) -> Offer {
    Offer { file: folder.join(file), pack: folder.join("p"), ..Offer::default() }
}

#[test]
fn a_file_becomes_a_version() {
    let mut files = EDITIONS.to_vec();
    files.push(("in/a-2030.txt", "four"));
    let folder = folder(&files);
    let given = Offer {
        supersedes: vec![id("a@3")],
        title: Some("Title".to_owned()),
        pages: 3,
        ..offer(folder.path(), "in/a-2030.txt")
    };
    let added = add(&corpus(folder.path()), &given, &actor()).expect("added");
    assert_eq!(added.facts.id, id("a@2030"));
    assert_eq!((added.facts.pages, added.facts.last_checked), (Some(3), Some(jiff::civil::date(2026, 3, 1))));
    assert_eq!(added.assumed.len(), 3, "{:?}", added.assumed);
    assert!(added.missing.contains(&"publisher") && !added.missing.contains(&"title"));
    assert_eq!(fs::read_to_string(&added.content).expect("content"), "four");
    let now = corpus(folder.path());
    assert!(now.faults.is_empty(), "{:?}", now.faults);
    assert_eq!(now.catalogue().standing(&id("a@1"), None).status, Status::Current);
    assert_eq!(now.catalogue().standing(&id("a@2"), None).successor, Some(id("a@2030")));
    assert!(history::verify(&folder.path().join("p")).expect("a report").is_sound());
    let same = add(&now, &Offer { keys: vec![("id".to_owned(), "z".to_owned())], ..given.clone() }, &actor());
    assert!(same.expect_err("the same bytes").to_string().contains("already, as a@2030"));
    fs::write(&given.file, "five").expect("written");
    let taken = add(&now, &given, &actor()).expect_err("the same version");
    assert!(taken.to_string().starts_with("a@2030 is in the corpus already"), "{taken}");
}

#[test]
fn a_refused_file_leaves_nothing_behind() {
    let folder = folder(&[("in/x.txt", "words"), ("in/x.toml", "tier = \"best\"\n")]);
    let given = Offer { pack: folder.path().join("new"), ..offer(folder.path(), "in/x.txt") };
    assert!(matches!(add(&Corpus::default(), &given, &actor()), Err(Error::Faults(_))));
    assert!(!given.pack.exists());
    fs::write(folder.path().join("in/x.toml"), "tier = \n").expect("written");
    assert!(matches!(add(&Corpus::default(), &given, &actor()), Err(Error::Sidecar { .. })));
}

#[test]
fn a_candidate_brings_its_keys_and_waits_no_longer() {
    let folder = folder(&[
        ("p/pack.toml", "name = \"p\"\n"),
        ("p/candidates/x.txt", "words"),
        (
            "p/candidates/x.toml",
            "# fetched\nid = \"x\"\nversion = \"7\"\nurl = \"https://x.org\"\nretrieved_at = \"2026-02-01\"\n",
        ),
    ]);
    let file = folder.path().join("p/candidates/x.txt");
    assert_eq!(pack_folder(&Corpus::default(), Path::new("corpus"), None, &file), folder.path().join("p"));
    let added = add(&Corpus::default(), &offer(folder.path(), "p/candidates/x.txt"), &actor()).expect("added");
    assert_eq!((added.facts.id, added.facts.retrieved_at), (id("x@7"), Some("2026-02-01".to_owned())));
    assert!(fs::read_to_string(&added.sidecar).expect("a sidecar").starts_with("# fetched\nid = \"x\""));
    assert!(!file.exists() && added.assumed.is_empty());
}

#[test]
fn a_pack_is_found_by_name_and_hides_no_bare_file() {
    let packs = folder(EDITIONS);
    let named = |name| pack_named(&corpus(packs.path()), packs.path(), name);
    assert_eq!(named(Some("q")), packs.path().join("q"));
    assert_eq!(named(Some("new")), packs.path().join("new"));
    assert_eq!(named(None), packs.path().join("local"));
    let single = packs.path().join("p");
    assert_eq!(pack_named(&corpus(&single), &single, None), single);
    // A pack inside a folder of bare files would be all that is read of it.
    let bare = folder(&[("a-2001.md", "one"), ("new.md", "two")]);
    let pack = pack_named(&corpus(bare.path()), bare.path(), None);
    assert_eq!(pack, bare.path());
    let text = folder(&[("in/b-2002.md", "three")]);
    let given = Offer { file: text.path().join("in/b-2002.md"), pack, ..Offer::default() };
    add(&corpus(bare.path()), &given, &actor()).expect("added");
    let ids: Vec<String> = corpus(bare.path()).versions.iter().map(|one| one.facts.id.to_string()).collect();
    assert_eq!(ids.len(), 3, "{ids:?}");
}

#[test]
fn a_plan_writes_nothing_and_is_refused_where_files_changed_since() {
    let folder = folder(EDITIONS);
    let opened = corpus(folder.path());
    let before = tag(&opened).expect("a tag");
    let plan = Plan::retire(&opened, &id("b@1"), Some("withdrawn")).expect("a plan");
    assert_eq!((plan.changes().len(), plan.changes()[0].1.action), (1, Action::Retire));
    assert_eq!(tag(&corpus(folder.path())).expect("a tag"), before);
    assert!(!folder.path().join("q").join(history::LOG).exists());
    // Somebody else comes first.
    checked(&opened, &[id("b@1")], jiff::civil::date(2026, 3, 1), &actor()).expect("a check");
    assert!(matches!(plan.make(&actor()), Err(Error::History(history::Error::Meanwhile { .. }))));
    let now = tag(&corpus(folder.path())).expect("a tag");
    assert_ne!(now, before);
    // The same day again: the bytes stay, the log grows, and that is another state.
    checked(&corpus(folder.path()), &[id("b@1")], jiff::civil::date(2026, 3, 1), &actor()).expect("again");
    assert_ne!(tag(&corpus(folder.path())).expect("a tag"), now);
    let logged = events(&corpus(folder.path()), Some("b")).expect("events").iter().map(|one| one.event.seq).max();
    assert_eq!(logged, Some(2));
}
