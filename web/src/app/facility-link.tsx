import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMay } from "./me";

/** A facility's name, as a link for those who may open its page. */
export function FacilityLink({ facility, title, tabIndex, children }: { facility: string; title?: string; tabIndex?: number; children: ReactNode }) {
  const may = useMay();
  if (!may("facility")) return <span title={title}>{children}</span>;
  return (
    <Link to="/facilities/$facility" params={{ facility }} title={title} tabIndex={tabIndex}>
      {children}
    </Link>
  );
}
