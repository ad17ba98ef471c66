//! The real program in a real terminal: it draws, takes keys, saves, and leaves the terminal as it was.
#![cfg(unix)]

use std::io::{Read as _, Write as _};
use std::num::NonZero;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};

use super::SHOP;

/// How long the program may take for anything before a test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running workbench.
struct Session {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn std::io::Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    raw: Vec<u8>,
    folder: tempfile::TempDir,
    _pair: Box<dyn portable_pty::MasterPty + Send>,
}

impl Session {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("shop.tm.ron"), SHOP).unwrap();
        Self::start_in(folder)
    }

    fn start_in(folder: tempfile::TempDir) -> Self {
        let path = folder.path().join("shop.tm.ron");
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_sconce"));
        command.args([path.as_os_str(), "--as".as_ref(), "ana".as_ref(), "--now".as_ref(), "2026-11-23".as_ref()]);
        command.env("SCONCE_STATE_DIR", folder.path().join("state"));
        command.env("TERM", "xterm-256color");
        command.env("NO_COLOR", "1");
        command.cwd(folder.path());
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let (mut reader, keys) = (pair.master.try_clone_reader().unwrap(), pair.master.take_writer().unwrap());
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        let screen = vt100::Parser::new(NonZero::new(24).unwrap(), NonZero::new(80).unwrap(), 0);
        Self { child, keys, output, screen, raw: Vec::new(), folder, _pair: pair.master }
    }

    /// Waits until the screen shows a text.
    fn wait_for(&mut self, text: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.screen.screen().contents().contains(text) {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(bytes) = self.output.recv_timeout(left) else {
                panic!("{text:?} never came:\n{}", self.screen.screen().contents())
            };
            self.screen.process(&bytes);
            self.raw.extend(bytes);
        }
    }

    fn type_in(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Waits for the end; the exit code, and what the program did to the terminal at last.
    fn end(mut self) -> (u32, vt100::Parser, tempfile::TempDir) {
        let until = Instant::now() + PATIENCE;
        let code = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status.exit_code();
            }
            assert!(Instant::now() < until, "it does not end:\n{}", self.screen.screen().contents());
            std::thread::sleep(Duration::from_millis(10));
        };
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(300)) {
            self.screen.process(&bytes);
        }
        (code, self.screen, self.folder)
    }
}

fn is_restored(parser: &vt100::Parser) {
    let screen = parser.screen();
    assert!(!screen.alternate_screen());
    assert!(!screen.hide_cursor());
    assert!(!screen.bracketed_paste());
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
}

#[test]
fn it_draws_edits_saves_and_leaves_the_terminal_as_it_was() {
    let mut session = Session::start();
    session.wait_for("Web app");
    session.wait_for("? help");
    assert!(session.screen.screen().alternate_screen());
    session.type_in("ap");
    session.wait_for("New process");
    session.type_in("Cache\r");
    session.wait_for("added Cache");
    session.type_in("S");
    session.wait_for("saved");
    session.type_in("q");
    let (code, screen, folder) = session.end();
    assert_eq!(code, 0);
    is_restored(&screen);
    let text = std::fs::read_to_string(folder.path().join("shop.tm.ron")).unwrap();
    assert!(text.contains("\"cache\": Process("), "{text}");
}

#[test]
fn a_signal_leaves_the_terminal_as_it_was_and_the_work_in_the_journal() {
    let mut session = Session::start();
    session.wait_for("Web app");
    session.type_in("apCache\r");
    session.wait_for("added Cache");
    let id = session.child.process_id().unwrap();
    let ended = std::process::Command::new("kill").args(["-TERM", &id.to_string()]).status().unwrap();
    assert!(ended.success());
    let (_, screen, folder) = session.end();
    is_restored(&screen);
    assert_eq!(std::fs::read_to_string(folder.path().join("shop.tm.ron")).unwrap(), SHOP, "nothing was saved");
    let journals = std::fs::read_dir(folder.path().join("state/journal")).unwrap();
    let kept = journals.map(|j| std::fs::read_to_string(j.unwrap().path()).unwrap()).collect::<String>();
    assert!(kept.contains("\"cache\": Process("), "{kept}");
    // The next sitting offers it.
    let mut session = Session::start_in(folder);
    session.wait_for("Unsaved work was found");
    session.type_in("R");
    session.wait_for("the unsaved work is back");
    session.type_in("S");
    session.wait_for("recorded");
    session.type_in("q");
    let (code, screen, folder) = session.end();
    is_restored(&screen);
    assert_eq!(code, 0);
    assert!(std::fs::read_to_string(folder.path().join("shop.tm.ron")).unwrap().contains("\"cache\": Process("));
}

#[test]
fn idle_costs_nothing() {
    let mut session = Session::start();
    session.wait_for("? help");
    while session.output.recv_timeout(Duration::from_millis(300)).is_ok() {}
    assert!(session.output.recv_timeout(Duration::from_secs(1)).is_err(), "something is drawn without a reason");
    session.type_in("q");
    assert_eq!(session.end().0, 0);
}
