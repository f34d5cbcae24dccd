use std::io::{Read, Write};

use proptest::prelude::*;

use super::*;

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|n| (n * 31 % 251) as u8).collect()
}

fn both() -> [Keeping; 2] {
    [Keeping::Plain, Keeping::Sealed(FileKey::from_bytes([7; 32]))]
}

#[test]
fn what_is_written_comes_back_and_nothing_of_it_shows() {
    let dir = tempfile::tempdir().unwrap();
    for (n, keeping) in both().into_iter().enumerate() {
        for size in [0, 1, 500, file::PART - 1, file::PART, file::PART + 1, 3 * file::PART] {
            let path = dir.path().join(format!("{n}-{size}"));
            keeping.write(&path, &bytes(size)).unwrap();
            assert!(keeping.read(&path).unwrap() == bytes(size), "{size}");
            let mut streamed = Vec::new();
            keeping.open(&path).unwrap().stream().read_to_end(&mut streamed).unwrap();
            assert!(streamed == bytes(size), "{size} as a stream");
            assert!(keeping.write(&path, b"again").is_err(), "a file is written once");
            let raw = std::fs::read(&path).unwrap();
            assert_eq!(n == 0, raw == bytes(size), "{size}");
        }
    }
}

#[test]
fn another_key_a_changed_byte_and_a_cut_are_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let [_, keeping] = both();
    for size in [0, 1, file::PART, 2 * file::PART + 9] {
        let path = dir.path().join("sealed");
        let _ = std::fs::remove_file(&path);
        keeping.write(&path, &bytes(size)).unwrap();
        let other = Keeping::Sealed(FileKey::from_bytes([8; 32]));
        assert!(other.read(&path).is_err(), "{size}: another key");
        let whole = std::fs::read(&path).unwrap();
        for at in [0, 9, file::HEAD, whole.len() / 2, whole.len() - 1] {
            let mut altered = whole.clone();
            altered[at] ^= 1;
            std::fs::write(&path, altered).unwrap();
            assert!(keeping.read(&path).is_err(), "{size}: byte {at}");
        }
        let cuts = [0, 8, file::HEAD, file::HEAD + 5, file::HEAD + file::PART + file::TAG, whole.len() - 1];
        for cut in cuts.into_iter().filter(|cut| *cut < whole.len()) {
            std::fs::write(&path, &whole[..cut]).unwrap();
            assert!(keeping.open(&path).is_err(), "{size}: cut at {cut}");
        }
    }
}

#[test]
fn parts_have_their_places() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sealed");
    let [_, keeping] = both();
    keeping.write(&path, &bytes(3 * file::PART)).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let (head, parts) = whole.split_at(file::HEAD);
    let parts: Vec<&[u8]> = parts.chunks(file::PART + file::TAG).collect();
    for order in [vec![1, 0, 2], vec![0, 2], vec![0, 1], vec![0, 1, 2, 2]] {
        let list: Vec<u8> = order.iter().flat_map(|n| parts[*n]).copied().collect();
        std::fs::write(&path, [head, &list].concat()).unwrap();
        assert!(keeping.read(&path).is_err(), "{order:?}");
    }
}

#[test]
fn a_piece_opens_at_its_own_place_alone() {
    for keeping in both() {
        for size in [0, 1, 40, 70_000] {
            let kept = keeping.close_piece("day 1", &bytes(size)).unwrap();
            assert!(keeping.open_piece("day 1", kept).unwrap() == bytes(size), "{size}");
        }
    }
    let [_, keeping] = both();
    let kept = keeping.close_piece("day 1", &bytes(40)).unwrap();
    assert_ne!(kept, keeping.close_piece("day 1", &bytes(40)).unwrap(), "no two are alike");
    assert!(!kept.windows(8).any(|window| bytes(40).windows(8).any(|clear| clear == window)));
    assert!(keeping.open_piece("day 2", kept.clone()).is_err());
    let other = Keeping::Sealed(FileKey::from_bytes([8; 32]));
    assert!(other.open_piece("day 1", kept.clone()).is_err());
    for at in 0..kept.len() {
        let mut changed = kept.clone();
        changed[at] ^= 1;
        assert!(keeping.open_piece("day 1", changed).is_err(), "byte {at}");
        assert!(keeping.open_piece("day 1", kept[..at].to_vec()).is_err(), "cut at {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_range_is_what_it_is_in_the_file(
        size in 0usize..3 * file::PART,
        cuts in (0usize..3 * file::PART, 0usize..3 * file::PART),
        piece in 1usize..40_000,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let whole = bytes(size);
        let (from, to) = (cuts.0.min(cuts.1).min(size), cuts.0.max(cuts.1).min(size));
        for (n, keeping) in both().into_iter().enumerate() {
            let path = dir.path().join(n.to_string());
            let mut sink = keeping.create(&path).unwrap();
            for part in whole.chunks(piece) {
                sink.write_all(part).unwrap();
            }
            sink.finish().unwrap();
            let source = keeping.open(&path).unwrap();
            prop_assert_eq!(source.len() as usize, size);
            prop_assert!(source.read_range(from as u64..to as u64).unwrap() == whole[from..to]);
            prop_assert!(source.read_range(from as u64..size as u64 + 1).is_err());
        }
    }
}

/// A folder on another machine, which counts how often it is asked.
#[derive(Debug, Default)]
struct Elsewhere {
    files: std::collections::BTreeMap<String, Vec<u8>>,
    asked: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

struct Open(Vec<u8>, std::sync::Arc<std::sync::atomic::AtomicUsize>);

impl Raw for Open {
    fn size(&self) -> std::io::Result<u64> {
        Ok(self.0.len() as u64)
    }

    fn read_at(&mut self, start: u64, bytes: &mut [u8]) -> std::io::Result<()> {
        self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let start = start as usize;
        let found = self.0.get(start..start + bytes.len()).ok_or(std::io::ErrorKind::UnexpectedEof)?;
        bytes.copy_from_slice(found);
        Ok(())
    }
}

impl Far for Elsewhere {
    fn names(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    fn open(&self, path: &std::path::Path) -> std::io::Result<Box<dyn Raw>> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = self.files.get(&name).ok_or(std::io::ErrorKind::NotFound)?;
        Ok(Box::new(Open(bytes.clone(), self.asked.clone())))
    }
}

#[test]
fn a_file_on_another_machine_is_read_in_few_large_parts() {
    let dir = tempfile::tempdir().unwrap();
    let size = 9 * file::PART + 77;
    for keeping in both() {
        let name = format!("{}", keeping.key().is_some());
        keeping.write(&dir.path().join(&name), &bytes(size)).unwrap();
        let files = [(name.clone(), std::fs::read(dir.path().join(&name)).unwrap())].into();
        let far = std::sync::Arc::new(Elsewhere { files, ..Elsewhere::default() });
        let there = Keeping::Far(far.clone(), keeping.key().cloned());
        let folder = std::path::Path::new("case");
        assert_eq!(there.files(folder).unwrap(), [folder.join(&name)]);
        let source = there.open(&folder.join(&name)).unwrap();
        let opened = far.asked.load(std::sync::atomic::Ordering::Relaxed);
        for range in [0..size, 5..file::PART + 9, file::PART - 1..file::PART + 1, size - 1..size, 40_000..120_000, 3..3]
        {
            let before = far.asked.load(std::sync::atomic::Ordering::Relaxed);
            let read = source.read_range(range.start as u64..range.end as u64).unwrap();
            assert!(read == bytes(size)[range.clone()], "{range:?}");
            let asked = far.asked.load(std::sync::atomic::Ordering::Relaxed) - before;
            assert!(asked <= 1, "{range:?}: asked {asked} times");
        }
        assert!(opened <= 2, "asked {opened} times to open it");
        assert!(source.read_range(0..size as u64 + 1).is_err());
        assert!(there.open(&folder.join("none")).is_err());
        assert!(there.write(&folder.join("new"), b"bytes").is_err(), "it is read only");
    }
    let altered = {
        let [_, keeping] = both();
        let path = dir.path().join("altered");
        keeping.write(&path, &bytes(size)).unwrap();
        let mut raw = std::fs::read(&path).unwrap();
        raw[3 * (file::PART + file::TAG)] ^= 1;
        let far = Elsewhere { files: [("altered".to_owned(), raw)].into(), ..Elsewhere::default() };
        Keeping::Far(std::sync::Arc::new(far), keeping.key().cloned())
    };
    let source = altered.open(std::path::Path::new("altered")).unwrap();
    assert!(source.read_range(0..size as u64).is_err(), "a changed byte among parts that are read at once");
}
