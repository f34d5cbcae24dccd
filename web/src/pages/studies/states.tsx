/** A study that isn't there yet: it is worked out, it can't be told, or it failed. */
import { Link } from "@tanstack/react-router";
import { Hourglass } from "lucide-react";
import { useEffect, useState } from "react";
import { ApiError } from "../../api/client";
import { useMay } from "../../app/me";
import { Failed } from "../../design/states";
import { useWords } from "../../i18n/words";

/** Shown while the server works a study out, with the seconds that have passed. */
export function Working() {
  const { m, f } = useWords();
  const seconds = useSeconds();
  return (
    <div className="state study-working">
      <div role="status">
        <p>
          <strong>{m.studies.working}</strong>
        </p>
        <p>{m.studies.workingHint}</p>
      </div>
      <progress aria-label={m.studies.working} />
      <p className="small" aria-hidden>
        {m.studies.elapsed(f.count(seconds))}
      </p>
    </div>
  );
}

function useSeconds(): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const began = performance.now();
    const tick = setInterval(() => setSeconds(Math.floor((performance.now() - began) / 1000)), 1000);
    return () => clearInterval(tick);
  }, []);
  return seconds;
}

/** Why there is no study: what has to be run before it, or what the server says. */
export function NotThere({ error, retry }: { error: unknown; retry: () => void }) {
  const { m } = useWords();
  const may = useMay();
  if (!(error instanceof ApiError && error.is("not-yet"))) return <Failed error={error} retry={retry} />;
  return (
    <div className="state" role="alert">
      <Hourglass size={32} strokeWidth={1.5} aria-hidden />
      <p>
        <strong>{m.studies.notYet}</strong>
      </p>
      <p>{m.studies.notYetHint}</p>
      {may("imports") && <Link to="/imports">{m.studies.toImports}</Link>}
    </div>
  );
}
