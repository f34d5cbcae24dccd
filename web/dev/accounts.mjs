// One made-up person for each role; the sign-in name is the role's word, the password anything but "wrong".

const reading = ["case.see", "handsets.list", "handset.see", "holder.see", "facility.see", "plan.see", "authority.see", "custody.see", "register.see", "assess.see"];

export const may = {
  investigator: [...reading, "imports.see", "import.make", "trace.run", "attribute.run", "review.decide", "plan.make", "brief.print", "sweep.see", "authority.propose"],
  magistrate: [...reading, "imports.see", "plan.approve", "brief.print", "sweep.see", "authority.grant", "audit.read"],
  commander: ["case.see", "facility.see", "plan.see", "brief.print", "sweep.see", "sweep.command", "custody.see", "assess.see"],
  prison_security: ["facility.see", "sweep.see"],
  custodian: ["custody.see", "custody.enter", "register.see"],
  auditor: ["audit.read", "office.audit", "people.see"],
  administrator: ["people.see", "people.manage", "settings.see", "settings.change"],
  everything: [...reading, "imports.see", "import.make", "trace.run", "review.decide", "plan.make", "plan.approve", "plan.release", "brief.print", "sweep.see", "authority.grant", "audit.read", "office.audit", "people.see", "people.manage", "settings.see", "settings.change"],
};

const names = { investigator: "Claire Vasseur", magistrate: "Noémie Lenoir", commander: "Paul Adam", prison_security: "Rachid Benali", custodian: "Agnès Roux", auditor: "Jean Keller", administrator: "Ida Morel", everything: "Claire Vasseur" };

export const accounts = Object.keys(may).map((role, index) => ({
  login: role,
  person: {
    id: `p${index + 1}`, name: names[role], service_number: `M-${4021 + index * 17}`,
    roles: [{ role: role === "everything" ? "investigator" : role, facility: role === "prison_security" ? "F004" : null, team: null }],
    clearances: role === "investigator" || role === "magistrate" ? ["open", "judicial"] : ["open"],
  },
}));
