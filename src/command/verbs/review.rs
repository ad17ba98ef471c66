//! The verbs for reviewers, branches and CI. No behaviour.

use super::{Arg, ArgKind, FILE, FORMAT, NOW, PAGE, Verb, VerbRow};
use crate::command::Group;

/// Show what changed between two states of a model.
pub(super) const DIFF: VerbRow = VerbRow {
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
};

/// Merge two branches of a model by meaning.
pub(super) const MERGE: VerbRow = VerbRow {
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
};

/// Decide what a merge left open.
pub(super) const RESOLVE: VerbRow = VerbRow {
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
};

/// Tell where code or deployment files and the model no longer agree.
pub(super) const DRIFT: VerbRow = VerbRow {
    id: Verb::Drift,
    name: "drift",
    summary: "Tell where code or deployment files and the model no longer agree",
    doc: "Compares the work tree with the commit at which the model was reviewed, or with where --against REF and HEAD part, and names every element one of whose `code` globs matches a changed file, with its open threats and the facts to look at again; files are compared by name only. --deployment PATH compares docker-compose files and Kubernetes manifests with the model too: parts that are no element, elements that are no part, links between elements without a flow, ways in that nothing flows through. A part is the element with its id or name; where that is not clear, an element says in `deployed` what it is called there, or [] where it rightly is not (docs/drift.md). With --deployment alone and no commit of a review in the model, code is not looked at. Exits with 1 when there is any drift; flows and hosts that are only seen on one side for sure are told, and do not count.",
    group: Group::Review,
    args: &[
        FILE,
        Arg { name: "against", kind: ArgKind::Value("REF"), help: "Compare with where REF and HEAD part" },
        Arg {
            name: "deployment",
            kind: ArgKind::Values("PATH"),
            help: "Compare with this compose file or Kubernetes manifest, or with those of a folder; may come several times",
        },
        PAGE,
    ],
};

/// Show how long threats stay open, and how many are resolved in time.
pub(super) const METRICS: VerbRow = VerbRow {
    id: Verb::Metrics,
    name: "metrics",
    summary: "Show how long threats stay open, and how many are resolved in time",
    doc: "Figures over the ledger of the model in a window that ends today: of each severity the days from opened to resolved, the age of what is open, the share that was resolved, and the share of that within the days of the policy (threat-policy.ron, found as `sconce gate` finds it) or of the threat's own `due`; and what was opened, resolved and open week by week. Every figure has its formula and how many threats it is about; without any it is a dash. Accepted, transferred, inapplicable and false threats are counted beside. --runs reads what `sconce gate --record` kept: the gate's pass rate, the share of runs in which each rule of the policy was held, and coverage week by week; a line that is no run is named and passed over. --git replays the first-parent history of the file too, through its renames (what a version says is kept and read once): open threats in every version by the day it was committed, versions that cannot be read, and threats whose ledger and git disagree by more than a day; and it reads the runs in the notes under refs/notes/sconce.",
    group: Group::Review,
    args: &[
        FILE,
        Arg { name: "days", kind: ArgKind::Value("N"), help: "Days of the window, today among them [default: 90]" },
        Arg { name: "git", kind: ArgKind::Switch, help: "Compare the ledger with the history of the file in git" },
        Arg {
            name: "runs",
            kind: ArgKind::Values("FILE"),
            help: "Count the runs that `sconce gate --record FILE` kept; with --git also those in notes",
        },
        FORMAT,
        NOW,
    ],
};

/// Let git merge models by meaning.
pub(super) const GIT_INSTALL: VerbRow = VerbRow {
    id: Verb::GitInstall,
    name: "git install",
    summary: "Let git merge models by meaning",
    doc: "Writes a line into .gitattributes, which is committed, and the merge driver into the configuration of this clone, which git does not copy: everybody runs it once. Merges on a server never ask a driver; let CI run `sconce check`.",
    group: Group::Review,
    args: &[],
};

/// Let git merge models line by line again.
pub(super) const GIT_UNINSTALL: VerbRow = VerbRow {
    id: Verb::GitUninstall,
    name: "git uninstall",
    summary: "Let git merge models line by line again",
    doc: "Takes back what `git install` wrote.",
    group: Group::Review,
    args: &[],
};

/// Tell how git merges models in this clone.
pub(super) const GIT_STATUS: VerbRow = VerbRow {
    id: Verb::GitStatus,
    name: "git status",
    summary: "Tell how git merges models in this clone",
    doc: "Exits with 1 when something is missing, and says what.",
    group: Group::Review,
    args: &[],
};

/// Hold a model against the team's policy.
pub(super) const GATE: VerbRow = VerbRow {
    id: Verb::Gate,
    name: "gate",
    summary: "Hold a model against the team's policy",
    doc: "The policy is threat-policy.ron beside the model or above it up to the top of the repository (docs/policy.md); without one a built-in policy applies, and the last line says so. Exits 0 when the policy is held, 1 when it is not, 2 when the command line or the policy is wrong, 3 when the model is invalid, 4 when git or a disk fails. --against REF compares with the model at the point where HEAD parted from REF, followed through renames of the file; with --new-only what failed there already does not fail, but is counted. Where there was no model then, what is there now is the starting point: nothing of it is new, and the last line says so. --out writes reports whatever is printed: sarif for code scanning, junit, github (annotations), gitlab (Code Quality), json. --record appends what came of the run as one line, to a file, or with --record note to the note at HEAD under refs/notes/sconce; `sconce metrics` makes pass rates of such lines. A run that cannot be recorded exits 4, and the last line says what the gate said. A model or policy that cannot be read is no run.",
    group: Group::Review,
    args: &[
        FILE,
        Arg { name: "policy", kind: ArgKind::Value("POLICY"), help: "Policy file [default: the nearest one]" },
        Arg { name: "against", kind: ArgKind::Value("REF"), help: "Compare with where HEAD parted from this commit" },
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
        Arg {
            name: "record",
            kind: ArgKind::Values("FILE|note"),
            help: "Append the run to a file of lines, or to a note of git at HEAD, for `sconce metrics`",
        },
        Arg { name: "explain", kind: ArgKind::Switch, help: "Name every edit or command that turns a line green" },
        Arg { name: "exit-zero", kind: ArgKind::Switch, help: "Exit 0 also when the policy is not held" },
        NOW,
    ],
};
