/** Live updates: the server names what has changed, and what shows it is read again. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { dayEventsUrl, eventsUrl } from "./client";
import { wall } from "./queries";

/** What an event's name makes stale. */
const concerns = {
  job: [["jobs"], ["imports"]],
  case: [["case"], ["alerts"], ["handsets"], ["handset"], ["facility"], ["imports"], ["quality"], ["custody"], ["register"], ["authorities"], ["study"]],
  // What one may do with a plan changes when it is approved.
  plan: [["plan"], ["case"], ["facility"], ["me"]],
  sweep: [["wall"], ["case"], ["custody"], ["facility"]],
  accounts: [["me"], ["people"], ["sessions"]],
} as const;

export type Line = "open" | "lost";

/** Listens while mounted; the browser reconnects by itself and says where it was. */
export function useEvents(): Line {
  const client = useQueryClient();
  const [line, setLine] = useState<Line>("open");
  useEffect(() => {
    const source = new EventSource(eventsUrl);
    source.onopen = () => setLine("open");
    source.onerror = () => setLine("lost");
    for (const [name, keys] of Object.entries(concerns)) {
      source.addEventListener(name, () => {
        for (const queryKey of keys) void client.invalidateQueries({ queryKey });
      });
    }
    return () => source.close();
  }, [client]);
  return line;
}

/** Listens to a day while it is open: every entry of a phone moves the wall. */
export function useDayEvents(open: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!open) return;
    const source = new EventSource(dayEventsUrl);
    source.addEventListener("sweep", () => void client.invalidateQueries({ queryKey: wall.queryKey }));
    return () => source.close();
  }, [client, open]);
}
