//! Vectors in a snapshot: whose they are, what happens where they are missing, old or damaged, and who says so.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use groundline::claim::Claim;
use groundline::corpus::Corpus;
use groundline::evidence::{self, Include, Options};
use groundline::http::Settings;
use groundline::index::{Manifest, Ranker, Ranking, Snapshot, SnapshotId, Store};
use groundline::ingest;
use groundline::meaning::{Encoder, KeptQueries, QueryVector, StaticEncoder, cosine};
use groundline::passage::Passage;
use groundline::view::native::ResultView;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{Hashing, Running, copy, fixture_corpus, folder, read_here, run_in, stderr, stdout};

fn embedded() -> Arc<dyn Encoder> {
    StaticEncoder::embedded().expect("the table")
}

/// A store with a ranker and some encoders.
fn ranked(folder: &Path, asked: impl Into<Option<Ranker>>, encoders: Vec<Arc<dyn Encoder>>) -> Store {
    Store::new(folder).ranked(Ranking::new(asked.into(), encoders))
}

#[track_caller]
fn build(store: &Store, corpus: &Path) -> SnapshotId {
    let corpus = Corpus::open(&[corpus.to_owned()]).expect("a corpus");
    ingest::build(&corpus, store, 2, &read_here, &mut |_, _, _| {}).expect("published").manifest.id
}

/// All passages of a snapshot in the order of its versions and of their ids.
fn passages(snapshot: &Snapshot) -> Vec<(String, Passage)> {
    let mut all = Vec::new();
    for entry in snapshot.entries() {
        let mut own = snapshot.passages(&entry.facts.id).expect("readable");
        own.sort_by(|a, b| a.id.cmp(&b.id));
        all.extend(own.into_iter().map(|passage| (entry.facts.title.clone().unwrap_or_default(), passage)));
    }
    all
}

#[test]
fn the_table_is_the_one_of_its_card() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/static");
    let card = fs::read_to_string(folder.join("CARD.md")).expect("a card");
    for name in ["vectors.safetensors", "vocabulary.txt", "fixture.json"] {
        let bytes = fs::read(folder.join(name)).expect("a file");
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let row = card.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        assert!(row.is_some_and(|row| row.contains(&digest)), "the card says of {name} {row:?} and not {digest}");
        assert!(bytes.len() <= 12_000_000, "{name} is too large for the repository");
    }
}

#[test]
fn each_passage_has_the_row_of_its_number() {
    let folder = folder();
    let store = ranked(folder.path(), None, vec![embedded()]);
    build(&store, &fixture_corpus());
    let snapshot = store.active().expect("intact");
    assert_eq!(snapshot.engine().ranker, Ranker::Static);
    assert_eq!(snapshot.engine(), &snapshot.manifest().engine);
    let [meaning] = snapshot.meanings() else { panic!("{} encoders", snapshot.meanings().len()) };
    let all = passages(&snapshot);
    assert!(all.len() > 10 && all.len() == meaning.matrix.len(), "{} {}", all.len(), meaning.matrix.len());
    let mut distinct = 0;
    for (row, (title, passage)) in (0..).zip(&all) {
        assert_eq!(*snapshot.in_rows(&[row]).expect("readable")[0], *passage);
        let context = std::iter::once(title).chain(passage.path.iter().filter(|heading| *heading != title));
        let context: Vec<&str> =
            context.chain(&passage.lead).map(String::as_str).filter(|text| !text.is_empty()).collect();
        let vector = meaning.encoder.passage(&context, passage.text()).expect("a vector");
        let length = cosine(&vector, &vector);
        let found = meaning.matrix.similarity(row, &vector);
        assert!((found - length).abs() < 0.002, "{}: {found} {length}", passage.id);
        let nearest = meaning.matrix.nearest(&vector, 1, |_| true);
        distinct += usize::from(length > 0.5 && nearest.first().is_some_and(|(first, _)| *first == row));
    }
    assert!(distinct > 10, "{distinct} passages are nearest to themselves");
    let hits = snapshot.search(&tantivy::query::AllQuery, 1_000).expect("readable");
    assert_eq!(hits.len(), all.len());
    for hit in hits {
        assert_eq!(all[hit.row as usize].1, hit.passage);
    }
}

#[test]
fn a_snapshot_is_another_for_each_ranker_and_answers_for_lesser_ones() {
    let folder = folder();
    let encoders = || vec![Hashing::shared("static", 32, 1), Hashing::shared("dense", 48, 1)];
    let corpus = fixture_corpus();
    let ids = Ranker::ALL.map(|ranker| build(&ranked(folder.path(), ranker, encoders()), &corpus));
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2], "{ids:?}");
    for (built, id) in Ranker::ALL.into_iter().zip(&ids) {
        assert_eq!(ranked(folder.path(), None, encoders()).open(id).expect("intact").engine().ranker, built);
        for asked in Ranker::ALL {
            let opened = ranked(folder.path(), asked, encoders()).open(id);
            if asked <= built {
                let snapshot = opened.expect("intact");
                assert_eq!((snapshot.engine().ranker, snapshot.meanings().len()), (asked, asked as usize));
                let same = snapshot.engine().config_sha256 == snapshot.manifest().engine.config_sha256;
                assert_eq!(same, asked == built);
                let names: Vec<&str> = snapshot.meanings().iter().map(|meaning| meaning.encoder.name()).collect();
                assert_eq!(names, ["static", "dense"][..asked as usize]);
            } else {
                let told = opened.expect_err("no vectors").to_string();
                assert!(told.contains(&format!("was built for {built} ranking")), "{told}");
                assert!(told.contains(&format!("`groundline index build --ranker {asked}`")), "{told}");
            }
        }
    }
    // Without a word on it: as the active one was built for.
    fs::write(folder.path().join("active"), ids[0].to_string()).expect("written");
    assert_eq!(build(&ranked(folder.path(), None, encoders()), &corpus), ids[0]);
    let told = ranked(folder.path(), None, Vec::new()).open(&ids[2]).expect_err("no encoders").to_string();
    assert!(told.contains("groundline models install bge-small-en-v1.5"), "{told}");
}

#[test]
fn vectors_are_taken_over_and_made_anew_to_the_same_bytes() {
    let folder = folder();
    let corpus = folder.path().join("corpus");
    copy(&fixture_corpus(), &corpus);
    let hybrid = |edition| vec![embedded(), Hashing::shared("dense", 48, edition)];
    let files = |root: &Path, id: &SnapshotId| {
        let at = root.join("snapshots").join(id.as_str()).join("vectors");
        ["static.bin", "dense.bin"].map(|name| fs::read(at.join(name)).expect("a file"))
    };
    let index = folder.path().join("index");
    build(&ranked(&index, Ranker::Lexical, Vec::new()), &corpus);
    // What each build has before it: a snapshot without vectors, with all of them, with those of another edition, and
    // another text.
    for (at, edition) in [1, 1, 2, 2].into_iter().enumerate() {
        if at % 2 == 1 {
            let text = format!("# Note\n\nQuinsulfate is named in note {at}, and nothing else is said. ").repeat(4);
            fs::write(corpus.join("note.md"), text).expect("written");
        }
        let id = build(&ranked(&index, Ranker::Hybrid, hybrid(edition)), &corpus);
        let other = folder.path().join(format!("full{at}"));
        assert_eq!(build(&ranked(&other, Ranker::Hybrid, hybrid(edition)), &corpus), id);
        assert!(files(&index, &id) == files(&other, &id), "{at}");
        let manifest = Store::new(&index).manifest(&id).expect("a manifest");
        assert_eq!(manifest.files, Store::new(&other).manifest(&id).expect("a manifest").files, "{at}");
        assert!(manifest.files.contains_key("vectors/static.bin") && manifest.files.contains_key("vectors/dense.bin"));
        let names: Vec<&str> = manifest.engine.encoders.iter().map(|encoder| encoder.name.as_str()).collect();
        assert_eq!(names, ["static", "dense"]);
    }
}

/// Puts other bytes where the vectors are, and a manifest to them, as if they had been published so.
fn forge(root: &Path, id: &SnapshotId, change: &dyn Fn(&mut Vec<u8>, &mut Manifest)) -> SnapshotId {
    let folder = root.join("snapshots").join(id.as_str());
    let (path, manifest_path) = (folder.join("vectors/static.bin"), folder.join("MANIFEST.json"));
    let mut bytes = fs::read(&path).expect("vectors");
    let mut manifest: Manifest = serde_json::from_slice(&fs::read(&manifest_path).expect("read")).expect("JSON");
    change(&mut bytes, &mut manifest);
    let record = manifest.files.get_mut("vectors/static.bin").expect("a record");
    record.bytes = bytes.len() as u64;
    record.sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(&path, bytes).expect("written");
    manifest.id = SnapshotId::of(&manifest.corpus_sha256, &manifest.engine);
    fs::write(&manifest_path, serde_json::to_vec(&manifest).expect("JSON")).expect("written");
    let own = root.join("snapshots").join(manifest.id.as_str());
    fs::rename(&folder, own).expect("renamed");
    manifest.id
}

#[test]
fn vectors_that_do_not_fit_are_refused_in_plain_words() {
    let check = |change: &dyn Fn(&mut Vec<u8>, &mut Manifest), expected: &str| {
        let folder = folder();
        let encoders = || vec![Hashing::shared("static", 16, 1)];
        let store = ranked(folder.path(), Ranker::Static, encoders());
        let built = build(&store, &fixture_corpus());
        let id = forge(folder.path(), &built, change);
        let told = store.open(&id).expect_err("refused").to_string();
        assert!(told.contains(expected), "{told}");
        // What needs no vectors is not kept from answering.
        assert!(Store::new(folder.path()).open(&id).is_ok(), "{expected}");
    };
    check(&|bytes, _| bytes.clear(), "vectors/static.bin: the vectors cannot be used: 0 bytes are too few");
    check(&|bytes, _| bytes.truncate(100), "vectors/static.bin: the vectors cannot be used: 84 bytes are not");
    check(&|bytes, _| bytes[0] ^= 1, "this is no file of vectors");
    check(&|bytes, _| bytes[16..20].fill(255), "the scale of row 0 is NaN");
    check(
        &|bytes, _| {
            let rows = u32::from_le_bytes(bytes[12..16].try_into().expect("four bytes"));
            bytes[12..16].copy_from_slice(&(rows - 1).to_le_bytes());
            bytes.truncate(bytes.len() - 20);
        },
        "vectors for",
    );
    check(
        &|bytes, _| {
            bytes[8..12].copy_from_slice(&15u32.to_le_bytes());
            let rows = u32::from_le_bytes(bytes[12..16].try_into().expect("four bytes"));
            bytes.truncate(bytes.len() - rows as usize);
        },
        "15 dimensions instead of 16",
    );
}

#[test]
fn vectors_of_another_edition_of_an_encoder_are_not_compared_with() {
    let folder = folder();
    let of = |edition| ranked(folder.path(), Ranker::Static, vec![Hashing::shared("static", 16, edition)]);
    let id = build(&of(1), &fixture_corpus());
    assert!(of(1).open(&id).is_ok());
    let told = of(2).open(&id).expect_err("another edition").to_string();
    assert!(told.contains("were made by another edition of static") && told.contains("--ranker static"), "{told}");
    assert_ne!(build(&of(2), &fixture_corpus()), id);
}

#[test]
fn damage_to_vectors_is_found_by_verify_and_mended_by_a_build() {
    let folder = folder();
    let corpus = fixture_corpus();
    let corpus = corpus.to_str().expect("a path");
    assert_eq!(run_in(folder.path(), &["index", "build", "--corpus", corpus]).status.code(), Some(0));
    let id = fs::read_to_string(folder.path().join("index/active")).expect("a pointer").trim().to_owned();
    let path = folder.path().join("index/snapshots").join(&id).join("vectors/static.bin");
    let mut bytes = fs::read(&path).expect("vectors");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).expect("written");
    let verified = run_in(folder.path(), &["index", "verify"]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(stdout(&verified).contains("vectors/static.bin was changed"), "{}", stdout(&verified));
    let asked = run_in(folder.path(), &["check", "marsh fever"]);
    assert_eq!(asked.status.code(), Some(1));
    assert!(stderr(&asked).contains("vectors/static.bin was changed"), "{}", stderr(&asked));
    run_in(folder.path(), &["index", "build", "--corpus", corpus]);
    assert_eq!(run_in(folder.path(), &["index", "verify"]).status.code(), Some(0));
}

#[test]
fn the_command_line_ranks_as_it_is_told() {
    let folder = folder();
    copy(&fixture_corpus(), &folder.path().join("corpus"));
    let ranker = |arguments: &[&str]| {
        let output = run_in(folder.path(), arguments);
        assert!(matches!(output.status.code(), Some(0 | 3)), "{arguments:?}: {}", stderr(&output));
        let answer: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        answer.get("engine").map(|engine| engine["ranker"].as_str().expect("a name").to_owned())
    };
    let refused = |arguments: &[&str], expected: &str| {
        let output = run_in(folder.path(), arguments);
        assert_eq!((output.status.code(), stdout(&output)), (Some(1), String::new()), "{arguments:?}");
        assert!(stderr(&output).contains(expected), "{arguments:?}: {}", stderr(&output));
    };
    let check = ["check", "marsh fever", "--json"];
    let with = |ranker| [&check[..], &["--ranker", ranker]].concat();
    ranker(&["index", "build", "--ranker", "lexical", "--json"]);
    assert_eq!(ranker(&check).as_deref(), Some("lexical"));
    refused(&with("static"), "run `groundline index build --ranker static`, or ask with `--ranker lexical`");
    refused(&with("hybrid"), "groundline models install bge-small-en-v1.5");
    refused(&["index", "build", "--ranker", "hybrid"], "groundline models install bge-small-en-v1.5");
    ranker(&["index", "build", "--json"]);
    assert_eq!(ranker(&check).as_deref(), Some("static"));
    assert_eq!(ranker(&with("lexical")).as_deref(), Some("lexical"));
    assert_eq!(ranker(&["index", "show", "--json"]).as_deref(), Some("static"));
    fs::write(folder.path().join("groundline.toml"), "ranker = \"lexical\"\n").expect("written");
    assert_eq!(ranker(&check).as_deref(), Some("lexical"));
    assert_eq!(ranker(&with("static")).as_deref(), Some("static"));
    fs::write(folder.path().join("groundline.toml"), "ranker = \"magic\"\n").expect("written");
    assert_eq!(run_in(folder.path(), &check).status.code(), Some(2));
}

#[test]
fn the_service_says_how_it_ranks() {
    let folder = folder();
    build(&ranked(folder.path(), None, vec![embedded()]), &fixture_corpus());
    for (asked, expected) in [(None, "static"), (Some(Ranker::Static), "static"), (Some(Ranker::Lexical), "lexical")] {
        let store = ranked(folder.path(), asked, vec![embedded()]);
        let running = Running::of(store, Settings::default(), 100);
        let answer = running.post("/v1/evidence", json!({"claim": "marsh fever"}).to_string()).json();
        assert_eq!(answer["engine"]["ranker"], expected, "{asked:?}");
        let manifest = Store::new(folder.path()).active().expect("intact").manifest().clone();
        let same = answer["engine"]["config_sha256"] == manifest.engine.config_sha256.as_str();
        assert_eq!(same, expected == "static", "{asked:?}");
        assert_eq!(answer["results"][0]["status"], "ok");
    }
}

#[test]
fn a_service_keeps_what_it_has_where_the_next_snapshot_lacks_vectors() {
    let folder = folder();
    let store = ranked(folder.path(), Ranker::Static, vec![embedded()]);
    let first = build(&store, &fixture_corpus());
    assert_eq!(store.active().expect("intact").manifest().id, first);
    build(&ranked(folder.path(), Ranker::Lexical, Vec::new()), &fixture_corpus());
    let told = store.reload().expect_err("no vectors").to_string();
    assert!(told.contains("has no vectors for static ranking"), "{told}");
    assert_eq!(store.active().expect("the one in use").manifest().id, first);
}

#[test]
fn a_claim_has_one_vector_an_encoder() {
    let folder = folder();
    let store = ranked(folder.path(), Ranker::Hybrid, vec![embedded(), Hashing::shared("dense", 48, 1)]);
    build(&store, &fixture_corpus());
    let snapshot = store.active().expect("intact");
    let claim = Claim::new("Quinsulfate for marsh fever").expect("a claim");
    let search = groundline::retrieve::Search::of(&snapshot, &claim).expect("a search");
    let expected = [embedded().query(claim.text()), Hashing::shared("dense", 48, 1).query(claim.text())];
    assert_eq!(search.vectors, expected.map(|vector| vector.expect("a vector")));
}

#[test]
fn a_search_that_took_a_model_runs_again_without_it() {
    let folder = folder();
    let store = ranked(folder.path(), Ranker::Hybrid, vec![embedded(), Hashing::costly("dense", 48)]);
    build(&store, &fixture_corpus());
    let include = Include { trace: true, ..Include::default() };
    let options = Options { include, ..Options::default() };
    let answer = |snapshot: &Snapshot, text: &str| {
        let claim = Claim::new(text).expect("a claim");
        let evidence = evidence::gather(snapshot, &claim, &options)?;
        let result = ResultView::of(snapshot, None, claim.text(), &evidence, 0.0);
        Ok::<_, evidence::Error>((evidence, serde_json::to_value(result).expect("JSON")))
    };
    let first = store.active().expect("intact");
    let (evidence, told) = answer(&first, "Quinsulfate for marsh fever").expect("an answer");
    let kept = evidence.trace.expect("a trace").vectors;
    assert_eq!(kept.len(), 1, "the embedded table needs nothing kept");
    // As an artifact holds them.
    let stored = told.pointer("/trace/vectors").cloned().expect("vectors in the trace");
    assert_eq!(serde_json::from_value::<Vec<QueryVector>>(stored).expect("the same form"), kept);

    let without = KeptQueries::new(kept).expect("a vector");
    let store = ranked(folder.path(), None, vec![embedded(), Arc::new(without)]);
    let again = store.active().expect("the model is not asked");
    assert_eq!(answer(&again, "Quinsulfate for marsh fever").expect("an answer").1, told);
    let refused = answer(&again, "Zorblaxine for gribbles").expect_err("a claim that was not asked").to_string();
    assert!(refused.contains("no vector was kept for this claim"), "{refused}");
}
