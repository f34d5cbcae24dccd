/** The two languages, which one is on, and a text that comes in both. */

export type Lang = "fr" | "en";

/** What the server says in both languages. */
export interface Text {
  fr: string;
  en: string;
}

const KEY = "cellsweep.lang";

/** Chosen on this page; storage can be closed by policy. */
let chosen: Lang | null = null;

/** The language chosen before, or the browser's, or French. */
export function chosenLang(): Lang {
  const kept = chosen ?? readKept();
  if (kept) return kept;
  const first = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === "fr" || tag === "en");
  return first === "en" ? "en" : "fr";
}

/** Keeps the choice on this machine. */
export function keepLang(lang: Lang): void {
  chosen = lang;
  try {
    localStorage.setItem(KEY, lang);
  } catch {
    // Storage can be closed by policy; the choice then holds until the page is left.
  }
}

function readKept(): Lang | null {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "fr" || kept === "en" ? kept : null;
  } catch {
    return null;
  }
}
