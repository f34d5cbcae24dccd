/** What can be read and done, each with its place in the cache. */
import { queryOptions } from "@tanstack/react-query";
import { ApiError, call, holdCsrf } from "./client";
import type { Study, StudyName } from "./study";
import type * as T from "./types";

const seconds = (n: number) => n * 1000;

function read<R>(key: readonly unknown[], path: string) {
  return queryOptions({ queryKey: key, queryFn: ({ signal }) => call<R>(path, { signal }), staleTime: seconds(30) });
}

/** Who is signed in; null for nobody. */
export const me = queryOptions({
  queryKey: ["me"],
  staleTime: Infinity,
  queryFn: async ({ signal }): Promise<T.Me | null> => {
    try {
      const found = await call<T.Me>("/me", { signal });
      holdCsrf(found.csrf);
      return found;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

const part = encodeURIComponent;

export const theCase = read<T.Case>(["case"], "/case");
export const handsets = queryOptions({
  ...read<{ rows: T.Handset[] }>(["handsets"], "/handsets"),
  staleTime: seconds(300),
});
export const alerts = read<{ rows: T.Alert[] }>(["alerts"], "/alerts");
/** Without a facility, the page as of the likeliest one. */
export const handset = (id: string, facility?: string) =>
  read<T.HandsetPage>(["handset", id, facility ?? ""], `/handsets/${part(id)}${facility ? `?facility=${part(facility)}` : ""}`);
export const facility = (id: string) => read<T.FacilityPage>(["facility", id], `/facilities/${part(id)}`);
export const imports = read<{ imports: T.Import[] }>(["imports"], "/imports");
export const jobs = read<T.Job[]>(["jobs"], "/jobs");
export const quality = read<T.Quality>(["quality"], "/quality");
export const custody = read<{ exhibits: T.Exhibit[] }>(["custody"], "/custody");
export const exhibit = (item: string) => read<T.ExhibitChain>(["custody", item], `/custody/${part(item)}`);
export const register = read<{ rows: T.RegisterRow[] }>(["register"], "/register");
export const authorities = read<{ authorities: T.Authority[] }>(["authorities"], "/authorities");
export const people = read<{ people: T.Account[] }>(["people"], "/people");
export const settings = read<T.Settings>(["settings"], "/settings");
export const sessions = read<T.Session[]>(["sessions"], "/me/sessions");
export const totp = read<T.TotpState>(["totp"], "/me/totp");
export const passkeys = read<T.Passkey[]>(["passkeys"], "/me/passkeys");
export const wall = read<T.Wall>(["wall"], "/field/wall");
/** The day's report as data; whatever moves the wall makes it stale. */
export const dayReport = (lang: string) => ({ ...read<T.DayReport>([...wall.queryKey, "report", lang], `/field/report?lang=${lang}`), staleTime: 0 });
/** Made anew each time that somebody asks: the day goes on. */
export const dayAnew = read<T.Anew>(["day", "anew"], "/day/anew");

/** Worked out when it is first asked for; the server keeps it until the case changes. */
export const study = (name: StudyName) => queryOptions({ ...read<Study>(["study", name], `/studies/${name}`), staleTime: seconds(300) });

/** How one may sign in; asked by whoever isn't signed in yet. */
export const signInOptions = read<T.SignInOptions>(["sign-in"], "/session/options");
export const keptPlans = read<T.KeptPlan[]>(["plan", "kept"], "/plan/kept");
export const comparedPlans = (one: string, other: string) =>
  read<T.PlanComparison>(["plan", "compared", one, other], `/plan/kept/${part(one)}/against/${part(other)}`);

/** The plan that stands; null where none was made. */
export const plan = queryOptions({
  queryKey: ["plan"],
  staleTime: seconds(30),
  queryFn: async ({ signal }): Promise<T.Plan | null> => {
    try {
      return await call<T.Plan>("/plan", { signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  },
});

/** A page of one of the case's two logs. */
export const auditPage = (log: T.AuditEntry["log"], before: number | null) =>
  call<{ entries: T.AuditEntry[]; next: number | null }>(`/audit?log=${log}${before === null ? "" : `&before=${before}`}`);

/** Opens a session; who it is of, `me` says. */
export const signIn = (body: { name: string; password: string; code?: string }) =>
  call<{ csrf: string }>("/session", { method: "POST", body });
/** Proves again who one is, before something that weighs. */
export const proveAgain = (body: { password: string; code?: string }) =>
  call<{ csrf: string }>("/session/fresh", { method: "POST", body });
export const acceptInvitation = (body: { token: string; password: string }) =>
  call<null>("/invitation", { method: "POST", body });
export const signOut = () => call<null>("/session", { method: "DELETE" });
export const endSession = (id: string) => call<null>(`/me/sessions/${part(id)}`, { method: "DELETE" });
export const beginTotp = () => call<{ ticket: string; url: string; secret: string }>("/me/totp", { method: "POST" });
export const finishTotp = (body: { ticket: string; code: string }) =>
  call<{ codes: string[] }>("/me/totp", { method: "PUT", body });
export const removeTotp = () => call<null>("/me/totp", { method: "DELETE" });
export const removePasskey = (id: string) => call<null>(`/me/passkeys/${part(id)}`, { method: "DELETE" });
export const review = (id: string, facility: string, body: { decision: T.Decision; reason: string }) =>
  call<unknown>(`/handsets/${part(id)}/review?facility=${part(facility)}`, { method: "POST", body });
export const tryPlan = (limits: T.LimitsAsked) => call<T.Plan>("/plan/trial", { method: "POST", body: { limits } });
export const makePlan = (limits: T.LimitsAsked) => call<T.Plan>("/plan", { method: "POST", body: { limits } });
export const approvePlan = (plan: string) => call<T.Plan>("/plan/approve", { method: "POST", body: { plan } });
/** What command says on the day, as the day's protocol spells it. */
export type Said =
  | { kind: "announced"; to: T.Audience; text: string }
  | { kind: "aborted"; scope: T.Audience; why: string }
  | { kind: "seen"; about: string }
  | { kind: "revoked"; device: string; why: string }
  | { kind: "lost"; device: string }
  | { kind: "replanned"; site: string; number: number; cells: unknown[]; why: string }
  | { kind: "closed" };
export const openDay = () => call<null>("/day", { method: "POST" });
export const say = (what: Said) => call<{ event: string }>("/field/command", { method: "POST", body: { what } });
export const invitePhone = (body: { post: { team: string } | { desk: string }; officer: string; replaces?: string }) =>
  call<{ code: string; expires: string; url: string }>("/field/invitations", { method: "POST", body });
/** Takes over a dead phone's entries, from the file that its page wrote. */
export const rescue = (file: Blob) => call<{ device: string; last: number; whole: boolean }>("/field/rescue", { method: "POST", body: file });
export const takeIn = () => call<{ new: number; known: number; contradicting: number; breaks: number }>("/day/custody", { method: "POST" });
export const startTrace = () => call<{ job: number }>("/trace", { method: "POST" });
export const grantAuthority = (body: { toml: string; drawn_up_by: string; decision?: string }) =>
  call<unknown>("/authorities", { method: "POST", body });
export const addPerson = (body: { name: string; sign_in: string; service_number: string | null; roles: T.Role[]; clearances: string[] }) =>
  call<{ id: string; invitation: string }>("/people", { method: "POST", body });
export const changePerson = (id: string, body: { disabled?: boolean; roles?: T.Role[]; clearances?: string[] }) =>
  call<unknown>(`/people/${part(id)}`, { method: "PATCH", body });
export const endPersonSessions = (id: string) => call<null>(`/people/${part(id)}/sessions`, { method: "DELETE" });
