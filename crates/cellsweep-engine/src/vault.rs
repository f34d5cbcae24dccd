//! The case's files as DataFusion asks for them: an object store that opens what is sealed and
//! knows no other files than those that it was told of. Nothing is written through it.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use bytes::Bytes;
use cellsweep_vault::Keeping;
use datafusion::datasource::object_store::ObjectStoreUrl;
use datafusion::object_store::path::Path as Place;
use datafusion::object_store::{
    self as store, CopyOptions, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult,
};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use parquet::file::metadata::{FooterTail, ParquetMetaData, ParquetMetaDataReader};

use crate::EngineError;

/// The bytes with which every Parquet file ends: the footer's length and the magic word.
const TAIL: u64 = 8;

/// Where the store is registered.
pub fn url() -> Result<ObjectStoreUrl, EngineError> {
    Ok(ObjectStoreUrl::parse("vault://case")?)
}

/// A file's name in the store: the import's number keeps files of the same name apart.
pub fn place(import: usize, path: &Path) -> Place {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Place::from_iter([import.to_string().as_str(), &*name])
}

/// A Parquet file's footer.
pub fn footer(path: &Path, keeping: &Keeping) -> Result<ParquetMetaData, EngineError> {
    let source = keeping.open(path).map_err(EngineError::io(path))?;
    let read = |from_end: u64| {
        let from = source.len().checked_sub(from_end).ok_or(io::ErrorKind::UnexpectedEof)?;
        source.read_range(from..source.len())
    };
    let tail = read(TAIL).map_err(EngineError::io(path))?;
    let tail = <[u8; TAIL as usize]>::try_from(tail.as_slice()).map_err(|_length| EngineError::Worker)?;
    let length = FooterTail::try_from(tail).map_err(EngineError::parquet(path))?.metadata_length();
    let bytes = read(length as u64 + TAIL).map_err(EngineError::io(path))?;
    ParquetMetaDataReader::decode_metadata(&bytes[..length]).map_err(EngineError::parquet(path))
}

/// The files by their places.
#[derive(Debug)]
pub struct Vault {
    files: HashMap<Place, (PathBuf, Keeping)>,
}

impl Vault {
    pub fn new(files: HashMap<Place, (PathBuf, Keeping)>) -> Self {
        Self { files }
    }

    fn file(&self, place: &Place) -> store::Result<&(PathBuf, Keeping)> {
        self.files.get(place).ok_or_else(|| missing(place, io::ErrorKind::NotFound.into()))
    }

    fn read(&self, place: &Place, ranges: &[Range<u64>]) -> store::Result<Vec<Bytes>> {
        let (path, keeping) = self.file(place)?;
        let source = keeping.open(path).map_err(|error| missing(place, error))?;
        let read = |range: &Range<u64>| source.read_range(range.clone()).map(Bytes::from);
        ranges.iter().map(read).collect::<Result<_, _>>().map_err(|error| broken(path, &error))
    }

    fn meta(&self, place: &Place) -> store::Result<ObjectMeta> {
        let (path, keeping) = self.file(place)?;
        let source = keeping.open(path).map_err(|error| broken(path, &error))?;
        let modified = path.metadata().and_then(|data| data.modified()).map_err(|error| broken(path, &error))?;
        let (location, size) = (place.clone(), source.len());
        Ok(ObjectMeta { location, last_modified: modified.into(), size, e_tag: None, version: None })
    }
}

fn missing(place: &Place, source: io::Error) -> store::Error {
    store::Error::NotFound { path: place.to_string(), source: source.into() }
}

fn broken(path: &Path, error: &io::Error) -> store::Error {
    store::Error::Generic { store: "case", source: format!("{}: {error}", path.display()).into() }
}

fn read_only<T>() -> store::Result<T> {
    Err(store::Error::NotSupported { source: "a case's files are not changed".into() })
}

impl fmt::Display for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the case's {} files", self.files.len())
    }
}

#[async_trait]
impl ObjectStore for Vault {
    async fn put_opts(&self, _: &Place, _: PutPayload, _: PutOptions) -> store::Result<PutResult> {
        read_only()
    }

    async fn put_multipart_opts(&self, _: &Place, _: PutMultipartOptions) -> store::Result<Box<dyn MultipartUpload>> {
        read_only()
    }

    async fn get_opts(&self, place: &Place, options: GetOptions) -> store::Result<GetResult> {
        let meta = self.meta(place)?;
        options.check_preconditions(&meta)?;
        let asked = options.range.as_ref().map_or(Ok(0..meta.size), |range| range.as_range(meta.size));
        let range = asked.map_err(|error| missing(place, io::Error::other(error)))?;
        let bytes = if options.head { Vec::new() } else { self.read(place, std::slice::from_ref(&range))? };
        let payload = GetResultPayload::Stream(stream::iter(bytes.into_iter().map(Ok)).boxed());
        Ok(GetResult { payload, meta, range, attributes: store::Attributes::default() })
    }

    async fn get_ranges(&self, place: &Place, ranges: &[Range<u64>]) -> store::Result<Vec<Bytes>> {
        self.read(place, ranges)
    }

    fn delete_stream(
        &self,
        places: BoxStream<'static, store::Result<Place>>,
    ) -> BoxStream<'static, store::Result<Place>> {
        places.map(|_| read_only()).boxed()
    }

    fn list(&self, prefix: Option<&Place>) -> BoxStream<'static, store::Result<ObjectMeta>> {
        let inside = |place: &&Place| prefix.is_none_or(|prefix| place.prefix_matches(prefix));
        let found: Vec<_> = self.files.keys().filter(inside).map(|place| self.meta(place)).collect();
        stream::iter(found).boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Place>) -> store::Result<ListResult> {
        let objects = self.list(prefix).collect::<Vec<_>>().await.into_iter().collect::<Result<_, _>>()?;
        Ok(ListResult { objects, common_prefixes: Vec::new() })
    }

    async fn copy_opts(&self, _: &Place, _: &Place, _: CopyOptions) -> store::Result<()> {
        read_only()
    }
}
