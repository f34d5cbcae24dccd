//! Why a row went to quarantine, and what is doubtful about one that went on.

use std::fmt;

/// Why a row can't be used. Where a column is to blame, its name is the sentence's subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum ReasonCode {
    /// A value that must be there isn't.
    Blank,
    /// A time without an offset from UTC.
    TimeWithoutZone,
    /// A time in another notation, or a date that doesn't exist.
    TimeNotRfc3339,
    /// A time before 1990 or after 2100.
    TimeOutOfRange,
    /// Letters or signs where digits belong.
    NotDigits,
    /// Too few or too many digits.
    DigitCount,
    /// A spreadsheet's 3.5488E+14: the last digits are lost.
    ScientificNotation,
    /// A fraction or something else where a whole number belongs.
    NotWholeNumber,
    /// Not a number at all.
    NotNumber,
    /// A comma where the decimal point belongs.
    DecimalComma,
    /// A number outside what is possible.
    OutOfRange,
    /// Not one of the contract's words.
    UnknownWord,
    /// Not a radio sector's identity.
    NotSector,
    /// Control characters in a text.
    ControlCharacters,
    /// Not a polygon with three corners or more.
    NotPolygon,
    /// Coordinates that are not degrees.
    NotDegrees,
    /// Neither IMEI, IMSI nor subscriber's number.
    NamesNobody,
    /// Fewer fields than the header.
    TooFewFields,
    /// More fields than the header.
    TooManyFields,
    /// A quote that isn't closed, or text behind a closing quote.
    UnbalancedQuote,
    /// A line longer than the limit.
    LineTooLong,
    /// A NUL byte.
    NulByte,
    /// The file ends in the middle.
    CutOff,
    /// A time in none of the profile's notations.
    TimeNotation,
    /// A local time that clocks passed over when they went forward.
    TimeSkipped,
    /// A local time that occurs twice, and the profile says not to choose.
    TimeTwice,
    /// The profile says that rows with such a value are left out.
    LeftOut,
    /// An earlier row had the value already, and the profile wants one row for each.
    Repeated,
    /// Not a JSON object.
    NotJson,
    /// Not an `INSERT … VALUES` that can be read.
    NotInsert,
    /// The authority doesn't order it.
    OutsideAuthority,
}

impl ReasonCode {
    const ALL: [ReasonCode; 31] = [
        ReasonCode::Blank,
        ReasonCode::TimeWithoutZone,
        ReasonCode::TimeNotRfc3339,
        ReasonCode::TimeOutOfRange,
        ReasonCode::NotDigits,
        ReasonCode::DigitCount,
        ReasonCode::ScientificNotation,
        ReasonCode::NotWholeNumber,
        ReasonCode::NotNumber,
        ReasonCode::DecimalComma,
        ReasonCode::OutOfRange,
        ReasonCode::UnknownWord,
        ReasonCode::NotSector,
        ReasonCode::ControlCharacters,
        ReasonCode::NotPolygon,
        ReasonCode::NotDegrees,
        ReasonCode::NamesNobody,
        ReasonCode::TooFewFields,
        ReasonCode::TooManyFields,
        ReasonCode::UnbalancedQuote,
        ReasonCode::LineTooLong,
        ReasonCode::NulByte,
        ReasonCode::CutOff,
        ReasonCode::TimeNotation,
        ReasonCode::TimeSkipped,
        ReasonCode::TimeTwice,
        ReasonCode::LeftOut,
        ReasonCode::Repeated,
        ReasonCode::NotJson,
        ReasonCode::NotInsert,
        ReasonCode::OutsideAuthority,
    ];

    pub(crate) fn from_index(index: u8) -> Option<Self> {
        Self::ALL.get(usize::from(index)).copied()
    }

    /// The predicate ("has no zone"), or the whole sentence where no column is to blame.
    pub const fn as_str(self) -> &'static str {
        match self {
            ReasonCode::Blank => "is blank",
            ReasonCode::TimeWithoutZone => "has no zone",
            ReasonCode::TimeNotRfc3339 => "is not RFC 3339",
            ReasonCode::TimeOutOfRange | ReasonCode::OutOfRange => "out of range",
            ReasonCode::NotDigits => "is not digits",
            ReasonCode::DigitCount => "has the wrong number of digits",
            ReasonCode::ScientificNotation => "is in scientific notation",
            ReasonCode::NotWholeNumber => "is not a whole number",
            ReasonCode::NotNumber => "is not a number",
            ReasonCode::DecimalComma => "has a decimal comma",
            ReasonCode::UnknownWord => "is not a known word",
            ReasonCode::NotSector => "is not a sector",
            ReasonCode::ControlCharacters => "holds control characters",
            ReasonCode::NotPolygon => "is not a polygon",
            ReasonCode::NotDegrees => "is not in degrees",
            ReasonCode::NamesNobody => "names neither handset nor subscriber",
            ReasonCode::TooFewFields => "fewer fields than the header",
            ReasonCode::TooManyFields => "more fields than the header",
            ReasonCode::UnbalancedQuote => "quote is not closed",
            ReasonCode::LineTooLong => "line longer than the limit",
            ReasonCode::NulByte => "row holds a NUL byte",
            ReasonCode::CutOff => "file is cut off",
            ReasonCode::TimeNotation => "is in none of the profile's notations",
            ReasonCode::TimeSkipped => "was skipped when clocks went forward",
            ReasonCode::TimeTwice => "occurs twice in the night when clocks went back",
            ReasonCode::LeftOut => "row is left out by the profile",
            ReasonCode::Repeated => "stood in an earlier row",
            ReasonCode::NotJson => "row is not a JSON object",
            ReasonCode::NotInsert => "statement is not INSERT … VALUES",
            ReasonCode::OutsideAuthority => "is outside the authority",
        }
    }

    /// The reason as a report counts it: "time has no zone".
    pub fn sentence(self, column: Option<&str>) -> String {
        column.map_or_else(|| self.as_str().to_owned(), |column| format!("{column} {}", self.as_str()))
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is doubtful about rows, or a file, that went on all the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Doubt {
    /// The 15th digit is neither the check digit nor 0.
    ImeiCheckDigit,
    /// An IMEI in scientific notation whose last digits are lost: the line goes on without it.
    ImeiLost,
    /// The sector table doesn't have it.
    UnknownSector,
    /// Named: its country's code is another than nearly all others'.
    ForeignSector(String),
    /// Named: it stands more than 1,000 km from the middle of all others.
    FarSector(String),
    /// A contract's word in capitals or small letters.
    WordCase(&'static str),
    /// A row that isn't UTF-8.
    Windows1252,
    /// A file with a UTF-16 byte order mark.
    Utf16,
    /// A file whose lines end in CR alone.
    LoneCr,
    /// A column that the contract doesn't know.
    UnusedColumn(String),
    /// A column that may be blank and isn't there.
    MissingColumn(&'static str),
    /// A header that says the same in other letters.
    HeaderSpelling(&'static str),
    /// A header and nothing else.
    NoRows,
    /// Rows before the break were kept.
    CutOff,
    /// A MultiPolygon of which the largest part was kept.
    LargestPart,
    /// A local time that occurs twice, read as the profile says.
    TimeTwice(&'static str),
    /// A second sheet or file has no row for a key.
    NoMatch(String),
    /// A second sheet or file has several rows for a key; the first was taken.
    SeveralMatches(String),
    /// A phone number without a country was given the profile's.
    NationalNumber(&'static str),
    /// More senders' names than are kept: the rest are told apart by their codes.
    PeerNames,
    /// A number was rounded as the profile says.
    Rounded(&'static str),
    /// A file of several sheets of which the profile names one.
    OtherSheets(u64),
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Doubt::ImeiCheckDigit => f.write_str("imei has a wrong check digit"),
            Doubt::ImeiLost => f.write_str("imei lost its digits to scientific notation, line kept without it"),
            Doubt::UnknownSector => f.write_str("sector not in table"),
            Doubt::ForeignSector(which) => write!(f, "sector is of another country than all others ({which})"),
            Doubt::FarSector(which) => write!(f, "sector stands far from all others ({which})"),
            Doubt::WordCase(column) => write!(f, "{column} is in other letters than the contract's"),
            Doubt::Windows1252 => f.write_str("row read as Windows-1252"),
            Doubt::Utf16 => f.write_str("file read as UTF-16"),
            Doubt::LoneCr => f.write_str("lines end in CR alone"),
            Doubt::UnusedColumn(name) => write!(f, "column `{name}` is not used"),
            Doubt::MissingColumn(name) => write!(f, "column `{name}` is missing, read as blank"),
            Doubt::HeaderSpelling(name) => write!(f, "column `{name}` is spelt with other letters or spaces"),
            Doubt::NoRows => f.write_str("file has no rows"),
            Doubt::CutOff => f.write_str("file is cut off"),
            Doubt::LargestPart => f.write_str("largest polygon of several kept"),
            Doubt::TimeTwice(column) => write!(f, "{column} occurs twice in the night when clocks went back"),
            Doubt::NoMatch(join) => write!(f, "`{join}` has no row for it"),
            Doubt::SeveralMatches(join) => write!(f, "`{join}` has a key more than once, the first row counts"),
            Doubt::NationalNumber(column) => write!(f, "{column} was national and got the profile's country code"),
            Doubt::PeerNames => f.write_str("peer holds too many names, not all of them are kept by their spelling"),
            Doubt::Rounded(column) => write!(f, "{column} was rounded"),
            Doubt::OtherSheets(count) => write!(f, "other sheets of the workbook were not read ({count})"),
        }
    }
}
