import { useState } from "react";
import { useOpen, useView, useWords } from "../app/context";
import { cardOf } from "../core/card";
import { canBeName } from "../core/ids";
import type { Held } from "../core/custody";
import { Button } from "../ui/Button";
import { Code } from "../ui/Code";
import { Field } from "../ui/Field";
import { Screen } from "../ui/Screen";
import { useEnter } from "../ui/useEnter";

/** What the officer holds, what is on its way to somebody, and the ways to hand on and to receive. */
export function Exhibits() {
  const { w } = useWords();
  const { go } = useOpen();
  const { custody } = useView();
  const foot = (
    <>
      <div className="pair">
        <Button onPress={() => go({ at: "mine" })}>{w.exhibits.mine}</Button>
        <Button onPress={() => go({ at: "receive" })}>{w.exhibits.receive}</Button>
      </div>
      <Button kind="main" disabled={custody.held.length === 0} onPress={() => go({ at: "give" })}>
        {w.exhibits.give}
      </Button>
    </>
  );
  return (
    <Screen title={w.exhibits.title} foot={foot}>
      {custody.offers.map((offer) => (
        <button key={offer.handOver} type="button" className="row notice warn" onClick={() => go({ at: "offer", handOver: offer.handOver })}>
          <strong>{[...offer.seals, ...offer.items.map(shortItem)].join(", ")}</strong>
          <span className="mark">{w.exhibits.waiting}</span>
        </button>
      ))}
      <section className="section">
        <h2>{w.exhibits.held}</h2>
        {custody.held.length === 0 && <p className="soft">{w.exhibits.none}</p>}
        {custody.held.map((held) => <HeldCard key={held.seal ?? held.items[0]} held={held} />)}
      </section>
    </Screen>
  );
}

/** Something that is held; what is under no seal can be sealed. */
function HeldCard({ held }: { held: Held }) {
  const { w } = useWords();
  const { enter, entering } = useEnter();
  const [seal, setSeal] = useState("");
  const number = seal.trim();
  const sealIt = () => void enter({ kind: "exhibit", what: { kind: "sealed", seal: number, items: held.items, photos: [] } });
  return (
    <div className="card">
      <strong>{held.seal ?? w.exhibits.unsealed}</strong>
      {held.description !== "" && <p className="soft">{held.description}</p>}
      {held.seal === undefined && (
        <>
          <Field label={w.find.sealType} value={seal} onChange={setSeal} maxLength={60} autoCapitalize="characters" />
          <Button disabled={entering || !canBeName(number)} onPress={sealIt}>{w.exhibits.sealNow}</Button>
        </>
      )}
    </div>
  );
}

/** The officer's own code, for whoever hands something to them. */
export function Mine() {
  const { w } = useWords();
  const { officer } = useView().bundle.you;
  return (
    <Screen title={w.exhibits.mine}>
      <Code text={cardOf(officer)} label={w.exhibits.mine} />
      <p className="name">{officer.id}</p>
      <p>{w.exhibits.mineHint}</p>
    </Screen>
  );
}

/** An item's name as people say it: its number on the device. */
export function shortItem(item: string): string {
  return item.split("-").at(-1) ?? item;
}
