/** What lies below the first screen: drawn once the browser has nothing more urgent to do. */
import { startTransition, Suspense, useEffect, useState } from "react";
import type { ReactNode } from "react";

export function Later({ children }: { children: ReactNode }) {
  const [now, setNow] = useState(false);
  useEffect(() => {
    const draw = () => startTransition(() => setNow(true));
    // Not every browser tells when it is idle.
    if (!("requestIdleCallback" in window)) {
      const timer = setTimeout(draw);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(draw, { timeout: 1000 });
    return () => cancelIdleCallback(idle);
  }, []);
  return now ? <Suspense fallback={null}>{children}</Suspense> : null;
}
