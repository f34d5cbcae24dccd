/** English, for the studies of what measures do. */
import type { Messages } from "./fr";

export const studiesEn: Pick<Messages, "studies"> = {
  studies: {
    title: "What works",
    lead: "What jamming, detectors, searches and the method come to, from this case's own data. Where there is too little, a study says so, and what it would take.",
    nav: "Studies",
    all: "All studies",
    names: { jamming: "Jamming", detectors: "Detectors", routes: "Routes", operation: "The operation", register: "The register of confiscations", searches: "Searches", model: "The method itself" },
    asks: {
      jamming: "Does jamming silence the handsets inside, where does their activity go, and does it reach those who live around?",
      detectors: "What does each detector find of what lies there, and how much was there that nobody found?",
      routes: "How do phones come in, where do most come in, and what did a closed route move to others?",
      operation: "What did the search day bring, against its plan, against cells drawn by lot and against public figures?",
      register: "Which facility confiscates more or less than chance would have it?",
      searches: "How many searches find a phone, and how many phones is that a search?",
      model: "Do the weights still hold, which finding carries how much, and who is listed in error?",
    },
    working: "The study is being worked out.",
    workingHint: "From a few seconds to a minute: operators' records are read again. You can leave this page.",
    elapsed: (seconds) => `${seconds} s`,
    notYet: "This study rests on a trace that has not been run yet.",
    notYetHint: "Run a trace first, from the imports; then come back.",
    toImports: "Go to imports",
    how: "How",
    numbers: "The figure's numbers",
    noTable: "No rows.",
    columns: { name: "What", value: "Value", interval: "Interval" },
    reference: (value) => `Reference: ${value}`,
    says: (values) => `${values} values`,
    saysOut: (names) => `standing out: ${names}`,
    legend: { point: "value and its interval", out: "stands out", line: "value", dashed: "limit, or what is expected", band: "interval", reference: "reference", disc: "area follows the number" },
  },
};
