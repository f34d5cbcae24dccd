//! DataFusion, set up once for every use: one partition a worker, bounded memory, spill.

use std::sync::Arc;

use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::{EngineError, EngineSettings};

/// Rows of the batches that flow through a plan.
pub const BATCH_ROWS: usize = 8_192;

/// What workers share: the bound on memory, the spill, and what was read of the files' footers.
pub fn shared(settings: &EngineSettings) -> Result<Arc<RuntimeEnv>, EngineError> {
    let share = usize::try_from(settings.memory_bytes / 2).unwrap_or(usize::MAX);
    let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Directories(vec![settings.spill_dir.clone()]));
    let shared = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(share)))
        .with_disk_manager_builder(disk)
        .build_arc()?;
    Ok(shared)
}

/// A context for one worker, with no threads of its own.
pub fn context(shared: &Arc<RuntimeEnv>) -> SessionContext {
    let config = SessionConfig::new()
        .with_target_partitions(1)
        .with_batch_size(BATCH_ROWS)
        .with_parquet_pruning(true)
        .with_collect_statistics(false);
    SessionContext::new_with_config_rt(config, Arc::clone(shared))
}

/// A runtime that polls on the calling thread: the workers are the parallelism.
pub fn runtime() -> Result<tokio::runtime::Runtime, EngineError> {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|source| EngineError::Io { path: "tokio runtime".into(), source })
}
