/** Which of the colour schemes is on. Without a choice the system's holds, and changes with it. */
export const schemes = ["system", "light", "dark", "contrast"] as const;
export type Scheme = (typeof schemes)[number];

const KEY = "cellsweep.scheme";

export function chosenScheme(): Scheme {
  try {
    const kept = localStorage.getItem(KEY);
    return schemes.find((scheme) => scheme === kept) ?? "system";
  } catch {
    return "system";
  }
}

export function applyScheme(scheme: Scheme): void {
  const root = document.documentElement;
  if (scheme === "system") delete root.dataset.scheme;
  else root.dataset.scheme = scheme;
  window.dispatchEvent(new Event("cellsweep:scheme"));
}

export function keepScheme(scheme: Scheme): void {
  applyScheme(scheme);
  try {
    localStorage.setItem(KEY, scheme);
  } catch {
    // Storage can be closed by policy; the choice then holds until the page is left.
  }
}

/** Calls back when the colours change, by choice or by the system's; gives what stops it. */
export function onScheme(call: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  window.addEventListener("cellsweep:scheme", call);
  system.addEventListener("change", call);
  return () => {
    window.removeEventListener("cellsweep:scheme", call);
    system.removeEventListener("change", call);
  };
}
