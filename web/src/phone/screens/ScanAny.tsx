import { useState } from "react";
import { useOpen, useWords } from "../app/context";
import { fromCode } from "../core/custody";
import type { Entry, Envelope } from "../core/entry";
import { codeIn, enrolAgain } from "../device/enrolling";
import * as net from "../device/net";
import { Button } from "../ui/Button";
import { Scan } from "../ui/Scan";
import { Screen } from "../ui/Screen";

/** Reads a word of command, a colleague's call for help, or a dead phone's entries off a screen. */
export function ScanAny() {
  const { w } = useWords();
  const { session, syncing, home, replace } = useOpen();
  const [outcome, setOutcome] = useState<string>();
  const [rescued, setRescued] = useState<string>();

  const take = async ({ entry, signed }: { entry: Entry; signed: Envelope }) => {
    if (entry.what.kind === "distress") {
      // The call goes on by whichever phone has network; the colleague's own entry follows when theirs has.
      syncing.distress(entry.what.place);
      setOutcome(w.scan.carried);
    } else if (entry.what.kind === "exhibit") {
      replace({ at: entry.what.what.kind === "handed_on" ? "receive" : "exhibits" });
    } else {
      setOutcome((await session.heardByCode(signed)) ? undefined : w.scan.forged);
    }
  };
  const bring = async (lines: string) => {
    try {
      const whole = await net.rescue(session.token, lines);
      setRescued(undefined);
      session.parts.clear();
      setOutcome(whole ? w.scan.rescued : w.scan.notWhole);
    } catch (error) {
      setOutcome(error instanceof net.Refused && error.status === 403 ? w.scan.desksOnly : w.scan.notBrought);
    }
  };
  /** Part after part, until all are there. */
  const readPart = (text: string): boolean => {
    if (!session.parts.take(text)) return false;
    const [have, of] = session.parts.progress;
    setOutcome(w.scan.parts(have, of));
    const lines = session.parts.text;
    if (lines === undefined) return false;
    setRescued(lines);
    void bring(lines);
    return true;
  };
  const admit = async (code: string) => setOutcome(w.enrol[(await enrolAgain(session, code)) ?? "again"]);
  const read = (texts: string[]) => {
    const code = texts.map(codeIn).find((one) => one !== undefined);
    if (code !== undefined) {
      void admit(code);
      return true;
    }
    if (texts.some((text) => text.startsWith("CSR"))) return texts.some(readPart);
    const shown = texts.map(fromCode).find((one) => one !== undefined);
    if (shown === undefined) {
      setOutcome(w.scan.unknown);
      return false;
    }
    void take(shown);
    return true;
  };
  const foot = (
    <>
      {rescued !== undefined && <Button kind="main" onPress={() => void bring(rescued)}>{w.retry}</Button>}
      <Button onPress={home}>{w.close}</Button>
    </>
  );
  return (
    <Screen title={w.scan.title} foot={foot}>
      <p className="soft">{w.scan.hint}</p>
      {outcome !== undefined && <p className="notice warn" role="alert">{outcome}</p>}
      <Scan looking="screen" onRead={read} />
    </Screen>
  );
}
