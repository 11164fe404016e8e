/** How bad an alert is, in five levels, whatever its sender calls them. */
export const SEVERITY_LEVELS = ["critical", "error", "warning", "info", "none"] as const;
export type SeverityLevel = (typeof SEVERITY_LEVELS)[number];

/**
 * The words of Prometheus rules, Grafana, PagerDuty, Opsgenie, syslog, Nagios, Zabbix, ITU X.733 and OpenTelemetry. A Map and no
 * object: an alert may well be of severity `constructor`.
 */
const WORDS = new Map<string, SeverityLevel>(
  Object.entries({
    critical: "critical crit fatal emergency emerg panic page pager paging disaster catastrophic urgent blocker severe highest alert",
    error: "error err high major",
    warning: "warning warn medium moderate minor average degraded",
    info: "info information informational notice low lowest ticket trivial cosmetic debug trace",
    none: "none ok normal",
  } satisfies Record<SeverityLevel, string>).flatMap(([level, words]) =>
    words.split(" ").map((word) => [word, level as SeverityLevel] as const),
  ),
); // biome-ignore format: word lists

/** `P1`, `SEV_1`, `sev-2`, `priority 3`, `1`: counted from the worst, as on-call rotas do. */
const NUMBERED = /^(?:p|s|sev|severity|prio|priority|pri|lvl|level|urgency|class|tier|cat)?\s?(\d)$/;
const BY_NUMBER: readonly SeverityLevel[] = ["critical", "critical", "error", "warning", "info", "info"];

const levelOf = (text: string): SeverityLevel | null => {
  const number = NUMBERED.exec(text)?.[1];
  return number === undefined ? (WORDS.get(text) ?? null) : (BY_NUMBER[Number(number)] ?? null);
};

/** The level that a sender's word stands for, null when nobody is known to use it: the word is kept, and no level is made up. */
export function severityLevel(word: string): SeverityLevel | null {
  const words = word.toLowerCase().split(/[^a-z0-9]+/).filter((part) => part !== ""); // biome-ignore format: one line
  const whole = levelOf(words.join(" "));
  if (whole) return whole;
  // "P1 - Critical", "1 (high)", "Sev 2: major": what stands first says it. A bare number further on counts something else.
  for (const [index, part] of words.entries()) {
    const next = words[index + 1];
    const pair = next === undefined ? null : levelOf(`${part} ${next}`);
    const level = pair ?? (index === 0 || !/^\d/.test(part) ? levelOf(part) : null);
    if (level) return level;
  }
  return null;
}

/** Labels, tags and fields that say how bad it is, in the order of trust. */
const SEVERITY_NAMES = [
  "severity",
  "sev",
  "priority",
  "level",
  "urgency",
  "criticality",
  "alert_severity",
  "alertseverity",
];

export interface Severity {
  /** As the sender says it. */
  readonly word: string | null;
  readonly level: SeverityLevel | null;
}

/** How bad labels or tags say it is: the first that is understood, else the first that is there. Case does not matter. */
export function severityOf(labels: Readonly<Record<string, string>>): Severity {
  const byName = new Map(Object.entries(labels).map(([name, value]) => [name.toLowerCase(), value]));
  const said = SEVERITY_NAMES.flatMap((name) => byName.get(name) || []);
  const word = said.find((one) => severityLevel(one) !== null) ?? said[0] ?? null;
  return { word, level: word === null ? null : severityLevel(word) };
}

/** Sorts worst first. A word that nobody knows may mean anything, and goes before a warning; no word at all counts as one. */
export function severityRank({ word, level }: Severity): number {
  if (level !== null) return SEVERITY_LEVELS.indexOf(level);
  return word === null ? SEVERITY_LEVELS.indexOf("warning") : SEVERITY_LEVELS.indexOf("warning") - 0.5;
}

/** What a report's reader must know of a word that stands for no level. */
export function severityNote({ word, level }: Severity): string | null {
  if (word === null || level !== null) return null;
  return `its severity "${word}" stands for no level that is known here (${SEVERITY_LEVELS.join(", ")}, P1 to P5, sev1 to sev5): it was ranked above a warning`;
}
