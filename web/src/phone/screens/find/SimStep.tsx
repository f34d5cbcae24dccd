import { useState } from "react";
import { useWords } from "../../app/context";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Scan } from "../../ui/Scan";
import { Screen } from "../../ui/Screen";
import type { StepProps } from "./Find";

const ICCID = /^\d{18,22}$/;

/** A SIM's number as it is printed on it. */
export function SimStep({ answer, title }: StepProps) {
  const { w } = useWords();
  const [number, setNumber] = useState("");
  const digits = number.replace(/\s/g, "");
  const seen = (texts: string[]) => {
    const found = texts.find((text) => ICCID.test(text));
    if (found === undefined) return false;
    setNumber(found);
    return true;
  };
  const foot = (
    <>
      <Button onPress={() => answer({ sims: [] })}>{w.find.notReadable}</Button>
      <Button kind="main" disabled={!ICCID.test(digits)} onPress={() => answer({ sims: [digits] })}>{w.find.right}</Button>
    </>
  );
  return (
    <Screen title={title} foot={foot}>
      <h2>{w.find.iccid}</h2>
      {number === "" && <Scan looking="label" onRead={seen} />}
      <Field label={w.find.iccid} value={number} onChange={setNumber} inputMode="numeric" maxLength={30} />
    </Screen>
  );
}
