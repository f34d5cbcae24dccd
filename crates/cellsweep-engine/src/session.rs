//! DataFusion, set up once for every use: one partition a worker, bounded memory, spill.

use std::sync::Arc;

use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::{EngineError, EngineSettings};

/// Rows of the batches that flow through a plan.
pub const BATCH_ROWS: usize = 8_192;

/// A context for one worker: its share of the memory, no threads of its own.
pub fn context(settings: &EngineSettings) -> Result<SessionContext, EngineError> {
    let share = settings.memory_bytes / (settings.threads.max(1) as u64 * 2);
    let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Directories(vec![settings.spill_dir.clone()]));
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(usize::try_from(share).unwrap_or(usize::MAX))))
        .with_disk_manager_builder(disk)
        .build_arc()?;
    let config = SessionConfig::new()
        .with_target_partitions(1)
        .with_batch_size(BATCH_ROWS)
        .with_parquet_pruning(true)
        .with_collect_statistics(false);
    Ok(SessionContext::new_with_config_rt(config, runtime))
}

/// A runtime that polls on the calling thread: the workers are the parallelism.
pub fn runtime() -> Result<tokio::runtime::Runtime, EngineError> {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|source| EngineError::Io { path: "tokio runtime".into(), source })
}
