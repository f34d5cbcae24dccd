import { createContext, use, useSyncExternalStore } from "react";
import type { Lang } from "../../i18n/lang";
import type { CellRef, Find } from "../core/entry";
import type { Session, View } from "../device/session";
import type { Syncing } from "../device/syncing";
import type { Words } from "../words/en";

/** Where the officer is. */
export type Place =
  | { at: "day" | "exhibits" | "give" | "receive" | "mine" | "scan" | "words" | "distress" | "status" | "rescue" | "end" | "other" }
  | { at: "cell" | "couldNot" | "refer" | "leave"; cell: CellRef }
  | { at: "find"; cell: CellRef; lay: Find["lay"] }
  | { at: "offer"; handOver: string };

/** The language, the screen's colours, and their change. */
export interface Look {
  lang: Lang;
  scheme: "dark" | "light";
  setLang: (lang: Lang) => void;
  setScheme: (scheme: "dark" | "light") => void;
}

/** What each screen of an open session has. */
export interface Open {
  session: Session;
  syncing: Syncing;
  go: (place: Place) => void;
  /** Instead of where the officer is: there is no way back to it. */
  replace: (place: Place) => void;
  back: () => void;
  home: () => void;
  /** Says something that goes away by itself. */
  say: (text: string) => void;
  /** What was said last, as long as it stays. */
  said: string | undefined;
  /** Destroys all that the phone holds. */
  destroy: () => Promise<void>;
}

export const WordsContext = createContext<{ w: Words; look: Look } | undefined>(undefined);
export const OpenContext = createContext<Open | undefined>(undefined);

/** The words in the officer's language. */
export function useWords(): { w: Words; look: Look } {
  const words = use(WordsContext);
  if (words === undefined) throw new Error("no words around this");
  return words;
}

/** The open session. */
export function useOpen(): Open {
  const open = use(OpenContext);
  if (open === undefined) throw new Error("no session around this");
  return open;
}

/** What the session shows now. */
export function useView(): View {
  const { session } = useOpen();
  return useSyncExternalStore(session.subscribe, session.view);
}
