/** Where a case's report lies beside its scoreboard, as a relative URL. */
export const reportLink = (name: string, file: "report.md" | "report.json"): string =>
  `cases/${encodeURIComponent(name)}/${file}`;
