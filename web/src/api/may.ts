/** The actions that pages ask for, as the server names them. What may be done is decided there; here it is only shown. */
export const actions = {
  case: "case.see",
  handsets: "handsets.list",
  handset: "handset.see",
  holder: "holder.see",
  facility: "facility.see",
  imports: "imports.see",
  import: "import.make",
  trace: "trace.run",
  review: "review.decide",
  plan: "plan.see",
  planMake: "plan.make",
  planApprove: "plan.approve",
  brief: "brief.print",
  wall: "sweep.see",
  command: "sweep.command",
  custody: "custody.see",
  register: "register.see",
  assess: "assess.see",
  authorities: "authority.see",
  authorityGrant: "authority.grant",
  audit: "audit.read",
  people: "people.see",
  peopleManage: "people.manage",
  settings: "settings.see",
} as const;

export type Ability = keyof typeof actions;
