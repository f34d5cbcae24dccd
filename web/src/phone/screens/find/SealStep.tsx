import { useState } from "react";
import { useView, useWords } from "../../app/context";
import type { Entry } from "../../core/entry";
import { canBeName } from "../../core/ids";
import { nextSeal } from "../../core/seals";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Scan } from "../../ui/Scan";
import { Screen } from "../../ui/Screen";
import type { StepProps } from "./Find";

/** The seal: the next on the officer's roll, scanned, typed, or later. */
export function SealStep({ answer, title }: StepProps) {
  const { w } = useWords();
  const { entries } = useView();
  const next = nextOnRoll(entries);
  const [seal, setSeal] = useState("");
  const [scanning, setScanning] = useState(next === undefined);
  const number = seal.trim();
  const use = (one: string) => answer({ seal: { seal: one } });
  const seen = (texts: string[]) => {
    const found = texts.map((text) => text.trim()).find(canBeName);
    if (found === undefined) return false;
    setSeal(found);
    setScanning(false);
    return true;
  };
  const foot = (
    <>
      <div className="pair">
        <Button onPress={() => answer({ seal: "not_yet" })}>{w.find.sealLater}</Button>
        <Button onPress={() => setScanning(!scanning)}>{scanning ? w.find.type : w.find.sealScan}</Button>
      </div>
      {number !== "" && <Button kind="main" disabled={!canBeName(number)} onPress={() => use(number)}>{w.find.sealUse}</Button>}
      {number === "" && next !== undefined && (
        <Button kind="main" onPress={() => use(next)}>
          <span>{w.find.sealNext}<br />{next}</span>
        </Button>
      )}
    </>
  );
  return (
    <Screen title={title} foot={foot}>
      <h2>{w.find.seal}</h2>
      <p>{w.find.sealHint}</p>
      {scanning && <Scan looking="label" onRead={seen} onFail={() => setScanning(false)} />}
      <Field label={w.find.sealType} value={seal} onChange={setSeal} maxLength={60} autoCapitalize="characters" />
    </Screen>
  );
}

/** What follows the last seal that was used. */
function nextOnRoll(entries: readonly Entry[]): string | undefined {
  const seals = entries.flatMap(({ what }) => {
    if (what.kind === "found" && typeof what.find.seal === "object") return [what.find.seal.seal];
    if (what.kind === "exhibit" && what.what.kind === "sealed") return [what.what.seal];
    return [];
  });
  const last = seals.at(-1);
  return last === undefined ? undefined : nextSeal(last);
}
