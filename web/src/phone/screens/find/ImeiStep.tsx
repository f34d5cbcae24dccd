import { useState } from "react";
import { useWords } from "../../app/context";
import type { ImeiRead } from "../../core/entry";
import type { Draft } from "../../core/draft";
import { checkImei, imeisIn, spaced } from "../../core/imei";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Scan } from "../../ui/Scan";
import { Screen } from "../../ui/Screen";
import type { StepProps } from "./Find";

/** The IMEI: read off the label or typed, checked, and confirmed by hand; that it can't be read is an answer. */
export function ImeiStep({ draft, answer, title, second }: StepProps & { second: boolean }) {
  const { w } = useWords();
  const [read, setRead] = useState<string[]>([]);
  const [typing, setTyping] = useState(false);
  const [shown, setShown] = useState(false);
  const lit = draft.state === "on" && draft.screen === "lit";
  const as = (digits: string): ImeiRead => (shown && lit ? { shown: digits } : { printed: digits });

  const give = (first: ImeiRead, rest: Partial<Draft>) =>
    answer(second ? { secondImei: first } : { imei: first, ...rest });
  const confirm = () => {
    const [one, two] = read;
    if (one === undefined) return;
    give(as(one), { secondImei: two === undefined ? "not_applicable" : as(two), two: false });
  };
  const seen = (texts: string[]) => {
    const found = texts.flatMap(imeisIn).filter((digits) => !second || !isKnown(draft, digits));
    if (found.length === 0) return false;
    setRead([...new Set(found)].slice(0, second ? 1 : 2));
    return true;
  };

  if (read.length > 0) {
    return (
      <Confirm
        title={title}
        heading={second ? w.find.imei2 : w.find.imei}
        read={read}
        onRight={confirm}
        onSecond={second || read.length > 1 ? undefined : () => give(as(read[0] ?? ""), { secondImei: undefined, two: true })}
        onWrong={() => setRead([])}
        shown={lit ? shown : undefined}
        onShown={setShown}
      />
    );
  }
  const foot = (
    <>
      {!typing && <Button onPress={() => setTyping(true)}>{w.find.type}</Button>}
      <div className="pair">
        <Button onPress={() => give("not_looked_at", { secondImei: "not_looked_at", two: false })}>{w.find.notLooked}</Button>
        <Button onPress={() => give("not_readable", { secondImei: "not_looked_at", two: false })}>{w.find.notReadable}</Button>
      </div>
    </>
  );
  return (
    <Screen title={title} foot={foot}>
      <Shield draft={draft} />
      <h2>{second ? w.find.imei2 : w.find.imei}</h2>
      {typing ? <Typed onDone={(digits) => setRead([digits])} /> : <Scan looking="label" onRead={seen} onFail={() => setTyping(true)} />}
      <p className="soft">{w.find.aim}</p>
    </Screen>
  );
}

/** What is said at every step after the state: on is shielded, and nothing is dialled. */
export function Shield({ draft }: { draft: Draft }) {
  const { w } = useWords();
  const shield = draft.state === "on" || draft.state === "unknown";
  return <p className={shield ? "notice bad" : "notice warn"}>{shield ? w.find.shield : w.find.never}</p>;
}

function isKnown(draft: Draft, digits: string): boolean {
  const { imei } = draft;
  return typeof imei === "object" && Object.values(imei).includes(digits);
}

function Typed({ onDone }: { onDone: (digits: string) => void }) {
  const { w } = useWords();
  const [typed, setTyped] = useState("");
  const digits = typed.replace(/\D/g, "");
  return (
    <>
      <Field label={`${w.find.imei} (${w.find.typed})`} value={typed} onChange={setTyped} inputMode="numeric" maxLength={24} autoFocus />
      <Button kind="main" disabled={checkImei(digits) === "not_an_imei"} onPress={() => onDone(digits)}>
        {w.find.goOn}
      </Button>
    </>
  );
}

interface ConfirmProps {
  title: string;
  heading: string;
  read: string[];
  onRight: () => void;
  onSecond: (() => void) | undefined;
  onWrong: () => void;
  /** Whether it stood on the lit screen; undefined where that can't be. */
  shown: boolean | undefined;
  onShown: (shown: boolean) => void;
}

function Confirm({ title, heading, read, onRight, onSecond, onWrong, shown, onShown }: ConfirmProps) {
  const { w } = useWords();
  const checks = read.map(checkImei);
  const wrong = checks.includes("wrong_check_digit");
  const foot = (
    <>
      <div className="pair">
        <Button onPress={onWrong}>{w.find.wrong}</Button>
        {onSecond !== undefined && <Button onPress={onSecond}>{w.find.rightAndSecond}</Button>}
      </div>
      <Button kind="main" onPress={onRight}>{wrong ? w.find.keepAnyway : w.find.right}</Button>
    </>
  );
  return (
    <Screen title={title} foot={foot}>
      <h2>{heading}</h2>
      {read.map((digits) => <p key={digits} className="card digits" data-imei={digits}>{spaced(digits)}</p>)}
      <p>{w.find.compare}</p>
      {wrong && <p className="notice bad" role="alert">{w.find.checkWrong}</p>}
      {checks.includes("no_check_digit") && <p className="notice warn">{w.find.noCheck}</p>}
      {shown !== undefined && (
        <>
          <h2>{w.find.where}</h2>
          <div className="pair">
            <Button kind={shown ? "plain" : "chosen"} onPress={() => onShown(false)}>{w.find.printed}</Button>
            <Button kind={shown ? "chosen" : "plain"} onPress={() => onShown(true)}>{w.find.shown}</Button>
          </div>
        </>
      )}
    </Screen>
  );
}
