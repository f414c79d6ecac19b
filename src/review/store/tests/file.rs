//! The file itself: opened, made, refused.

use std::fs;

use super::*;

#[test]
fn a_file_is_made_with_its_folder_and_opened_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a/b/reviews.db");
    let made =
        Store::open(&path).expect("a store").create(&NewReview { text: "Words.".into(), ..NewReview::default() });
    let made = made.expect("a review");
    let again = Store::open(&path).expect("the store");
    assert_eq!(again.review(&made.id).expect("the review"), made);
    assert!(again.notes().is_empty());
    let mode: String =
        again.read(|one| Ok(one.query_row("PRAGMA journal_mode", [], |row| row.get(0))?)).expect("a mode");
    assert_eq!(mode, "wal");
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk();
    desk.review();
    let modes = || {
        let entries = fs::read_dir(desk.folder.path()).expect("a folder");
        let mode = |entry: std::io::Result<fs::DirEntry>| {
            entry.expect("an entry").metadata().expect("facts").permissions().mode()
        };
        entries.map(|entry| mode(entry) & 0o777).collect::<Vec<_>>()
    };
    assert!(modes().len() >= 2 && modes().iter().all(|mode| *mode == 0o600), "{:?}", modes());
    fs::set_permissions(desk.path(), fs::Permissions::from_mode(0o644)).expect("permissions");
    Store::open(&desk.path()).expect("the store");
    assert_eq!(fs::metadata(desk.path()).expect("facts").permissions().mode() & 0o777, 0o600);
}

/// What is said of a path that cannot be opened; the file must stay as it is.
fn check(prepare: impl FnOnce(&Path), expected: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("reviews.db");
    prepare(&path);
    let before = fs::read(&path).ok();
    let told = Store::open(&path).expect_err("a refusal").to_string();
    assert_eq!(told.replace(&path.display().to_string(), "FILE"), expected);
    assert_eq!(fs::read(&path).ok(), before, "the file was changed");
}

#[test]
fn what_is_not_ours_is_refused_and_left_alone() {
    check(
        |path| fs::write(path, "Dear diary, today").expect("a file"),
        "FILE holds no reviews: it is no SQLite database",
    );
    check(
        |path| fs::write(path, [&b"SQLite format 3\0"[..], &[7; 4096]].concat()).expect("a file"),
        "FILE holds no reviews: it is no SQLite database",
    );
    check(|path| fs::create_dir(path).expect("a folder"), "FILE holds no reviews: it is a folder; name a file in it");
    let other = |path: &Path| {
        let other = Connection::open(path).expect("a database");
        other.execute_batch("CREATE TABLE notes (text)").expect("a table");
    };
    check(other, "FILE holds no reviews: it is a database of another program");
}

#[test]
fn a_newer_file_is_refused_in_plain_words() {
    let newer = |path: &Path| {
        drop(Store::open(path).expect("a store"));
        let file = Connection::open(path).expect("the file");
        file.pragma_update(None, "user_version", 99).expect("a version");
        file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("a checkpoint");
    };
    check(
        newer,
        "FILE was written by a newer Groundline (form 99, this one knows up to 1): update the program, or name another file",
    );
}

#[test]
fn an_empty_file_becomes_ours() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    assert!(Store::open(file.path()).expect("a store").reviewers().expect("reviewers").is_empty());
}

#[test]
fn reviewers_have_ids_of_their_own() {
    let desk = desk();
    let add = |id: Option<&str>, name: &str| {
        desk.add_reviewer(&NewReviewer { id: id.map(str::to_owned), name: name.to_owned(), role: "nurse".to_owned() })
    };
    let id = |name: &str| add(None, name).expect("a reviewer").id;
    assert_eq!(id(" Zoë  O'Neil-Müller "), "zo-o-neil-m-ller");
    assert_eq!((id("Ann"), id("ann")), ("ann-2".to_owned(), "ann-3".to_owned()));
    assert_eq!(id("李"), "reviewer");
    assert_eq!(id(&"x".repeat(120)).len(), 35);
    assert_eq!(field(add(Some("ann"), "A")).1, "`ann` is taken; choose another id");
    assert_eq!(field(add(Some("Ann B"), "A")).0, "/id");
    assert_eq!(field(add(None, " \n ")).0, "/name");
    assert_eq!(field(add(None, &"x".repeat(121))).0, "/name");
    assert!(matches!(desk.reviewer("nobody"), Err(Error::Missing { what: "reviewer", .. })));
    assert_eq!(desk.reviewers().expect("reviewers").len(), 8);
}
