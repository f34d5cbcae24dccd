//! CSV in blocks that are parsed on their own: separators, RFC 4180 quotes, lines counted physically.

mod blocks;
mod head;
mod shaped;
mod split;

pub(crate) use blocks::{Block, BlockKind, Blocks, Spare};
pub(crate) use head::{open, width_reason};
pub(crate) use shaped::{ShapedCsv, open_shaped};
pub(crate) use split::{BadRow, Lines, Row, RowSink, Rows, split};
