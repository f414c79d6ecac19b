//! The pages of the reviewer's desk. Each is the same for everybody: what it shows, its script asks of the API.

/// `GET /`: paste, import, resume.
pub(super) const INBOX: &str = include_str!("assets/inbox.html");
/// `GET /desk/{review}`: a response, its claims, their evidence, the verdict.
pub(super) const DESK: &str = include_str!("assets/desk.html");
/// `GET /adjudicate/{review}`: reviews side by side.
pub(super) const ADJUDICATE: &str = include_str!("assets/adjudicate.html");
/// `GET /export/{review}`: what a review can be taken away as.
pub(super) const EXPORT: &str = include_str!("assets/export.html");
/// `GET /help`: keys, taxonomy, guide.
pub(super) const HELP: &str = include_str!("assets/help.html");
