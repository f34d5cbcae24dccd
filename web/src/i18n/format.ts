/** Figures and dates as the reader's country writes them. */
import type { Lang } from "./lang";

const tags = { fr: "fr-FR", en: "en-GB" } as const;

export interface Formats {
  /** 12 345 */
  count(value: number): string;
  /** One decimal: 1,3 */
  decimal(value: number, digits?: number): string;
  /** With a sign: +1,3 */
  signed(value: number, digits?: number): string;
  /** 0..1 as a percentage; never "100 %" or "0 %" for what isn't certain. */
  percent(value: number): string;
  /** 12 mars 2026 */
  date(value: string): string;
  /** 12 mars 2026, 06:05 */
  dateTime(value: string): string;
  /** 06:05 */
  time(value: string): string;
  /** 12 mars */
  day(value: string): string;
  /** mars 2026 */
  month(value: string): string;
  /** 3,4 Mo */
  bytes(value: number): string;
}

/** A day of the calendar, which is the same one everywhere: YYYY-MM-DD. */
const CALENDAR = /^\d{4}-\d{2}-\d{2}$/;

/** Formats for a language; times in `zone`, or in the reader's own. */
export function formats(lang: Lang, zone?: string): Formats {
  const tag = tags[lang];
  // A format takes milliseconds to make, and no page needs them all: each is made when it is first asked.
  const number = (options: Intl.NumberFormatOptions) => {
    let format: Intl.NumberFormat | undefined;
    return (value: number) => (format ??= new Intl.NumberFormat(tag, options)).format(value);
  };
  const moment = (options: Intl.DateTimeFormatOptions) => {
    const made = new Map<string | undefined, Intl.DateTimeFormat>();
    return (value: string) => {
      const timeZone = CALENDAR.test(value) ? "UTC" : zone;
      const format = made.get(timeZone) ?? new Intl.DateTimeFormat(tag, { timeZone, ...options });
      made.set(timeZone, format);
      return format.format(new Date(value));
    };
  };
  const percent = number({ style: "percent", maximumFractionDigits: 0 });
  const finePercent = number({ style: "percent", maximumFractionDigits: 1 });
  const fixed = (digits: number, sign: boolean) =>
    number({ minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: sign ? "exceptZero" : "auto" });
  const decimals = [0, 1, 2].map((digits) => fixed(digits, false));
  const signs = [0, 1, 2].map((digits) => fixed(digits, true));
  const units = lang === "fr" ? ["o", "ko", "Mo", "Go", "To"] : ["B", "kB", "MB", "GB", "TB"];

  return {
    count: number({ maximumFractionDigits: 0 }),
    decimal: (value, digits = 1) => (decimals[digits] ?? fixed(digits, false))(value),
    signed: (value, digits = 1) => (signs[digits] ?? fixed(digits, true))(value),
    percent: (value) => {
      if (value > 0 && value < 0.001) return `< ${finePercent(0.001)}`;
      if (value < 1 && value > 0.999) return `> ${finePercent(0.999)}`;
      return value < 0.01 || value > 0.99 ? finePercent(value) : percent(value);
    },
    date: moment({ day: "numeric", month: "short", year: "numeric" }),
    dateTime: moment({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" }),
    time: moment({ hour: "2-digit", minute: "2-digit" }),
    day: moment({ day: "numeric", month: "short" }),
    month: moment({ month: "short", year: "numeric" }),
    bytes: (value) => {
      const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
      return `${decimals[power === 0 ? 0 : 1]?.(value / 1000 ** power) ?? ""} ${units[power] ?? ""}`;
    },
  };
}

/** The same, in the zone of a place; in the reader's own where no zone is known of it, or none of that name here. */
export function formatsAt(lang: Lang, zone: string | null): Formats {
  return formats(lang, zone !== null && isZone(zone) ? zone : undefined);
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
