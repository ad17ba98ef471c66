//! The line that whole runs are held to: `sconce update` on a large model (load, evaluate with its packs, write the
//! register) beside the `ron` crate reading the same file, register included, into plain structs. Both are processes of
//! their own, in turn, and what is compared is their processor time. It measures; it never fails on a time.
//!
//! `cargo bench --bench line -- FILE.tm.ron ...`; without a file, synthetic models of 1,000 and 10,000 elements.
//! Processor time is read from `/proc`, so it runs on Linux alone.

#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

mod generator;
mod plain;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sconce::file::Document;

/// Runs of each of the two.
const RUNS: u32 = 20;
/// Processor time is counted in hundredths of a second there (`getconf CLK_TCK`).
const TICK_MS: f64 = 10.0;
/// With this argument the program only reads a file, and so is what is compared with.
const READ: &str = "--read-with-ron";

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [flag, file] = &args[..]
        && flag == READ
    {
        let text = std::fs::read_to_string(file).expect("the file can be read");
        let options =
            ron::Options::default().with_default_extension(ron::extensions::Extensions::UNWRAP_VARIANT_NEWTYPES);
        let model: plain::ThreatModel = options.from_str(&text).expect("the file is of the synthetic shape");
        std::mem::forget(model);
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let files = if args.is_empty() { synthetic(folder.path()) } else { args.iter().map(PathBuf::from).collect() };
    println!("processor time of a whole process, mean of {RUNS} runs each, in turn");
    for file in files {
        line(&file, folder.path());
    }
}

fn synthetic(folder: &Path) -> Vec<PathBuf> {
    let write = |n: usize| {
        let path = folder.join(format!("synthetic-{n}.tm.ron"));
        std::fs::write(&path, Document::new(generator::model(n)).text()).expect("the folder can be written to");
        path
    };
    [1_000, 10_000].map(write).to_vec()
}

/// Measures one file.
fn line(file: &Path, folder: &Path) {
    let fresh = folder.join("fresh.tm.ron");
    let text = std::fs::read(file).expect("the file can be read");
    let update = || {
        std::fs::write(&fresh, &text).expect("the folder can be written to");
        let mut sconce = Command::new(env!("CARGO_BIN_EXE_sconce"));
        sconce.args(["update", "--now", "2026-11-23", "--as", "bench"]).arg(&fresh);
        sconce.env("XDG_STATE_HOME", folder).env("XDG_CONFIG_HOME", folder);
        processor_time(&mut sconce)
    };
    update();
    let written = folder.join("written.tm.ron");
    std::fs::copy(&fresh, &written).expect("the file can be copied");
    let read = || processor_time(Command::new(std::env::current_exe().expect("a path")).arg(READ).arg(&written));
    read();
    let (mut ours, mut theirs) = (0.0, 0.0);
    for _ in 0..RUNS {
        ours += update();
        theirs += read();
    }
    let (ours, theirs) = (ours / f64::from(RUNS), theirs / f64::from(RUNS));
    let bytes = std::fs::metadata(&written).map_or(0, |data| data.len());
    println!(
        "{}: {:.1} MB with its register; sconce update {ours:.1} ms, ron {theirs:.1} ms, ratio {:.2}",
        file.display(),
        f64::from(u32::try_from(bytes / 1000).unwrap_or(u32::MAX)) / 1e3,
        ours / theirs
    );
}

/// Runs a program and returns the processor time that it took, in milliseconds.
fn processor_time(command: &mut Command) -> f64 {
    let before = of_children();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the program starts");
    assert!(status.success(), "{command:?} ends well");
    (of_children() - before) * TICK_MS
}

/// Ticks of processor time of all children that ended, user and system (proc_pid_stat(5), fields 16 and 17).
fn of_children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("there is /proc");
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    after_name.split_whitespace().skip(13).take(2).filter_map(|field| field.parse::<f64>().ok()).sum()
}
