import { useState } from "react";
import { useOpen, useView, useWords } from "../app/context";
import { fromCode, toCode } from "../core/custody";
import type { Entry, Exhibit } from "../core/entry";
import { Button } from "../ui/Button";
import { Code } from "../ui/Code";
import { Field } from "../ui/Field";
import { Scan } from "../ui/Scan";
import { Screen } from "../ui/Screen";
import { useEnter } from "../ui/useEnter";
import { shortItem } from "./Exhibits";

type Offer = Extract<Exhibit, { kind: "handed_on" }>;
type Condition = Extract<Exhibit, { kind: "acknowledged" }>["condition"];

/** Something is handed to the officer: its code is read, the seals are compared, and a code is shown back. */
export function Receive() {
  const { w } = useWords();
  const { home, session } = useOpen();
  const view = useView();
  const { enter, entering } = useEnter();
  const [offer, setOffer] = useState<{ offer: Offer; entry: Entry }>();
  const [trouble, setTrouble] = useState<string>();
  const [damage, setDamage] = useState<string>();
  const [entered, setEntered] = useState<number>();

  const read = (texts: string[]) => {
    const shown = texts.map(fromCode).find((one) => one !== undefined);
    if (shown === undefined) return false;
    const found = offerIn(shown.entry);
    if (found === undefined) return say(w.exhibits.notAnOffer);
    if (found.to.id !== view.bundle.you.officer.id) return say(w.exhibits.notForYou(found.to.id));
    setTrouble(undefined);
    setOffer({ offer: found, entry: shown.entry });
    return true;
  };
  const say = (text: string) => {
    setTrouble(text);
    return false;
  };

  if (offer === undefined) {
    return (
      <Screen title={w.exhibits.receive} foot={<Button onPress={home}>{w.cancel}</Button>}>
        <h2>{w.exhibits.read}</h2>
        {trouble !== undefined && <p className="notice bad" role="alert">{trouble}</p>}
        <Scan looking="screen" onRead={read} />
      </Screen>
    );
  }
  const { seals, items, rehashed, hand_over } = offer.offer;
  const receive = async (condition: Condition) => {
    const what = { kind: "acknowledged" as const, hand_over, seals, items, condition, rehashed };
    setEntered((await enter({ kind: "exhibit", what }))?.sequence);
  };
  const signed = entered === undefined ? undefined : session.signedOf(entered);
  const code = signed === undefined ? undefined : toCode(signed);
  if (code !== undefined) {
    return (
      <Screen title={w.exhibits.receive} foot={<Button kind="main" onPress={home}>{w.exhibits.shown}</Button>}>
        <h2>{w.exhibits.showBack}</h2>
        <Code text={code} label={w.exhibits.showBack} />
        <p className="soft">{w.exhibits.showBackHint}</p>
      </Screen>
    );
  }
  const damaged = damage?.trim() ?? "";
  const whole = seals.length === 0 ? ("unsealed" as const) : ("intact" as const);
  const foot = (
    <>
      <Button kind="quiet" onPress={home}>{w.exhibits.refuse}</Button>
      {damage === undefined && seals.length > 0 && <Button onPress={() => setDamage("")}>{w.exhibits.damaged}</Button>}
      <Button
        kind="main"
        disabled={entering || (damage !== undefined && damaged === "")}
        onPress={() => void receive(damage === undefined ? whole : { damaged })}
      >
        {damage === undefined ? w.exhibits.intact : w.exhibits.receive}
      </Button>
    </>
  );
  return (
    <Screen title={w.exhibits.from(offer.entry.by.id)} foot={foot}>
      <h2>{w.exhibits.compare}</h2>
      {seals.map((seal) => <p key={seal} className="card digits">{seal}</p>)}
      {items.map((item) => <p key={item} className="card">{w.exhibits.unsealed}: {shortItem(item)}</p>)}
      {damage !== undefined && <Field label={w.exhibits.damagedWord} value={damage} onChange={setDamage} maxLength={500} />}
    </Screen>
  );
}

function offerIn(entry: Entry): Offer | undefined {
  return entry.what.kind === "exhibit" && entry.what.what.kind === "handed_on" ? entry.what.what : undefined;
}
