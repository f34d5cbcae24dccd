/** The one way to the server: problems as errors, the session's CSRF token, the reason of a consultation. */
import { chosenLang } from "../i18n/lang";
import type { Text } from "../i18n/lang";

const ROOT = "/api/v1";

/** RFC 9457: what the server says when it refuses. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  /** The same in both languages, where the server knows it in both. */
  text?: Text;
  fields?: { name: string; message: string; text?: Text }[];
  /** From which byte an upload goes on. */
  offset?: number;
}

/** A refusal, or no answer at all (`status` 0). */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "ApiError";
    this.problem = problem;
  }

  is(name: string): boolean {
    return this.problem.type.endsWith(`/problems/${name}`);
  }

  get status(): number {
    return this.problem.status;
  }

  /** What is wrong with a field, if the server said so. */
  field(name: string): string | undefined {
    return this.problem.fields?.find((field) => field.name === name)?.message;
  }
}

/** Asks the person why they look; rejects when they would rather not. */
type AskReason = () => Promise<string>;
type Ask = () => Promise<void>;

interface Held {
  csrf: string | null;
  reason: string | null;
  askReason: AskReason | null;
  askSignIn: Ask | null;
  asking: Promise<string> | null;
}

const held: Held = { csrf: null, reason: null, askReason: null, askSignIn: null, asking: null };

export function holdCsrf(csrf: string | null): void {
  held.csrf = csrf;
}

/** The reason given for what is looked at now; forgotten when the page is left. */
export function heldReason(): string | null {
  return held.reason;
}

export function holdReason(reason: string | null): void {
  held.reason = reason;
}

/** Who asks the person, when the server wants a reason or a fresh proof of who they are. */
export function setAskers(askReason: AskReason | null, askSignIn: Ask | null): void {
  held.askReason = askReason;
  held.askSignIn = askSignIn;
}

export interface Call {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON, unless it is a Blob. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Calls `/api/v1` + path and gives what it answers; null for an empty answer. */
export async function call<T>(path: string, options: Call = {}): Promise<T> {
  const text = await (await answer(path, options)).text();
  return (text === "" ? null : JSON.parse(text)) as T;
}

/** Opens a paper that the server makes in a tab of its own: a link could not say why it is looked at. */
export async function openPaper(path: string): Promise<void> {
  const paper = await (await answer(path, { headers: { Accept: "application/pdf" } })).blob();
  const address = URL.createObjectURL(paper);
  window.open(address, "_blank", "noopener");
  window.setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** What is answered, once whoever asks has said what has to be said. */
async function answer(path: string, options: Call): Promise<Response> {
  const response = await send(path, options);
  if (response.ok) return response;
  const error = new ApiError(await problemOf(response));
  if (error.is("reason-needed") && held.askReason) {
    await reason(held.askReason);
    return answer(path, options);
  }
  if (error.is("sign-in-again") && held.askSignIn) {
    await held.askSignIn();
    return answer(path, options);
  }
  throw error;
}

/** Several calls may need the reason at once; the person is asked once. */
async function reason(ask: AskReason): Promise<void> {
  held.asking ??= ask().finally(() => {
    held.asking = null;
  });
  held.reason = await held.asking;
}

/** When somebody last touched the page: what it asks long after that it asks by itself, and that keeps no session. */
let touched = Date.now();
const UNATTENDED_MS = 60_000;
for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
  window.addEventListener(kind, () => (touched = Date.now()), { capture: true, passive: true });
}

async function send(path: string, options: Call): Promise<Response> {
  const method = options.method ?? "GET";
  const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
  if (held.reason) headers["X-Reason"] = encodeURIComponent(held.reason);
  if (method !== "GET" && held.csrf) headers["X-CSRF"] = held.csrf;
  if (method === "GET" && Date.now() - touched > UNATTENDED_MS) headers["X-Unattended"] = "1";
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (options.signal) init.signal = options.signal;
  if (options.body instanceof Blob) {
    init.body = options.body;
    headers["Content-Type"] ??= "application/octet-stream";
  } else if (options.body !== undefined) {
    init.body = JSON.stringify(options.body);
    headers["Content-Type"] = "application/json";
  }
  try {
    return await fetch(ROOT + path, init);
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError({ type: "about:blank", title: "offline", status: 0 });
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const unsaid: Problem = { type: "about:blank", title: response.statusText, status: response.status };
  if (!response.headers.get("content-type")?.includes("json")) return unsaid;
  try {
    return inWords({ ...unsaid, ...((await response.json()) as Partial<Problem>) });
  } catch {
    return unsaid;
  }
}

/** In the language that is on, where the server knows both. */
function inWords(problem: Problem): Problem {
  const lang = chosenLang();
  const fields = problem.fields?.map((field) => ({ ...field, message: field.text?.[lang] ?? field.message }));
  return { ...problem, ...(problem.text ? { detail: problem.text[lang] } : {}), ...(fields ? { fields } : {}) };
}

/** The path of a facility's brief. */
export function briefPath(facility: string, lang: string): string {
  return `/plan/brief/${encodeURIComponent(facility)}?lang=${lang}`;
}

/** Where a browser is sent that signs in by the organisation. */
export const organisationUrl = `${ROOT}/organisation`;

/** The background of maps, a PMTiles file that is read in ranges. */
export const tilesUrl = `${ROOT}/map/tiles`;

/** What tells that a day that is open has moved. */
export const dayEventsUrl = `${ROOT}/field/wall/events`;

export const eventsUrl = `${ROOT}/events`;
