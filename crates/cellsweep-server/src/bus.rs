//! What happened, for those who watch: numbered, kept for a while, so that whoever reconnects misses nothing.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use tokio::sync::broadcast;

/// Events that are kept for those who reconnect.
const KEPT: usize = 1_000;
/// Events that a slow reader may lag behind.
const BEHIND: usize = 256;

/// Something that happened. It names what to read again, and holds nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its number; they grow by one.
    pub n: u64,
    /// `job`, `case`, `plan`, `sweep` or `accounts`.
    pub kind: &'static str,
    /// What it concerns, as JSON.
    pub data: String,
}

/// All events of this server's life.
#[derive(Debug)]
pub struct Bus {
    sender: broadcast::Sender<Event>,
    kept: Mutex<VecDeque<Event>>,
    first: u64,
}

impl Bus {
    /// None yet. Numbers begin at the time, so that those of an earlier life are never taken for this one's.
    pub fn new(now: jiff::Timestamp) -> Self {
        let first = u64::try_from(now.as_microsecond()).unwrap_or(0);
        Self { sender: broadcast::channel(BEHIND).0, kept: Mutex::new(VecDeque::new()), first }
    }

    /// Tells everybody.
    pub fn tell(&self, kind: &'static str, data: &serde_json::Value) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let n = kept.back().map_or(self.first, |last| last.n + 1);
        let event = Event { n, kind, data: data.to_string() };
        kept.push_back(event.clone());
        if kept.len() > KEPT {
            kept.pop_front();
        }
        // Nobody may be watching.
        _ = self.sender.send(event);
    }

    /// From now on, with what came after the event `after`; where that is too long ago or of another life, the
    /// watcher is told to read everything again.
    pub fn watch(&self, after: Option<u64>) -> (Vec<Event>, broadcast::Receiver<Event>) {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.sender.subscribe();
        let Some(after) = after else { return (Vec::new(), receiver) };
        let oldest = kept.front().map_or(self.first, |first| first.n);
        let missed = if after.saturating_add(1) >= oldest && after >= self.first.saturating_sub(1) {
            kept.iter().filter(|event| event.n > after).cloned().collect()
        } else {
            let n = kept.back().map_or(self.first, |last| last.n);
            vec![Event { n, kind: "case", data: "{\"all\":true}".to_owned() }]
        };
        (missed, receiver)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bus() -> Bus {
        Bus::new(jiff::Timestamp::from_second(1).unwrap())
    }

    #[test]
    fn whoever_reconnects_gets_what_was_missed() {
        let bus = bus();
        bus.tell("job", &serde_json::json!({ "id": 1 }));
        let seen = bus.watch(None).0.len();
        bus.tell("plan", &serde_json::json!({}));
        let first = 1_000_000;
        let missed: Vec<&str> = bus.watch(Some(first)).0.iter().map(|event| event.kind).collect();
        assert_eq!((seen, missed), (0, vec!["plan"]));
    }

    #[test]
    fn of_another_life_everything_is_read_again() {
        let bus = bus();
        bus.tell("job", &serde_json::json!({}));
        assert_eq!(bus.watch(Some(17)).0[0].data, "{\"all\":true}");
    }

    #[test]
    fn no_more_are_kept_than_there_is_room_for() {
        let bus = bus();
        for _ in 0..KEPT + 5 {
            bus.tell("job", &serde_json::json!({}));
        }
        assert_eq!(bus.watch(Some(1_000_000 + 10)).0.len(), KEPT - 6);
    }
}
