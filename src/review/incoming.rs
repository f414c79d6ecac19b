//! From what came in to what is kept: an imported response as a new review, with the claims that are suggested for it.

use super::import::NewResponse;
use super::record::{ClaimOrigin, Private};
use super::store::{MOST_CLAIMS, NewClaim, NewReview};
use crate::claim;

/// The statements of a response as claims to judge; none where the text is too long to be split, which keeping it says.
pub fn suggested(text: &str) -> Vec<NewClaim> {
    let statements = claim::split(text).unwrap_or_default();
    let suggestion = |statement: &claim::Statement| NewClaim {
        start: statement.span().start(),
        end: statement.span().end(),
        claim: Some(Private(statement.claim().to_owned())),
        context: Some(Private(statement.context().to_owned())),
        origin: ClaimOrigin::Suggested,
        checkworthy: statement.is_checkworthy(),
    };
    statements.iter().take(MOST_CLAIMS).map(suggestion).collect()
}

/// An imported response as a review to keep. The claims that the file has are taken as they are; where it has none, they
/// are suggested, if that is wanted.
pub fn new_review(response: NewResponse, split: bool) -> NewReview {
    let imported: Vec<NewClaim> = response
        .claims
        .into_iter()
        .map(|claim| NewClaim {
            start: claim.start,
            end: claim.end,
            claim: Some(claim.claim).filter(|claim| !claim.is_blank()),
            context: Some(claim.context).filter(|context| !context.is_blank()),
            origin: ClaimOrigin::Imported,
            checkworthy: claim.checkworthy,
        })
        .collect();
    let claims = if imported.is_empty() && split { suggested(response.text.as_str()) } else { imported };
    NewReview {
        text: response.text,
        title: Some(response.title).filter(|title| !title.is_blank()),
        prompt: response.prompt,
        model: response.model,
        source: response.origin,
        metadata: response.metadata,
        claims,
    }
}
