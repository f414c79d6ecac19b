//! MCP over standard input and output: a message a line.
//!
//! The SDK has a transport for this. Ours differs where a host would be left waiting or the memory would grow: a line that
//! is too long or no message is answered by an error with its id; no more is read while as many calls are under way as are
//! admitted at once; and at the end of the input what was asked is answered first. Output carries the protocol alone.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rmcp::model::{ClientJsonRpcMessage, ClientNotification, JsonRpcMessage, RequestId, ServerJsonRpcMessage};
use rmcp::service::{RxJsonRpcMessage, ServerInitializeError, TxJsonRpcMessage};
use rmcp::transport::Transport;
use rmcp::{RoleServer, ServiceExt};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::threads::CALLS;
use super::wire::{self, Fault};
use super::{Error, Server};

/// How often the index folder is asked which snapshot is active.
const FOLLOW: Duration = Duration::from_secs(2);
/// How long what was asked may take after the input has ended.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much of either end of a line that is too long is kept, to tell its id.
const KEPT: usize = 256;

/// Serves one client on standard input and output until the input ends.
///
/// # Errors
/// [`Error::Handshake`] where the client does not begin as the protocol says.
pub async fn stdio(server: Server) -> Result<(), Error> {
    talk(server, tokio::io::stdin(), tokio::io::stdout()).await
}

/// Serves one client that writes to `read` and reads from `write`, until `read` ends.
///
/// # Errors
/// As [`stdio`].
pub async fn talk<R, W>(server: Server, read: R, write: W) -> Result<(), Error>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    let store = Arc::clone(&server.0.store);
    let follow = tokio::spawn(async move {
        loop {
            tokio::time::sleep(FOLLOW).await;
            let store = Arc::clone(&store);
            // One that cannot be opened leaves the one in use; the next call of `active` would say why.
            let _ = tokio::task::spawn_blocking(move || store.reload().map(drop)).await;
        }
    });
    let ended = match server.serve(Lines::new(read, write)).await {
        Ok(running) => running.waiting().await.map(drop).map_err(|_| Error::Failed),
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        // What it holds is the client's own words.
        Err(_) => Err(Error::Handshake),
    };
    follow.abort();
    ended
}

/// The places of requests under way; one is free again when its request is answered or called off.
type Held = Arc<Mutex<HashMap<RequestId, OwnedSemaphorePermit>>>;

/// Messages as lines.
struct Lines<R, W> {
    read: BufReader<R>,
    write: Arc<tokio::sync::Mutex<W>>,
    /// What has been read of the line that has not ended yet, or the first bytes of one that is too long.
    line: Vec<u8>,
    /// The last bytes of a line that is too long.
    last: Option<Vec<u8>>,
    places: Arc<Semaphore>,
    held: Held,
    ended: bool,
}

/// How a line ended.
enum Ending {
    Line,
    Input,
}

impl<R, W> Lines<R, W>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    fn new(read: R, write: W) -> Lines<R, W> {
        Lines {
            read: BufReader::new(read),
            write: Arc::new(tokio::sync::Mutex::new(write)),
            line: Vec::new(),
            last: None,
            places: Arc::new(Semaphore::new(CALLS)),
            held: Held::default(),
            ended: false,
        }
    }

    /// Reads on to the end of a line. What has been read stays where this is dropped before that.
    async fn next_line(&mut self) -> Ending {
        loop {
            let Ok(available) = self.read.fill_buf().await else { return Ending::Input };
            if available.is_empty() {
                return Ending::Input;
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let (part, _) = available.split_at(end.unwrap_or(available.len()));
            match &mut self.last {
                None if self.line.len() + part.len() <= wire::LARGEST => self.line.extend_from_slice(part),
                None => {
                    let mut last = std::mem::take(&mut self.line);
                    self.line.extend(last.iter().take(KEPT));
                    keep_last(&mut last, part);
                    self.last = Some(last);
                }
                Some(last) => keep_last(last, part),
            }
            let consumed = part.len() + usize::from(end.is_some());
            self.read.consume(consumed);
            if end.is_some() {
                return Ending::Line;
            }
        }
    }

    /// Answers a line by an error. `place` is kept until that is written, so that nobody is refused faster than he reads.
    fn refuse(&self, place: OwnedSemaphorePermit, fault: Fault, id: Option<Value>) {
        let written = written(Arc::clone(&self.write), fault.answer(id));
        tokio::spawn(async move {
            let _ = written.await;
            drop(place);
        });
    }

    /// The message of a line, with its place where it is one that will be answered.
    fn message(&self, line: &[u8], place: OwnedSemaphorePermit) -> Option<ClientJsonRpcMessage> {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii();
        if line.is_empty() {
            return None;
        }
        let readable = match wire::check(line) {
            Ok(readable) => readable,
            Err(fault) => {
                let id = if fault == Fault::NotJson { None } else { wire::id_of(line) };
                self.refuse(place, fault, id);
                return None;
            }
        };
        let Ok(message) = serde_json::from_slice::<ClientJsonRpcMessage>(&readable) else {
            self.refuse(place, Fault::NotAMessage, wire::id_of(line));
            return None;
        };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match &message {
            JsonRpcMessage::Request(request) => drop(held.insert(request.id.clone(), place)),
            // A request that is called off is not answered.
            JsonRpcMessage::Notification(notification) => {
                if let ClientNotification::CancelledNotification(cancelled) = &notification.notification
                    && let Some(id) = &cancelled.params.request_id
                {
                    drop(held.remove(id));
                }
            }
            JsonRpcMessage::Response(_) | JsonRpcMessage::Error(_) => {}
        }
        drop(held);
        Some(message)
    }
}

impl<R, W> Transport<RoleServer> for Lines<R, W>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), io::Error>> + Send + 'static {
        let answered = match &item {
            ServerJsonRpcMessage::Response(response) => Some(response.id.clone()),
            ServerJsonRpcMessage::Error(error) => error.id.clone(),
            _ => None,
        };
        let (write, held) = (Arc::clone(&self.write), Arc::clone(&self.held));
        async move {
            let result = match serde_json::to_vec(&item) {
                Ok(bytes) => written(write, bytes).await,
                Err(error) => Err(error.into()),
            };
            if let Some(id) = answered {
                held.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            }
            result
        }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        while !self.ended {
            // As long as there is no place nothing is read, and the client's pipe fills up.
            let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
            let ending = self.next_line().await;
            let line = std::mem::take(&mut self.line);
            // A last line need not end in a line feed.
            self.ended = matches!(ending, Ending::Input);
            match self.last.take() {
                Some(last) => self.refuse(place, Fault::TooLarge, wire::id_of_ends(&line, &last)),
                None => {
                    if let Some(message) = self.message(&line, place) {
                        return Some(message);
                    }
                }
            }
        }
        // What was asked is answered before the end; what hangs does not keep the process.
        let all = self.places.acquire_many(u32::try_from(CALLS).unwrap_or(u32::MAX));
        let _ = tokio::time::timeout(PATIENCE, all).await;
        None
    }

    async fn close(&mut self) -> Result<(), io::Error> {
        self.write.lock().await.shutdown().await
    }
}

/// Adds to the last bytes of a line and forgets what comes before them.
fn keep_last(last: &mut Vec<u8>, part: &[u8]) {
    last.extend_from_slice(part);
    let before = last.len().saturating_sub(KEPT);
    last.drain(..before);
    last.shrink_to(2 * KEPT);
}

async fn written<W: AsyncWrite + Unpin>(write: Arc<tokio::sync::Mutex<W>>, mut line: Vec<u8>) -> io::Result<()> {
    line.push(b'\n');
    let mut write = write.lock().await;
    write.write_all(&line).await?;
    write.flush().await
}
