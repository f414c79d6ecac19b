//! `POST /v1/integrations/promptfoo`: what promptfoo's `webhook` assertion asks, answered from guidelines.
//!
//! The tool wants `pass` or not. Evidence cannot say that an answer is right, so each policy says plainly what a pass
//! means, and none of them passes an answer about which the guidelines are silent. The answer comes within the time that
//! the tool waits; a statement that was not reached in it counts against a pass.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};
use utoipa::ToSchema;

use super::body::{self, LARGEST_BATCH};
use super::evidence::{answer, fault, object};
use super::problem::{Kind, Problem};
use super::query::Parameters;
use super::{Service, Source};
use crate::claim::{self, Statement};
use crate::evidence::Options;
use crate::view::claims::name;
use crate::view::native::{EvidenceView, ResultView};
use crate::view::request::{ItemRequest, LONGEST_QUESTION};

/// How long an answer may take: the tool gives up after five seconds, and people expect less.
const TIME: Duration = Duration::from_millis(1_600);

/// Statements of which the reason tells what was found.
const MOST_TOLD: usize = 8;

/// What the tool sends.
#[derive(Deserialize, ToSchema)]
#[schema(as = PromptfooRequest)]
#[serde(deny_unknown_fields)]
pub(super) struct JudgeRequest {
    /// The model's output.
    #[schema(max_length = 200000, example = "Screening mammography starts at 50.")]
    output: String,
    /// What led to it; of it the prompt is used, as what the statements were said about.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    context: Option<Value>,
}

/// What the tool reads.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromptfooResult)]
pub(super) struct JudgementView {
    /// Whether the output meets the policy. Never that it is right.
    pass: bool,
    /// The share of its check-worthy statements that do, 0 to 1.
    score: f64,
    /// Why, with the passages that were found for the first statements.
    reason: String,
    /// The same for each statement that was searched.
    #[serde(rename = "componentResults")]
    component_results: Vec<ComponentView>,
}

/// What was found for one statement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromptfooComponent)]
struct ComponentView {
    /// Whether it meets the policy.
    pass: bool,
    /// 1 or 0.
    score: f64,
    /// Why, with the passage.
    reason: String,
}

/// What a pass means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum Policy {
    /// No statement was found to follow an edition that is no longer in force, and at least one is addressed by one that is.
    Outdated,
    /// Every check-worthy statement is addressed by a passage in force.
    Addressed,
}

impl Policy {
    fn read(text: Option<&str>) -> Result<Policy, Problem> {
        match text {
            None | Some("outdated") => Ok(Policy::Outdated),
            Some("addressed") => Ok(Policy::Addressed),
            Some(_) => Err(Problem::field("/policy", "is not valid: expected outdated or addressed")),
        }
    }

    /// Whether a statement meets it. One about which nothing is in force keeps only `addressed` from passing.
    fn met_by(self, finding: &Finding) -> bool {
        match finding {
            Finding::Addressed { .. } => true,
            Finding::Silent => self == Policy::Outdated,
            Finding::Outdated { .. } | Finding::Failed | Finding::NotReached => false,
        }
    }
}

/// What was found for a statement.
#[derive(Debug, PartialEq, Eq)]
enum Finding {
    /// A passage in force addresses it.
    Addressed { passage: String },
    /// A passage of an edition no longer in force is read as supporting it, and none in force is.
    Outdated { passage: String, successor: Option<String> },
    /// Nothing in force addresses it.
    Silent,
    /// It could not be asked.
    Failed,
    /// The time was over.
    NotReached,
}

impl Finding {
    fn of(result: &ResultView) -> Finding {
        if result.status == "error" {
            return Finding::Failed;
        }
        let in_force = |passage: &&EvidenceView| passage.passage.document.status == "current";
        let supports = |passage: &&EvidenceView| passage.hint.as_ref().is_some_and(|hint| hint.stance == "supports");
        let mut supporting = result.passages.iter().filter(supports);
        let now = result.passages.iter().find(|passage| in_force(passage) && supports(passage));
        if let (None, Some(old)) = (now, supporting.find(|passage| !in_force(passage))) {
            let successor = old.passage.document.superseded_by.clone();
            return Finding::Outdated { passage: old.passage.id.clone(), successor };
        }
        let addressed = result.coverage == Some("addressed");
        match now.or_else(|| result.passages.iter().find(in_force)).filter(|_| addressed) {
            Some(passage) => Finding::Addressed { passage: passage.passage.id.clone() },
            None => Finding::Silent,
        }
    }

    fn reason(&self, id: &str) -> String {
        match self {
            Finding::Addressed { passage } => format!("{id} is addressed by {passage}; compare it."),
            Finding::Outdated { passage, successor: Some(successor) } => {
                format!("{id} follows {passage}, which {successor} has replaced.")
            }
            Finding::Outdated { passage, successor: None } => format!("{id} follows {passage}, which is not in force."),
            Finding::Silent => format!("Nothing in force addresses {id}."),
            Finding::Failed => format!("{id} could not be searched."),
            Finding::NotReached => format!("{id} was not reached in time."),
        }
    }
}

/// Judges a model's output for promptfoo's `webhook` assertion: always 200 where it was judged, within 2 s.
///
/// `policy=outdated` (the default) passes where no statement was found to follow guidance that is no longer in force and
/// at least one is addressed by guidance that is; `policy=addressed` where every check-worthy statement is addressed by
/// guidance in force. A pass never means that the output is right, and an output about which the guidelines are silent
/// does not pass. What was not reached in time is said and counts against a pass.
#[utoipa::path(
    post,
    path = "/v1/integrations/promptfoo",
    tag = "integrations",
    params(
        ("policy" = Option<Policy>, Query, description = "What a pass means"),
        ("k" = Option<u32>, Query, description = "How many passages a statement", minimum = 1, maximum = 100, example = 5),
    ),
    request_body(content = JudgeRequest, example = json!({"output": "Screening mammography starts at 50.", "context": {"prompt": "When does screening start?", "vars": {}}})),
    responses((status = 200, description = "The judgement", body = JudgementView))
)]
pub(super) async fn judge(State(service): State<Service>, request: Request) -> Result<Json<JudgementView>, Problem> {
    let deadline = Instant::now() + TIME;
    let (parts, received) = request.into_parts();
    let parameters = Parameters::read(&parts.uri, &["policy", "k"])?;
    let policy = Policy::read(parameters.one("policy")?)?;
    let wrong = |_| Problem::field("/k", "is not valid: expected 1 to 100");
    let k = parameters.one("k")?.map(str::parse).transpose().map_err(wrong)?;
    let options = Options { k: k.unwrap_or(Options::default().k), ..Options::default() };
    body::json_only(&parts.headers)?;
    let received = body::read(&parts, received, LARGEST_BATCH, service.settings.timeouts.body, &service.budget).await?;
    let asked: JudgeRequest = object("", body::parse::<Value>(received.bytes())?)?;
    drop(received);
    let from = service.source().await?;
    options.check(&from.snapshot).map_err(|error| fault("", &options, error))?;
    let late = |_| Problem::new(Kind::Busy, "Too many calls wait to answer in time. Try again in a moment.");
    let place = timeout_at(deadline, service.gate.admit_batch()).await.map_err(late)??;
    let question = asked.context.as_ref().and_then(question);
    let split = place.run(move || claim::split(&asked.output));
    let statements = timeout_at(deadline, split).await.map_err(late)??;
    let statements = statements.map_err(|error| Problem::field("/output", format!("is not taken: {error}")))?;
    let (options, statements) = (Arc::new(options), Arc::new(statements));
    let mut findings = Vec::new();
    for (at, _) in statements.iter().enumerate().filter(|(_, statement)| statement.is_checkworthy()) {
        let (from, options, statements, question) =
            (from.clone(), Arc::clone(&options), Arc::clone(&statements), question.clone());
        let work = move || statements.get(at).map_or(Finding::Failed, |one| find(&from, one, question, &options));
        // Once the time is over nothing more is begun; what waits in the queue is dropped there.
        let finding = match timeout_at(deadline, place.run(work)).await {
            Err(_) => Finding::NotReached,
            Ok(done) => done.unwrap_or(Finding::Failed),
        };
        findings.push((name(at), finding));
    }
    Ok(Json(judged(policy, &findings)))
}

/// The end of the prompt, which is where the question is, where the prompt is a text.
fn question(context: &Value) -> Option<String> {
    let prompt = context.get("prompt")?.as_str()?;
    let skipped = prompt.chars().count().saturating_sub(LONGEST_QUESTION);
    Some(prompt.chars().skip(skipped).collect())
}

fn find(from: &Source, statement: &Statement, question: Option<String>, options: &Options) -> Finding {
    let context: Vec<String> = question.into_iter().chain([statement.context().to_owned()]).collect();
    let item = ItemRequest {
        claim: statement.claim().to_owned(),
        context: Some(context.join("\n")),
        ..ItemRequest::default()
    };
    answer(from, "", &item, options).map_or(Finding::Failed, |result| Finding::of(&result))
}

fn judged(policy: Policy, findings: &[(String, Finding)]) -> JudgementView {
    let count = |wanted: fn(&Finding) -> bool| findings.iter().filter(|(_, finding)| wanted(finding)).count();
    let addressed = count(|finding| matches!(finding, Finding::Addressed { .. }));
    let outdated = count(|finding| matches!(finding, Finding::Outdated { .. }));
    let not_reached = count(|finding| *finding == Finding::NotReached);
    let failed = count(|finding| *finding == Finding::Failed);
    let met = findings.iter().filter(|(_, finding)| policy.met_by(finding)).count();
    let pass = addressed > 0 && met == findings.len();
    // Silence meets `outdated` without being worth anything, so the score counts what is addressed.
    let score = if findings.is_empty() { 0.0 } else { share(addressed, findings.len()) };
    let mut reason = match findings.len() {
        0 => "The output has no statement that can be looked up, so there is nothing to judge.".to_owned(),
        all => format!("{addressed} of {all} check-worthy statements are addressed by guidance in force."),
    };
    for (number, what) in [
        (outdated, "follow guidance that is no longer in force"),
        (failed, "could not be searched"),
        (not_reached, "were not reached in time"),
    ] {
        if number > 0 {
            reason.push_str(&format!(" {number} {what}."));
        }
    }
    // The tool shows this and leaves out the results of the parts.
    for (id, finding) in findings.iter().take(MOST_TOLD) {
        let _ = write!(reason, " {}", finding.reason(id));
    }
    if findings.len() > MOST_TOLD {
        let _ = write!(reason, " And {} more.", findings.len() - MOST_TOLD);
    }
    if pass {
        reason.push_str(" This does not say that the output is right.");
    }
    let component = |(id, finding): &(String, Finding)| {
        let pass = policy.met_by(finding);
        ComponentView { pass, score: if pass { 1.0 } else { 0.0 }, reason: finding.reason(id) }
    };
    JudgementView { pass, score, reason, component_results: findings.iter().map(component).collect() }
}

/// A share of a small number, to 4 decimals.
fn share(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "an output has at most 500 statements")]
    let share = part as f64 / whole as f64;
    (share * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged_of(policy: Policy, findings: Vec<Finding>) -> JudgementView {
        let named: Vec<(String, Finding)> =
            findings.into_iter().enumerate().map(|(at, finding)| (name(at), finding)).collect();
        judged(policy, &named)
    }

    fn addressed() -> Finding {
        Finding::Addressed { passage: "a@2#rec-1".to_owned() }
    }

    fn outdated() -> Finding {
        Finding::Outdated { passage: "a@1#rec-1".to_owned(), successor: Some("a@2".to_owned()) }
    }

    #[test]
    fn silence_is_no_pass_and_neither_is_what_was_not_reached() {
        type Case = (fn() -> Vec<Finding>, bool, bool, f64);
        let cases: [Case; 9] = [
            (Vec::new, false, false, 0.0),
            (|| vec![Finding::Silent], false, false, 0.0),
            (|| vec![Finding::Silent, Finding::Silent], false, false, 0.0),
            (|| vec![addressed()], true, true, 1.0),
            (|| vec![addressed(), Finding::Silent], true, false, 0.5),
            (|| vec![addressed(), outdated()], false, false, 0.5),
            (|| vec![outdated()], false, false, 0.0),
            (|| vec![addressed(), Finding::NotReached], false, false, 0.5),
            (|| vec![addressed(), Finding::Failed, addressed()], false, false, 0.6667),
        ];
        for (findings, by_outdated, by_addressed, score) in cases {
            for (policy, pass) in [(Policy::Outdated, by_outdated), (Policy::Addressed, by_addressed)] {
                let judgement = judged_of(policy, findings());
                assert_eq!((judgement.pass, judgement.score), (pass, score), "{policy:?} {:?}", findings());
            }
        }
    }

    #[test]
    fn the_reason_says_what_was_missed() {
        let judgement = judged_of(Policy::Outdated, vec![addressed(), outdated(), Finding::NotReached]);
        for words in ["1 of 3 check-worthy statements", "1 follow guidance", "1 were not reached in time"] {
            assert!(judgement.reason.contains(words), "{}", judgement.reason);
        }
        assert_eq!(judgement.component_results[1].reason, "c2 follows a@1#rec-1, which a@2 has replaced.");
        let many = judged_of(Policy::Outdated, (0..10).map(|_| addressed()).collect());
        assert!(many.reason.contains(" c8 is addressed by a@2#rec-1; compare it. And 2 more."), "{}", many.reason);
        let passed = judged_of(Policy::Outdated, vec![addressed()]);
        assert!(passed.reason.ends_with("This does not say that the output is right."));
    }
}
