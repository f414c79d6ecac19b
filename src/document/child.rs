//! Reads a stranger's bytes in a process of their own.
//!
//! A PDF of a few kilobytes can ask for gigabytes, loop for ever or abort the process that reads it. So each file is read
//! by a one-shot child (this same program) that confines itself before it looks at the first byte; the parent only
//! waits, with a clock. Bytes go in by standard input, the document comes out by standard output.

use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::answer::{self, Answer, Fault};
use super::confine::{self, CPU_SECONDS, MEMORY};
use super::{Basis, Confinement, Document, Error, Limits};
use crate::corpus::Format;

/// Name of the hidden command that a child is started with.
pub(super) const COMMAND: &str = "read-document";

/// Time that a child may take in all: with what comes before and after, a file takes no more than 30 seconds.
const WALL: Duration = Duration::from_secs(28);
const _: () = assert!(CPU_SECONDS < WALL.as_secs() && WALL.as_secs() < 30);

/// Starts children that read.
#[derive(Clone, Debug)]
pub struct ChildReader {
    program: PathBuf,
    wall: Duration,
    basis: Basis,
    confinement: Arc<OnceLock<Confinement>>,
}

impl ChildReader {
    /// A reader whose children are `program`, started with `read-document FORMAT PARENT`.
    pub fn new(program: impl Into<PathBuf>) -> ChildReader {
        ChildReader { program: program.into(), wall: WALL, basis: Basis::default(), confinement: Arc::default() }
    }

    /// The same, with another bound on the time that one document may take.
    #[must_use]
    pub fn with_wall(self, wall: Duration) -> ChildReader {
        ChildReader { wall, ..self }
    }

    /// The same, reading PDF by `basis`.
    #[must_use]
    pub fn by(self, basis: Basis) -> ChildReader {
        ChildReader { basis, ..self }
    }

    /// How the first child that answered was confined; `None` before there was one.
    pub fn confinement(&self) -> Option<Confinement> {
        self.confinement.get().copied()
    }

    /// Reads one document in a child; its bytes are passed on as they come and never held here.
    ///
    /// # Errors
    /// What the reader reported, or [`Error::Stopped`] where the child was stopped, died or could not be started, or
    /// where `content` could not be read.
    pub fn read(&self, format: Format, content: &mut (dyn Read + Send)) -> Result<Document, Error> {
        let deadline = Instant::now() + self.wall;
        let mut child = self
            .start(format)
            .map_err(|error| Error::Stopped(format!("{} could not be started: {error}", self.program.display())))?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (told, answer) = channel();
        std::thread::scope(|scope| {
            // Both pipes at once: a child that answers before it has read everything must not wait for ever.
            let sent = scope.spawn(move || input.map_or(Ok(()), |pipe| pass_on(content, pipe)));
            scope.spawn(move || {
                // The pipe closes as soon as the answer is whole or useless: a child that goes on writing ends then.
                let answer = output.map_or(Err(Fault::Broken("it has no pipe".to_owned())), answer::read);
                // Nobody listens any more once the time is up.
                let _ = told.send(answer);
            });
            let left = || deadline.saturating_duration_since(Instant::now());
            let answer = answer.recv_timeout(left());
            let useless = matches!(answer, Ok(Err(Fault::TooLong)));
            let ended = wait(&mut child, if useless { Instant::now() } else { deadline });
            let sent = sent.join();
            match (answer, ended) {
                (Ok(Err(Fault::TooLong)), _) => {
                    Err(Error::Stopped(format!("its answer is longer than {} MiB", answer::LONGEST >> 20)))
                }
                (Err(RecvTimeoutError::Timeout), _) | (_, Ok(None)) => {
                    Err(Error::Stopped(format!("it took longer than {} seconds", self.wall.as_secs_f32())))
                }
                (_, Err(error)) => Err(Error::Stopped(error.to_string())),
                _ if !matches!(sent, Ok(Ok(()))) => Err(Error::Stopped("the file could not be read".to_owned())),
                (answer, Ok(Some(status))) => {
                    let none = Err(Fault::Broken("it has no answer".to_owned()));
                    let (confinement, outcome) = understand(status, answer.unwrap_or(none))?;
                    self.confinement.get_or_init(|| confinement);
                    outcome
                }
            }
        })
    }

    fn start(&self, format: Format) -> std::io::Result<Child> {
        Command::new(&self.program)
            .args([COMMAND, format.name(), &std::process::id().to_string()])
            .args((self.basis == Basis::Layout).then_some("--by-layout"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .env_clear()
            .process_group(0)
            .spawn()
    }
}

/// Passes bytes on until either side ends; only a source that cannot be read is an error.
fn pass_on(content: &mut (dyn Read + Send), mut pipe: impl Write) -> std::io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = match content.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        // A child that stops early closes its end; its answer says why.
        if pipe.write_all(buffer.get(..read).unwrap_or_default()).is_err() {
            return Ok(());
        }
    }
}

/// Waits until the child ends; kills it at the deadline and says `None`.
fn wait(child: &mut Child, deadline: Instant) -> std::io::Result<Option<ExitStatus>> {
    let mut pause = Duration::from_millis(1);
    let ending = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let group = Pid::from_child(child);
    loop {
        // Looked at, not yet collected: until then its number, which names the group, belongs to nobody else.
        let ended = waitid(WaitId::Pid(group), ending)?.is_some();
        let late = Instant::now() >= deadline;
        if ended || late {
            // The whole group: a descendant that holds a pipe open would keep the parent waiting.
            if kill_process_group(group, Signal::KILL).is_err() && !ended {
                child.kill()?;
            }
            let status = child.wait()?;
            return Ok(ended.then_some(status));
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn understand(status: ExitStatus, answer: Result<Answer, Fault>) -> Result<Answer, Error> {
    use std::os::unix::process::ExitStatusExt;
    let reason = match (answer, status.signal()) {
        (Ok(answer), None) if status.success() => return Ok(answer),
        (Err(Fault::Broken(reason)), None) if status.success() => format!("its answer is broken: {reason}"),
        // SIGABRT is how Rust ends after a failed allocation and on an exhausted stack; where nothing caught the
        // overflow it is SIGSEGV or SIGBUS.
        (_, Some(6)) => format!("it needed more than {} MiB of memory, ran out of stack, or gave up", MEMORY >> 20),
        (_, Some(24)) => format!("it used more than {CPU_SECONDS} seconds of processor time"),
        (_, Some(9)) => "it was killed from outside, perhaps because the machine ran short of memory".to_owned(),
        (_, Some(7 | 11)) => "it ran out of stack".to_owned(),
        (_, Some(31)) => "it did something that a reader may not do, such as opening a file or a connection".to_owned(),
        (_, Some(signal)) => format!("it was ended by signal {signal}"),
        (_, None) => "it gave up on the file".to_owned(),
    };
    Err(Error::Stopped(reason))
}

/// The child's side: confines itself, reads standard input, answers on standard output.
///
/// `parent` is the process that must be alive for it to go on.
///
/// # Errors
/// Whatever the system says when the pipes fail or the limits cannot be set.
pub fn serve_child(format: Format, basis: Basis, parent: Option<u32>) -> std::io::Result<()> {
    // What a library prints before it gives up is nobody's business: the answer is on standard output alone.
    std::panic::set_hook(Box::new(|_| {}));
    let confinement = confine::confine(parent)?;
    let limits = Limits::default();
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(limits.bytes as u64 + 1).read_to_end(&mut bytes)?;
    let outcome = std::panic::catch_unwind(|| super::read_by(basis, format, &bytes, &limits));
    let outcome = outcome.unwrap_or_else(|_| Err(Error::Stopped("it gave up on the file".to_owned())));
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    answer::write(&mut out, (confinement, outcome))
}
