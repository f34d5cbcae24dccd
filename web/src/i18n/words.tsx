/** The page's language: its messages, its figures and dates, and the choice between two texts. */
import { createContext, useCallback, useContext, useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import type { Messages } from "../messages/fr";
import { formats } from "./format";
import type { Formats } from "./format";
import { chosenLang, keepLang } from "./lang";
import type { Lang, Text } from "./lang";

export interface Words {
  lang: Lang;
  m: Messages;
  f: Formats;
  pick: (text: Text) => string;
  setLang: (lang: Lang) => void;
}

const Context = createContext<Words | null>(null);

const here: Partial<Record<Lang, Messages>> = {};

/** Only the language that is on is fetched. */
export async function loadWords(lang: Lang): Promise<Messages> {
  return (here[lang] ??= lang === "fr" ? (await import("../messages/fr")).fr : (await import("../messages/en")).en);
}

export function WordsProvider({ children }: { children: ReactNode }) {
  const [lang, choose] = useState(chosenLang);
  const [loaded, setLoaded] = useState<{ lang: Lang; m: Messages } | null>(() => {
    const m = here[lang];
    return m ? { lang, m } : null;
  });

  useEffect(() => {
    let left = false;
    void loadWords(lang).then((m) => {
      if (left) return;
      document.documentElement.lang = lang;
      setLoaded({ lang, m });
    });
    return () => {
      left = true;
    };
  }, [lang]);

  const setLang = useCallback((next: Lang) => {
    keepLang(next);
    choose(next);
  }, []);

  const words = useMemo<Words | null>(() => {
    if (!loaded) return null;
    return { lang: loaded.lang, m: loaded.m, f: formats(loaded.lang), pick: (text) => text[loaded.lang], setLang };
  }, [loaded, setLang]);

  return words && <Context value={words}>{children}</Context>;
}

export function useWords(): Words {
  const words = useContext(Context);
  if (!words) throw new Error("useWords outside WordsProvider");
  return words;
}
