import { useWords } from "../app/context";
import { en } from "../words/en";
import { fr } from "../words/fr";

/** The other language, in its own name. */
export function Languages() {
  const { look } = useWords();
  const other = look.lang === "fr" ? "en" : "fr";
  return (
    <button type="button" lang={other} onClick={() => look.setLang(other)}>
      {other === "fr" ? fr.lang : en.lang}
    </button>
  );
}
