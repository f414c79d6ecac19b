//! Query parameters, with the same strictness as bodies: an unknown one is an error, not a filter that does nothing.

use axum::extract::Query;
use axum::http::Uri;

use super::problem::{FieldFault, Problem};

/// The parameters of a request, in the order in which they were written.
#[derive(Debug)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads the query and refuses names that are not `known`.
    pub(super) fn read(uri: &Uri, known: &[&str]) -> Result<Parameters, Problem> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| Problem::field("", "the query string is not percent-encoded UTF-8"))?
            .0;
        let unknown = |(name, _): &&(String, String)| !known.contains(&name.as_str());
        let faults: Vec<FieldFault> =
            pairs.iter().filter(unknown).take(20).map(|(name, _)| fault(name, known)).collect();
        if faults.is_empty() { Ok(Parameters(pairs)) } else { Err(Problem::fields(faults)) }
    }

    /// The value of a parameter that may be given once.
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, Problem> {
        let mut values = self.all(name);
        let first = values.next();
        match values.next() {
            None => Ok(first),
            Some(_) => Err(Problem::field(format!("/{name}"), "is given more than once")),
        }
    }

    /// The values of a parameter that may be repeated.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(given, _)| given == name).map(|(_, value)| value.as_str())
    }
}

fn fault(name: &str, known: &[&str]) -> FieldFault {
    let name: String = name.chars().take(64).collect();
    let detail = match known {
        [] => "is unknown; this call has no query parameters".to_owned(),
        known => format!("is unknown; the query parameters are {}", known.join(", ")),
    };
    FieldFault { pointer: format!("/{}", name.replace('~', "~0").replace('/', "~1")), detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_known_and_single() {
        let read = |text: &'static str| Parameters::read(&Uri::from_static(text), &["limit", "pack"]);
        let good = read("/x?limit=5&pack=a&pack=b%20c").expect("good");
        assert_eq!(good.one("limit").ok().flatten(), Some("5"));
        assert_eq!(good.all("pack").collect::<Vec<_>>(), ["a", "b c"]);
        assert!(good.one("pack").is_err());
        assert!(read("/x?limits=5").is_err());
        assert!(read("/x").expect("none").one("limit").is_ok_and(|limit| limit.is_none()));
    }
}
