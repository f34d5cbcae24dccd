/** What the office's API (`/api/v1`) says, as types. Times are RFC 3339 in UTC. */
import type { Text } from "../i18n/lang";

export type * from "./day";

export interface Role {
  role: string;
  facility?: string | null;
  team?: string | null;
}

export interface Person {
  id: string;
  name: string;
  service_number: string | null;
  roles: Role[];
  clearances: string[];
}

export interface Me {
  person: Person;
  csrf: string;
  /** The actions this person may do, e.g. `handsets.list`. */
  may: string[];
  needs_reason: boolean;
  case_name: string;
  /** Whether `/map/tiles` has a background for maps. */
  tiles: boolean;
}

/** How one may sign in here. */
export interface SignInOptions {
  organisation: { name: string } | null;
}

/** How one's authenticator and recovery codes stand. */
export interface TotpState {
  set: boolean;
  codes_left: number;
}

export interface Session {
  id: string;
  created: string;
  last_seen: string;
  agent: string;
  current: boolean;
}

export interface Passkey {
  id: string;
  /** What its owner calls it. */
  label: string;
  added: string;
  used: string | null;
}

export type FunnelStepName = "sold" | "seen" | "traced" | "attributed" | "planned" | "searched" | "found";

export interface FunnelStep {
  step: FunnelStepName;
  /** Null: this step has not been done. */
  count: number | null;
  low?: number | null;
  high?: number | null;
}

export interface FacilityDot {
  id: string;
  name: string;
  lat: number;
  lon: number;
  expected: number;
  handsets: number;
  sure: number;
  cells: number;
  held: number;
  planned: number;
  searched: number;
  found: number;
}

export interface Todo {
  kind: string;
  text: Text;
  href: string;
  urgent: boolean;
}

export interface Run {
  id: string;
  step: string;
  at: string;
  version: string;
}

export interface Case {
  title: string;
  kind: "exercise" | "investigation";
  country: string | null;
  window: { from: string; to: string } | null;
  at: string | null;
  traced: boolean;
  attributed: boolean;
  planned: boolean;
  funnel: FunnelStep[];
  facilities: FacilityDot[];
  todo: Todo[];
  runs: Run[];
  head?: { size: number; root: string } | null;
}

/** Something that was raised, once. */
export interface Alert {
  n: number;
  raised: string;
  kind: "new_handset" | "successor" | "moved" | "silent";
  facility: string;
  handset: string | null;
  earlier: string | null;
  probability: number | null;
  log10_lr: number | null;
  title: Text;
  reasons: Text[];
  limits: Text;
}

export type HandsetClass = "mini" | "feature" | "smart" | "iot" | "unknown";

export interface Handset {
  handset: string;
  imei: string | null;
  facility: string;
  facility_name: string;
  probability: number;
  log10_lr: number;
  first_seen: string;
  last_seen: string;
  events: number;
  days_present: number;
  imsis: number;
  in_ledger: boolean;
  class: HandsetClass;
  cloned: boolean;
  model: string | null;
  known: string | null;
  decision: "confirm" | "reject" | null;
  cell: string | null;
  cell_probability: number | null;
}

export interface Finding {
  title: Text;
  sentence: Text;
  limits: Text;
  source: Text;
  log10_lr: number;
  restricted: boolean;
}

export interface Activity {
  /** First local day, YYYY-MM-DD. */
  from: string;
  days: number;
  /** days × 24 events by hour of local time, at the facility and elsewhere. */
  here: number[];
  elsewhere: number[];
}

export interface Sector {
  id: string;
  operator: string;
  technology: string;
  lat: number;
  lon: number;
  azimuth_deg: number | null;
  beamwidth_deg: number | null;
  range_m: number | null;
  inside: boolean;
}

export interface HandsetSector extends Sector {
  events: number;
  share: number;
}

export interface FacilitySector extends Sector {
  survey_share: number | null;
}

export interface Holder {
  /** Null: nobody on the roster. */
  inmate: string | null;
  name?: string | null;
  cell: string | null;
  probability: number;
  log10_lr: number;
  verbal: Text;
  findings: Finding[];
}

export type Decision = "confirm" | "reject" | "comment";

export interface Review {
  by: string;
  at: string;
  decision: Decision;
  reason: string;
}

/** A SIM card in one of a handset's slots. */
export interface Card {
  imei: string;
  imsi: string | null;
  events: number;
  /** Days with records, UTC, both included. */
  days: { from: string; to: string }[];
}

/** Somebody who may have used a handset for a stretch of time; none on the roster, or one not named, where `inmate` is null. */
export interface SegmentUser {
  inmate: string | null;
  cell: string | null;
  probability: number;
  log10_lr: number;
}

/** A stretch of a handset's use by one person. */
export interface Segment {
  from: string;
  to: string;
  /** That it is somebody else's than the stretch before. */
  changed: number | null;
  users: SegmentUser[];
}

export interface HandsetPage {
  row: Handset;
  other_imeis: string[];
  prior_log10_odds: number;
  posterior_log10_odds: number;
  verbal: Text;
  findings: Finding[];
  activity: Activity | null;
  cards: Card[];
  sectors: HandsetSector[];
  holders: Holder[];
  segments: Segment[];
  would_change: Text[];
  reviews: Review[];
  propositions: { kept: Text; elsewhere: Text };
}

export interface PrisonCell {
  cell: string;
  capacity: number | null;
  held: number;
  expected: number;
  planned: boolean;
  searched: string | null;
  found: number;
  handsets: { handset: string; probability: number }[];
}

export interface Floor {
  floor: string | null;
  cells: PrisonCell[];
}

export interface Wing {
  wing: string | null;
  floors: Floor[];
}

export type TimelineKind = "survey" | "jamming" | "outage" | "search" | "seizure" | "ingress" | "sensor";

export interface TimelineEntry {
  kind: TimelineKind;
  from: string;
  to: string | null;
  label: Text;
}

export interface FacilityPage {
  dot: FacilityDot;
  outline: [number, number][];
  timezone: string | null;
  surveyed: boolean;
  wings: Wing[];
  timeline: TimelineEntry[];
  sectors: FacilitySector[];
}

export interface Limits {
  cells: number | null;
  facilities: number | null;
  cells_each: number | null;
  teams: number;
  hours: number;
  /** 0: none are named; they follow from hours and teams. */
  waves: number;
  /** The same as TOML, with what has no control of its own. */
  raw: string;
}

/** What a page may set: what is left out is as `raw` says, null lifts it. */
export type LimitsAsked = Pick<Limits, "raw"> & Partial<Omit<Limits, "raw">>;

export interface PlanRow {
  facility: string;
  /** Null: a common place. */
  cell: string | null;
  wave: number;
  team: string;
  start: string;
  minutes: number;
  detector: string;
  expected: number;
}

/** What the best plan under a cap on cells, or on facilities, brings. */
export interface CurvePoint {
  cap: number;
  expected: number;
}

export interface Plan {
  id: string | null;
  made_at: string | null;
  by: string | null;
  approved_by: string | null;
  approved_at: string | null;
  released: boolean;
  release_at: string | null;
  limits: Limits;
  cells: number;
  facilities: number;
  expected: number;
  /** Eight times in ten their number lies between. */
  low: number;
  high: number;
  /** To be expected to be found. */
  expected_found: number;
  /** No plan within the limits can expect more. */
  bound: number;
  gap: number;
  /** The same number of cells drawn by lot. */
  random: number;
  /** In the cells that facilities would name themselves. */
  own_lists: number;
  curve: CurvePoint[];
  facility_curve: CurvePoint[];
  prices: { limit: Text; gain: number }[];
  by_facility: { facility: string; name: string; cells: number; expected: number; teams: number }[];
  rows: PlanRow[];
}

/** A plan that the case keeps. */
export interface KeptPlan {
  id: string;
  made_at: string | null;
  by: string | null;
  approved_by: string | null;
  cells: number;
  facilities: number;
  expected: number;
}

/** A cell in one of two plans alone; null: a common place. */
export interface CellAlone {
  cell: string | null;
  expected: number;
}

type PlanPart = Plan["by_facility"][number];

export interface FacilityDifference {
  facility: string;
  name: string;
  one: PlanPart | null;
  other: PlanPart | null;
  only_one: CellAlone[];
  only_other: CellAlone[];
}

export interface PlanComparison {
  one: Plan;
  other: Plan;
  limits: { limit: string; one: string | null; other: string | null }[];
  /** Those that are open in both. */
  facilities: FacilityDifference[];
  /** Left out: their hour has not come in one of the two. */
  closed: number;
}

export interface Import {
  id: string;
  file: string;
  table: string;
  at: string;
  by: string;
  rows: number;
  /** By reason. */
  rejected: Record<string, number>;
  authority: string | null;
  restricted: boolean;
  digest: string;
}

export interface Job {
  id: number;
  kind: string;
  share: number;
  doing: string;
  state: "running" | "done" | "failed";
  detail: string | null;
}

export interface Quality {
  tables: {
    table: string;
    files: number;
    rows: { read: number; kept: number; rejected: Record<string, number>; doubts: Record<string, number> };
    blanks: Record<string, number>;
  }[];
  days: { day: string; operator: string; technology: string; records: number; gap: boolean }[];
  covers: { authority: string | null; files: number; records: number; from: string | null; to: string | null }[];
  remarks: { code: string; count: number; what: Text; meaning: Text; details?: Text[] }[];
}

export interface Exhibit {
  item: string;
  kind: Text;
  facility: string | null;
  cell: string | null;
  found_at: string | null;
  holder: string;
  seal: string | null;
  state: string;
  breaks: number;
}

export interface ExhibitChain {
  events: { at: string; by: string; what: Text }[];
  breaks: Text[];
}

export interface RegisterRow {
  month: string;
  facility: string;
  /** As the rule counts them. */
  finds: number;
  /** Of any kind. */
  items: number;
}

export interface Authority {
  reference: string;
  kinds: string[];
  by: string[];
  until: string;
  /** Files that came in under it. */
  imports: number;
  lapsed: boolean;
}

export interface Account extends Person {
  /** The name to sign in with. */
  sign_in: string;
  disabled: boolean;
}

export interface AuditEntry {
  n: number;
  at: string;
  who: string;
  what: string;
  refs: string[];
  reason: string | null;
  log: "custody" | "access";
}

export interface Settings {
  version: string;
  case_dir_name: string;
  oidc: boolean;
  tls: boolean;
  memory_bytes: number;
  threads: number;
}
