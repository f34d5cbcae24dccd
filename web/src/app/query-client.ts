import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import type { Query } from "@tanstack/react-query";
import { ApiError, holdCsrf, holdReason } from "../api/client";
import { me } from "../api/queries";
import type { Me } from "../api/types";

/** Whose answers are kept. */
let whose: string | null = null;

/** Nothing of whoever was here passes on to the next: neither what they saw nor why they looked. */
export function leave(): void {
  // The sign-in first: whoever shows `me` holds on to it.
  queryClient.setQueryData(me.queryKey, null);
  heldFor(null);
  holdCsrf(null);
}

function heldFor(person: string | null): void {
  if (person !== null && person === whose) return;
  whose = person;
  holdReason(null);
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== me.queryKey[0] });
}

/** Whatever is refused because the session ended leads back to the sign-in. */
function watch(error: unknown): void {
  if (error instanceof ApiError && error.status === 401) leave();
}

/** What may no longer be seen (not allowed, locked, no reason given) isn't shown from what was kept either. */
function close(error: unknown, query: Query<unknown, unknown>): void {
  if (error instanceof ApiError && [403, 423, 428].includes(error.status)) query.setState({ data: undefined });
  watch(error);
}

/** Somebody else may have signed in at another page of this browser. */
function known(data: unknown, query: Query<unknown, unknown>): void {
  if (query.queryKey[0] === me.queryKey[0]) heldFor((data as Me | null)?.person.id ?? null);
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: close, onSuccess: known }),
  // Where somebody proves who they are, a refusal says that the proof was wrong, not that the session ended.
  mutationCache: new MutationCache({ onError: (error, _given, _context, { meta }) => (meta?.proves ? undefined : watch(error)) }),
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      networkMode: "always",
      retry: (failures, error) => failures < 2 && error instanceof ApiError && (error.status === 0 || error.status === 503),
    },
    mutations: { networkMode: "always" },
  },
});
