//! `POST /v1/check`: a response is split, and each of its claims gets its evidence, in one call.
//!
//! It is answered as a batch is: one admission, the statements searched one after the other, so that a long response
//! never holds up a single claim by more than one search.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;

use super::body::{self, LARGEST_BATCH};
use super::evidence::{answer, failed as without_answer, fault, object};
use super::problem::Problem;
use super::query::Parameters;
use super::work::Admitted;
use super::{Service, Source, reply};
use crate::claim::Statement;
use crate::evidence::Options;
use crate::view::answer::Named;
use crate::view::claims::{CheckResponse, name};
use crate::view::request::{CheckRequest, ItemRequest, LONGEST_QUESTION, PatientRequest};

/// Most passages of one call: searched statements times `k`. As many as the largest batch of claims may have.
const MOST_PASSAGES: usize = 5_000;

/// Evidence for each claim of a response: its statements under `claims`, and section 4's `results` under the same ids.
///
/// The text is split as `/v1/claims/split` does it. Only statements worth checking are searched, unless `all` is true;
/// what is searched is the stand-alone form, with its heading and paragraph as context. A statement that is too long to
/// be a claim (4,000 characters) has a result with `status` `error`; the others are answered. Limits: 200,000
/// characters, 500 statements, 5,000 passages (searched statements times `k`), a body of 4 MiB.
#[utoipa::path(
    post,
    path = "/v1/check",
    tag = "evidence",
    request_body(content = CheckRequest, example = json!({"text": "Hello! Screening mammography starts at 50.", "k": 3})),
    responses((status = 200, description = "The statements and their evidence", body = CheckResponse))
)]
pub(super) async fn check(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    Parameters::read(&parts.uri, &[])?;
    body::json_only(&parts.headers)?;
    let received = body::read(&parts, body, LARGEST_BATCH, service.settings.timeouts.body, &service.budget).await?;
    let from = service.source().await?;
    let place = service.gate.admit_batch().await?;
    let asked = place.run(move || Asked::read(received.bytes())).await??;
    asked.options.check(&from.snapshot).map_err(|error| fault("", &asked.options, error))?;
    reply::json(gathered(&place, &from, asked).await?, &service.answers)
}

/// What a request asks, split.
struct Asked {
    statements: Vec<Statement>,
    /// The places of those that are searched.
    searched: Vec<usize>,
    question: Option<String>,
    patient: Option<PatientRequest>,
    options: Options,
}

impl Asked {
    fn read(bytes: &[u8]) -> Result<Asked, Problem> {
        let request: CheckRequest = object("", body::parse::<Value>(bytes)?)?;
        let question = request.context.clone();
        if question.as_ref().is_some_and(|question| question.chars().count() > LONGEST_QUESTION) {
            return Err(Problem::field("/context", format!("is longer than {LONGEST_QUESTION} characters")));
        }
        let (all, patient) = (request.all, request.patient.clone());
        let statements = super::claims::statements(&request.text)?;
        let options: Options = request.into();
        let searched: Vec<usize> = statements
            .iter()
            .enumerate()
            .filter(|(_, statement)| all || statement.is_checkworthy())
            .map(|(at, _)| at)
            .collect();
        let passages = searched.len().saturating_mul(options.k);
        if passages > MOST_PASSAGES {
            let detail = format!(
                "is too large: {} statements with {} passages each are more than {MOST_PASSAGES}",
                searched.len(),
                options.k
            );
            return Err(Problem::field("/k", detail));
        }
        Ok(Asked { statements, searched, question, patient, options })
    }

    /// One statement as a claim with what stands around it.
    fn item(&self, at: usize) -> Option<ItemRequest> {
        let statement = self.statements.get(at)?;
        let context: Vec<&str> = [self.question.as_deref(), Some(statement.context())].into_iter().flatten().collect();
        Some(ItemRequest {
            id: Some(name(at)),
            claim: statement.claim().to_owned(),
            context: Some(context.join("\n")),
            patient: self.patient.clone(),
        })
    }
}

async fn gathered(place: &Admitted, from: &Source, asked: Asked) -> Result<Vec<u8>, Problem> {
    let head = reply::json_bytes(&CheckResponse::new(&from.snapshot, &asked.statements, Vec::new()))?;
    // The results are the answer's last field: they are put in as text, one after the other.
    let mut bytes =
        head.strip_suffix(b"]}").ok_or_else(|| Problem::internal("an answer ends in its results"))?.to_vec();
    let asked = Arc::new(asked);
    let mut first = true;
    let pieces = asked.searched.clone().into_iter().map(|at| {
        let (from, asked) = (from.clone(), Arc::clone(&asked));
        move || {
            let Some(item) = asked.item(at) else { return Err(Problem::internal("a statement is gone")) };
            let answered = answer(&from, "", &item, &asked.options);
            reply::json_bytes(&answered.unwrap_or_else(|problem| failed(at, Some(item.claim), &problem)))
        }
    });
    let take = |which: usize, done: Result<Result<Vec<u8>, Problem>, Problem>| {
        let at = asked.searched.get(which).copied().unwrap_or_default();
        let result = match done {
            Ok(result) => result?,
            Err(panicked) => reply::json_bytes(&failed(at, None, &panicked))?,
        };
        if !std::mem::take(&mut first) {
            bytes.push(b',');
        }
        bytes.extend(result);
        Ok(())
    };
    place.in_order(pieces, take).await?;
    bytes.extend(b"]}");
    Ok(bytes)
}

fn failed(at: usize, claim: Option<String>, problem: &Problem) -> crate::view::native::ResultView {
    without_answer(Named::new(name(at), claim), problem, &format!("#/claims/{at}"))
}
