//! What people read: each finding as a sentence in French or English, and one self-contained HTML
//! report of a trace; what an assessment found, as a page of its own.
//! Belongs here: words, the report's own versioned data, and how its screens look and behave.
//! Does not belong here: deciding what goes in, reading a case, the clock, any step's method.

mod activity;
mod alert;
mod brief;
mod calibration;
mod document;
mod escape;
mod holder;
mod html;
mod lang;
mod letter;
mod page;
mod pdf;
mod people;
mod quality;
mod report;
mod sentence;
mod sheet;
mod study;
mod verbal;

pub use activity::{Activity, HourCounts, Where};
pub use alert::{alert_limits, alert_reason, alert_title};
pub use brief::{Brief, CurveBrief, LookFor, MapPoint, SearchBrief, TeamBrief};
pub use calibration::{Calibration, Counts, Histogram, LabelledCase, Tippett};
pub use document::{Document, Section};
pub use holder::{holder_limits, holder_sentence};
pub use html::{ReportError, html};
pub use lang::{Lang, Text};
pub use letter::{Letter, letter};
pub use pdf::{PdfError, brief_pdf, document_pdf, label_pdf, sheet_pdf};
pub use people::CellPage;
pub use quality::{CoverQuality, DayQuality, Quality, QualityRemark, TableQuality};
pub use report::{
    CasePage, DeviceDetail, DevicePage, FacilityPage, FacilitySector, FalseAlarm, ImportPage, Report, SectorPage,
    ServingSector, Stratum, Truth, WIRE_VERSION, Window,
};
pub use sentence::{known_limits, sentence, source_name, title};
pub use sheet::{Code, CodeError, Label, Sheet, SheetEvent};
pub use study::{Axis, Bar, Cell, Figure, Forest, Mark, Part, Plot, Said, Study, StudyTable, Ticks, study_html};
pub use verbal::{Verbal, holder_verbal, verbal};
