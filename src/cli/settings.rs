//! Where things are: flags over `GROUNDLINE_*` environment over `groundline.toml` over defaults.

use std::io::{BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde::Deserialize;

use super::{Failure, output, usage};
use crate::corpus::{Corpus, Error as CorpusError};
use crate::document::{ChildReader, Confinement};
use crate::index::{Error as IndexError, Progress, Ranker, Ranking, Snapshot, Store, Tally};
use crate::ingest::{self, Outcome, Plan};
use crate::lexicon::{Form, Import, Lexicon};
use crate::meaning::{Encoder, KeptQueries, StaticEncoder};
use crate::models::{self, Home};

/// The settings file, in the folder where the program is started.
const FILE: &str = "groundline.toml";

/// The settings file's keys.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    corpus: Option<Vec<PathBuf>>,
    index: Option<PathBuf>,
    pub(super) listen: Option<String>,
    /// Who changes the corpus.
    editor: Option<String>,
    keep_gaps: Option<bool>,
    pub(super) ranker: Option<Ranker>,
    lexicon: Option<Vec<PathBuf>>,
    models: Option<PathBuf>,
    /// Where a service keeps what is its own: tokens.
    data: Option<PathBuf>,
}

impl File {
    /// Reads the settings file, where there is one.
    pub(super) fn read() -> Result<File, Failure> {
        match std::fs::read_to_string(FILE) {
            Ok(text) => toml::from_str(&text).with_context(|| format!("{FILE} is wrong")).map_err(Failure::Usage),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
            Err(error) => Err(usage(anyhow::Error::new(error).context(format!("{FILE} cannot be read")))),
        }
    }
}

/// Who changes the corpus: what was given, else the settings, else the system's name for the user; never a failure.
pub(super) fn editor(given: Option<&str>) -> Result<String, Failure> {
    let from_environment = |name: &str| std::env::var(name).ok();
    let settled = given.map(str::to_owned).or_else(|| from_environment("GROUNDLINE_EDITOR"));
    let named = match settled {
        Some(name) => Some(name),
        None => File::read()?.editor,
    };
    let system = || ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(from_environment);
    let said = |name: &String| !name.trim().is_empty();
    let uid = || format!("user {}", rustix::process::getuid().as_raw());
    Ok(named.filter(said).or_else(|| system().filter(said)).unwrap_or_else(uid))
}

/// The reader of documents: each in a process of its own.
pub(super) fn child_reader() -> Result<ChildReader, Failure> {
    Ok(ChildReader::new(std::env::current_exe().context("the program's own path is unknown")?))
}

/// The encoders that a ranker needs, the embedded one first; each has passed its own test.
pub(super) fn encoders(ranker: Ranker, models: Option<&Path>) -> Result<Vec<Arc<dyn Encoder>>, Failure> {
    let mut encoders: Vec<Arc<dyn Encoder>> = Vec::new();
    if ranker >= Ranker::Static {
        encoders.push(StaticEncoder::embedded()?);
    }
    if ranker >= Ranker::Hybrid {
        encoders.push(installed_model(models)?);
    }
    Ok(encoders)
}

/// The model that an operator installed, from the folder that was named or the settled one.
fn installed_model(models: Option<&Path>) -> Result<Arc<dyn Encoder>, Failure> {
    let home = models_home(models)?;
    let model = models::KNOWN.first().ok_or(IndexError::NoEncoder(Ranker::Hybrid))?;
    let encoder = home.open(model).context("hybrid ranking needs an installed model (`--ranker static` needs none)")?;
    Ok(encoder)
}

/// Where models lie: the folder that was named, else the settings', else the user's own.
pub(super) fn models_home(named: Option<&Path>) -> Result<Home, Failure> {
    // The environment's word on it has come with what was named.
    let named = match named {
        Some(folder) => Some(folder.to_owned()),
        None => File::read()?.models,
    };
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from);
    match named {
        Some(folder) => Ok(Home::new(folder)),
        None => Home::of_user(folder("XDG_DATA_HOME"), folder("HOME")).map_err(usage),
    }
}

/// Where a service keeps what is its own: the folder that was named, else the settings', else `groundline` in the user's
/// data folder.
pub(super) fn data_folder(named: Option<&Path>) -> Result<PathBuf, Failure> {
    // The environment's word on it has come with what was named.
    let named = match named {
        Some(folder) => Some(folder.to_owned()),
        None => File::read()?.data,
    };
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let of_user =
        || Some(folder("XDG_DATA_HOME").or_else(|| Some(folder("HOME")?.join(".local/share")))?.join("groundline"));
    named.or_else(of_user).ok_or_else(|| usage(anyhow::anyhow!("there is no home folder: name a folder with --data")))
}

/// Where vectors of data sets are kept between runs of `eval`: in the user's folder for what can be made again, where
/// there is one.
pub(super) fn vectors_cache() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")))?;
    Some(cache.join("groundline/vectors"))
}

/// Whether the text of claims that find nothing is kept: never unless the operator says so, here or there.
#[derive(clap::Args, Clone)]
pub(super) struct KeepGaps {
    /// Keep the text of claims that find nothing, for `corpus gaps`; it may hold what nobody should read
    #[arg(long)]
    keep_gaps: bool,
}

impl KeepGaps {
    pub(super) fn wanted(&self) -> Result<bool, Failure> {
        Ok(self.keep_gaps || File::read()?.keep_gaps.unwrap_or(false))
    }
}

/// An institution's own words for what guidelines say.
#[derive(clap::Args, Clone)]
pub(super) struct Lexicons {
    /// A lexicon of your own beside the built-in one: OBO (.obo), Solr synonyms (.txt) or a table (.tsv); may be given several times
    #[arg(long = "lexicon", value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Lexicons {
    /// The files: what was given, else the environment's, else the settings'.
    pub(super) fn files(&self) -> Result<Vec<PathBuf>, Failure> {
        if !self.files.is_empty() {
            return Ok(self.files.clone());
        }
        let listed = std::env::var_os("GROUNDLINE_LEXICON").filter(|value| !value.is_empty());
        match listed {
            Some(value) => Ok(std::env::split_paths(&value).collect()),
            None => Ok(File::read()?.lexicon.unwrap_or_default()),
        }
    }

    /// The lexicon, and how many lines of the files were rejected; each is told.
    pub(super) fn open(&self) -> Result<(Arc<Lexicon>, usize), Failure> {
        let (lexicon, rejected) = self.read()?;
        // Beside the opening of the snapshot, which takes longer.
        let ready = Arc::clone(&lexicon);
        std::thread::spawn(move || ready.prepare());
        Ok((lexicon, rejected))
    }

    fn read(&self) -> Result<(Arc<Lexicon>, usize), Failure> {
        let files = self.files()?;
        if files.is_empty() {
            return Ok((Lexicon::embedded(), 0));
        }
        let imports = files.iter().map(|path| import(path)).collect::<Result<Vec<_>, _>>()?;
        let faults = || imports.iter().flat_map(|import| &import.faults);
        faults().for_each(|fault| output::talk(&format!("groundline: {fault}")));
        let rejected = faults().count();
        Ok((Arc::new(Lexicon::with(imports)), rejected))
    }
}

/// Reads one file of an institution's lexicon.
pub(super) fn import(path: &Path) -> Result<Import, Failure> {
    Form::of(path).map_err(usage)?;
    let file = std::fs::File::open(path).with_context(|| format!("{} cannot be read", path.display()));
    Import::read(path, BufReader::new(file.map_err(Failure::Usage)?)).map_err(usage)
}

/// Where the corpus and the index are.
pub(super) struct Folders {
    /// The corpus folders.
    pub(super) corpus: Vec<PathBuf>,
    /// Whether the corpus was named, or is the default.
    named: bool,
    /// Whether the index folder was named, or is the default.
    own_index: bool,
    /// The index folder.
    pub(super) index: PathBuf,
    /// How to rank; `None` for whatever the index was built for.
    ranker: Option<Ranker>,
    /// Where models lie, where that was named.
    models: Option<PathBuf>,
}

impl Folders {
    pub(super) fn of(corpus: &[PathBuf], index: Option<&Path>) -> Result<Folders, Failure> {
        let file = File::read()?;
        let from_environment = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let listed = from_environment("GROUNDLINE_CORPUS").map(|value| std::env::split_paths(&value).collect());
        let corpus = if corpus.is_empty() { listed.or(file.corpus) } else { Some(corpus.to_vec()) };
        let index = index
            .map(Path::to_owned)
            .or_else(|| from_environment("GROUNDLINE_INDEX").map(PathBuf::from))
            .or(file.index);
        Ok(Folders {
            named: corpus.is_some(),
            // An index of its own folder is not expected to hold the default corpus.
            own_index: index.is_some(),
            corpus: corpus.unwrap_or_else(|| vec![PathBuf::from("corpus")]),
            index: index.unwrap_or_else(|| PathBuf::from("index")),
            ranker: None,
            models: None,
        })
    }

    /// The same, ranked as said; `None` for whatever the index was built for.
    pub(super) fn ranked(self, ranker: Option<Ranker>) -> Folders {
        Folders { ranker, ..self }
    }

    /// The same with the folder of models that was named, if one was.
    pub(super) fn with_models(self, models: Option<PathBuf>) -> Folders {
        Folders { models, ..self }
    }

    /// The index folder's store, for work that ranks nothing.
    pub(super) fn store(&self) -> Store {
        Store::new(&self.index)
    }

    /// The same for answering: ranked as said, else as the active snapshot was built for.
    pub(super) fn answering(&self) -> Result<Store, Failure> {
        let store = self.store();
        let active = || store.manifest(&store.active_id().ok()?).ok().map(|manifest| manifest.engine.ranker);
        // Without a word on it another snapshot may become active later, and that needs the embedded table at least.
        let needed = self.ranker.unwrap_or_else(|| active().unwrap_or(Ranker::Static).max(Ranker::Static));
        Ok(store.ranked(Ranking::new(self.ranker, encoders(needed, self.models.as_deref())?)))
    }

    /// The same for searching again: with vectors of claims that were kept in the place of the model that made them.
    pub(super) fn replaying(&self, kept: Option<KeptQueries>) -> Result<Store, Failure> {
        let Some(kept) = kept else { return self.answering() };
        Ok(self.store().ranked(Ranking::new(self.ranker, vec![StaticEncoder::embedded()?, Arc::new(kept)])))
    }

    /// The same for building: for the ranker that was named, else for the embedded one.
    pub(super) fn building(&self) -> Result<Store, Failure> {
        let ranker = self.ranker.unwrap_or(Ranker::Static);
        Ok(self.store().ranked(Ranking::new(Some(ranker), encoders(ranker, self.models.as_deref())?)))
    }

    /// Reads the corpus folders; every fault is told.
    pub(super) fn open_corpus(&self) -> Result<Corpus, Failure> {
        Corpus::open(&self.corpus).map_err(|error| match error {
            CorpusError::Unreadable { .. } => Failure::Failed(error.into()),
            other => usage(other),
        })
    }

    /// The same, where there need not be a corpus yet.
    pub(super) fn open_corpus_or_none(&self) -> Result<Corpus, Failure> {
        match Corpus::open(&self.corpus) {
            Err(CorpusError::Missing(_) | CorpusError::Nothing(_)) => Ok(Corpus::default()),
            _ => self.open_corpus(),
        }
    }

    /// A snapshot to answer from: that of the named corpus, else the active one, else a first one of the default corpus.
    pub(super) fn snapshot(&self, store: &Store) -> Result<Arc<Snapshot>, Failure> {
        if !self.named && !matches!(store.active_id(), Err(IndexError::NoSnapshot(_))) {
            self.warn_if_stale(store);
            return Ok(store.active()?);
        }
        let corpus = self.open_corpus()?;
        for fault in &corpus.faults {
            output::talk(&format!("groundline: {fault}"));
        }
        if !std::io::stderr().is_terminal() && matches!(store.active_id(), Err(IndexError::NoSnapshot(_))) {
            // Where no bar can be drawn, half a minute of silence looks like a fault.
            output::talk(&format!("groundline: building an index of {} documents, once", corpus.versions.len()));
        }
        build(&corpus, store, false)?;
        Ok(store.reload()?)
    }

    /// Says when the default corpus has changed since the active snapshot was built.
    fn warn_if_stale(&self, store: &Store) {
        if self.own_index {
            return;
        }
        let Ok(corpus) = Corpus::open(&self.corpus) else { return };
        let Ok(snapshot) = store.active() else { return };
        let manifest = snapshot.manifest();
        // An index of other documents is not an old index of these.
        if !corpus.versions.iter().any(|version| snapshot.entry(&version.facts.id).is_some()) {
            return;
        }
        if corpus.digest() != manifest.corpus_sha256 {
            output::talk("groundline: the corpus has changed since the index was built: run `groundline index build`");
        }
    }
}

/// What a progress bar says of the time that is left: of the vectors of a network where one is at work, for they take
/// nearly all of it.
pub(super) fn time_left(tally: Arc<Tally>) -> impl Fn(&ProgressState, &mut dyn std::fmt::Write) + Clone + Send + Sync {
    move |state, out| {
        let documents = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let (all, done) = (documents(state.len().unwrap_or_default()), documents(state.pos()));
        // Writing to a progress bar cannot fail.
        let _ = match tally.progress(all, done) {
            None if state.len().is_none() => Ok(()),
            None => write!(out, "{:#}", HumanDuration(state.eta())),
            Some(Progress { computed, kept, expected, left }) => {
                let left = left.map(|left| format!(", {:#} left", HumanDuration(left))).unwrap_or_default();
                write!(out, "vectors {} of about {expected}{left}", computed + kept)
            }
        };
    }
}

/// A progress bar for a data set that is indexed: it tells of vectors, where a network makes them, and of nothing else.
pub(super) fn indexing_bar(store: &Store) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("indexing {spinner} {left}") {
        bar.set_style(style.with_key("left", time_left(store.tally())));
    }
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}

/// A build, and how the processes that read for it were confined; `None` where nothing had to be read.
pub(super) struct Built {
    pub(super) outcome: Outcome,
    pub(super) confinement: Option<Confinement>,
}

/// Builds a corpus's snapshot with a progress bar; nothing is done where it is there already, and what has not changed
/// is not read again, unless everything is to be `fresh`.
pub(super) fn build(corpus: &Corpus, store: &Store, fresh: bool) -> Result<Built, Failure> {
    let child = child_reader()?;
    let bar = ProgressBar::with_draw_target(Some(corpus.versions.len() as u64), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("reading {bar:32} {pos}/{len} {msg} {left}") {
        bar.set_style(style.with_key("left", time_left(store.tally())));
    }
    bar.enable_steady_tick(Duration::from_millis(500));
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let outcome = ingest::build_as(
        Plan { threads, fresh, editor: None },
        corpus,
        store,
        &|format, content| child.read(format, content),
        &mut |done, _, version| {
            bar.set_position(done as u64);
            bar.set_message(version.facts.id.to_string());
        },
    );
    bar.finish_and_clear();
    let confinement = child.confinement();
    match confinement {
        Some(confinement) if confinement.is_full() => tracing::info!(%confinement, "documents were read confined"),
        Some(confinement) => tracing::warn!(%confinement, "documents were read less confined than they could be"),
        None => {}
    }
    Ok(Built { outcome: outcome?, confinement })
}
