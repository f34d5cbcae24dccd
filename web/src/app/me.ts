import { createContext, useContext } from "react";
import { actions } from "../api/may";
import type { Ability } from "../api/may";
import type { Me } from "../api/types";

export const MeContext = createContext<Me | null>(null);

export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error("useMe outside a session");
  return me;
}

/** Whether the person may; the server decides anew each time. */
export function useMay(): (ability: Ability) => boolean {
  const { may } = useMe();
  return (ability) => may.includes(actions[ability]);
}
