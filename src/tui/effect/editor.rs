//! Long texts in the editor of the user's choice. It writes a file of its own, runs a program and reads the file again;
//! what the text is for is known elsewhere.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

/// Lets somebody edit a text. The error says why there is no new one.
pub(super) fn edit(text: &str, var: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let editor = ["VISUAL", "EDITOR"].into_iter().find_map(|name| var(name).filter(|value| !value.trim().is_empty()));
    let editor = editor.unwrap_or_else(|| if cfg!(windows) { "notepad" } else { "vi" }.to_owned());
    let path = write(text).map_err(|error| format!("no file for the editor could be written: {error}"))?;
    let ended = run(&editor, &path);
    let edited = fs::read_to_string(&path);
    let _ = fs::remove_file(&path);
    match ended {
        Err(error) => Err(format!("the editor `{editor}` cannot be started: {error}; set EDITOR to another one")),
        Ok(status) if !status.success() => Err(format!("the editor `{editor}` failed ({status}); nothing was changed")),
        Ok(_) => edited.map(|text| text.trim_end().to_owned()).map_err(|error| format!("the text is lost: {error}")),
    }
}

/// A new file that nobody else can read.
fn write(text: &str) -> io::Result<PathBuf> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for n in 0_u32.. {
        let path = std::env::temp_dir().join(format!("sconce-{}-{n}.md", std::process::id()));
        match options.open(&path) {
            Ok(mut file) => {
                file.write_all(text.as_bytes())?;
                if !text.is_empty() {
                    file.write_all(b"\n")?;
                }
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && n < 1000 => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Runs it as git does: the setting may have arguments and quotes, which are the shell's to understand.
#[cfg(unix)]
fn run(editor: &str, path: &Path) -> io::Result<ExitStatus> {
    Command::new("sh").arg("-c").arg(format!("{editor} \"$@\"")).arg(editor).arg(path).status()
}

#[cfg(not(unix))]
fn run(editor: &str, path: &Path) -> io::Result<ExitStatus> {
    let mut words = editor.split_whitespace();
    Command::new(words.next().unwrap_or("notepad")).args(words).arg(path).status()
}
