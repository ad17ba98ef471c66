//! A folder and an environment of its own for running the built program. It tests nothing itself.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The day on which every test happens.
pub(crate) const TODAY: &str = "2026-11-23";

/// A folder with nothing in it, and a program that sees nothing else.
pub(crate) struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// The only file of a kind that is kept outside the working folder.
    pub(crate) fn kept(&self, kind: &str) -> PathBuf {
        let mut files = std::fs::read_dir(self.folder.path().join("cache").join(kind)).unwrap();
        let file = files.next().unwrap().unwrap().path();
        assert!(files.next().is_none());
        file
    }

    /// Where a file of the working folder is; the folder around it is made.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join("work").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.path(name), text).unwrap();
        self
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// A command in this sandbox: no home, no configuration, no colour, no git identity.
    pub(crate) fn command(&self, program: &str) -> Command {
        let work = self.folder.path().join("work");
        std::fs::create_dir_all(&work).unwrap();
        let mut command = Command::new(program);
        command
            .current_dir(&work)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("SCONCE_STATE_DIR", self.folder.path().join("state"))
            .env("SCONCE_CACHE_DIR", self.folder.path().join("cache"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("GIT_CEILING_DIRECTORIES", self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program as `tester` on [`TODAY`].
    pub(crate) fn sconce(&self, args: &[&str]) -> Output {
        let mut command = self.command(env!("CARGO_BIN_EXE_sconce"));
        command.args(args).args(["--as", "tester", "--now", TODAY]).output().unwrap()
    }

    /// Runs the program and shows what a person would see: exit code, standard output, standard error.
    pub(crate) fn picture(&self, args: &[&str]) -> String {
        let output = self.sconce(args);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut picture = format!("$ sconce {}\n{}", args.join(" "), text(&output.stdout));
        if !output.stderr.is_empty() {
            picture.push_str("--- stderr\n");
            picture.push_str(&text(&output.stderr));
        }
        let code = output.status.code().map_or("signal".to_owned(), |c| c.to_string());
        let _ = writeln!(picture, "--- exit {code}");
        picture.replace(&*self.folder.path().to_string_lossy(), "[folder]")
    }
}
