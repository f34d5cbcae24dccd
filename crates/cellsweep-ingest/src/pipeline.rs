//! Work in parallel, results in order.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

/// Runs `work` on every job, on `threads` threads beside the one that makes the jobs, and delivers
/// the results on the caller's thread in the jobs' order. At most `2 × threads` results wait, so
/// memory stays bounded however slow the caller is.
pub(crate) fn ordered<J: Send, R: Send, E>(
    threads: usize,
    jobs: impl Iterator<Item = J> + Send,
    work: impl Fn(J) -> R + Sync,
    mut deliver: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    if threads <= 1 {
        for job in jobs {
            deliver(work(job))?;
        }
        return Ok(());
    }
    std::thread::scope(|scope| {
        let (order_in, order_out) = sync_channel::<Receiver<R>>(threads * 2);
        let (work_in, work_out) = sync_channel::<(J, SyncSender<R>)>(threads);
        let work_out = std::sync::Arc::new(Mutex::new(work_out));
        scope.spawn(move || hand_out(jobs, &order_in, &work_in));
        for _ in 0..threads {
            let queue = std::sync::Arc::clone(&work_out);
            let work = &work;
            scope.spawn(move || work_off(&queue, work));
        }
        // Workers alone hold the queue, so that a worker's end is seen by who hands out.
        drop(work_out);
        for result in order_out {
            // A worker that panicked ends here; the scope passes its panic on.
            let Ok(result) = result.recv() else { break };
            deliver(result)?;
        }
        Ok(())
    })
}

fn hand_out<J, R>(
    jobs: impl Iterator<Item = J>,
    order: &SyncSender<Receiver<R>>,
    work: &SyncSender<(J, SyncSender<R>)>,
) {
    for job in jobs {
        let (result_in, result_out) = sync_channel(1);
        // An error means that the caller is gone: it failed and needs nothing more.
        if order.send(result_out).is_err() || work.send((job, result_in)).is_err() {
            return;
        }
    }
}

fn work_off<J, R>(queue: &Mutex<Receiver<(J, SyncSender<R>)>>, work: impl Fn(J) -> R) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((job, result)) = next else { return };
        // The caller may be gone.
        let _ = result.send(work(job));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_on_any_number_of_threads() {
        for threads in 1..5 {
            let mut seen = Vec::new();
            let done: Result<(), ()> = ordered(
                threads,
                0..500u64,
                |job| {
                    std::thread::sleep(std::time::Duration::from_micros(job * 7 % 50));
                    job * 2
                },
                |result| {
                    seen.push(result);
                    Ok(())
                },
            );
            assert_eq!(done, Ok(()));
            assert_eq!(seen, (0..500).map(|job| job * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_failing_caller_ends_it() {
        for threads in 1..4 {
            let done = ordered(threads, 0.., |job: u64| job, |result| if result == 10 { Err(result) } else { Ok(()) });
            assert_eq!(done, Err(10));
        }
    }
}
