//! What each action does: one exhaustive match, so that a row of the table without behaviour does not compile.

use super::{
    Effect, apply, dashboard, draw, facts, find, go, keeping, mitigations, notes, questions, review, rules, sight,
    travel, triage, walk,
};
use crate::command::{Action, Group, Scope};
use crate::model::{ElementKind, Thing};
use crate::review::resolve::Side;
use crate::tui::layout::Panes;
use crate::tui::state::layer::{Deed, New, Part};
use crate::tui::state::{Pane, Screen, State};
use crate::workbench::Barred;

/// Whether an action makes sense now; otherwise why not.
pub fn available(state: &State, action: Action) -> Result<(), &'static str> {
    let thing = state.thing();
    let is_element = matches!(thing, Some(Thing::Element(_)));
    match action {
        Action::GrowProcess
        | Action::GrowStore
        | Action::GrowExternal
        | Action::NudgeLeft
        | Action::NudgeDown
        | Action::NudgeUp
        | Action::NudgeRight
        | Action::MarkKind
            if !is_element =>
        {
            Err("select an element first, with the arrows or f")
        }
        Action::NudgeLeft | Action::NudgeDown | Action::NudgeUp | Action::NudgeRight | Action::Unpin | Action::Tidy
            if !state.sight.is_whole() =>
        {
            Err(draw::WHOLE_FIRST)
        }
        Action::Connect | Action::ConnectFrom if matches!(thing, None | Some(Thing::Asset(_))) => {
            Err("select an element first, with the arrows or f")
        }
        Action::Wrap | Action::MoveInto if state.subjects().is_empty() => Err("select or mark elements first"),
        Action::Delete if state.subjects().is_empty() => Err("select something first"),
        Action::Rename
        | Action::Mark
        | Action::StateFact
        | Action::SelectAround
        | Action::Fold
        | Action::TraceOn
        | Action::TraceBack
            if thing.is_none() =>
        {
            Err("select something first")
        }
        Action::NextFlow | Action::PreviousFlow if state.bench.model().flows.is_empty() => {
            Err("there is no data flow yet; c draws one from the selected element")
        }
        Action::Undo if state.bench.history().next().is_none() => Err("nothing was changed yet"),
        Action::Redo if state.bench.undone().next().is_none() => Err("nothing was taken back"),
        Action::Reload if state.bench.path().is_none() => Err("the model has no file yet"),
        Action::SaveAs if matches!(state.bench.barred(), Some(Barred::Newer(_))) => {
            Err("this sconce cannot write that format")
        }
        Action::NextMatch | Action::PreviousMatch if state.hits.0.is_empty() => {
            Err("search for something first, with /")
        }
        Action::TakeOurs | Action::TakeTheirs | Action::TakeBase | Action::DecideOtherwise
            if state.review.conflict().is_none() =>
        {
            Err("select something that a merge left to decide first")
        }
        _ if action.row().scope == Scope::Mitigations && state.bench.model().mitigations.is_empty() => {
            Err("there is no mitigation yet")
        }
        Action::NextPane | Action::PreviousPane if state.screen == Screen::Dashboard => Ok(()),
        Action::NextPane | Action::PreviousPane if Panes::order(state.size, state.screen).len() < 2 => {
            Err("this screen has one pane")
        }
        Action::StartWalk | Action::ScreenWalk if state.screen == Screen::Walk => Err("this is it; Esc leaves it"),
        _ if action.row().scope == Scope::Walk => walk::available(state, action),
        Action::ShowChange if state.review.row().is_none() => Err("there is no change in the list"),
        Action::EditRow | Action::Forget if state.focus() != Pane::Inspector => Err("go to the inspector first"),
        _ if action.row().scope == Scope::Threats && state.current_threat().is_none() => {
            if action == Action::FilterThreats { Ok(()) } else { Err("there is no threat in the list") }
        }
        _ => Ok(()),
    }
}

/// The same for what is offered: a model that may be looked at only offers no changes.
pub(crate) fn offered(state: &State, action: Action) -> Result<(), &'static str> {
    match available(state, action) {
        Ok(()) if for_changes(action) && state.bench.barred().is_some() => Err("this model is open read-only"),
        other => other,
    }
}

/// Whether an action changes the model, or is of use for a change only.
pub(crate) fn for_changes(action: Action) -> bool {
    changes(action) || action.row().group == Group::Draw || action == Action::MarkThreat
}

/// Whether an action leads to a change of the model or its file, so that a model that may be looked at only refuses it
/// before anything is typed.
pub(super) fn changes(action: Action) -> bool {
    let row = action.row();
    match row.group {
        Group::Draw => !matches!(action, Action::Mark | Action::MarkKind),
        Group::Model => {
            matches!(action, Action::EditRow | Action::Forget | Action::StateFact | Action::Save | Action::EditNotes)
        }
        Group::Review => {
            matches!(action, Action::TakeOurs | Action::TakeTheirs | Action::TakeBase | Action::DecideOtherwise)
        }
        Group::Threats => matches!(
            action,
            Action::Triage
                | Action::SetStatus
                | Action::SetSeverity
                | Action::SetOwner
                | Action::SetDue
                | Action::LinkMitigation
                | Action::AddMitigation
                | Action::EditMitigation
                | Action::MitigationStatus
                | Action::MitigationOwner
                | Action::MitigationDue
                | Action::Further
                | Action::BackOneStep
                | Action::RetitleMitigation
                | Action::DeleteMitigation
                | Action::WalkYes
                | Action::WalkNo
                | Action::WalkNotSure
                | Action::WalkNumber
                | Action::WalkTake
                | Action::WalkNoBecause
                | Action::WalkAskSomebody
        ),
        _ => false,
    }
}

/// Does it.
#[expect(clippy::too_many_lines, reason = "one line for each action, and an action without a line does not compile")]
pub(super) fn run(state: &mut State, action: Action) -> Vec<Effect> {
    let is_of_diagram = matches!(action.row().scope, Scope::Canvas | Scope::Subject);
    // On the review's screen one looks at the diagram; what changes it belongs to the diagram's own.
    let is_look = action.row().group == Group::View && action != Action::Inspect;
    let is_drawn = state.screen == Screen::Diagram || state.screen == Screen::Review && is_look;
    if is_of_diagram && !is_drawn {
        state.show(Screen::Diagram);
    }
    match action.row().scope {
        Scope::Review => state.show(Screen::Review),
        Scope::Mitigations => state.show(Screen::Mitigations),
        Scope::Rules => state.show(Screen::Rules),
        Scope::Walk => state.show(Screen::Walk),
        Scope::Dashboard => {
            state.show(Screen::Dashboard);
            state.settle();
        }
        _ => {}
    }
    match action {
        Action::AddProcess => draw::add(state, New::Element(ElementKind::Process), false),
        Action::AddStore => draw::add(state, New::Element(ElementKind::DataStore), false),
        Action::AddExternal => draw::add(state, New::Element(ElementKind::ExternalEntity), false),
        Action::AddBoundary => draw::add(state, New::Boundary, false),
        Action::AddAsset => draw::add(state, New::Asset, false),
        Action::GrowProcess => draw::add(state, New::Element(ElementKind::Process), true),
        Action::GrowStore => draw::add(state, New::Element(ElementKind::DataStore), true),
        Action::GrowExternal => draw::add(state, New::Element(ElementKind::ExternalEntity), true),
        Action::Connect => draw::connect(state, true),
        Action::ConnectFrom => draw::connect(state, false),
        Action::Wrap => draw::wrap(state),
        Action::MoveInto => draw::move_into(state),
        Action::Rename => draw::rename(state),
        Action::Delete => draw::delete(state),
        Action::Mark => draw::mark(state),
        Action::MarkKind => draw::mark_kind(state),
        Action::NudgeLeft => draw::nudge(state, (-8, 0)),
        Action::NudgeDown => draw::nudge(state, (0, 3)),
        Action::NudgeUp => draw::nudge(state, (0, -3)),
        Action::NudgeRight => draw::nudge(state, (8, 0)),
        Action::Unpin => draw::unpin(state),
        Action::EditRow => super::fields::edit_row(state),
        Action::Forget => facts::forget(state),
        Action::StateFact => facts::choose(state),
        Action::Questions => questions::open(state),
        Action::Detail => triage::detail(state),
        Action::Triage | Action::SetStatus => triage::open(state, Part::Status),
        Action::SetSeverity => triage::open(state, Part::Severity),
        Action::SetOwner => triage::open(state, Part::Owner),
        Action::SetDue => triage::open(state, Part::Due),
        Action::MarkThreat => triage::mark(state),
        Action::FilterThreats => triage::filter(state),
        Action::EditNotes => return notes::edit(state),
        Action::Undo => travel(state, true),
        Action::Redo => travel(state, false),
        Action::Search => find::search(state),
        Action::NextMatch => find::next_match(state, true),
        Action::PreviousMatch => find::next_match(state, false),
        Action::Palette => find::palette(state),
        Action::Help => find::help(state),
        Action::Jump => find::jump(state),
        Action::SelectLeft => go::step(state, (-1, 0)),
        Action::SelectDown => go::step(state, (0, 1)),
        Action::SelectUp => go::step(state, (0, -1)),
        Action::SelectRight => go::step(state, (1, 0)),
        Action::NextFlow => go::flow(state, true),
        Action::PreviousFlow => go::flow(state, false),
        Action::SelectAround => go::around(state),
        Action::PanLeft => go::pan(state, (-8, 0)),
        Action::PanDown => go::pan(state, (0, 4)),
        Action::PanUp => go::pan(state, (0, -4)),
        Action::PanRight => go::pan(state, (8, 0)),
        Action::Center => go::center(state),
        Action::Inspect => inspect(state),
        Action::ZoomIn => sight::zoom(state, true),
        Action::ZoomOut => sight::zoom(state, false),
        Action::Fold => sight::fold(state),
        Action::Focus => sight::focus(state),
        Action::Widen => sight::widen(state),
        Action::Everything => sight::everything(state),
        Action::TraceOn => sight::trace(state, true),
        Action::TraceBack => sight::trace(state, false),
        Action::Map => sight::map(state),
        Action::Matrix => sight::matrix(state),
        Action::Tidy => sight::tidy(state),
        Action::LightPath => sight::path(state),
        Action::Up | Action::WalkUp => go::row(state, -1),
        Action::Down | Action::WalkDown => go::row(state, 1),
        Action::PageUp => go::row(state, -10),
        Action::PageDown => go::row(state, 10),
        Action::First => go::row(state, isize::MIN),
        Action::Last => go::row(state, isize::MAX),
        Action::GoToSubject => go::to_pane(state, Pane::Canvas),
        Action::ShowSubject => triage::show_subject(state),
        Action::ThreatsHere => go::to_pane(state, Pane::Threats),
        Action::ScreenDiagram => state.show(Screen::Diagram),
        Action::ScreenThreats => state.show(Screen::Threats),
        Action::ScreenReview => return review::open(state),
        Action::ScreenMitigations => state.show(Screen::Mitigations),
        Action::ScreenRules => state.show(Screen::Rules),
        Action::ScreenDashboard => return dashboard::open(state),
        Action::OpenNumber => dashboard::enter(state),
        Action::ChartTable => dashboard::table(state),
        Action::ChartLeft => dashboard::column(state, -1),
        Action::ChartRight => dashboard::column(state, 1),
        Action::GitHistory => return vec![Effect::Replay],
        Action::CopyDashboard => return dashboard::copy(state),
        Action::OpenRule => rules::enter(state),
        Action::ShutPack => rules::shut(state),
        Action::SwitchPack => rules::switch(state),
        Action::ThreatsOfRule => rules::threats(state),
        Action::FindRule => rules::find(state),
        Action::ScreenWalk | Action::StartWalk => walk::start(state),
        Action::WalkYes => walk::yes(state),
        Action::WalkNo => walk::no(state),
        Action::WalkNotSure => walk::park(state, None),
        Action::WalkSkip => walk::skip(state),
        Action::WalkBack => walk::back(state),
        Action::WalkNumber => walk::number(state),
        Action::WalkTake => walk::take(state),
        Action::WalkNoBecause => walk::no_because(state),
        Action::WalkAskSomebody => walk::ask_note(state),
        Action::WalkAll => walk::for_all(state),
        Action::WalkRange => walk::ask_range(state),
        Action::WalkShow => walk::show(state),
        Action::WalkTimer => return walk::timer(state),
        Action::WalkEnd => walk::end(state),
        Action::CopySummary => return walk::copy(state),
        Action::LinkMitigation => mitigations::link(state),
        Action::AddMitigation => mitigations::add(state),
        Action::MitigationDetail => mitigations::detail(state),
        Action::EditMitigation | Action::MitigationStatus => mitigations::open(state, Part::Progress),
        Action::MitigationOwner => mitigations::open(state, Part::Owner),
        Action::MitigationDue => mitigations::open(state, Part::Due),
        Action::Further => mitigations::step(state, true),
        Action::BackOneStep => mitigations::step(state, false),
        Action::MarkMitigation => mitigations::mark(state),
        Action::Board => mitigations::board(state),
        Action::ColumnLeft => mitigations::column(state, -1),
        Action::ColumnRight => mitigations::column(state, 1),
        Action::ShowPlaces => mitigations::show_places(state),
        Action::RetitleMitigation => mitigations::retitle(state),
        Action::DeleteMitigation => mitigations::delete(state),
        Action::TakeOurs => review::take(state, Side::Ours),
        Action::TakeTheirs => review::take(state, Side::Theirs),
        Action::TakeBase => review::take(state, Side::Base),
        Action::DecideOtherwise => review::ask_value(state),
        Action::ShowChange => review::show(state),
        Action::CompareWith => return vec![Effect::Offer],
        Action::BeforeAfter => review::turn(state),
        Action::CopyReview => return review::copy(state),
        Action::NextPane => go::pane(state, true),
        Action::PreviousPane => go::pane(state, false),
        Action::Back => go::back(state),
        Action::Theme => go::theme(state),
        Action::Glyphs => go::glyphs(state),
        Action::Menu => state.menu = true,
        Action::Save => return vec![Effect::Save],
        Action::SaveAs => draw::ask_file(state, None),
        Action::Reload => return keeping::reload(state),
        Action::CopyId => return find::copy_id(state),
        Action::Mouse => return mouse(state),
        Action::Suspend => return vec![Effect::Suspend],
        Action::Redraw => return vec![Effect::Redraw],
        Action::Quit => return keeping::quit(state),
    }
    Vec::new()
}

/// Opens what is selected: a folded boundary, or the fields of anything else.
fn inspect(state: &mut State) {
    match state.selected.clone().map(|id| state.picture.shown_as(&id).clone()) {
        Some(id) if state.picture.is_folded(&id) => sight::open(state, &id),
        _ => go::to_pane(state, Pane::Inspector),
    }
}

fn mouse(state: &mut State) -> Vec<Effect> {
    state.look.mouse = !state.look.mouse;
    let told =
        if state.look.mouse { "mouse on; Shift and drag selects text" } else { "mouse off; the terminal selects text" };
    state.say(told);
    vec![Effect::Mouse(state.look.mouse)]
}

/// Does what an answer to a question says.
pub(super) fn deed(state: &mut State, deed: Deed) -> Vec<Effect> {
    match deed {
        Deed::Quit => vec![Effect::Quit],
        Deed::Discard => {
            state.bench.forget();
            vec![Effect::Quit]
        }
        Deed::SaveAndQuit => {
            state.leaving = true;
            vec![Effect::Save]
        }
        Deed::Reload => vec![Effect::Reload],
        Deed::SaveAs => {
            draw::ask_file(state, None);
            Vec::new()
        }
        Deed::Restore => vec![Effect::Restore],
        Deed::Forget(mut all) => {
            if !all.is_empty() {
                state.bench.throw_away(&all.remove(0));
            }
            keeping::left(state, all);
            Vec::new()
        }
        Deed::Recover(all) => {
            keeping::recover(state, &all);
            Vec::new()
        }
        Deed::Packs(name, packs) => {
            rules::switched(state, &name, &packs);
            Vec::new()
        }
        Deed::DeleteMitigations(ids) => {
            mitigations::deleted(state, &ids);
            Vec::new()
        }
        Deed::Delete(ids) => {
            let (label, edit) = draw::deletion(state, &ids);
            if apply(state, &label, edit) {
                state.marked.clear();
            }
            Vec::new()
        }
    }
}
