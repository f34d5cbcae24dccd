/** What the wall says of sites as a whole. */
import type { Audience, DayPhone, Flagged, Post, WallSite } from "../../api/types";

/** A site that says nothing for this long, in minutes, needs a look. */
export const SILENCE = 10;

/** Silent and not done: a finished site may well be quiet. */
export function isSilent(site: WallSite): boolean {
  return site.done < site.cells && (site.silent_minutes ?? 0) >= SILENCE;
}

/** Silent ones first, the longest silence before the others; then those with a contradiction; then by what is left to do. */
export function byNeed(sites: readonly WallSite[]): WallSite[] {
  const rank = (site: WallSite) => (isSilent(site) ? 2 : site.cells_list.some((cell) => cell.state === "conflict") ? 1 : 0);
  const left = (site: WallSite) => site.cells - site.done;
  return [...sites].sort((a, b) => rank(b) - rank(a) || (isSilent(a) ? (b.silent_minutes ?? 0) - (a.silent_minutes ?? 0) : left(b) - left(a)));
}

export function totals(sites: readonly WallSite[]) {
  const sum = (of: (site: WallSite) => number) => sites.reduce((total, site) => total + of(site), 0);
  return { cells: sum((site) => site.cells), done: sum((site) => site.done), found: sum((site) => site.found), expected: sum((site) => site.expected), silent: sites.filter(isSilent).length };
}

/** Flags that say the same, once: the latest, and how often it was raised. */
export function alike(flags: readonly Flagged[]): { flag: Flagged; times: number }[] {
  const found = new Map<string, { flag: Flagged; times: number }>();
  for (const flag of flags) {
    const known = found.get(flag.text.en);
    if (!known) found.set(flag.text.en, { flag, times: 1 });
    else found.set(flag.text.en, { flag: flag.at > known.flag.at ? flag : known.flag, times: known.times + 1 });
  }
  return [...found.values()];
}

/** Whom a choice names: nothing for all, or which site or team. */
export function audienceOf(choice: string): Audience {
  const at = choice.indexOf(" ");
  if (at < 0) return "all";
  return choice.startsWith("site ") ? { site: choice.slice(at + 1) } : { team: choice.slice(at + 1) };
}

/** Entries of a phone that are known of and aren't here: those that are missing among its own, or that it said it holds. */
export function owed({ missing, unsent }: DayPhone): number {
  const gaps = missing.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  return Math.max(gaps, unsent);
}

/** Whether it was enrolled for a team or a desk: the command post's own key never was, and isn't to be revoked here. */
export function isPhone(post: Post | null): boolean {
  return post !== null && post !== "command";
}
