import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/client";
import { me } from "../api/queries";

/** Whatever is refused because the session ended leads back to the sign-in. */
function watch(error: unknown): void {
  if (error instanceof ApiError && error.status === 401) queryClient.setQueryData(me.queryKey, null);
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watch }),
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
