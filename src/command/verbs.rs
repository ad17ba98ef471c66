//! Verbs of the command line: names, arguments and help. No behaviour.

use super::Group;

/// A verb of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Starts a model file.
    Init,
    /// Validates a file and its register.
    Check,
    /// Brings the register up to date.
    Update,
    /// Writes the canonical form.
    Fmt,
    /// Gives a thing another id.
    Rename,
    /// Draws the diagram.
    Render,
    /// Lists threats.
    Threats,
    /// Lists questions.
    Questions,
    /// Explains a rule or a threat.
    Explain,
    /// Reads another tool's file.
    Import,
    /// Writes the threat list for other tools.
    Export,
    /// Prints shell completions.
    Completions,
    /// Prints the man page.
    Man,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct VerbRow {
    /// The verb.
    pub id: Verb,
    /// Its word on the command line.
    pub name: &'static str,
    /// One line, imperative, without a full stop.
    pub summary: &'static str,
    /// A paragraph for the man page.
    pub doc: &'static str,
    /// The group in help.
    pub group: Group,
    /// Its arguments in order.
    pub args: &'static [Arg],
}

/// An argument of a verb.
#[derive(Clone, Copy, Debug)]
pub struct Arg {
    /// Name; of options also the long flag.
    pub name: &'static str,
    /// How it is given.
    pub kind: ArgKind,
    /// One line of help.
    pub help: &'static str,
}

/// How an argument is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgKind {
    /// By its place, and needed.
    Needed,
    /// By its place, and may be left out.
    Optional,
    /// By its place, any number of times.
    Many,
    /// As `--name`.
    Switch,
    /// As `--name VALUE`; the word names the value in help.
    Value(&'static str),
    /// As `--name VALUE` where the value is one of these, the first being the default.
    Choice(&'static [&'static str]),
}

/// All verbs, in the order of the help page.
pub const VERBS: &[VerbRow] = &[];
