/** A browser and its system, out of what it says of itself; that itself where it is neither. */
const browsers: readonly [RegExp, string][] = [[/Edg\/(\d+)/, "Edge"], [/(?:Firefox|FxiOS)\/(\d+)/, "Firefox"], [/Chrom(?:e|ium)\/(\d+)/, "Chrome"], [/Version\/(\d+).*Safari/, "Safari"]];
const systems: readonly [RegExp, string][] = [[/Windows/, "Windows"], [/Android/, "Android"], [/iPhone|iPad/, "iOS"], [/Mac OS X/, "macOS"], [/Linux/, "Linux"]];

export function agentName(agent: string): string {
  const browser = browsers.map(([form, name]) => [name, form.exec(agent)?.[1]] as const).find(([, version]) => version);
  const system = systems.find(([form]) => form.test(agent))?.[1];
  if (!browser) return agent;
  return [browser.join(" "), system].filter(Boolean).join(", ");
}
