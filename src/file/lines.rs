//! Appending to a file of lines that others append to at the same time: a whole line or nothing, and never into the
//! middle of another one. It does not know what the lines say.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::disk::{self, DiskError};

/// Appends a line, and makes the file where there is none. A link is not followed.
pub fn append(path: &Path, line: &str) -> Result<(), DiskError> {
    let failed = |error: io::Error| match error.kind() {
        // Of a file that is there it is the file itself.
        io::ErrorKind::PermissionDenied if path.exists() => DiskError::Io(path.to_owned(), error),
        _ => DiskError::of_writing(path, error),
    };
    let mut file = disk::options().read(true).append(true).create(true).open(path).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(DiskError::NotAFile(path.to_owned()));
    }
    write(&mut file, line).map_err(failed)
}

fn write(file: &mut File, line: &str) -> io::Result<()> {
    // What an earlier run could not finish, or an editor left without an end, stays a line by itself.
    let before = if ends_inside_a_line(file)? { "\n" } else { "" };
    let whole = [before, line, "\n"].concat();
    // In one piece: where two runs append at once, the system puts one piece behind the other.
    let written = file.write(whole.as_bytes())?;
    if written < whole.len() {
        return Err(io::ErrorKind::StorageFull.into());
    }
    file.sync_data()
}

fn ends_inside_a_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}
