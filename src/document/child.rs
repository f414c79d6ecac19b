//! Reads a stranger's bytes in a process of their own.
//!
//! A PDF of a few kilobytes can ask for gigabytes, loop for ever or abort the process that reads it. So each file is read
//! by a one-shot child (this same program) that limits its own memory, time and files before it looks at the first byte;
//! the parent only waits, with a clock. Bytes go in by standard input, the document comes out by standard output as JSON.

use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, setrlimit};

use super::{Document, Error, Limits};
use crate::corpus::Format;

/// Name of the hidden command that a child is started with.
pub(super) const COMMAND: &str = "read-document";

/// Bytes of address space that a child may have.
const MEMORY: u64 = 768 << 20;
/// Seconds of processor time that a child may use.
const CPU_SECONDS: u64 = 25;
/// Time that a child may take in all.
const WALL: Duration = Duration::from_secs(40);
/// Stands before the answer on standard output: a library that prints there must not be taken for it.
const MARK: &[u8] = b"\x1edocument\n";
/// Bytes that a child may answer with.
const OUTPUT: u64 = 64 << 20;

/// Starts children that read.
#[derive(Clone, Debug)]
pub struct ChildReader {
    program: PathBuf,
    wall: Duration,
}

impl ChildReader {
    /// A reader whose children are `program`, started with `read-document FORMAT`.
    pub fn new(program: impl Into<PathBuf>) -> ChildReader {
        ChildReader { program: program.into(), wall: WALL }
    }

    /// The same, with another bound on the time that one document may take.
    #[must_use]
    pub fn with_wall(self, wall: Duration) -> ChildReader {
        ChildReader { wall, ..self }
    }

    /// Reads one document in a child.
    ///
    /// # Errors
    /// What the reader reported, or [`Error::Stopped`] where the child was stopped, died or could not be started.
    pub fn read(&self, format: Format, bytes: &[u8]) -> Result<Document, Error> {
        let stopped = |reason: String| Error::Stopped(reason);
        let mut child = Command::new(&self.program)
            .args([COMMAND, format.name()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .env_clear()
            .process_group(0)
            .spawn()
            .map_err(|error| stopped(format!("{} could not be started: {error}", self.program.display())))?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let deadline = Instant::now() + self.wall;
        std::thread::scope(|scope| {
            // Both pipes at once: a child that answers before it has read everything must not wait for ever.
            scope.spawn(move || {
                // A child that stops early closes its end; its answer says why.
                let _ = input.map(|mut pipe| pipe.write_all(bytes));
            });
            let answer = scope.spawn(move || {
                let mut answer = Vec::new();
                let read = output.map(|pipe| pipe.take(OUTPUT + 1).read_to_end(&mut answer));
                read.transpose().map(|_| answer)
            });
            let status = wait(&mut child, deadline);
            let answer = answer.join();
            match status {
                Ok(Some(status)) => match answer {
                    Ok(Ok(answer)) => understand(status, &answer),
                    _ => Err(stopped("its answer could not be read".to_owned())),
                },
                Ok(None) => Err(stopped(format!("it took longer than {} seconds", self.wall.as_secs_f32()))),
                Err(error) => Err(stopped(error.to_string())),
            }
        })
    }
}

/// Waits until the child ends; kills it at the deadline and says `None`.
fn wait(child: &mut std::process::Child, deadline: Instant) -> std::io::Result<Option<ExitStatus>> {
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            // Its whole group: a descendant that holds the pipe open would keep the parent waiting.
            let group = rustix::process::Pid::from_child(child);
            if rustix::process::kill_process_group(group, rustix::process::Signal::KILL).is_err() {
                child.kill()?;
            }
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn understand(status: ExitStatus, answer: &[u8]) -> Result<Document, Error> {
    use std::os::unix::process::ExitStatusExt;
    if answer.len() as u64 > OUTPUT {
        return Err(Error::Stopped(format!("its text is longer than {} MiB", OUTPUT >> 20)));
    }
    if status.success() {
        let from = answer.windows(MARK.len()).position(|window| window == MARK).map_or(0, |at| at + MARK.len());
        let answer: Result<Result<Document, Error>, _> = serde_json::from_slice(&answer[from..]);
        return answer.unwrap_or_else(|error| Err(Error::Stopped(format!("its answer is broken: {error}"))));
    }
    Err(Error::Stopped(match status.signal() {
        // SIGABRT is how Rust ends after a failed allocation and on an exhausted stack; where nothing caught the
        // overflow it is SIGSEGV or SIGBUS.
        Some(6) => format!("it needed more than {} MiB of memory, ran out of stack, or gave up", MEMORY >> 20),
        Some(9 | 24) => format!("it used more than {CPU_SECONDS} seconds of processor time"),
        Some(7 | 11) => "it ran out of stack".to_owned(),
        Some(signal) => format!("it was ended by signal {signal}"),
        None => "it gave up on the file".to_owned(),
    }))
}

/// The child's side: limits itself, reads standard input, answers on standard output.
///
/// # Errors
/// Whatever the system says when the pipes fail or the limits cannot be set.
pub fn serve_child(format: Format) -> std::io::Result<()> {
    let limit = |resource, most| setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    limit(Resource::As, MEMORY)?;
    limit(Resource::Cpu, CPU_SECONDS)?;
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, 0)?;
    limit(Resource::Nofile, 16)?;
    let limits = Limits::default();
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(limits.bytes as u64 + 1).read_to_end(&mut bytes)?;
    // What a library prints before it gives up is nobody's business: the answer is on standard output alone.
    std::panic::set_hook(Box::new(|_| {}));
    let answer = std::panic::catch_unwind(|| super::read(format, &bytes, &limits));
    let answer = answer.unwrap_or_else(|_| Err(Error::Stopped("it gave up on the file".to_owned())));
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    out.write_all(MARK)?;
    serde_json::to_writer(&mut out, &answer)?;
    out.flush()
}
