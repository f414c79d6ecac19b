//! What a token allows.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One kind of thing that a caller may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Ask for evidence, and look at the corpus.
    Read,
    /// See and write reviews, which hold what people pasted.
    Review,
    /// Change the corpus.
    Edit,
    /// Everything.
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 4] = [Scope::Read, Scope::Review, Scope::Edit, Scope::Admin];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Review => "review",
            Scope::Edit => "edit",
            Scope::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Scope, String> {
        let known = Scope::ALL.into_iter().find(|scope| scope.name() == text);
        known.ok_or_else(|| format!("{text:?} is no scope: read, review, edit or admin"))
    }
}

/// A set of scopes. Every set allows reading; `review` and `edit` do not contain each other; `admin` contains all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// These scopes, as they were given.
    pub fn of(scopes: impl IntoIterator<Item = Scope>) -> Scopes {
        Scopes(scopes.into_iter().collect())
    }

    /// Whether they allow what needs `scope`.
    pub fn allow(&self, scope: Scope) -> bool {
        scope == Scope::Read || self.0.contains(&scope) || self.0.contains(&Scope::Admin)
    }

    /// Their names, the least first.
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|scope| scope.name()).collect()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scope_allows_itself_and_reading() {
        for scope in Scope::ALL {
            let scopes = Scopes::of([scope]);
            let allowed: Vec<Scope> = Scope::ALL.into_iter().filter(|wanted| scopes.allow(*wanted)).collect();
            let expected = match scope {
                Scope::Read => vec![Scope::Read],
                Scope::Admin => Scope::ALL.to_vec(),
                other => vec![Scope::Read, other],
            };
            assert_eq!(allowed, expected, "{scope}");
            assert_eq!(scope.name().parse(), Ok(scope));
        }
        assert!("root".parse::<Scope>().is_err());
    }
}
