//! How things are written for the line.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ClusterError;

/// Who asks for work, in the query.
pub const WORK: &str = "/v1/work";
/// A task's job and number, beside its body.
pub const JOB_HEADER: &str = "cellsweep-job";
pub const TASK_HEADER: &str = "cellsweep-task";
/// How long an answer is waited for, at most, in seconds.
pub const WAIT_S: u64 = 10;

pub fn pack<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, ClusterError> {
    postcard::to_allocvec(value).map_err(|error| ClusterError::Wire(error.to_string()))
}

pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ClusterError> {
    postcard::from_bytes(bytes).map_err(|error| ClusterError::Wire(error.to_string()))
}

/// Files one behind the other, each behind its length: no byte of them is looked at.
pub fn pack_files(files: &[Vec<u8>]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(files.iter().map(|file| file.len() + 8).sum());
    for file in files {
        packed.extend((file.len() as u64).to_le_bytes());
        packed.extend(file);
    }
    packed
}

pub fn unpack_files<const N: usize>(mut packed: &[u8]) -> Result<[Vec<u8>; N], ClusterError> {
    let cut = || ClusterError::Wire("files that are cut off".to_owned());
    let mut files = std::array::from_fn(|_| Vec::new());
    for file in &mut files {
        let (length, rest) = packed.split_first_chunk().ok_or_else(cut)?;
        let (bytes, rest) = rest.split_at_checked(u64::from_le_bytes(*length) as usize).ok_or_else(cut)?;
        *file = bytes.to_owned();
        packed = rest;
    }
    packed.is_empty().then_some(files).ok_or_else(cut)
}

/// What the scheduler says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Status {
    /// Executors that ask for work.
    pub executors: usize,
    /// Tasks that they do at once, together.
    pub slots: usize,
    /// Jobs that are not ended.
    pub jobs: usize,
    /// Tasks that wait, and those that somebody is at.
    pub waiting: usize,
    pub under_way: usize,
    /// What bodies and results take, in bytes.
    pub bytes: u64,
    /// The version of its program.
    pub version: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_back_and_a_cut_is_noticed() {
        let files = [vec![1, 2, 3], vec![], vec![9; 300]];
        let packed = pack_files(&files);
        assert_eq!(unpack_files::<3>(&packed).unwrap(), files);
        for cut in 0..packed.len() {
            assert!(unpack_files::<3>(&packed[..cut]).is_err(), "{cut}");
        }
        assert!(unpack_files::<2>(&packed).is_err());
    }
}
