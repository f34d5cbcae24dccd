import { useState } from "react";
import { useWords } from "../app/context";
import { codeIn, enrolWith, type NotEnrolled } from "../device/enrolling";
import type { Bare } from "../device/store";
import type { Session } from "../device/session";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Languages } from "../ui/Languages";
import { Scan } from "../ui/Scan";
import { Page } from "../ui/Screen";

interface Props {
  bare: Bare;
  /** The phone's day has just ended. */
  over: boolean;
  onEnrolled: (session: Session) => void;
}

/** The phone becomes a team's: by the code that the command post shows. */
export function Enrol({ bare, over, onEnrolled }: Props) {
  const { w } = useWords();
  const [link, setLink] = useState(() => codeIn(location.hash) ?? "");
  const [scanning, setScanning] = useState(false);
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<NotEnrolled>();

  const enrol = async (text: string) => {
    const code = codeIn(text);
    setWorking(true);
    setTrouble(undefined);
    const outcome = code === undefined ? "noCode" : await enrolWith(bare, code);
    setWorking(false);
    if (typeof outcome === "string") {
      setTrouble(outcome);
      return;
    }
    history.replaceState(null, "", location.pathname);
    onEnrolled(outcome);
  };

  const read = (texts: string[]) => {
    const code = texts.map(codeIn).find((one) => one !== undefined);
    if (code === undefined) return false;
    setScanning(false);
    setLink(code);
    void enrol(code);
    return true;
  };

  const foot = link === "" ? (
          <Button kind="main" onPress={() => setScanning(!scanning)}>
            {scanning ? w.cancel : w.enrol.scan}
          </Button>
        ) : (
          <Button kind="main" disabled={working} onPress={() => void enrol(link)}>
            {working ? w.enrol.working : w.enrol.go}
          </Button>
        );
  return (
    <div className="app">
      <header className="bar">
        <h1>cellsweep</h1>
        <Languages />
      </header>
      <Page foot={foot}>
        <h2 className="name">{w.enrol.title}</h2>
        {over && <p className="notice good" role="status">{w.enrol.over}</p>}
        {!over && <p className="soft">{w.enrol.lead}</p>}
        {trouble !== undefined && <p className="notice bad" role="alert">{w.enrol[trouble]}</p>}
        {scanning && <Scan looking="screen" onRead={read} />}
        <Field label={w.enrol.paste} value={link} onChange={setLink} autoCapitalize="characters" spellCheck={false} />
        <p className="soft">{w.enrol.keptHere}</p>
      </Page>
    </div>
  );
}
