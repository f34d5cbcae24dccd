import { useEffect, useState } from "react";
import { useOpen, useView, useWords } from "../app/context";
import { toCode } from "../core/custody";
import type { What } from "../core/entry";
import { Alarm } from "../device/alarm";
import { siteOf } from "../device/bundle";
import type { View } from "../device/session";
import { Button } from "../ui/Button";
import { Code } from "../ui/Code";
import { Screen } from "../ui/Screen";

type Whereabouts = Extract<What, { kind: "distress" }>["place"];

/** Help is needed now: by the network, by a colleague's phone, by noise and light. */
export function Distress() {
  const { w } = useWords();
  const { session, syncing, say } = useOpen();
  const view = useView();
  const [called, setCalled] = useState<number | "unsigned">();
  const [alarm, setAlarm] = useState<Alarm>();
  const [coded, setCoded] = useState(false);
  useEffect(() => () => alarm?.stop(), [alarm]);

  const place = whereabouts(view);
  const call = async () => {
    syncing.distress(place);
    try {
      setCalled((await session.enter({ kind: "distress", place })).sequence);
    } catch {
      // A revoked or ended phone signs nothing more; the call itself still goes.
      setCalled("unsigned");
      say(w.distress.sending);
    }
  };
  const signed = typeof called === "number" ? session.signedOf(called) : undefined;
  const sent = called !== undefined && view.help === "heard";
  const code = signed === undefined ? undefined : toCode(signed);

  const foot =
    called === undefined ? (
      <Button kind="stop" onPress={() => void call()}>{w.distress.hold}</Button>
    ) : (
      <>
        {code !== undefined && <Button onPress={() => setCoded(!coded)}>{w.distress.code}</Button>}
        <Button kind="stop" onPress={() => setAlarm(alarm === undefined ? Alarm.start() : undefined)}>
          {alarm === undefined ? w.distress.alarm : w.distress.alarmStop}
        </Button>
      </>
    );
  return (
    <Screen title={w.distress.title} foot={foot}>
      <p className={alarm === undefined ? "name" : "name flash"}>{w.distress.here}</p>
      <p className="name">{typeof place === "object" && "cell" in place ? place.cell.cell : siteName(view)}</p>
      <div role="status">
        {called !== undefined && (
          <p className={sent ? "notice good" : "notice bad"}>
            {sent ? w.distress.sent : view.connection === "online" ? w.distress.sending : w.distress.kept}
          </p>
        )}
      </div>
      {coded && code !== undefined && (
        <>
          <Code text={code} label={w.distress.code} />
          <p className="soft">{w.distress.codeHint}</p>
        </>
      )}
    </Screen>
  );
}

/** The cell where a search runs, or else the site. */
function whereabouts(view: View): Whereabouts {
  const running = view.cells.find((state) => state.status === "running");
  if (running !== undefined) return { cell: running.cell };
  const site = siteOf(view.bundle);
  return site === "" ? "not_told" : { site };
}

function siteName(view: View): string {
  return view.bundle.sites[0]?.name ?? siteOf(view.bundle);
}
