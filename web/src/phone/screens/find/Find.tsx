import { type ReactNode, useEffect, useRef, useState } from "react";
import { useOpen, useView, useWords } from "../../app/context";
import { answer, asked, type Asked, beginning, type Draft, toFind } from "../../core/draft";
import type { CellRef, Entry, Find } from "../../core/entry";
import type { Words } from "../../words/en";
import { Check } from "./Check";
import { ImeiStep } from "./ImeiStep";
import { PhotoStep } from "./PhotoStep";
import { PlaceStep } from "./PlaceStep";
import { SealStep } from "./SealStep";
import { SimStep } from "./SimStep";
import { StateStep } from "./StateStep";
import { WhatStep } from "./WhatStep";

/** What each step of a find has. */
export interface StepProps {
  draft: Draft;
  /** Keeps these answers and goes on. */
  answer: (answers: Partial<Draft>) => void;
  /** Keeps these and stays. */
  note: (answers: Partial<Draft>) => void;
  /** How far: "3 of 8". */
  title: string;
}

interface Props {
  cell: CellRef;
  lay: Find["lay"];
}

/** A find, question by question; what is answered survives a phone that dies. */
export function FindScreen({ cell, lay }: Props) {
  const { w } = useWords();
  const { session, say } = useOpen();
  const { entries } = useView();
  // A find begins once, whatever is entered meanwhile.
  const begin = () => session.draftAt(cell, lay) ?? beginning(cell, session.nextItem(), lay, usualWitnesses(entries));
  const [draft, setDraft] = useState(begin);
  const goBack = useBackSteps(draft, setDraft);

  const keep = (next: Draft) => {
    setDraft(next);
    session.keepDraft(next).catch(() => say(w.find.notEntered));
  };
  const steps = asked(draft);
  const step = steps[draft.step] ?? "check";
  const props: StepProps = {
    draft,
    answer: (answers) => keep(answer(draft, answers)),
    note: (answers) => keep({ ...draft, ...answers }),
    title: `${draft.cell.cell} · ${w.find.step(draft.step + 1, Math.max(steps.length, draft.step + 1))}`,
  };
  const leave = async () => {
    await session.dropDraft(draft);
    goBack();
  };
  const enter = async () => {
    await session.enterFind(draft, (named) => toFind(named, looksLike(w, named)));
    say(w.find.entered);
    await leave();
  };
  return stepScreen(step, props, enter, leave);
}

function stepScreen(step: Asked, props: StepProps, enter: () => Promise<void>, drop: () => Promise<void>): ReactNode {
  switch (step) {
    case "what":
      return <WhatStep {...props} />;
    case "state":
      return <StateStep {...props} />;
    case "imei":
    case "second":
      return <ImeiStep key={step} {...props} second={step === "second"} />;
    case "sim":
      return <SimStep {...props} />;
    case "photo":
      return <PhotoStep {...props} />;
    case "seal":
      return <SealStep {...props} />;
    case "place":
      return <PlaceStep {...props} />;
    case "check":
      return <Check {...props} enter={enter} drop={drop} />;
  }
}

/** The way back goes one question back, and leaves the find at its first, or when it is said to leave. */
function useBackSteps(draft: Draft, setDraft: (draft: Draft) => void): () => void {
  const leaving = useRef(false);
  const { step } = draft;
  useEffect(() => {
    if (step === 0) return undefined;
    const here: unknown = history.state;
    const popped = (event: PopStateEvent) => {
      if (leaving.current) return;
      event.stopImmediatePropagation();
      history.pushState(here, "");
      setDraft({ ...draft, step: step - 1 });
    };
    addEventListener("popstate", popped, { capture: true });
    return () => removeEventListener("popstate", popped, { capture: true });
  }, [draft, step, setDraft]);
  return () => {
    leaving.current = true;
    history.back();
  };
}

/** Those who saw the last find see this one, too. */
function usualWitnesses(entries: readonly Entry[]): string[] {
  const last = entries.findLast((entry) => entry.what.kind === "found");
  return last?.what.kind === "found" ? last.what.find.witnesses : [];
}

/** What a find looks like, in the officer's words. */
export function looksLike(w: Words, draft: Draft): string {
  if (draft.kind === "sim") return w.find.sim;
  if (draft.kind === "charger") return w.find.charger;
  if (draft.kind === "phone") return w.classes[draft.class ?? "unknown"];
  return w.find.otherKind;
}
