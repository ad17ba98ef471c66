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
    VerbRow {
        id: Verb::Diff,
        name: "diff",
        summary: "Show what changed between two states of a model",
        doc: "Compares the file with the last commit (HEAD), with another commit (diff REF), two commits (diff REF REF, or REF..REF; REF...REF is what the second one did since the two parted), or two files (diff A.tm.ron B.tm.ron). It tells what changed in the system, which threats of the register came, went or changed (`sconce update` brings it up to date), and what in the comparison may be why; what was decided, and what became of mitigations. A thing with another id is the same thing where `formerly` says so. Layout, order and comments are no change. As Markdown it is a comment for a pull request that stands alone, with the part of the diagram that changed before and after; its first line marks it, so that a job can find and replace it. Exits 0 when nothing changed and 1 when something did.",
        group: Group::Review,
        args: &[
            Arg {
                name: "WHAT",
                kind: ArgKind::Many,
                help: "Commits, and the model's file where there are several; or two files. What ends in .tm.ron is a file [default: HEAD]",
            },
            PAGE,
        ],
    },
    VerbRow {
        id: Verb::Merge,
        name: "merge",
        summary: "Merge two branches of a model by meaning",
        doc: "Takes what both branches started from, our side and their side. Every field, fact and list item that only one side changed is taken; what both changed differently is written into `conflicts`, the model holds our side until `sconce resolve` empties the list, and the exit code is 1. The result can always be read. Git calls it once `sconce git install` has set that up.",
        group: Group::Review,
        args: &[
            Arg { name: "BASE", kind: ArgKind::Needed, help: "What both started from; may be empty" },
            Arg { name: "OURS", kind: ArgKind::Needed, help: "Our side" },
            Arg { name: "THEIRS", kind: ArgKind::Needed, help: "Their side" },
            Arg { name: "output", kind: ArgKind::Value("FILE"), help: "Where the result goes [default: OURS]" },
            Arg { name: "path", kind: ArgKind::Value("NAME"), help: "What the file is called in messages" },
            Arg {
                name: "driver",
                kind: ArgKind::Switch,
                help: "Called by git: merge line by line where a side cannot be read",
            },
        ],
    },
    VerbRow {
        id: Verb::Resolve,
        name: "resolve",
        summary: "Decide what a merge left open",
        doc: "Shows every conflict with what both branches started from and what each says, and asks for a decision; without a terminal, or with --take or --set, it asks nothing. A file that holds git's conflict marks, that git has not finished merging, or that a text merge broke is merged again by meaning from the sides that git has.",
        group: Group::Review,
        args: &[
            FILE,
            Arg { name: "take", kind: ArgKind::Value("SIDE"), help: "Decide for ours, theirs or base" },
            Arg { name: "set", kind: ArgKind::Value("VALUE"), help: "Decide for this value, as the file writes it" },
            Arg { name: "only", kind: ArgKind::Value("N"), help: "Only the conflict with this number" },
        ],
    },
    VerbRow {
        id: Verb::Drift,
        name: "drift",
        summary: "Name the elements whose code changed since the model was reviewed",
        doc: "Compares the work tree with the commit at which the model was reviewed, or with where --against REF and HEAD part, and names every element one of whose `code` globs matches a changed file, with its open threats and the facts to look at again. Exits with 1 when there is any. Files are compared by name only.",
        group: Group::Review,
        args: &[
            FILE,
            Arg { name: "against", kind: ArgKind::Value("REF"), help: "Compare with where REF and HEAD part" },
            PAGE,
        ],
    },
    VerbRow {
        id: Verb::Metrics,
        name: "metrics",
        summary: "Show how long threats stay open, and how many are resolved in time",
        doc: "Figures over the ledger of the model in a window that ends today: of each severity the days from opened to resolved, the age of what is open, the share that was resolved, and the share of that within the days of the policy (threat-policy.ron, found as `sconce gate` finds it) or of the threat's own `due`; and what was opened, resolved and open week by week. Every figure has its formula and how many threats it is about; without any it is a dash. Accepted, transferred, inapplicable and false threats are counted beside. --git replays the first-parent history of the file too: open threats in every version by the day it was committed, versions that cannot be read, and threats whose ledger and git disagree by more than a day.",
        group: Group::Review,
        args: &[
            FILE,
            Arg { name: "days", kind: ArgKind::Value("N"), help: "Days of the window, today among them [default: 90]" },
            Arg { name: "git", kind: ArgKind::Switch, help: "Compare the ledger with the history of the file in git" },
            FORMAT,
            NOW,
        ],
    },
    VerbRow {
        id: Verb::GitInstall,
        name: "git install",
        summary: "Let git merge models by meaning",
        doc: "Writes a line into .gitattributes, which is committed, and the merge driver into the configuration of this clone, which git does not copy: everybody runs it once. Merges on a server never ask a driver; let CI run `sconce check`.",
        group: Group::Review,
        args: &[],
    },
    VerbRow {
        id: Verb::GitUninstall,
        name: "git uninstall",
        summary: "Let git merge models line by line again",
        doc: "Takes back what `git install` wrote.",
        group: Group::Review,
        args: &[],
    },
    VerbRow {
        id: Verb::GitStatus,
        name: "git status",
        summary: "Tell how git merges models in this clone",
        doc: "Exits with 1 when something is missing, and says what.",
        group: Group::Review,
        args: &[],
    },
    VerbRow {
        id: Verb::Gate,
        name: "gate",
        summary: "Hold a model against the team's policy",
        doc: "The policy is threat-policy.ron beside the model or above it up to the top of the repository (docs/policy.md); without one a built-in policy applies, and the last line says so. Exits 0 when the policy is held, 1 when it is not, 2 when the command line or the policy is wrong, 3 when the model is invalid, 4 when git or a disk fails. --against REF compares with the model at the point where HEAD parted from REF, followed through renames of the file; with --new-only what failed there already does not fail, but is counted. Where there was no model then, what is there now is the starting point: nothing of it is new, and the last line says so. --out writes reports whatever is printed: sarif for code scanning, junit, github (annotations), gitlab (Code Quality), json.",
        group: Group::Review,
        args: &[
            FILE,
            Arg { name: "policy", kind: ArgKind::Value("POLICY"), help: "Policy file [default: the nearest one]" },
            Arg {
                name: "against",
                kind: ArgKind::Value("REF"),
                help: "Compare with where HEAD parted from this commit",
            },
            Arg { name: "new-only", kind: ArgKind::Switch, help: "Only what is new or worse since then fails" },
            Arg {
                name: "format",
                kind: ArgKind::Choice(&["text", "json", "sarif", "junit", "github", "gitlab"]),
                help: "How to print it",
            },
            Arg {
                name: "out",
                kind: ArgKind::Value("KIND=FILE,..."),
                help: "Write reports too, such as sarif=gate.sarif,junit=gate.xml",
            },
            Arg { name: "explain", kind: ArgKind::Switch, help: "Name every edit or command that turns a line green" },
            Arg { name: "exit-zero", kind: ArgKind::Switch, help: "Exit 0 also when the policy is not held" },
            NOW,
        ],
    },
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
