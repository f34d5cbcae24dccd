//! How much memory the process held.

/// The most memory held since this was last asked, in bytes, where the system tells: Linux keeps
/// a high-water mark of resident memory and lets it be reset.
pub fn peak_since_last_asked() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    // Where it can't be reset, the mark is that of the whole process: more, never less.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    Some(kibibytes * 1024)
}
