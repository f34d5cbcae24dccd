import { useState } from "react";
import { chosenScheme, keepScheme, schemes } from "../design/scheme";
import { Field, Segments } from "../design/ui";
import { useWords } from "../i18n/words";

export function LangChoice() {
  const { m, lang, setLang } = useWords();
  return (
    <Segments
      label={m.app.language}
      value={lang}
      options={[["fr", "Français"], ["en", "English"]]}
      onChange={setLang}
    />
  );
}

export function SchemeChoice() {
  const { m } = useWords();
  const [scheme, setScheme] = useState(chosenScheme);
  return (
    <Field label={m.app.scheme}>
      {(tie) => (
        <select
          {...tie}
          value={scheme}
          onChange={(event) => {
            const next = schemes.find((each) => each === event.target.value) ?? "system";
            setScheme(next);
            keepScheme(next);
          }}
        >
          {schemes.map((each) => (
            <option key={each} value={each}>
              {m.app.schemes[each]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
