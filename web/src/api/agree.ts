/**
 * The office's types held against those that are generated from what the server says of itself (`openapi.json`): where the
 * two part, this file doesn't compile. Nothing of it is in the pages.
 */
import type * as server from "./generated/types.gen";
import type * as ours from "./types";

/** What JSON that the server writes looks like: fields that may be null are there. */
type Written<T> = T extends (infer Item)[]
  ? Written<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Written<Exclude<T[Key], undefined>> }
    : T;

/** Words that we tell apart are any words to the server's description. */
type Any<T> = T extends string ? string : T extends (infer Item)[] ? Any<Item>[] : T extends object ? { [Key in keyof T]: Any<T[Key]> } : T;

type Fits<Server, Ours> = Written<Server> extends Any<Ours> ? true : { server: Written<Server>; ours: Ours };

const agreed: [
  Fits<server.Me, ours.Me>,
  Fits<server.SessionView, ours.Session>,
  Fits<server.PasskeyView, ours.Passkey>,
  Fits<server.CaseView, ours.Case>,
  Fits<server.AlertLine, ours.Alert>,
  Fits<server.HandsetRow, ours.Handset>,
  Fits<server.HandsetPage, ours.HandsetPage>,
  Fits<server.FacilityView, ours.FacilityPage>,
  Fits<server.PlanView, ours.Plan>,
  Fits<server.KeptPlan, ours.KeptPlan>,
  Fits<server.PlanComparison, ours.PlanComparison>,
  Fits<server.SignInOptions, ours.SignInOptions>,
  Fits<server.TotpView, ours.TotpState>,
  Fits<server.ImportLine, ours.Import>,
  Fits<server.Job, ours.Job>,
  Fits<server.ExhibitLine, ours.Exhibit>,
  Fits<server.ExhibitPage, ours.ExhibitChain>,
  Fits<server.RegisterLine, ours.RegisterRow>,
  Fits<server.AuthorityLine, ours.Authority>,
  Fits<server.PersonView, ours.Account>,
  Fits<server.AuditEntry, ours.AuditEntry>,
  Fits<server.SettingsView, ours.Settings>,
  Fits<server.AnewView, ours.Anew>,
] = [true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true];

export default agreed;
