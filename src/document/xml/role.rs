//! What an element is, in words that all dialects share.

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Its content is part of what surrounds it.
    Inline,
    /// Its content stands for itself, without being anything in particular.
    Block,
    /// It is not read.
    Skip,
    /// A list of references.
    References,
    /// A section with a heading of its own.
    Section,
    /// A section without a title of its own, by the name that its code gives it.
    Coded(&'static str),
    /// Title of the document.
    DocumentTitle,
    /// Title of what it stands in.
    Title,
    /// Number or name of what it stands in.
    Label,
    /// Paragraph.
    Paragraph,
    /// Text set apart.
    Boxed,
    /// List; how its items are numbered, if they are.
    List(Option<char>),
    /// Item of a list.
    Item,
    /// Term of a definition list.
    Term,
    /// What surrounds a table or figure with its caption.
    Figure,
    /// Caption.
    Caption,
    /// The rows of a table.
    Table,
    /// Footnote.
    Note,
    /// A mark that points to a reference or footnote.
    Mark,
    /// Superscript.
    Raised,
    /// Subscript.
    Lowered,
    /// Bold.
    Bold,
    /// Line break.
    Break,
}
