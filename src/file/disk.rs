//! Files on disk: opening what may be hostile, saving so that nothing is ever lost.
//! It knows bytes and paths; what stands in them is for the rest of the room.

mod error;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

use super::LARGEST;
pub use error::{Changed, DiskError, SaveError, plain};

/// SHA-256 of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a text.
    pub fn of(text: &str) -> Self {
        Self::of_parts([text])
    }

    /// The fingerprint of a text that is in parts.
    pub fn of_parts<'p>(parts: impl IntoIterator<Item = &'p str>) -> Self {
        let hash = parts.into_iter().fold(Sha256::new(), Digest::chain_update);
        Self(hash.finalize().into())
    }

    /// As 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
        self.0.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
    }
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What was in it when it was last read or saved.
    pub text: Arc<String>,
    /// The path as it was given.
    pub path: PathBuf,
    /// Where it really is, symbolic links followed; saves go there.
    pub target: PathBuf,
    fingerprint: OnceLock<Fingerprint>,
}

impl Opened {
    /// The fingerprint of the text.
    pub fn fingerprint(&self) -> Fingerprint {
        *self.fingerprint.get_or_init(|| Fingerprint::of(&self.text))
    }

    fn holds(&mut self, text: &Arc<String>) {
        self.text = Arc::clone(text);
        self.fingerprint = OnceLock::new();
    }
}

/// Opens and reads a file without ever waiting for it. A link in a repository is followed only to what is in it.
pub fn open(path: &Path) -> Result<Opened, DiskError> {
    stays_inside(path)?;
    let target = path.canonicalize().map_err(|error| DiskError::of(path, error))?;
    let text = Arc::new(read_plain(path, &target)?);
    Ok(Opened { text, path: path.to_owned(), target, fingerprint: OnceLock::new() })
}

/// Refuses a path in which a link that lies in a repository leads out of it, be it the file or a folder on the way. A
/// repository that is itself reached by a link is none the worse for it.
fn stays_inside(path: &Path) -> Result<(), DiskError> {
    let whole = std::path::absolute(path).map_err(|error| DiskError::of(path, error))?;
    let whole_parts = whole.components().count();
    let mut at = PathBuf::new();
    for (n, part) in whole.components().enumerate() {
        if part == Component::ParentDir {
            at.pop();
            continue;
        }
        let link = at.join(part);
        if !link.is_symlink() {
            at = link;
            continue;
        }
        // A link to nothing leads nowhere; who uses the path will find out.
        let Ok(to) = link.canonicalize() else { return Ok(()) };
        let root = at.ancestors().find(|folder| folder.join(".git").exists()).and_then(|r| r.canonicalize().ok());
        if root.is_some_and(|root| !to.starts_with(root)) {
            let link = if n + 1 == whole_parts { path.to_owned() } else { link };
            return Err(DiskError::Outside(path.to_owned(), link, to));
        }
        at = to;
    }
    Ok(())
}

/// Opens a plain file; with how many bytes it seems to have.
fn open_plain(path: &Path, target: &Path) -> Result<(File, usize), DiskError> {
    let fail = |error| DiskError::of(path, error);
    check(path, &fs::metadata(target).map_err(fail)?)?;
    let file = options().read(true).open(target).map_err(fail)?;
    // Looked at again: what the path leads to may have changed in between.
    let about = file.metadata().map_err(fail)?;
    check(path, &about)?;
    Ok((file, usize::try_from(about.len()).unwrap_or(0)))
}

fn read_plain(path: &Path, target: &Path) -> Result<String, DiskError> {
    let (file, length) = open_plain(path, target)?;
    // One byte more, or the buffer would grow only to find out that nothing follows.
    let mut bytes = Vec::with_capacity(length + 1);
    file.take(LARGEST as u64 + 1).read_to_end(&mut bytes).map_err(|error| DiskError::of(path, error))?;
    if bytes.len() > LARGEST {
        return Err(DiskError::TooLarge(path.to_owned(), bytes.len() as u64));
    }
    if let Some(order) = utf16(&bytes) {
        return Err(DiskError::Utf16(path.to_owned(), order));
    }
    String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..byte].split(|b| *b == b'\n').count();
        DiskError::NotUtf8(path.to_owned(), byte, line)
    })
}

/// The byte order of a text in UTF-16, with or without its mark.
fn utf16(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, ..] | [1..=255, 0, 1..=255, 0, ..] => Some("low byte first"),
        [0xfe, 0xff, ..] | [0, 1..=255, 0, 1..=255, ..] => Some("high byte first"),
        _ => None,
    }
}

fn check(path: &Path, about: &fs::Metadata) -> Result<(), DiskError> {
    if about.is_dir() {
        Err(DiskError::Directory(path.to_owned()))
    } else if !about.is_file() {
        Err(DiskError::NotAFile(path.to_owned()))
    } else if about.len() > LARGEST as u64 {
        Err(DiskError::TooLarge(path.to_owned(), about.len()))
    } else {
        Ok(())
    }
}

/// Options that neither wait for a pipe nor follow a last link.
pub(super) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or(0));
    }
    options
}

/// Replaces the file by a text in one step: a crash leaves the old text or the new one. Refused when the file is not
/// what was last read or saved.
pub fn save(opened: &mut Opened, text: &Arc<String>) -> Result<(), SaveError> {
    let target = opened.target.clone();
    unchanged(opened)?;
    let about = fs::metadata(&target).map_err(|e| SaveError::Disk(DiskError::of(&target, e)))?;
    if about.permissions().readonly() {
        return Err(SaveError::ReadOnly(target));
    }
    let fail = |error| SaveError::Disk(DiskError::of_writing(&target, error));
    let temporary = Temporary::write(&target, text.as_bytes(), Some(about.permissions())).map_err(fail)?;
    unchanged(opened)?;
    temporary.replace(&target).map_err(fail)?;
    opened.holds(text);
    Ok(())
}

/// Whether a file is still what was last read or saved.
pub fn unchanged(opened: &Opened) -> Result<(), SaveError> {
    if is_still(opened) {
        return Ok(());
    }
    match read_plain(&opened.path, &opened.target) {
        Ok(now) if now == *opened.text => Ok(()),
        Ok(now) => Err(SaveError::Changed(Box::new(Changed { path: opened.path.clone(), now }))),
        Err(_) if !opened.target.exists() => Err(SaveError::Gone(opened.path.clone())),
        // What cannot be read is not what was read, be it that somebody wrote Latin-1 or made a folder of it.
        Err(error) => Err(SaveError::Disk(error)),
    }
}

/// Whether a file can be read and holds what it should, compared piece by piece, so that it need not be in memory twice.
fn is_still(opened: &Opened) -> bool {
    let Ok((mut file, _)) = open_plain(&opened.path, &opened.target) else { return false };
    let mut rest = opened.text.as_bytes();
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece).map(|length| (length, rest.strip_prefix(&piece[..length]))) {
            Ok((0, _)) => return rest.is_empty(),
            Ok((_, Some(behind))) => rest = behind,
            _ => return false,
        }
    }
}

/// So many bytes are compared at a time.
const PIECE: usize = 64 << 10;

/// Writes a file that must not exist yet.
pub fn create(path: &Path, text: &str) -> Result<Opened, DiskError> {
    stays_inside(path)?;
    write_new(path, text.as_bytes()).map_err(|e| DiskError::of_writing(path, e))?;
    open(path)
}

/// Keeps a text beside a file, as `NAME.orig` or the next such name that is free; where it is kept. A copy that is there
/// already is not made twice.
pub fn keep_copy(path: &Path, text: &str) -> Result<PathBuf, DiskError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".orig");
    let (mut at, mut n) = (PathBuf::from(&name), 1);
    loop {
        match write_new(&at, text.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if fs::read(&at).is_ok_and(|kept| kept == text.as_bytes()) {
                    return Ok(at);
                }
            }
            Err(error) => return Err(DiskError::of_writing(&at, error)),
            Ok(()) => return Ok(at),
        }
        n += 1;
        let mut next = name.clone();
        next.push(format!(".{n}"));
        at = PathBuf::from(next);
    }
}

/// Writes a file again that is gone, where it was.
pub fn restore(opened: &mut Opened, text: &Arc<String>) -> Result<(), SaveError> {
    let fail = |error| SaveError::Disk(DiskError::of_writing(&opened.target, error));
    write_new(&opened.target, text.as_bytes()).map_err(fail)?;
    opened.holds(text);
    Ok(())
}

/// Makes a file appear with its whole content, or fails when there is one.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let temporary = Temporary::write(path, bytes, None)?;
    match fs::hard_link(&temporary.path, path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied) => {
            // A file system without hard links: the name is taken first, then the content.
            let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
            file.write_all(bytes)?;
            file.sync_all()
        }
        result => result.and_then(|()| sync_folder(path)),
    }
}

/// A file beside another one; it goes when it is dropped.
struct Temporary {
    path: PathBuf,
}

impl Temporary {
    fn write(beside: &Path, bytes: &[u8], permissions: Option<fs::Permissions>) -> io::Result<Self> {
        use std::sync::atomic::{AtomicU32, Ordering};
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = beside.file_name().unwrap_or_default().to_string_lossy();
        let path = beside.with_file_name(format!(".{name}.{}-{count}.tmp", std::process::id()));
        let mut file = match options().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // Left by a process that had our number before and is gone.
                fs::remove_file(&path)?;
                options().write(true).create_new(true).open(&path)?
            }
            result => result?,
        };
        let temporary = Self { path };
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(temporary)
    }

    fn replace(self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        sync_folder(target)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // After a rename nothing is there any more; a file that cannot be removed does no harm.
        let _ = fs::remove_file(&self.path);
    }
}

/// Replaces a file of our own that nobody else writes.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Temporary::write(path, bytes, None)?.replace(path)
}

/// Removes temporary files that crashed processes left beside a file.
pub(super) fn sweep(beside: &Path, is_alive: impl Fn(u32) -> bool) {
    let Some(name) = beside.file_name().map(|n| n.to_string_lossy().into_owned()) else { return };
    for entry in fs::read_dir(folder_of(beside)).into_iter().flatten().flatten() {
        let found = entry.file_name();
        let middle = found
            .to_str()
            .and_then(|n| n.strip_prefix('.')?.strip_prefix(&*name)?.strip_prefix('.')?.strip_suffix(".tmp"));
        let pid = middle.and_then(|m| m.split_once('-')).and_then(|(pid, _)| pid.parse().ok());
        if pid.is_some_and(|pid: u32| !is_alive(pid)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes a rename last. Only Unix can open a folder.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder_of(path))?.sync_all()?;
    }
    Ok(())
}

/// The folder that a path is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
