import { type ReactNode, useEffect, useMemo, useState } from "react";
import { Bare } from "../device/store";
import type { Session } from "../device/session";
import { codeIn, enrolAgain } from "../device/enrolling";
import { Syncing } from "../device/syncing";
import { CellScreen } from "../screens/Cell";
import { CouldNot } from "../screens/CouldNot";
import { Day } from "../screens/Day";
import { Distress } from "../screens/Distress";
import { End } from "../screens/End";
import { Exhibits, Mine } from "../screens/Exhibits";
import { FindScreen } from "../screens/find/Find";
import { Give, Offered } from "../screens/Give";
import { Leave } from "../screens/Leave";
import { Other } from "../screens/Other";
import { Receive } from "../screens/Receive";
import { Refer } from "../screens/Refer";
import { Rescue } from "../screens/Rescue";
import { ScanAny } from "../screens/ScanAny";
import { Status } from "../screens/Status";
import { NewWord, WordsScreen } from "../screens/WordsScreen";
import { cellKey } from "../core/cells";
import { type Open, OpenContext, type Place, useWords } from "./context";

/** How long something that was said stays, in milliseconds. */
const SAID_MS = 3_500;

interface Props {
  session: Session;
  onDestroyed: (bare: Bare) => void;
}

/** An open session and where the officer is in it. */
export function OpenSession({ session, onDestroyed }: Props) {
  const syncing = useMemo(() => new Syncing(session), [session]);
  const places = usePlaces();
  const [said, say] = useSaid();

  useEffect(() => syncing.start(), [syncing]);
  useInvitation(session, say);

  const open = useMemo<Open>(() => {
    const destroy = async () => {
      await session.destroy();
      onDestroyed(await Bare.open());
    };
    return { session, syncing, say, said, destroy, ...places.ways };
  }, [session, syncing, say, said, places.ways, onDestroyed]);

  return (
    <OpenContext value={open}>
      {screen(places.here)}
      <NewWord />
      <div role="status" className="hidden">{said}</div>
    </OpenContext>
  );
}

function screen(place: Place): ReactNode {
  switch (place.at) {
    case "day":
      return <Day />;
    case "cell":
      return <CellScreen key={cellKey(place.cell)} cell={place.cell} />;
    case "find":
      return <FindScreen key={`${cellKey(place.cell)}\n${place.lay}`} cell={place.cell} lay={place.lay} />;
    case "couldNot":
      return <CouldNot cell={place.cell} />;
    case "leave":
      return <Leave cell={place.cell} />;
    case "refer":
      return <Refer cell={place.cell} />;
    case "exhibits":
      return <Exhibits />;
    case "mine":
      return <Mine />;
    case "give":
      return <Give />;
    case "offer":
      return <Offered key={place.handOver} handOver={place.handOver} />;
    case "receive":
      return <Receive />;
    case "scan":
      return <ScanAny />;
    case "words":
      return <WordsScreen />;
    case "distress":
      return <Distress />;
    case "status":
      return <Status />;
    case "rescue":
      return <Rescue />;
    case "end":
      return <End />;
    case "other":
      return <Other />;
  }
}

/** A code that this phone is opened with again. */
function useInvitation(session: Session, say: (text: string) => void): void {
  const { w } = useWords();
  useEffect(() => {
    const take = async () => {
      const code = codeIn(location.hash);
      if (code === undefined) return;
      const trouble = await enrolAgain(session, code);
      if (trouble !== "noNetwork") history.replaceState(history.state, "", location.pathname);
      say(w.enrol[trouble ?? "again"]);
    };
    const taken = () => void take();
    taken();
    addEventListener("hashchange", taken);
    return () => removeEventListener("hashchange", taken);
  }, [session, say, w]);
}

const DAY: Place[] = [{ at: "day" }];

/** Where the officer is and came from; the phone's own back key goes back, too. */
function usePlaces() {
  const [places, setPlaces] = useState<Place[]>(kept);
  useEffect(() => {
    const popped = (event: PopStateEvent) => setPlaces((event.state as Place[] | null) ?? DAY);
    addEventListener("popstate", popped);
    return () => removeEventListener("popstate", popped);
  }, []);
  const ways = useMemo(() => {
    const push = (after: Place[]) => {
      history.pushState(after, "");
      setPlaces(after);
    };
    const replace = (place: Place) => {
      const after = [...kept().slice(0, -1), place];
      history.replaceState(after, "");
      setPlaces(after);
    };
    return { go: (place: Place) => push([...kept(), place]), replace, back: () => history.back(), home: () => push(DAY) };
  }, []);
  return { here: places.at(-1) ?? { at: "day" as const }, ways };
}

function kept(): Place[] {
  const state = history.state as Place[] | null;
  return Array.isArray(state) && state.length > 0 ? state : DAY;
}

function useSaid(): [string | undefined, (text: string) => void] {
  const [said, setSaid] = useState<string>();
  useEffect(() => {
    if (said === undefined) return undefined;
    const timer = setTimeout(() => setSaid(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  return [said, setSaid];
}
