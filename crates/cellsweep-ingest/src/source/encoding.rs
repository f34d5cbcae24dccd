//! UTF-8 with or without its mark, and UTF-16 with one.

use std::io::Read;

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::Refusal;

/// How a text is encoded.
#[derive(Debug, Clone, Copy)]
pub(super) enum TextEncoding {
    /// UTF-8 or another code page that holds ASCII, behind this many bytes of mark.
    Ascii(usize),
    /// Another, by a mark or because a profile says so.
    Other(&'static Encoding),
}

/// What the first bytes say.
pub(super) fn sniff(head: &[u8]) -> Result<TextEncoding, Refusal> {
    match head {
        [0xef, 0xbb, 0xbf, ..] => Ok(TextEncoding::Ascii(3)),
        [0xff, 0xfe, ..] => Ok(TextEncoding::Other(UTF_16LE)),
        [0xfe, 0xff, ..] => Ok(TextEncoding::Other(UTF_16BE)),
        _ if looks_like_utf16(head, 1) => Err(Refusal::Utf16WithoutMark { big_endian: false }),
        _ if looks_like_utf16(head, 0) => Err(Refusal::Utf16WithoutMark { big_endian: true }),
        _ => Ok(TextEncoding::Ascii(0)),
    }
}

/// Every second byte of Latin text in UTF-16 is a NUL, on the side of the higher half.
fn looks_like_utf16(head: &[u8], side: usize) -> bool {
    let pairs = (head.len() / 2).min(64);
    let nuls = head.chunks_exact(2).take(pairs).filter(|pair| pair[side] == 0 && pair[1 - side] != 0).count();
    pairs >= 4 && nuls * 10 >= pairs * 9
}

impl TextEncoding {
    /// That of a profile.
    pub(super) fn named(encoding: &'static Encoding) -> Self {
        if encoding == UTF_8 { TextEncoding::Ascii(0) } else { TextEncoding::Other(encoding) }
    }

    pub(super) fn is_utf16(self) -> bool {
        matches!(self, TextEncoding::Other(encoding) if encoding == UTF_16LE || encoding == UTF_16BE)
    }

    pub(super) fn decoded(self, mut inner: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
        match self {
            TextEncoding::Ascii(mark) => {
                // The mark is in memory already; reading past it can't fail.
                let _ = inner.read_exact(&mut [0; 3][..mark]);
                inner
            }
            TextEncoding::Other(encoding) => Box::new(Decoded {
                inner,
                decoder: encoding.new_decoder_with_bom_removal(),
                output: Vec::new(),
                given: 0,
                ended: false,
            }),
        }
    }
}

/// A reader's text, turned into UTF-8.
struct Decoded {
    inner: Box<dyn Read + Send>,
    decoder: Decoder,
    /// Text that was decoded, and how much of it was given out.
    output: Vec<u8>,
    given: usize,
    ended: bool,
}

const CHUNK: usize = 1 << 16;

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.given == self.output.len() && !self.ended {
            self.refill()?;
        }
        let read = (&self.output[self.given..]).read(buffer)?;
        self.given += read;
        Ok(read)
    }
}

impl Decoded {
    fn refill(&mut self) -> std::io::Result<()> {
        let mut input = [0; CHUNK];
        let read = self.inner.read(&mut input)?;
        self.ended = read == 0;
        // Room for the longest that these bytes can become: the decoder always takes them all.
        let room = self.decoder.max_utf8_buffer_length(read).unwrap_or(CHUNK * 4);
        self.output.resize(room, 0);
        let (_, _, written, _) = self.decoder.decode_to_utf8(&input[..read], &mut self.output, self.ended);
        self.output.truncate(written);
        self.given = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        assert!(matches!(sniff(b"\xef\xbb\xbftime"), Ok(TextEncoding::Ascii(3))));
        assert!(matches!(sniff(b"\xff\xfet\0i\0"), Ok(TextEncoding::Other(_))));
        assert!(matches!(sniff(b"t\0i\0m\0e\0,\0"), Err(Refusal::Utf16WithoutMark { big_endian: false })));
        assert!(matches!(sniff(b"\0t\0i\0m\0e\0,"), Err(Refusal::Utf16WithoutMark { big_endian: true })));
        assert!(matches!(sniff(b"time,oper\0ator"), Ok(TextEncoding::Ascii(0))));
        assert!(matches!(sniff(b"ti"), Ok(TextEncoding::Ascii(0))));
    }

    #[test]
    fn utf16_streams_to_utf8() -> std::io::Result<()> {
        let text = "operator,é,😀\n".repeat(20_000);
        let bytes: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        let encoding = TextEncoding::Other(UTF_16BE);
        let mut decoded = String::new();
        let mut reader =
            std::io::BufReader::with_capacity(1000, encoding.decoded(Box::new(std::io::Cursor::new(bytes))));
        reader.read_to_string(&mut decoded)?;
        assert!(decoded == text);
        Ok(())
    }
}
