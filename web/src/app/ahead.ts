/** What the first page will need is asked for while the rest of the program is still read. */
import { actions } from "../api/may";
import { me, theCase } from "../api/queries";
import { queryClient } from "./query-client";

export function ahead(): void {
  const home = location.pathname === "/";
  if (home) void import("../pages/case");
  const asked = queryClient.query(me).then((found) => {
    // Who may not see the case is not one who was refused it.
    return home && found?.may.includes(actions.case) ? queryClient.query(theCase) : null;
  });
  // What fails is asked for, and said, again by whoever needs it.
  asked.catch(() => undefined);
}
