//! Actions of the workbench: names, default keys, where they are available, and a sentence about each. Palette, menus,
//! help, hint bar and keymap are made from this table. It holds no behaviour: that is a `match` in `tui::update`.

use super::Group;

/// Declares the actions and their rows together, so that none can be without the other.
macro_rules! actions {
    ($($id:ident $name:literal $title:literal $short:literal $doc:literal $group:ident $scope:ident [$($key:literal)*];)+) => {
        /// An action of the workbench. Its sentence is the `doc` of its row.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action { $(#[doc = $doc] $id),+ }

        /// All actions, in the order of menus and help.
        pub const ACTIONS: &[ActionRow] = &[$(ActionRow {
            id: Action::$id,
            name: $name,
            title: $title,
            short: $short,
            doc: $doc,
            group: Group::$group,
            scope: Scope::$scope,
            keys: &[$($key),*],
        }),+];
    };
}

/// Where an action is available. A pane offers the actions of several scopes: its own, and those that fit into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// On the diagram.
    Canvas,
    /// In the inspector.
    Inspector,
    /// In the outline.
    Outline,
    /// In a list of threats.
    Threats,
    /// Among the rules.
    Rules,
    /// On the dashboard.
    Dashboard,
    /// Among the mitigations.
    Mitigations,
    /// In the list of what changed.
    Review,
    /// Wherever an element, data flow or trust boundary is selected.
    Subject,
    /// In the walk-through.
    Walk,
    /// In anything with rows.
    List,
    /// Everywhere but in the walk-through, where letters and numbers are answers.
    Elsewhere,
    /// Everywhere.
    Global,
}

impl Scope {
    /// All scopes, the innermost first.
    pub const ALL: &'static [Self] = &[
        Self::Canvas,
        Self::Subject,
        Self::Threats,
        Self::Mitigations,
        Self::Rules,
        Self::Dashboard,
        Self::Review,
        Self::Inspector,
        Self::Outline,
        Self::Walk,
        Self::List,
        Self::Elsewhere,
        Self::Global,
    ];

    /// The heading in help.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Canvas => "On the diagram",
            Self::Inspector => "In the inspector",
            Self::Outline => "In the outline",
            Self::Threats => "In a list of threats",
            Self::Rules => "Among the rules",
            Self::Dashboard => "On the dashboard",
            Self::Mitigations => "Among the mitigations",
            Self::Review => "In the review",
            Self::Subject => "On what is selected",
            Self::Walk => "In the walk-through",
            Self::List => "In every list",
            Self::Elsewhere => "Everywhere but in the walk-through",
            Self::Global => "Everywhere",
        }
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct ActionRow {
    /// The action.
    pub id: Action,
    /// Its name in keymap files and the palette's search, kebab-case.
    pub name: &'static str,
    /// Its title in palette, menus and help.
    pub title: &'static str,
    /// Its word in the hint bar; empty where the bar never shows it.
    pub short: &'static str,
    /// One sentence of help, or two.
    pub doc: &'static str,
    /// The group in help and menus.
    pub group: Group,
    /// Where it is available.
    pub scope: Scope,
    /// Default keys. A single character is itself, so `A` needs Shift; keys that follow each other are separated by
    /// spaces; other keys have crokey's names, such as `ctrl-left`.
    pub keys: &'static [&'static str],
}

impl Action {
    /// Its row.
    pub fn row(self) -> &'static ActionRow {
        &ACTIONS[self as usize]
    }
}

#[rustfmt::skip]
actions! {
    AddProcess "add-process" "Add a process" "add"
        "Adds code that runs; type its name and press Enter."
        Draw Canvas ["a p"];
    AddStore "add-data-store" "Add a data store" ""
        "Adds a place where data rests; type its name and press Enter."
        Draw Canvas ["a s"];
    AddExternal "add-external-entity" "Add an external entity" ""
        "Adds a person or system outside our control; type its name and press Enter."
        Draw Canvas ["a e"];
    AddBoundary "add-boundary" "Add an empty trust boundary" ""
        "Adds a trust boundary without members; move elements into it afterwards."
        Draw Canvas ["a b"];
    AddAsset "add-asset" "Add an asset" ""
        "Adds a class of data that flows carry and stores hold."
        Draw Global ["a d"];
    GrowProcess "grow-process" "Add a process that the selection sends to" "add connected"
        "Adds a process and a data flow from the selected element to it."
        Draw Canvas ["A p"];
    GrowStore "grow-data-store" "Add a data store that the selection sends to" ""
        "Adds a data store and a data flow from the selected element to it."
        Draw Canvas ["A s"];
    GrowExternal "grow-external-entity" "Add an external entity that the selection sends to" ""
        "Adds an external entity and a data flow from the selected element to it."
        Draw Canvas ["A e"];
    Connect "connect" "Connect selection to …" "connect"
        "Draws a data flow: type the label of the element it goes to, then a name for the flow."
        Draw Canvas ["c"];
    ConnectFrom "connect-from" "Connect … to selection" ""
        "Draws a data flow that ends at the selection: type the label of the element it comes from."
        Draw Canvas ["C"];
    Mark "mark" "Mark or unmark" "mark"
        "Marks the selection, for wrapping, moving and deleting several at once."
        Draw Subject ["v"];
    Wrap "wrap" "Wrap in a trust boundary" "boundary"
        "Wraps the marked elements, or the selected one, in a new trust boundary."
        Draw Canvas ["b"];
    Inspect "inspect" "Inspect and edit" "inspect"
        "Goes to the inspector: fields and facts of the selection."
        View Canvas ["enter" "e"];
    StateFact "state-fact" "State a fact" "fact"
        "States something about the selection in the words of the vocabulary."
        Model Subject ["="];
    ThreatsHere "threats-here" "Threats of the selection" "threats"
        "Goes to the list of threats of the selection."
        Threats Subject ["t"];
    Questions "questions" "Open questions" "questions"
        "Lists what the rules would like to know, the most decisive first; answer for one, several or all."
        Threats Global ["Q"];
    MoveInto "move-into" "Move into a boundary" ""
        "Moves the marked elements, or the selected one, into a boundary or out of all of them."
        Draw Subject ["m"];
    MarkKind "mark-kind" "Mark all of this kind" ""
        "Marks every element of the selection's kind."
        Draw Canvas ["*"];
    NudgeLeft "nudge-left" "Move the selection left" ""
        "Moves the selected element by one step and pins it there."
        Draw Canvas ["H" "shift-left"];
    NudgeDown "nudge-down" "Move the selection down" ""
        "Moves the selected element by one step and pins it there."
        Draw Canvas ["J" "shift-down"];
    NudgeUp "nudge-up" "Move the selection up" ""
        "Moves the selected element by one step and pins it there."
        Draw Canvas ["K" "shift-up"];
    NudgeRight "nudge-right" "Move the selection right" ""
        "Moves the selected element by one step and pins it there."
        Draw Canvas ["L" "shift-right"];
    Unpin "unpin" "Let the layout place it again" ""
        "Takes the pin away from the selection or what is marked."
        Draw Canvas ["z p"];
    SelectLeft "select-left" "Select to the left" ""
        "Selects the nearest element to the left."
        View Canvas ["h" "left"];
    SelectDown "select-down" "Select below" ""
        "Selects the nearest element below."
        View Canvas ["j" "down"];
    SelectUp "select-up" "Select above" ""
        "Selects the nearest element above."
        View Canvas ["k" "up"];
    SelectRight "select-right" "Select to the right" ""
        "Selects the nearest element to the right."
        View Canvas ["l" "right"];
    NextFlow "next-flow" "Next data flow" "flows"
        "Goes through the data flows at the selected element one by one."
        View Canvas ["."];
    PreviousFlow "previous-flow" "Previous data flow" ""
        "Goes through the data flows at the selected element backwards."
        View Canvas [","];
    SelectAround "select-around" "Select boundary around" ""
        "Selects the innermost trust boundary around the selection."
        View Subject ["B"];
    PanLeft "pan-left" "Pan left" ""
        "Moves the view of the diagram to the left."
        View Canvas ["ctrl-left" "g h"];
    PanDown "pan-down" "Pan down" ""
        "Moves the view of the diagram down."
        View Canvas ["ctrl-down" "g j"];
    PanUp "pan-up" "Pan up" ""
        "Moves the view of the diagram up."
        View Canvas ["ctrl-up" "g k"];
    PanRight "pan-right" "Pan right" ""
        "Moves the view of the diagram to the right."
        View Canvas ["ctrl-right" "g l"];
    Center "center" "Centre on the selection" ""
        "Brings the selection to the middle, or the whole diagram when nothing is selected."
        View Canvas ["0"];
    Jump "jump" "Jump by label" "jump"
        "Puts a label on everything that is visible; type one to select it."
        View Canvas ["f"];
    ZoomIn "zoom-in" "Look more closely" ""
        "Shows more of each thing: boundaries as one box each, names only, no names of data flows, everything."
        View Canvas ["+"];
    ZoomOut "zoom-out" "Look from further away" "zoom"
        "Shows less of each thing: no names of data flows, names only, boundaries as one box each."
        View Canvas ["-"];
    Fold "fold" "Fold or open the boundary" ""
        "Draws the trust boundary around the selection, with all that is in it, as one box; opens one that is folded."
        View Canvas ["z f"];
    Focus "focus" "Only what is around the selection" ""
        "Shows what is selected or marked with its neighbours only; again shows everything."
        View Canvas ["z z"];
    Widen "widen-focus" "More around the focus" ""
        "Shows what is one data flow further away from what is in focus, too."
        View Canvas ["z w"];
    Everything "show-everything" "Show everything" ""
        "Opens all folded boundaries, ends the focus and looks from nearby."
        View Canvas ["z 0"];
    TraceOn "trace-forward" "Light where data goes" ""
        "Lights every data flow and element that data from the selection gets to."
        View Canvas ["z >"];
    TraceBack "trace-backward" "Light where data comes from" ""
        "Lights every data flow and element that data of the selection comes from."
        View Canvas ["z <"];
    Map "map" "Map on or off" ""
        "Shows the whole drawing small in a corner while it is larger than its pane."
        View Canvas ["g m"];
    Matrix "flow-matrix" "Data flows between boundaries" ""
        "Counts the data flows from each trust boundary to each, for drawings with too many of them."
        View Canvas ["z x"];
    Tidy "tidy" "Lay out afresh" ""
        "Forgets where things came to lie and places everything anew. Pins stay."
        View Canvas ["g t"];
    Rename "rename" "Rename" "rename"
        "Changes the name where it stands. The id stays, and so do all decisions."
        Draw Subject ["r"];
    Delete "delete" "Delete" "delete"
        "Deletes the selection or what is marked. When flows or threats go too it asks first. Undo brings all of it back."
        Draw Subject ["d"];
    Up "up" "Row up" ""
        "Goes one row up."
        View List ["k" "up"];
    Down "down" "Row down" ""
        "Goes one row down."
        View List ["j" "down"];
    PageUp "page-up" "Page up" ""
        "Goes ten rows up."
        View List ["pageup"];
    PageDown "page-down" "Page down" ""
        "Goes ten rows down."
        View List ["pagedown"];
    First "first" "First row" ""
        "Goes to the first row."
        View List ["home" "g g"];
    Last "last" "Last row" ""
        "Goes to the last row."
        View List ["end" "G"];
    EditRow "edit-row" "Edit this row" "edit"
        "Edits the field or fact of this row."
        Model Inspector ["enter" "e"];
    Forget "forget" "Make it unknown again" "forget"
        "Takes back what was stated in this row. Unknown is not absent: rules will ask again."
        Model Inspector ["x" "delete"];
    GoToSubject "go-to-subject" "Show it on the diagram" ""
        "Selects what the row is about and shows it on the diagram."
        View Outline ["enter" "e"];
    Detail "detail" "Why, and how to close it" "why"
        "Shows why the threat is raised, the facts behind it, and what closes it."
        Threats Threats ["enter"];
    Triage "triage" "Decide about it" "decide"
        "Opens status, severity, owner and due date of the threat, or of all marked ones."
        Threats Threats ["e"];
    SetStatus "set-status" "Set the status" "status"
        "Accept, transfer, avoid, mitigate by hand, or say that it does not apply; with the reason."
        Threats Threats ["x"];
    SetSeverity "set-severity" "Override the severity" ""
        "Gives the threat another severity than the rubric, with the reason."
        Threats Threats ["s"];
    SetOwner "set-owner" "Set the owner" "owner"
        "Says who deals with it."
        Threats Threats ["o"];
    SetDue "set-due" "Set the due date" ""
        "Says by when it is dealt with."
        Threats Threats ["d"];
    MarkThreat "mark-threat" "Mark or unmark the row" "mark"
        "Marks threats, to decide about several at once."
        Threats Threats ["v"];
    ShowSubject "show-subject" "Show it on the diagram" ""
        "Selects what the threat is about and goes to the diagram."
        Threats Threats ["B"];
    LightPath "light-path" "Light its path" ""
        "Shows on the diagram what the threat rests on: the path from where it begins to where it does harm."
        Threats Threats ["p"];
    LinkMitigation "link-mitigation" "Say what closes it" "mitigation"
        "Chooses the mitigations that close the threat, or all marked ones; adds one of the catalogue, or in your own words."
        Threats Threats ["m"];
    FilterThreats "filter-threats" "Filter the threats" "filter"
        "Shows only threats that match words such as open, sev>=high, stride:T or owner:ana."
        Threats Threats ["F"];
    AddMitigation "add-mitigation" "Add a mitigation" "add"
        "Adds work that closes threats: what closes the most comes first, then the catalogue; or in your own words."
        Threats Global ["a m"];
    MitigationDetail "mitigation-detail" "What it does" "what it does"
        "Shows what it provides and where, which threats it closes, how it is done, and who says so."
        Threats Mitigations ["enter"];
    EditMitigation "edit-mitigation" "Edit it" "edit"
        "Opens status, owner, due date, evidence and ticket of the mitigation, or of all marked ones."
        Threats Mitigations ["e"];
    MitigationStatus "mitigation-status" "Say how far it is" "status"
        "Proposed, planned, in progress, claimed, implemented, verified or rejected. It counts from implemented on."
        Threats Mitigations ["x"];
    MitigationOwner "mitigation-owner" "Set who does it" "owner"
        "Says who does it."
        Threats Mitigations ["o"];
    MitigationDue "mitigation-due" "Set by when" "due"
        "Says by when it is done. What is not done by then is late."
        Threats Mitigations ["d"];
    Further "mitigation-further" "One step further" "further"
        "Takes the mitigation, or all marked ones, to the next column of the board."
        Threats Mitigations ["L" "shift-right"];
    BackOneStep "mitigation-back" "One step back" ""
        "Takes the mitigation, or all marked ones, back to the column before."
        Threats Mitigations ["H" "shift-left"];
    MarkMitigation "mark-mitigation" "Mark or unmark the mitigation" "mark"
        "Marks mitigations, to change several at once."
        Threats Mitigations ["v"];
    Board "mitigation-board" "Board or list" "board"
        "Shows the mitigations as a board with a column for each status, or as a list."
        View Mitigations ["b"];
    ColumnLeft "column-left" "Column to the left" ""
        "Goes to the column of the board to the left."
        View Mitigations ["h" "left"];
    ColumnRight "column-right" "Column to the right" ""
        "Goes to the column of the board to the right."
        View Mitigations ["l" "right"];
    ShowPlaces "mitigation-places" "Show where it works" ""
        "Lights on the diagram where the mitigation provides its controls."
        View Mitigations ["B"];
    RetitleMitigation "rename-mitigation" "Give it another title" ""
        "Changes the title. The id stays, and so do the threats that name it."
        Threats Mitigations ["r"];
    DeleteMitigation "delete-mitigation" "Delete the mitigation" ""
        "Deletes the mitigation, or all marked ones, and their mention at threats. Undo brings all of it back."
        Threats Mitigations ["delete" "D"];
    OpenRule "open-rule" "Open" "open"
        "Opens or shuts a pack; shows what a rule looks for, why it matters, and what closes it."
        Rules Rules ["enter" "e" "l" "right"];
    ShutPack "shut-pack" "Shut the pack" ""
        "Shuts the pack that the rule belongs to."
        Rules Rules ["h" "left"];
    SwitchPack "switch-pack" "Switch the pack on or off" "switch"
        "Lets the model use the pack or not, after showing which threats and questions would come and go."
        Rules Rules ["x"];
    ThreatsOfRule "threats-of-rule" "Threats that it raises" "threats"
        "Lists the threats that the rule or the pack raises in this model."
        Rules Rules ["t"];
    FindRule "find-rule" "Find a rule" "find"
        "Lists all rules; type to find one."
        Rules Rules ["f"];
    WalkYes "walk-yes" "Yes" "yes"
        "There is a threat: which one, who deals with it and by when is asked next. Of a fact: yes, or present."
        Threats Walk ["y"];
    WalkNo "walk-no" "No" "no"
        "Nothing here, without a reason. Where threats are open it asks why they do not apply. Of a fact: no, or absent."
        Threats Walk ["n"];
    WalkNotSure "walk-not-sure" "Not sure: park it" "not sure"
        "Puts the question on the parking list; it comes again at the end, and in the next session."
        Threats Walk ["p"];
    WalkSkip "walk-skip" "Skip it for now" "skip"
        "Leaves the question out; nothing is written and it comes again next time. Where one went back, keeps the answer."
        Threats Walk ["k"];
    WalkBack "walk-back" "Back to the question before" "back"
        "Goes back to the question before, with its answer; another answer takes the place of that one."
        Threats Walk ["b"];
    WalkNumber "walk-number" "Take an answer by its number" ""
        "Takes the answer, or the threat, with this number."
        Threats Walk ["1" "2" "3" "4" "5" "6" "7" "8" "9"];
    WalkTake "walk-take" "Take the selected answer" ""
        "Takes the selected answer; where several can be chosen, or something is to be typed, asks for it."
        Threats Walk ["enter"];
    WalkUp "walk-up" "Answer above" ""
        "Selects the answer above."
        View Walk ["up"];
    WalkDown "walk-down" "Answer below" ""
        "Selects the answer below."
        View Walk ["down"];
    WalkNoBecause "walk-no-because" "No, because …" "because"
        "Nothing here, with the reason. Of a fact: it makes no sense here, with the reason."
        Threats Walk ["N"];
    WalkAskSomebody "walk-ask-somebody" "Not sure: park it with a note" "note"
        "Puts the question on the parking list with a note, such as who knows."
        Threats Walk ["P"];
    WalkAll "walk-all" "Answer for all of them" "for all"
        "Lets the next answer be so of everything of which the same fact is asked, or of this thing alone again."
        Threats Walk ["*"];
    WalkRange "walk-range" "What it is about" "scope"
        "Goes through everything, or only through what is selected or marked on the diagram and the flows at it."
        Threats Walk ["s"];
    WalkShow "walk-show" "Show it on the diagram" ""
        "Selects what the question is about and goes to the diagram; w resumes."
        View Walk ["B"];
    WalkTimer "walk-timer" "Timer on or off" ""
        "Shows how many minutes have passed since it was switched on; it moves with each key."
        View Walk ["t"];
    WalkEnd "walk-end" "Finish with a summary" "finish"
        "Shows what came of the session: threats with owner and due date, what is parked, what is left; b goes on."
        Threats Walk ["f"];
    CopySummary "copy-summary" "Copy the summary as Markdown" "copy"
        "Copies what came of the session as Markdown to the clipboard, for the minutes."
        Threats Walk ["Y"];
    OpenNumber "open-number" "Go to what it counts" "go there"
        "Lists the threats that the selected number counts, or shows what the row is about."
        View Dashboard ["enter" "e"];
    ChartTable "chart-table" "Chart as a table" "table"
        "Shows the selected chart as a table with every number, and what the numbers are."
        View Dashboard ["t"];
    ChartLeft "number-left" "Number or chart to the left" ""
        "Goes to the number to the left; at the end of a chart to the chart beside it."
        View Dashboard ["h" "left"];
    ChartRight "number-right" "Number or chart to the right" ""
        "Goes to the number to the right; at the end of a chart to the chart beside it."
        View Dashboard ["l" "right"];
    GitHistory "git-history" "What git tells" "git"
        "Reads every version that git has of the file: open threats in each, and whether the ledger tells the same days."
        Review Dashboard ["r"];
    CopyDashboard "copy-dashboard" "Copy as Markdown" "copy"
        "Copies all charts as Markdown tables to the clipboard."
        Review Dashboard ["Y"];
    TakeOurs "take-ours" "Decide for our side" "ours"
        "Takes what our branch says where a merge left something to decide."
        Review Review ["o"];
    TakeTheirs "take-theirs" "Decide for their side" "theirs"
        "Takes what the other branch says where a merge left something to decide."
        Review Review ["t"];
    TakeBase "take-base" "Decide for what was before" "base"
        "Takes what both branches started from where a merge left something to decide."
        Review Review ["b"];
    DecideOtherwise "decide-otherwise" "Decide for something else" "other"
        "Takes a value that is typed where a merge left something to decide."
        Review Review ["="];
    ShowChange "show-change" "Show it" "show"
        "Shows what changed where it is: the thing on the diagram, the threat among the threats; all three sides of something to decide."
        Review Review ["enter" "e"];
    CompareWith "compare-with" "Compare with …" "compare with"
        "Compares with another commit, branch, tag or file instead of the last commit."
        Review Review ["c"];
    BeforeAfter "before-after" "Both, before, now" "before"
        "Draws the diagram as it was, as it is now, or both in one with a sign on what changed."
        Review Review ["x"];
    CopyReview "copy-review" "Copy as Markdown" ""
        "Copies the comparison as Markdown to the clipboard, with its pictures, for a pull request."
        Review Review ["Y"];
    EditNotes "edit-notes" "Notes in your editor" ""
        "Opens the notes of what is selected in $VISUAL or $EDITOR: of an element, flow or threat; else the description."
        Model Global ["E"];
    Undo "undo" "Undo" "undo"
        "Takes the last change back, and the threats that came with it."
        Model Global ["u"];
    Redo "redo" "Redo" ""
        "Makes the change again that was taken back."
        Model Global ["U" "ctrl-r"];
    Save "save" "Save" "save"
        "Writes the model to its file and brings the register of threats up to date."
        Model Global ["S"];
    SaveAs "save-as" "Save as …" "save as"
        "Writes the model to a new file and works on in that one. A file that exists is never overwritten."
        Model Global ["W"];
    Reload "reload" "Read the file again" ""
        "Reads the file as it is on disk now; asks first when something here is not saved."
        Model Global ["R"];
    CopyId "copy-id" "Copy the id" ""
        "Copies the id of the selection or threat to the clipboard, also over ssh."
        Model Elsewhere ["y"];
    ScreenDiagram "screen-diagram" "Diagram" ""
        "Shows the diagram."
        View Elsewhere ["1"];
    ScreenThreats "screen-threats" "Threats" ""
        "Shows all threats, worst first."
        View Elsewhere ["2"];
    ScreenMitigations "screen-mitigations" "Mitigations" ""
        "Shows the work that closes threats: who does it, by when, and what it closes."
        View Elsewhere ["3"];
    ScreenWalk "screen-walk" "Walk-through" ""
        "Asks question by question what nobody and nothing has settled, for a planning session; resumes where it stopped."
        View Elsewhere ["4"];
    ScreenDashboard "screen-dashboard" "Dashboard" ""
        "Shows how things stand: risk, coverage, what is open, how long it takes, and what needs attention."
        View Elsewhere ["5"];
    ScreenReview "screen-review" "Review" ""
        "Shows what changed since the last commit, and what a merge left to decide."
        View Elsewhere ["6"];
    ScreenRules "screen-rules" "Rules" ""
        "Shows the packs and their rules, which of them the model uses, and where they speak."
        View Elsewhere ["7"];
    StartWalk "start-walk" "Walk through the model" "walk"
        "Goes through the model question by question, as in a planning session; resumes where it stopped."
        Threats Global ["w"];
    NextPane "next-pane" "Next pane" "pane"
        "Goes to the next pane of the screen."
        View Global ["tab"];
    PreviousPane "previous-pane" "Previous pane" ""
        "Goes to the previous pane of the screen."
        View Global ["backtab"];
    Search "search" "Search" "search"
        "Finds elements, data flows, trust boundaries, assets and threats by name or id."
        View Global ["/"];
    NextMatch "next-match" "Next match" ""
        "Goes to the next match of the last search."
        View Elsewhere ["n"];
    PreviousMatch "previous-match" "Previous match" ""
        "Goes to the previous match of the last search."
        View Elsewhere ["N"];
    Theme "theme" "Next colour theme" ""
        "Goes through dark, light, sixteen colours and monochrome."
        View Global ["z t"];
    Glyphs "glyphs" "Box characters or plain ASCII" ""
        "Draws the diagram with box characters, or with plain ASCII only."
        View Global ["z a"];
    Mouse "mouse" "Mouse on or off" ""
        "Off lets the terminal select text. With the mouse on, Shift and drag selects text in most terminals."
        View Global ["z m" "M"];
    Palette "palette" "Every command" "commands"
        "Lists every command; type to find one, Enter runs it."
        Shell Global [":"];
    Menu "menu" "Menu" ""
        "Shows the keys that work here."
        Shell Global ["space"];
    Help "help" "Help" "help"
        "Explains what works here; type to find something, Enter runs it."
        Shell Global ["?" "f1"];
    Back "back" "Back" ""
        "Goes back one layer: closes what is open, clears marks, then the selection. It never quits."
        Shell Global ["esc"];
    Suspend "suspend" "Suspend" ""
        "Goes back to the shell; `fg` brings the workbench back."
        Shell Global ["ctrl-z"];
    Redraw "redraw" "Draw the screen anew" ""
        "Clears the terminal and draws everything again."
        Shell Global ["ctrl-l"];
    Quit "quit" "Quit" ""
        "Leaves the workbench; asks when something is not saved."
        Shell Global ["q" "ctrl-c"];
}
