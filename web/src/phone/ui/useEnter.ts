import { useState } from "react";
import { useOpen, useWords } from "../app/context";
import type { Entry, What } from "../core/entry";

/** Enters something: says so when it is on the disk, or that it is not. */
export function useEnter(): { enter: (what: What) => Promise<Entry | undefined>; entering: boolean } {
  const { w } = useWords();
  const { session, say } = useOpen();
  const [entering, setEntering] = useState(false);
  const enter = async (what: What) => {
    setEntering(true);
    try {
      const entry = await session.enter(what);
      say(w.find.entered);
      return entry;
    } catch {
      say(w.find.notEntered);
      return undefined;
    } finally {
      setEntering(false);
    }
  };
  return { enter, entering };
}
