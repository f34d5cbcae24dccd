/** A paper that the server prints, opened in a tab of its own; what went wrong is said beside it. */
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { openPaper } from "../api/client";
import { useWords } from "../i18n/words";
import { saysOf } from "./states";
import { Button, Notice } from "./ui";

export function Paper({ path, label, children }: { path: string; label?: string; children: ReactNode }) {
  const { m } = useWords();
  const open = useMutation({ mutationFn: () => openPaper(path) });
  return (
    <>
      <Button disabled={open.isPending} aria-label={label} title={label} onClick={() => open.mutate()}>
        {children}
      </Button>
      {open.isError && <Notice tone="bad">{saysOf(open.error, m.common)}</Notice>}
    </>
  );
}
