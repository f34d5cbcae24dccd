//! CSV in blocks that are parsed on their own: commas, RFC 4180 quotes, lines counted physically.

mod blocks;
mod head;
mod split;

pub(crate) use blocks::{Block, BlockKind};
pub(crate) use head::{open, width_reason};
pub(crate) use split::{BadRow, Lines, Row, RowSink, Rows, split};
