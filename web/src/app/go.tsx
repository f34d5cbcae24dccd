import { useRouter } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** A link to a page whose address the server gave; anything that isn't a page of ours is only text. */
export function GivenLink({ href, children }: { href: string; children: ReactNode }) {
  const router = useRouter();
  if (!/^\/(?!\/)/.test(href)) return <>{children}</>;
  return (
    <a
      href={href}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        router.history.push(href);
      }}
    >
      {children}
    </a>
  );
}
