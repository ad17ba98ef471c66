//! End to end: the built program on a real pseudo-terminal, keys in, screen out. What each screen shows in detail is
//! tested in `tui`; here it is the terminal, the file and the journal that matter.

mod screens;

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::sandbox::{Sandbox, TODAY};

/// How long a screen may take on a loaded machine before the test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// The built program with arguments, in a sandbox, for a terminal.
fn command(sandbox: &Sandbox, args: &[&str], vars: &[(&str, &str)]) -> CommandBuilder {
    let plain = sandbox.command("true");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_sconce"));
    command.env_clear();
    for (name, value) in plain.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command.env("TERM", "xterm-256color");
    for (name, value) in vars {
        command.env(name, value);
    }
    command.cwd(plain.get_current_dir().unwrap());
    command.args(args.iter().copied().chain(["--as", "tester", "--now", TODAY]));
    command
}

/// A program on a terminal of its own.
struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    raw: Vec<u8>,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    fn open(sandbox: &Sandbox, args: &[&str], columns: u16, rows: u16) -> Self {
        Self::open_with(sandbox, args, (columns, rows), &[])
    }

    fn open_with(sandbox: &Sandbox, args: &[&str], (columns, rows): (u16, u16), vars: &[(&str, &str)]) -> Self {
        let pair =
            native_pty_system().openpty(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).unwrap();
        let command = command(sandbox, args, vars);
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (send, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65536];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                if send.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        let keys = pair.master.take_writer().unwrap();
        let screen = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
        Self { child, keys, output, screen, raw: Vec::new(), _master: pair.master }
    }

    fn press(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        self
    }

    fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Waits until the screen shows a text.
    fn shows(&mut self, text: &str) -> &mut Self {
        self.until(text, |terminal| terminal.text().contains(text))
    }

    /// Waits until the program has written a text, be it gone again.
    fn tells(&mut self, text: &str) -> &mut Self {
        self.until(text, |terminal| String::from_utf8_lossy(&terminal.raw).contains(text))
    }

    /// Waits until something holds.
    fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) -> &mut Self {
        let end = Instant::now() + PATIENCE;
        while !holds(self) {
            assert!(Instant::now() < end, "waited for {what:?} on\n{}", self.text());
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(50)) {
                self.screen.process(&bytes);
                self.raw.extend(bytes);
            }
        }
        self
    }

    /// Waits for the end and returns the exit code.
    fn ends(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        loop {
            while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(20)) {
                self.screen.process(&bytes);
                self.raw.extend(bytes);
            }
            if let Some(status) = self.child.try_wait().unwrap() {
                // What it said last may still be on its way.
                while let Ok(bytes) = self.output.recv_timeout(Duration::from_secs(1)) {
                    self.screen.process(&bytes);
                    self.raw.extend(bytes);
                }
                return status.exit_code();
            }
            assert!(Instant::now() < end, "still running:\n{}", self.text());
        }
    }

    /// Whether everything that was switched on at the terminal is off again.
    fn is_restored(&self) -> bool {
        let screen = self.screen.screen();
        let off = |on: &str, off: &str| {
            let raw = String::from_utf8_lossy(&self.raw);
            raw.rfind(on).is_none_or(|on| raw.rfind(off).is_some_and(|off| off > on))
        };
        !screen.alternate_screen()
            && !screen.hide_cursor()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
            && !screen.bracketed_paste()
            && off("\x1b[?1049h", "\x1b[?1049l")
    }
}

#[test]
fn a_newcomer_adds_saves_and_leaves() {
    let sandbox = Sandbox::new();
    sandbox.sconce(&["init", "shop.tm.ron", "--name", "Shop"]);
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 100, 30);
    terminal.shows("add").press("ap").shows("New ").press("Web app\r").shows("Web app");
    terminal.press("S").shows("saved");
    assert!(sandbox.read("shop.tm.ron").contains("\"web-app\": Process("));
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
    assert!(terminal.is_restored());
    assert_eq!(sandbox.sconce(&["check"]).status.code(), Some(0));
}

#[test]
fn a_killed_workbench_gives_its_work_back() {
    let sandbox = Sandbox::new();
    sandbox.sconce(&["init", "shop.tm.ron", "--name", "Shop"]);
    let before = sandbox.read("shop.tm.ron");
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 100, 30);
    terminal.shows("add").press("as").shows("New ").press("Orders\r").shows("Orders");
    terminal.child.kill().unwrap();
    terminal.child.wait().unwrap();
    assert_eq!(sandbox.read("shop.tm.ron"), before);
    let mut again = Terminal::open(&sandbox, &["shop.tm.ron"], 100, 30);
    again.shows("Unsaved work was found").press("R").shows("Orders").press("S").shows("saved").press("q");
    assert_eq!(again.ends(), 0);
    assert!(sandbox.read("shop.tm.ron").contains("\"orders\": DataStore("));
}

/// Opens the shop, once its screen and what lies over it is there.
fn opened(sandbox: &Sandbox, shows: &str) -> Terminal {
    let mut terminal = Terminal::open(sandbox, &["shop.tm.ron"], 100, 30);
    terminal.shows("Esc").shows(shows);
    terminal
}

fn kill(mut terminal: Terminal) {
    terminal.child.kill().unwrap();
    terminal.child.wait().unwrap();
}

fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.sconce(&["init", "shop.tm.ron", "--name", "Shop"]);
    sandbox
}

#[test]
fn work_that_was_found_is_kept_until_somebody_decides() {
    let sandbox = shop();
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 100, 30);
    terminal.shows("add").press("as").shows("New ").press("Orders\r").shows("added Orders");
    kill(terminal);
    let mut terminal = opened(&sandbox, "Unsaved work was found");
    terminal.press("\x1b").until("no dialog", |t| !t.text().contains("Unsaved work"));
    terminal.press("ap").shows("New ").press("Cache\r").shows("added Cache");
    kill(terminal);
    // Both are there. What is taken over can be taken back, and is offered again when nothing came of it.
    let mut terminal = opened(&sandbox, "An earlier sitting left work too");
    terminal.press("R").shows("the unsaved work is back").press("u").shows("took back: the unsaved work");
    assert!(terminal.text().contains("Nothing is drawn yet"), "{}", terminal.text());
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
    let mut terminal = opened(&sandbox, "An earlier sitting left work too");
    let latest = |t: &Terminal| if t.text().contains("Cache") { "Cache" } else { "Orders" };
    terminal.press("R").shows("the unsaved work is back");
    let (first, other) = if latest(&terminal) == "Cache" { ("Cache", "Orders") } else { ("Orders", "Cache") };
    terminal.press("S").shows("saved").press("q");
    assert_eq!(terminal.ends(), 0);
    assert!(sandbox.read("shop.tm.ron").contains(first) && !sandbox.read("shop.tm.ron").contains(other));
    let mut terminal = opened(&sandbox, "The file was changed since then");
    terminal.press("D").until("no dialog", |t| !t.text().contains("Unsaved work")).press("q");
    assert_eq!(terminal.ends(), 0);
    assert_eq!(journals(&sandbox), 0);
}

fn journals(sandbox: &Sandbox) -> usize {
    std::fs::read_dir(sandbox.path("../state/journal/x").parent().unwrap()).unwrap().count()
}

#[test]
fn what_is_left_without_saving_is_not_offered_again() {
    let sandbox = shop();
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 100, 30);
    terminal.shows("add").press("as").shows("New ").press("Orders\r").shows("added Orders");
    assert_eq!(journals(&sandbox), 1);
    terminal.press("q").shows("leave without saving").press("D");
    assert_eq!(terminal.ends(), 0);
    assert_eq!(journals(&sandbox), 0);
}

#[test]
fn where_no_journal_can_be_written_the_screen_says_so() {
    let sandbox = shop();
    std::fs::write(sandbox.path("../state"), "a file where the folder would be").unwrap();
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 100, 30);
    terminal.shows("no recovery journal, so save often: a part of this path is a file, not a folder (/");
    terminal.press("ap").shows("New ").press("Cache\r").shows("added Cache").shows("changed, no journal");
    // Somebody else writes: what is said about the work is so.
    sandbox.write("shop.tm.ron", crate::cli::SMALL);
    terminal.press("S").shows("The file was changed by somebody else").shows("and nowhere else");
    let pid = terminal.child.process_id().unwrap().to_string();
    assert!(sandbox.command("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(terminal.ends(), 128 + 15);
    let raw = String::from_utf8_lossy(&terminal.raw).into_owned();
    assert!(raw.contains("unsaved work is lost: no journal could be written: a part of this path is a file"), "{raw}");
}

#[test]
fn the_last_words_are_true_when_the_journal_failed_after_a_while() {
    let sandbox = shop();
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 100, 30);
    terminal.shows("add").press("as").shows("New ").press("Orders\r").shows("added Orders");
    kill(terminal);
    // The journal that was found can be read; the one of this sitting cannot be written, its name being taken.
    let journal = std::fs::read_dir(sandbox.path("../state/journal/x").parent().unwrap()).unwrap().next().unwrap();
    let name = journal.unwrap().file_name().to_string_lossy().replace(".journal", "-2.journal");
    std::fs::create_dir(sandbox.path("../state/journal/x").with_file_name(name)).unwrap();
    let end = |keys: &str, shows: &str, said: &str| {
        let mut terminal = opened(&sandbox, "Unsaved work was found");
        terminal.press(keys).until("no dialog", |t| !t.text().contains("Unsaved work"));
        terminal.press("ap").shows("New ").press("Cache\r").shows(shows);
        let pid = terminal.child.process_id().unwrap().to_string();
        assert!(sandbox.command("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert_eq!(terminal.ends(), 128 + 15);
        let raw = String::from_utf8_lossy(&terminal.raw).into_owned();
        assert!(raw.contains(said), "{raw}");
    };
    end("R", "changed, no journal", "what was there before is kept in /");
    end("\x1b", "changed, no journal", "what was left before is still kept: `sconce shop.tm.ron` offers it");
}

#[test]
fn a_file_that_was_changed_or_removed_meanwhile_is_not_called_saved() {
    let sandbox = shop();
    let file = sandbox.path("shop.tm.ron");
    let ours = sandbox.read("shop.tm.ron");
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 100, 30);
    terminal.shows("add").press("S").shows("saved already; nothing is different");
    sandbox.write("shop.tm.ron", crate::cli::SMALL);
    terminal.press("S").shows("The file was changed by somebody else").shows("Nothing is unsaved here");
    terminal.press("R").shows("read again from the file").shows("Customer");
    std::fs::remove_file(&file).unwrap();
    terminal.press("S").shows("The file is gone").press("W").until("the file", |_| file.exists());
    terminal.shows("saved");
    // The first change asks too, and leaving.
    sandbox.write("shop.tm.ron", &ours);
    terminal.press("ap").shows("New ").press("Cache\r").shows("The file was changed by somebody else");
    terminal.press("R").shows("read again from the file");
    std::fs::remove_file(&file).unwrap();
    terminal.press("q").shows("The file is gone").shows("D leave without the file").press("W");
    assert_eq!(terminal.ends(), 0);
    assert_eq!(sandbox.read("shop.tm.ron"), ours);
}

#[test]
fn what_was_on_the_terminal_before_does_not_shine_through() {
    let sandbox = shop();
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 100, 30);
    terminal.shows("0 open").shows("add");
    // A terminal that is in the alternate screen already, or knows none, shows what was there.
    let raw = String::from_utf8_lossy(&terminal.raw).replace("\x1b[?1049h", "");
    let mut screen = vt100::Parser::new(30.try_into().unwrap(), 100.try_into().unwrap(), 0);
    screen.process("OLD ".repeat(750).as_bytes());
    screen.process(raw.as_bytes());
    assert!(!screen.screen().contents().contains("OLD"), "{}", screen.screen().contents());
    // Drawing anew works whatever lies over the panes.
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 100, 30);
    terminal.shows("add").press("ap").shows("New ");
    terminal.screen.process(b"\x1b[10;1HDISORDER");
    terminal.press("\x0c").until("order", |t| !t.text().contains("DISORDER")).shows("New ");
}

#[test]
fn a_workbench_that_is_ended_restores_the_terminal_and_says_where_the_work_is() {
    let ends = [
        ("-TERM", 15, "ended by SIGTERM"),
        ("-HUP", 1, "the terminal was closed (SIGHUP)"),
        ("-INT", 2, "interrupted (SIGINT)"),
    ];
    for (signal, number, why) in ends {
        let sandbox = Sandbox::new();
        sandbox.sconce(&["init", "shop.tm.ron", "--name", "Shop"]);
        let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 80, 24);
        terminal.shows("add").press("ap").shows("New ").press("Cache\r").shows("added Cache");
        let pid = terminal.child.process_id().unwrap().to_string();
        assert!(sandbox.command("kill").args([signal, &pid]).status().unwrap().success());
        assert_eq!(terminal.ends(), 128 + number);
        assert!(terminal.is_restored(), "{:?}", String::from_utf8_lossy(&terminal.raw));
        assert!(!sandbox.read("shop.tm.ron").contains("Cache"), "nothing was saved");
        let journals = std::fs::read_dir(sandbox.path("../state/journal/x").parent().unwrap()).unwrap();
        let journal = journals.map(|j| j.unwrap().path()).next().unwrap();
        assert!(std::fs::read_to_string(&journal).unwrap().contains("\"cache\": Process("));
        let raw = String::from_utf8_lossy(&terminal.raw).into_owned();
        let said: Vec<&str> = raw.lines().filter(|line| line.contains("sconce: ")).collect();
        let journal = journal.canonicalize().unwrap();
        let name = journal.file_name().unwrap().to_string_lossy();
        assert_eq!(said.len(), 1, "{raw}");
        assert!(said[0].contains(&format!("sconce: {why}; unsaved work is kept in the journal /")), "{}", said[0]);
        assert!(
            said[0].contains(&*name) && said[0].contains("`sconce shop.tm.ron` offers to take it over"),
            "{}",
            said[0]
        );
    }
}

#[test]
fn a_workbench_that_may_only_look_says_so_before_anything_is_typed() {
    let refused = |sandbox: &Sandbox, mark: &str, way_out: &str| {
        let before = sandbox.read("shop.tm.ron");
        let mut terminal = Terminal::open(sandbox, &["shop.tm.ron"], 100, 30);
        terminal.shows(mark).press("ap").shows("This model is open read-only").shows(way_out);
        terminal.press("\x1b").until("the page is gone", |t| !t.text().contains("This model is open"));
        // The mark stays, looking goes on, saving says the same, and leaving asks nothing.
        terminal.press("2").shows("[2 Threats]").shows(mark).press("S").shows("This model is open read-only");
        terminal.press("\x1b").until("the page is gone", |t| !t.text().contains("This model is open")).press("q");
        assert_eq!(terminal.ends(), 0);
        assert_eq!(sandbox.read("shop.tm.ron"), before);
    };
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", crate::cli::SMALL);
    let mut first = Terminal::open(&sandbox, &["shop.tm.ron"], 80, 24);
    first.shows("saved");
    refused(&sandbox, "read-only: tester has it open", "remove .shop.tm.ron.lock");
    first.press("q");
    assert_eq!(first.ends(), 0);
    let mut file = std::fs::metadata(sandbox.path("shop.tm.ron")).unwrap().permissions();
    file.set_readonly(true);
    std::fs::set_permissions(sandbox.path("shop.tm.ron"), file).unwrap();
    refused(&sandbox, "read-only: so marked on disk", "chmod u+w shop.tm.ron");
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", crate::cli::SMALL.replace("(1, 0)", "(1, 7)"));
    refused(&sandbox, "read-only: newer format 1.7", "use a newer sconce");
}

/// A terminal that can only print lines gets lines.
#[test]
fn a_terminal_without_a_screen_gets_plain_text() {
    let sandbox = shop();
    let mut terminal = Terminal::open_with(&sandbox, &["shop.tm.ron"], (80, 30), &[("TERM", "dumb")]);
    assert_eq!(terminal.ends(), 0);
    let text = terminal.text();
    assert!(text.contains("TERM is dumb") && text.contains("sconce walk"), "{text}");
    assert!(!String::from_utf8_lossy(&terminal.raw).contains('\u{1b}'), "{text}");
}

#[test]
fn a_suspended_workbench_comes_back() {
    let sandbox = Sandbox::new();
    sandbox.sconce(&["init", "shop.tm.ron", "--name", "Shop"]);
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 80, 24);
    terminal.shows("add").press("ap").shows("New ").press("Cache\r").shows("added Cache");
    let pid = terminal.child.process_id().unwrap().to_string();
    // This terminal answers no question, as when the thread that reads keys takes the answer.
    for _ in 0..3 {
        terminal.press("\x1a").until("the shell", |t| !t.screen.screen().alternate_screen());
        assert!(terminal.is_restored());
        terminal.until("the workbench", |t| {
            // The first may come before the program has stopped.
            assert!(sandbox.command("kill").args(["-CONT", &pid]).status().unwrap().success());
            t.screen.screen().alternate_screen()
        });
        terminal.shows("Cache").shows("open");
    }
    terminal.press("q").shows("nsaved").press("D");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn unsaved_work_is_asked_about_before_leaving() {
    let sandbox = Sandbox::new();
    sandbox.sconce(&["init", "shop.tm.ron", "--name", "Shop"]);
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 100, 30);
    terminal.shows("add").press("ap").shows("New ").press("Web\r").shows("Web").press("q").shows("nsaved");
    terminal.shows("save and leave").press("S");
    assert_eq!(terminal.ends(), 0);
    assert!(sandbox.read("shop.tm.ron").contains("\"web\": Process("));
}

#[test]
fn hostile_names_never_reach_the_terminal() {
    let sandbox = Sandbox::new();
    let nasty = "Cust\x1b]0;title\x07\u{202e}\u{9b}2Jomer";
    sandbox.write("shop.tm.ron", crate::cli::SMALL.replace("Customer", nasty).as_bytes());
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 100, 30);
    terminal.shows("Shop").press("q");
    assert_eq!(terminal.ends(), 0);
    let raw = String::from_utf8_lossy(&terminal.raw);
    assert!(!raw.contains("\x1b]0;title") && !raw.contains('\u{202e}') && !raw.contains("\u{9b}2J"));
}

#[test]
fn idle_costs_nothing() {
    let sandbox = Sandbox::new();
    sandbox.sconce(&["init", "shop.tm.ron", "--name", "Shop"]);
    let mut terminal = Terminal::open(&sandbox, &["shop.tm.ron"], 80, 24);
    terminal.shows("add");
    while terminal.output.recv_timeout(Duration::from_millis(300)).is_ok() {}
    assert!(terminal.output.recv_timeout(Duration::from_secs(1)).is_err(), "something is drawn without a reason");
    terminal.press("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_picture_that_is_wider_than_the_terminal_says_what_to_do() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", crate::cli::SMALL);
    for (columns, hint) in [(20, true), (100, false)] {
        let mut terminal = Terminal::open(&sandbox, &["render", "shop.tm.ron"], columns, 24);
        assert_eq!(terminal.ends(), 0);
        let raw = String::from_utf8_lossy(&terminal.raw);
        let said = raw.contains("columns wide, the terminal 20:") && raw.contains("render shop.tm.ron | less -S");
        assert_eq!(said, hint, "{raw}");
    }
}

#[test]
fn text_to_read_fits_the_terminal() {
    let sandbox = Sandbox::new();
    let model = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/storefront.tm.ron");
    std::fs::copy(model, sandbox.path("s.tm.ron")).unwrap();
    let runs: [(&[&str], u16, &str); 4] = [
        (&["explain", "core.d.no-rate-limit"], 60, "How it decides"),
        (&["questions", "s.tm.ron"], 50, "decides"),
        (&["threats", "s.tm.ron"], 120, "THREAT"),
        // Longer lines tire the eye.
        (&["explain", "core.d.no-rate-limit"], 200, "How it decides"),
    ];
    for (args, columns, word) in runs {
        let mut terminal = Terminal::open(&sandbox, args, columns, 24);
        assert_eq!(terminal.ends(), 0);
        let raw = String::from_utf8_lossy(&terminal.raw).into_owned();
        let wide = raw.lines().map(|line| unicode_width::UnicodeWidthStr::width(line.trim_end())).max();
        let most = if columns == 120 { 120 } else { usize::from(columns).min(100) };
        assert!(raw.contains(word) && wide.unwrap() <= most, "{args:?} {columns}: {wide:?}\n{raw}");
    }
}

const TOLD: &str = "of 800 versions";

/// A repository with so many versions of a model that reading them takes a while.
fn long_history() -> Sandbox {
    use std::fmt::Write as _;
    let sandbox = Sandbox::new();
    let model = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/storefront.tm.ron");
    let model = std::fs::read_to_string(model).unwrap();
    let mut stream = String::new();
    for n in 0..800 {
        let text = format!("{model}// {n}\n");
        let at = 1_790_000_000 + n;
        let _ = write!(
            stream,
            "commit refs/heads/main\ncommitter ana <ana@example.org> {at} +0000\ndata 1\nv\n\
             M 100644 inline shop.tm.ron\ndata {}\n{text}\n",
            text.len()
        );
    }
    sandbox.write("stream", stream);
    let line = "git init -q -b main . && git fast-import --quiet < stream && rm stream && git checkout -q -f main";
    assert!(sandbox.command("sh").args(["-c", line]).status().unwrap().success());
    sandbox
}

#[test]
fn a_long_history_tells_how_far_it_is_and_leaves_nothing_behind() {
    let sandbox = long_history();
    let mut terminal = Terminal::open(&sandbox, &["metrics", "--git"], 80, 250);
    terminal.tells(TOLD);
    assert_eq!(terminal.ends(), 0);
    assert!(!terminal.text().contains("parsed"), "{}", terminal.text());
    assert!(terminal.text().contains("800 versions of shop.tm.ron"), "{}", terminal.text());
    // What was read is kept: nothing takes long enough to be told.
    let mut again = Terminal::open(&sandbox, &["metrics", "--git"], 80, 250);
    assert_eq!(again.ends(), 0);
    assert!(!String::from_utf8_lossy(&again.raw).contains("parsed"));
    assert_eq!(again.text(), terminal.text());
}

#[test]
fn reading_a_long_history_can_be_given_up() {
    let sandbox = long_history();
    let mut terminal = Terminal::open(&sandbox, &["metrics", "--git"], 80, 250);
    terminal.tells(TOLD).press("\x03");
    assert_ne!(terminal.ends(), 0);
    assert_eq!(terminal.text().trim(), "");
    // What was read until then is kept.
    let kept = std::fs::read_to_string(sandbox.kept("registers")).unwrap();
    let read = kept.lines().filter(|line| line.starts_with("m ")).count();
    assert!((1..=800).contains(&read), "{read}");
}
