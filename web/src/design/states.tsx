/** The four states of anything that is read from the server: coming, refused, failed, there (and maybe empty). */
import type { UseQueryResult } from "@tanstack/react-query";
import { CloudOff, Inbox, Lock, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError } from "../api/client";
import { useWords } from "../i18n/words";
import { Button } from "./ui";

export function Loading() {
  const { m } = useWords();
  return (
    <div className="skeleton" role="status" aria-label={m.common.loading}>
      <span />
      <span />
      <span />
      <span />
    </div>
  );
}

export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="state">
      <Inbox size={32} strokeWidth={1.5} aria-hidden />
      <p>{text}</p>
      {children}
    </div>
  );
}

/** Not for whoever asks: in the rule's own sentence, where the server gave one. */
export function Forbidden({ rule }: { rule?: string | undefined }) {
  const { m } = useWords();
  return (
    <div className="state">
      <Lock size={32} strokeWidth={1.5} aria-hidden />
      <p>
        <strong>{rule ?? m.common.forbidden}</strong>
      </p>
      <p>{m.common.forbiddenHint}</p>
    </div>
  );
}

export function Failed({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const { m } = useWords();
  const status = error instanceof ApiError ? error.status : -1;
  if (error instanceof ApiError && status === 403) return <Forbidden rule={error.problem.text && error.problem.detail} />;
  const Icon = status === 404 ? SearchX : CloudOff;
  return (
    <div className="state" role="alert">
      <Icon size={32} strokeWidth={1.5} aria-hidden />
      <p>{saysOf(error, m.common)}</p>
      {retry && status !== 404 && <Button onClick={retry}>{m.common.retry}</Button>}
    </div>
  );
}

interface Says {
  noData: string;
  offline: string;
  gone: string;
  reasonMissing: string;
  failed: (status: number) => string;
}

/** What went wrong, in words for whoever looks at the page. */
export function saysOf(error: unknown, says: Says): string {
  if (!(error instanceof ApiError)) return says.noData;
  if (error.status === 0) return says.offline;
  if (error.status === 404) return says.gone;
  if (error.is("reason-needed")) return says.reasonMissing;
  if (error.status >= 400 && error.status < 500 && error.problem.detail) return error.problem.detail;
  return says.failed(error.status);
}

/** Shows what a query gave, or where it stands. */
export function Ready<D>({ query, children }: { query: UseQueryResult<D>; children: (data: D) => ReactNode }) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Loading />;
}
