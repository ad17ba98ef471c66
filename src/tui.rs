//! The screen. (Being built.)

/// Placeholder until the screen joins.
pub fn run(_: crate::workbench::Workbench) -> std::process::ExitCode {
    std::process::ExitCode::from(4)
}
