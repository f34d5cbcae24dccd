import type { Role } from "../api/types";
import { Badge } from "../design/ui";
import { useWords } from "../i18n/words";

export const roleNames = ["investigator", "magistrate", "commander", "prison_security", "team_lead", "searcher", "custodian", "analyst", "data_protection_officer", "auditor", "administrator"] as const;
export const clearanceNames = ["open", "judicial", "intelligence"] as const;

/** Roles with how far they reach. */
export function Roles({ roles }: { roles: Role[] }) {
  const { m } = useWords();
  const names: Record<string, string> = m.people.roleNames;
  if (!roles.length) return <span className="soft">{m.people.noRoles}</span>;
  return (
    <span className="row">
      {roles.map((role, index) => (
        <Badge key={index} tone="accent">
          {[names[role.role] ?? role.role, role.facility, role.team].filter(Boolean).join(" · ")}
        </Badge>
      ))}
    </span>
  );
}

export function Clearances({ clearances }: { clearances: string[] }) {
  const { m } = useWords();
  const names: Record<string, string> = m.people.clearanceNames;
  return <>{clearances.length ? clearances.map((each) => names[each] ?? each).join(", ") : m.account.none}</>;
}
