import { useState } from "react";
import { useOpen, useWords } from "../app/context";
import { fromCode } from "../core/custody";
import type { Entry, Envelope } from "../core/entry";
import { Button } from "../ui/Button";
import { Scan } from "../ui/Scan";
import { Screen } from "../ui/Screen";

/** Reads a word of command or a colleague's call for help off another phone. Hand-overs have their own place. */
export function ScanAny() {
  const { w } = useWords();
  const { session, syncing, home, replace } = useOpen();
  const [outcome, setOutcome] = useState<string>();

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
  const read = (texts: string[]) => {
    const shown = texts.map(fromCode).find((one) => one !== undefined);
    if (shown === undefined) {
      setOutcome(w.scan.unknown);
      return false;
    }
    void take(shown);
    return true;
  };
  return (
    <Screen title={w.scan.title} foot={<Button onPress={home}>{w.close}</Button>}>
      <p className="soft">{w.scan.hint}</p>
      {outcome !== undefined && <p className="notice warn" role="alert">{outcome}</p>}
      <Scan looking="screen" onRead={read} />
    </Screen>
  );
}
