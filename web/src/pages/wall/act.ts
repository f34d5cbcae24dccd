import { useMutation, useQueryClient } from "@tanstack/react-query";
import { wall } from "../../api/queries";

/** Runs something that changes the day, and reads the wall again. */
export function useAct<V, R>(act: (value: V) => Promise<R>, onDone?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: wall.queryKey });
      onDone?.();
    },
  });
}
