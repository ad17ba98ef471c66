//! Verbs of the command line: names, arguments and help. No behaviour.

mod review;

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
    /// Explains a threat, a rule or a mitigation.
    Explain,
    /// Lists rules.
    RuleList,
    /// Shows a rule with its examples.
    RuleShow,
    /// Proves rules.
    RuleCheck,
    /// Starts a rule.
    RuleNew,
    /// Shows what has been looked at.
    Coverage,
    /// Goes through a model question by question.
    Walk,
    /// Looks what a change would do.
    Whatif,
    /// Compares two states of a model.
    Diff,
    /// Merges three states of a model.
    Merge,
    /// Decides what a merge left open.
    Resolve,
    /// Names the elements whose code changed.
    Drift,
    /// Shows figures over the ledger.
    Metrics,
    /// Lets git merge models by meaning.
    GitInstall,
    /// Lets git merge models line by line again.
    GitUninstall,
    /// Tells how git merges models.
    GitStatus,
    /// Holds a model against a policy.
    Gate,
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
    /// Its word on the command line; of a family of verbs, two words, such as `rule list`.
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
    /// The same, any number of times.
    Values(&'static str),
    /// As `--name VALUE` where the value is one of these, the first being the default.
    Choice(&'static [&'static str]),
}

/// The model file, last among the arguments by place.
const FILE: Arg = Arg {
    name: "FILE",
    kind: ArgKind::Optional,
    help: "Model file; found from the working directory up to the repository root when left out",
};
/// Several model files.
const FILES: Arg = Arg { name: "FILE", kind: ArgKind::Many, help: FILE.help };
/// Output for people or for programs.
const FORMAT: Arg = Arg { name: "format", kind: ArgKind::Choice(&["text", "json"]), help: "How to print it" };
/// The same for pages that are read elsewhere too.
const PAGE: Arg = Arg { name: "format", kind: ArgKind::Choice(&["text", "markdown", "json"]), help: "How to print it" };
/// Which rows.
const FILTER: Arg = Arg {
    name: "filter",
    kind: ArgKind::Value("EXPR"),
    help: "Only rows that match, such as 'open sev>=high stride:T'; 'help' lists the words",
};

/// What open threats are put together by.
const GROUP: Arg = Arg {
    name: "group",
    kind: ArgKind::Choice(&["mitigation", "element", "boundary", "stride", "pack", "none"]),
    help: "What to put open threats together by",
};

/// Who decides.
const AS: Arg =
    Arg { name: "as", kind: ArgKind::Value("WHO"), help: "Name to record decisions under [default: git's user.name]" };
/// Which day it is.
const NOW: Arg = Arg { name: "now", kind: ArgKind::Value("DATE"), help: "Take this day, YYYY-MM-DD, for today" };

/// Options of the workbench. Every verb takes them, so that a script may always give them; the help of a verb shows
/// those that it uses.
pub const GLOBAL: &[Arg] = &[AS, NOW];

/// All verbs, in the order of the help page.
pub const VERBS: &[VerbRow] = &[
    VerbRow {
        id: Verb::Init,
        name: "init",
        summary: "Start a model file",
        doc: "Writes a new model with a name and nothing else, ready for the workbench. Never overwrites a file.",
        group: Group::Model,
        args: &[
            Arg { name: "FILE", kind: ArgKind::Optional, help: "File to write [default: NAME.tm.ron]" },
            Arg { name: "name", kind: ArgKind::Value("NAME"), help: "Name of the system [default: the folder's name]" },
        ],
    },
    VerbRow {
        id: Verb::Check,
        name: "check",
        summary: "Validate a model and see whether its register is up to date",
        doc: "Reports every error, warning and note with line and column. Exits 1 when the register differs from what the rules say today or the text is not in canonical form, 3 when the model is invalid.",
        group: Group::Model,
        args: &[FILES, FORMAT, NOW],
    },
    VerbRow {
        id: Verb::Update,
        name: "update",
        summary: "Bring the register of threats up to date",
        doc: "Evaluates the rules and records what they say: new threats, threats that are gone or came back, severities. Decisions are kept. The text is written in canonical form.",
        group: Group::Model,
        args: &[FILES, FORMAT, AS, NOW],
    },
    VerbRow {
        id: Verb::Fmt,
        name: "fmt",
        summary: "Write a model in canonical form",
        doc: "Sorts, indents and drops defaults; comments stay. Says nothing when there is nothing to do.",
        group: Group::Model,
        args: &[
            FILES,
            Arg {
                name: "check",
                kind: ArgKind::Switch,
                help: "Write nothing; show the difference and exit 1 if there is one",
            },
        ],
    },
    VerbRow {
        id: Verb::Rename,
        name: "rename",
        summary: "Give a thing another id, everywhere",
        doc: "Replaces the id of an element, flow, boundary or asset in every place and leaves the old one in `formerly`, so that decisions, diffs and trackers follow. To change a name, edit the name: ids do not depend on it. Mitigations, assumptions and diagrams are not renamed: nothing outside the file refers to them.",
        group: Group::Model,
        args: &[
            Arg { name: "OLD", kind: ArgKind::Needed, help: "The id as it is" },
            Arg { name: "NEW", kind: ArgKind::Needed, help: "The id as it shall be" },
            FILE,
        ],
    },
    VerbRow {
        id: Verb::Render,
        name: "render",
        summary: "Draw the diagram",
        doc: "Draws the data flow diagram as text, or for other programs: svg is the same picture as a file for browsers and documents, readable in light, dark and on paper and described for screen readers; mermaid and dot give the elements, boundaries and flows to programs that lay them out anew; matrix counts the flows from each boundary to each, for models with too many to draw. Names that are too long for their place are numbered and listed below.",
        group: Group::Model,
        args: &[
            FILE,
            Arg {
                name: "format",
                kind: ArgKind::Choice(&["text", "ascii", "svg", "mermaid", "dot", "matrix"]),
                help: "How to draw it",
            },
            Arg { name: "diagram", kind: ArgKind::Value("ID"), help: "Which diagram; everything when left out" },
            Arg {
                name: "numbered",
                kind: ArgKind::Switch,
                help: "Numbers instead of names on flows, with a list below: narrower",
            },
            Arg {
                name: "focus",
                kind: ArgKind::Value("IDS"),
                help: "Only what is around these, separated by commas; flows to the rest are counted",
            },
            Arg { name: "depth", kind: ArgKind::Value("N"), help: "How many flows the focus reaches; 1 when left out" },
            Arg {
                name: "fold",
                kind: ArgKind::Value("IDS"),
                help: "Boundaries to draw as one box each, separated by commas, or all",
            },
            Arg {
                name: "zoom",
                kind: ArgKind::Choice(&["full", "lines", "names", "boundaries"]),
                help: "How closely: everything, no names of flows, names of elements only, outer boundaries as one box",
            },
            Arg {
                name: "width",
                kind: ArgKind::Value("COLUMNS"),
                help: "Leave out as little as it takes to fit so many columns, and say what",
            },
        ],
    },
    VerbRow {
        id: Verb::Threats,
        name: "threats",
        summary: "List threats",
        doc: "Lists what is open in groups, by what would close it unless another grouping is asked for; groups by mitigation begin with what closes the most. In a group the highest score comes first, and of equal scores the most severe. What is mitigated, decided or lost follows in the same order. The score is likelihood x impact (1-16), 3 more where outsiders can get there or 1 where a partner can, the logarithm of the restricted assets within reach, and 2 less where something was assumed; `sconce explain` adds it up. Gone threats are listed when the filter asks for them.",
        group: Group::Threats,
        args: &[FILE, FILTER, GROUP, FORMAT, NOW],
    },
    VerbRow {
        id: Verb::Questions,
        name: "questions",
        summary: "List what the rules want to know",
        doc: "Lists the facts that rules wait for, the most decisive first, with the subjects that need an answer.",
        group: Group::Threats,
        args: &[FILE, FORMAT, NOW],
    },
    VerbRow {
        id: Verb::Explain,
        name: "explain",
        summary: "Explain why a threat was raised, a rule, or a mitigation",
        doc: "For a threat (its T- id, any unique beginning of it, or its key): every condition with its truth, where each fact came from, the path, the arithmetic of the severity and of the score, and what would close it. The severity follows the rubric that the model names as `rubric` of its `system`: default, owasp or threagile. For a rule, such as core.d.no-rate-limit: when it applies, what it finds, how to close it. For a mitigation, such as mit.mtls: what to do, what is so once it is done, and the rules it closes. Rules and mitigations need no model.",
        group: Group::Threats,
        args: &[
            Arg {
                name: "WHAT",
                kind: ArgKind::Needed,
                help: "A T- id, the key of a threat, the id of a rule or of a mitigation",
            },
            FILE,
            FORMAT,
            NOW,
        ],
    },
    VerbRow {
        id: Verb::RuleList,
        name: "rule list",
        summary: "List rules",
        doc: "Lists the rules by pack, each with its STRIDE letters (privacy marks after a slash), the kinds of subjects that it looks at, and what may go wrong. Tier B is marked: such a rule speaks only where a model names it. As Markdown it is the index of a manual whose pages `rule show PACK --format markdown` prints.",
        group: Group::Rules,
        args: &[Arg { name: "WHAT", kind: ArgKind::Many, help: "Packs, or the beginning of ids [default: all]" }, PAGE],
    },
    VerbRow {
        id: Verb::RuleShow,
        name: "rule show",
        summary: "Show a rule with its examples",
        doc: "Prints what a rule finds, why it matters, how it decides, when it asks, how to close what it finds and how to check that, how bad it is, its references, and every example as a small diagram with what the rule says about it.",
        group: Group::Rules,
        args: &[
            Arg {
                name: "WHAT",
                kind: ArgKind::Needed,
                help: "The id of a rule; a pack, or the beginning of ids, for several",
            },
            PAGE,
        ],
    },
    VerbRow {
        id: Verb::RuleCheck,
        name: "rule check",
        summary: "Prove rules by their examples",
        doc: "Reads rules and tries to refute them: every example must say what it promises, each mitigation must close what the rule finds, every name must exist, and dropping, negating or shifting any one condition must make an example fail. Exits 1 when a rule is not proven, 3 when a file is no rule.",
        group: Group::Rules,
        args: &[
            Arg {
                name: "WHAT",
                kind: ArgKind::Many,
                help: "Ids or their beginning; files and folders of rules, as x.ron or ./x [default: all that are built in, and .sconce/rules/ of the repository]",
            },
            FORMAT,
        ],
    },
    VerbRow {
        id: Verb::RuleNew,
        name: "rule new",
        summary: "Start a rule of your own",
        doc: "Writes a rule with comments and examples, ready to be changed, to .sconce/rules/PACK/ID.ron in the repository, else in the working directory. Never overwrites a file.",
        group: Group::Rules,
        args: &[Arg {
            name: "ID",
            kind: ArgKind::Needed,
            help: "Its id: pack, letter and name, such as acme.e.admin-open",
        }],
    },
    VerbRow {
        id: Verb::Coverage,
        name: "coverage",
        summary: "Show what has been looked at: STRIDE by element and flow",
        doc: "Every element and flow against the letters of STRIDE, and privacy where rules speak about it: which threats are open, where rules wait for facts, what is closed or clear, what does not apply, and where no rule fits and nobody looked. With --of it tells of one thing which rules spoke, which are silent, and why.",
        group: Group::Threats,
        args: &[
            FILE,
            Arg { name: "of", kind: ArgKind::Value("ID"), help: "One element, flow, boundary or asset in full" },
            Arg {
                name: "format",
                kind: ArgKind::Choice(&["text", "ascii", "json", "markdown", "csv"]),
                help: "How to print it",
            },
            NOW,
        ],
    },
    VerbRow {
        id: Verb::Walk,
        name: "walk",
        summary: "Go through the model question by question, as in a planning session",
        doc: "Asks what nobody and nothing has settled: first about the data and the trust boundaries, then along the data flows from whom one trusts least; of each thing the facts that decide the most, then the letters of STRIDE. On a terminal it opens the workbench on the walk-through. With --plain, without a terminal, or on one without a screen (TERM=dumb), it asks line by line: answer with the number of an answer, or y yes, n no, p not sure (comes again at the end), k skip (comes again next time), b back; n and p may be followed by a reason or a note, and ? lists everything else. Every answer is saved at once, so that an end of input loses nothing that was answered and the next walk-through resumes there. At the end it prints what came of it. Exits with 0 also when questions are left.",
        group: Group::Threats,
        args: &[
            FILE,
            Arg { name: "plain", kind: ArgKind::Switch, help: "Line by line, without a screen" },
            Arg {
                name: "of",
                kind: ArgKind::Value("IDS"),
                help: "Only these things, separated by commas, what is inside them, and the flows at them",
            },
            NOW,
        ],
    },
    VerbRow {
        id: Verb::Whatif,
        name: "whatif",
        summary: "Find the best next control, what one holds up, and attack paths",
        doc: "Without an option: the best next controls, one after the other, each measured by evaluating the model with it. --without: the threats that come back without a mitigation or a control. --paths: the ways from untrusted elements to the most valuable data, what every way passes, and where controls would close all of them at the least effort; --from and --to name other ends. --compromised: what an attacker who owns an element reaches. Nothing is written.",
        group: Group::Threats,
        args: &[
            FILE,
            Arg { name: "steps", kind: ArgKind::Value("N"), help: "So many controls [default: 5]" },
            Arg {
                name: "rank",
                kind: ArgKind::Choice(&["risk", "effort"]),
                help: "Best by the risk removed, or by that for each point of effort",
            },
            Arg {
                name: "without",
                kind: ArgKind::Value("CONTROL[@ID]"),
                help: "Take away a mitigation (its id) or a control (a fact), everywhere or at one place",
            },
            Arg { name: "paths", kind: ArgKind::Switch, help: "Show the ways to the most valuable data" },
            Arg { name: "from", kind: ArgKind::Value("ID"), help: "Ways from this element or boundary" },
            Arg { name: "to", kind: ArgKind::Value("ID"), help: "Ways to this element, boundary or asset" },
            Arg {
                name: "compromised",
                kind: ArgKind::Value("ID"),
                help: "Show what is within reach of whoever owns this element or boundary",
            },
            FORMAT,
            NOW,
        ],
    },
    review::DIFF,
    review::MERGE,
    review::RESOLVE,
    review::GATE,
    review::DRIFT,
    review::METRICS,
    review::GIT_INSTALL,
    review::GIT_UNINSTALL,
    review::GIT_STATUS,
    VerbRow {
        id: Verb::Import,
        name: "import",
        summary: "Read another tool's file",
        doc: "Reads an OWASP Threat Dragon 2 model and writes it as a model of ours, with a list of what could not be carried. Never overwrites a file.",
        group: Group::Exchange,
        args: &[
            Arg { name: "INPUT", kind: ArgKind::Needed, help: "File to read" },
            Arg {
                name: "OUTPUT",
                kind: ArgKind::Optional,
                help: "File to write; - prints it [default: the name of INPUT with .tm.ron, in the working directory]",
            },
            FORMAT,
        ],
    },
    VerbRow {
        id: Verb::Export,
        name: "export",
        summary: "Write the threat list for other tools",
        doc: "Prints the threats as CSV (cells that a spreadsheet would run are made harmless), Markdown or JSON.",
        group: Group::Exchange,
        args: &[
            FILE,
            Arg { name: "format", kind: ArgKind::Choice(&["csv", "markdown", "json"]), help: "What to write" },
            FILTER,
            NOW,
        ],
    },
    VerbRow {
        id: Verb::Completions,
        name: "completions",
        summary: "Print shell completions",
        doc: "Prints a completion script for a shell.",
        group: Group::Shell,
        args: &[Arg { name: "SHELL", kind: ArgKind::Needed, help: "bash, elvish, fish, powershell or zsh" }],
    },
    VerbRow {
        id: Verb::Man,
        name: "man",
        summary: "Print the man page",
        doc: "Prints the man page in roff.",
        group: Group::Shell,
        args: &[],
    },
];
