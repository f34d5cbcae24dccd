//! The steps in order, for whoever starts them: the command line, a server, a test.
//!
//! Belongs here: which step reads what the one before it left, and what a person is told of it.
//! Does not belong here: how a step does its work, arguments and environment, the clock (it
//! comes with the [`Session`]).
//!
//! ```text
//! init ─> import ─> trace ─> attribute ─> plan ─> devices, holders, explain, report
//!   └──────────────── run: all of it for a folder of inputs
//! ```

mod asks;
mod assess;
mod attribute;
mod authority;
mod backup;
mod case;
mod custody;
mod data;
mod days;
mod demo;
mod devices;
mod error;
mod explain;
mod folder;
mod import;
mod inputs;
mod law;
mod ledger;
mod offences;
mod papers;
mod phones;
mod plan;
mod profiles;
mod progress;
mod protected;
mod proving;
mod quality;
mod reduce;
mod register;
mod replay;
mod report;
mod request;
mod review;
mod run;
mod session;
mod share;
mod sheet;
mod source;
mod subject;
mod successors;
mod trace;
mod truth;
mod values;
pub mod views;
mod watch;
mod world;

pub use asks::{ask_words, trace_facts};
pub use assess::{
    Answer, ClosureAsked, DetectorsAssessed, JammingAsked, JammingAssessed, ModelAssessed, NoSuchStudy,
    OperationAssessed, RegisterAssessed, RoutesAssessed, SearchesAssessed, StudyOf, assess_detectors, assess_jamming,
    assess_model, assess_operation, assess_register, assess_routes, assess_searches, study, write_study,
};
pub use attribute::{
    AttributeSummary, HOLDER_COLUMNS, PLACE_COLUMNS, SEGMENT_COLUMNS, attribute, day_text, holders, places, segments,
    write_holders_csv, write_places_csv, write_segments_csv,
};
pub use authority::{
    AuthorityState, Granting, TEMPLATE as AUTHORITY_TEMPLATE, authorities, authority_of_text, grant_authority,
    legal_doubts, read_authority,
};
pub use backup::{Copied, backup, copy_files, list_files, new_folders, restore};
pub use case::{
    consult, consult_at_work, init, init_in, may_be_seen, must_say_why, open_even_locked, open_for_writing,
};
pub use cellsweep_assess as assessing;
pub use cellsweep_attribute::{BuyerLead, LinkKind, OffenceLink, SuccessorSettings};
pub use cellsweep_buyers::{Buyer, Merge, Settings as BuyerSettings};
pub use cellsweep_cluster::{Place as ClusterPlace, StorePlace};
pub use cellsweep_model::Imei;
pub use cellsweep_model::persons::Persons;
pub use cellsweep_plan::{Crew, CurvePoint, Limits as PlanLimits, Price, PriceOf};
pub use cellsweep_report::document_pdf;
pub use cellsweep_report::{
    Cell as StudyCell, CoverQuality, DayQuality, Document, Lang, Part as StudyPart, Quality, QualityRemark, Section,
    Study, StudyTable, TableQuality, Text, holder_limits, holder_sentence, holder_verbal, known_limits, sentence,
    title, verbal,
};
pub use cellsweep_share as sharing;
pub use cellsweep_store::{
    Caller, Case, CaseWriter, Consultation, Fault, LogKind, LogLine, Standing, StoreError, Unlock, Verified,
};
pub use cellsweep_sweep as sweep;
pub use cellsweep_trace::{Ask as NextAsk, ClockSlip, Need, Suggestion, TableDoubt, TraceSettings};
pub use cellsweep_world::{Ground, Shape, Summary as WorldSummary, Trial, WorldKind, WorldSettings};
pub use custody::{Entered, enter, exhibits, file_digest, read_events};
pub use data::{DataSet, data_sets, restrict, review_data, unrestrict};
pub use demo::{DemoSummary, demo};
pub use devices::{DEVICE_COLUMNS, DeviceFilter, devices, timestamp, write_csv, write_parquet};
pub use error::{ErrorKind, FlowError};
pub use explain::explain;
pub use folder::{FolderSummary, run_folder};
pub use import::{Coming, FileOutcome, ImportSummary, Originals, import_files, quarantined};
pub use law::{Law, LegalDoubt, Offence, Rule, law};
pub use ledger::{LedgerList, LedgerSheet, LedgerView, ledger};
pub use offences::{buyers, offence_code, offences};
pub use papers::{PaperAsked, PaperMade, TellFindings, paper};
pub use plan::{
    Anew, BriefFile, BriefOrder, CellChange, Exclusions, Morning, PLAN_COLUMNS, PlanKept, PlanSummary, SiteAnew, SoFar,
    approve_plan, briefs, latest_plan_id, limits_of, limits_of_text, morning, plan, plan_anew, planned, price_words,
    read_exclusions, read_limits, released, update_plan, write_plan_csv,
};
pub use profiles::{
    Confidence, Guess, Known, Preview, PreviewRow, ProfileChoice, ProfileLine, ProfileSaid, guess_profile,
    profile_schema, profile_text, profiles, test_profile,
};
pub use progress::{Progress, Silent, Task};
pub use proving::{
    Erasure, add_cosigned, add_stamp, disclose_item, erase_imports, expire_access_log, export_log, item_proof,
    last_checkpoint, open_original, request_stamp, verify,
};
pub use quality::{quality, quality_of};
pub use register::register;
pub use replay::{Replay, replay};
pub use report::{ReportAsked, report};
pub use request::{
    AnswerCheck, Ask, AskFor, AskedKind, Limits, Request, RequestError, RequestState, RequestStatus, answer_request,
    make_requests, mark_sent, requests,
};
pub use review::{review, reviews_of};
pub use run::{TraceFacts, TraceSummary};
pub use session::{Session, Settings, Stage, VERSION};
pub use share::{
    Arrived, Arriving, CallsChoice, CaseChoice, CasePreview, Common, CompareList, Compared as MethodCompared,
    ComparedFigure, MailingMade, MailingState, MethodSaid, ORDER_TEMPLATE as MAILING_TEMPLATE, OrderFile, Restoring,
    Sending, Sent, ShareError, TakenIn, Under, answer_compare, answer_mailing, begin_compare, conclude_compare,
    disclosures, mailings, make_mailing, preview_case, read_keys, read_order, read_profile, recall, receive,
    restore_mailing, share_case, share_method, take_in, verifier_key,
};
pub use sheet::{exhibit_label, exhibit_sheet};
pub use subject::{Held, HeldRows, Subject, SubjectErased, erase_subject, held_of};
pub use successors::{Compared, SUCCESSOR_COLUMNS, successors, write_successors_csv};
pub use trace::{measures, trace};
pub use truth::Comparison;
pub use watch::{
    ALERT_COLUMNS, AlertLine, AlertSettings, WatchAsked, WatchPass, Watching, alerts, alerts_for, pass as watch_pass,
    write_alerts_csv,
};
pub use world::{ground, world};
