import { useEffect, useState } from "react";
import { chosenLang, keepLang, type Lang } from "../../i18n/lang";
import type { Bare } from "../device/store";
import { Session } from "../device/session";
import { Enrol } from "../screens/Enrol";
import { en } from "../words/en";
import { fr } from "../words/fr";
import { Button } from "../ui/Button";
import { Page } from "../ui/Screen";
import { type Look, useWords, WordsContext } from "./context";
import { OpenSession } from "./OpenSession";
import { begin, type Beginning } from "./begin";

const SCHEME = "cellsweep.phone.scheme";

/** The officer's phone. */
export function App() {
  const look = useLook();
  return (
    <WordsContext value={{ w: look.lang === "fr" ? fr : en, look }}>
      <Whole />
    </WordsContext>
  );
}

function Whole() {
  const [beginning, setBeginning] = useState<Beginning>({ kind: "opening" });
  const start = () => {
    begin()
      .then(setBeginning)
      .catch(() => setBeginning({ kind: "broken", why: "other" }));
  };
  useEffect(start, []);

  switch (beginning.kind) {
    case "opening":
      return <Plain title="cellsweep" text="" />;
    case "elsewhere":
      return <Elsewhere />;
    case "broken":
      return <Broken why={beginning.why} />;
    case "bare":
      return <Enrol bare={beginning.bare} over={false} onEnrolled={(session) => setBeginning({ kind: "open", session })} />;
    case "over":
      return <Over bare={beginning.bare} onEnrolled={(session) => setBeginning({ kind: "open", session })} />;
    case "open":
      return <OpenSession session={beginning.session} onDestroyed={(bare) => setBeginning({ kind: "over", bare })} />;
  }
}

function Over({ bare, onEnrolled }: { bare: Bare; onEnrolled: (session: Session) => void }) {
  return <Enrol bare={bare} over onEnrolled={onEnrolled} />;
}

function Elsewhere() {
  const { w } = useWords();
  return (
    <Plain title={w.elsewhere.title} text={w.elsewhere.text}>
      <Button kind="main" onPress={() => location.reload()}>
        {w.retry}
      </Button>
    </Plain>
  );
}

function Broken({ why }: { why: "storage" | "insecure" | "other" }) {
  const { w } = useWords();
  return <Plain title={w.broken.title} text={w.broken[why]} />;
}

function Plain({ title, text, children }: { title: string; text: string; children?: React.ReactNode }) {
  return (
    <div className="app">
      <header className="bar">
        <h1>{title}</h1>
      </header>
      <Page foot={children}>
        <p>{text}</p>
      </Page>
    </div>
  );
}

function useLook(): Look {
  const [lang, setLang] = useState<Lang>(chosenLang);
  const [scheme, setScheme] = useState<"dark" | "light">(chosenScheme);
  useEffect(() => {
    document.documentElement.lang = lang;
    keepLang(lang);
  }, [lang]);
  useEffect(() => {
    document.documentElement.dataset.scheme = scheme;
    keepScheme(scheme);
  }, [scheme]);
  return { lang, scheme, setLang, setScheme };
}

/** Dark unless the officer wants it otherwise: cells are dark, and a lit face is seen. */
function chosenScheme(): "dark" | "light" {
  try {
    return localStorage.getItem(SCHEME) === "light" ? "light" : "dark";
  } catch {
    return "dark";
  }
}

function keepScheme(scheme: string): void {
  try {
    localStorage.setItem(SCHEME, scheme);
  } catch {
    // Storage can be closed by policy; the choice then holds until the page is left.
  }
}
