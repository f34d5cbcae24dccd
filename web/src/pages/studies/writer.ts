import { useMemo } from "react";
import { useWords } from "../../i18n/words";
import { writer } from "./values";
import type { Writer } from "./values";

/** How the page's language writes a study's values. */
export function useWriter(): Writer {
  const { lang, f } = useWords();
  return useMemo(() => writer(lang, f), [lang, f]);
}
