//! The only place that touches the world: the file, the clipboard, the shell, the terminal. It decides nothing.

mod editor;

use std::io::{self, Write as _, stdout};
use std::path::{Path, PathBuf};

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;

use super::settings::Settings;
use super::state::State;
use super::term::{Guard, set_mouse};
use super::update::{Effect, Msg, SaveFailed};
use crate::diagnostic::inert::one_line;
use crate::file::{disk, journal};
use crate::workbench::{OpenError, SaveError, Saved, Workbench};

/// What running an effect leads to.
#[derive(Debug)]
pub(super) enum Then {
    /// Nothing further.
    Go,
    /// A message about how it went.
    Tell(Msg),
    /// The end.
    Leave,
}

/// Runs one effect.
pub(super) fn run(effect: Effect, state: &mut State, guard: &mut Guard) -> io::Result<Then> {
    match effect {
        Effect::Save => return Ok(Then::Tell(Msg::Saved(saved(state.bench.save())))),
        Effect::SaveAs(name) => return Ok(Then::Tell(Msg::Saved(saved(state.bench.save_as(Path::new(&name)))))),
        Effect::Restore => return Ok(Then::Tell(Msg::Saved(saved(state.bench.restore())))),
        Effect::Reload => return Ok(Then::Tell(Msg::Reloaded(reload(&mut state.bench)))),
        Effect::Compare(name) => return Ok(Then::Tell(compare(&state.bench, &name))),
        Effect::Edit(whose, text) => {
            let mut edited = Err("nothing was edited".to_owned());
            guard.lend(|| edited = editor::edit(&text, |name| std::env::var(name).ok()))?;
            return Ok(Then::Tell(Msg::Edited(whose, edited)));
        }
        Effect::Offer => return Ok(Then::Tell(Msg::Offered(state.bench.offered()))),
        Effect::Clock => return Ok(Then::Tell(Msg::Clock(now()))),
        Effect::Policy => {
            let policy = state.bench.policy().map(|(policy, file)| (Box::new(policy), file));
            return Ok(Then::Tell(Msg::Policy(policy)));
        }
        Effect::Replay => {
            let replayed = state.bench.replay().map(|(replay, runs)| (Box::new(replay), runs));
            return Ok(Then::Tell(Msg::Replayed(replayed)));
        }
        Effect::Copy(text) => copy(&text)?,
        Effect::Mouse(on) => set_mouse(on)?,
        Effect::Suspend => suspend(guard)?,
        Effect::Redraw => guard.clear()?,
        Effect::Quit => return Ok(Then::Leave),
    }
    Ok(Then::Go)
}

/// The time in seconds.
fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

/// Reads an earlier state.
pub(super) fn compare(bench: &Workbench, name: &str) -> Msg {
    Msg::Compared(bench.earlier(name).map(|(label, model)| (label, Box::new(model))))
}

/// Copies by OSC 52, which also works over ssh. tmux passes it on only when it is wrapped.
fn copy(text: &str) -> io::Result<()> {
    if std::env::var_os("TMUX").is_none() {
        return execute!(stdout(), CopyToClipboard::to_clipboard_from(text));
    }
    let mut plain = String::new();
    let _ = crossterm::Command::write_ansi(&CopyToClipboard::to_clipboard_from(text), &mut plain);
    let wrapped = format!("\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b"));
    stdout().write_all(wrapped.as_bytes())?;
    stdout().flush()
}

#[cfg(unix)]
fn suspend(guard: &mut Guard) -> io::Result<()> {
    guard.lend(|| {
        let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
    })
}

#[cfg(not(unix))]
fn suspend(_guard: &mut Guard) -> io::Result<()> {
    Ok(())
}

/// How saving went, in words.
fn saved(outcome: Result<Saved, SaveError>) -> Result<String, SaveFailed> {
    match outcome {
        Ok(saved) => {
            let told = match (saved.written, saved.recorded.len()) {
                (false, _) => "saved already; nothing is different".to_owned(),
                (true, 0) => "saved".to_owned(),
                (true, 1) => "saved · 1 threat recorded".to_owned(),
                (true, many) => format!("saved · {many} threats recorded"),
            };
            let name =
                |path: PathBuf| path.file_name().map(|name| one_line(&name.to_string_lossy())).unwrap_or_default();
            let kept = saved.kept.map(|path| format!(" · what was typed into it by hand is in {}", name(path)));
            Ok(told + &kept.unwrap_or_default())
        }
        Err(SaveError::NoFile) => Err(SaveFailed::NoFile),
        Err(error @ SaveError::Disk(disk::SaveError::Changed(_))) => Err(SaveFailed::Changed(error.to_string())),
        Err(error @ SaveError::Disk(disk::SaveError::Gone(_))) => Err(SaveFailed::Gone(error.to_string())),
        Err(error) => Err(SaveFailed::Other(error.to_string())),
    }
}

fn reload(bench: &mut Workbench) -> Result<(), String> {
    bench.reload().map_err(|error| match error {
        OpenError::Disk(error) => error.to_string(),
        OpenError::Rules(wrong) => {
            let first = wrong.first().map(|w| format!("{}: {}", w.name, w.diagnostic.message)).unwrap_or_default();
            format!("the team's own rules cannot be read now: {first}; `sconce check` says more")
        }
        OpenError::Invalid { diagnostics, .. } => {
            let first = diagnostics.first().map(|d| d.message.clone()).unwrap_or_default();
            format!("the file is not valid now: {first}")
        }
    })
}

/// What the user wants otherwise, from the file that `SCONCE_CONFIG` names, else from the folder for configuration; what is
/// wrong with it is told, and then nothing of it counts. No file is nothing wrong.
pub(super) fn settings() -> (Settings, Option<Msg>) {
    let named = std::env::var_os("SCONCE_CONFIG").filter(|name| !name.is_empty()).map(PathBuf::from);
    let usual = || Some(directories::ProjectDirs::from("", "", "sconce")?.config_dir().join("config.ron"));
    let Some(path) = named.or_else(usual) else { return Default::default() };
    let name = one_line(&path.to_string_lossy());
    let read = match std::fs::read_to_string(&path) {
        Ok(text) => Settings::read(&text, &name),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Default::default(),
        Err(error) => Err(format!("{name}: {error}")),
    };
    match read {
        Ok(settings) => (settings, None),
        Err(why) => (Settings::default(), Some(Msg::Remark(format!("{why}; nothing of it counts")))),
    }
}

/// Takes the lock, starts the journal, and tells what an earlier sitting left.
pub(super) fn sit_down(bench: &mut Workbench) -> Vec<Msg> {
    let left = bench.sit_down(journal::state_dir().as_deref());
    let mut told = Vec::new();
    let of_team = bench.knowledge().by_team.notices.iter().map(|n| format!("{}: {}", n.name, n.diagnostic.message));
    let notices: Vec<String> = bench.notices().iter().map(|n| n.message.clone()).chain(of_team).collect();
    if let Some(first) = notices.first() {
        let more = if notices.len() > 1 {
            format!(" (and {} more; `sconce check` lists them)", notices.len() - 1)
        } else {
            String::new()
        };
        told.push(Msg::Remark(format!("{first}{more}")));
    }
    if bench.is_remade() {
        told.push(Msg::Remark("an unfinished git merge, merged again by meaning; S writes it".to_owned()));
    }
    told.extend(bench.barred().map(|barred| Msg::Remark(format!("read-only: {}", barred.why()))));
    told.push(Msg::Left(left));
    told
}
