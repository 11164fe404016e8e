/** The columns of a history, all read as text: what does not parse becomes null and is counted, never guessed. */
export const HISTORY_COLUMNS = [
  "id", "fingerprint", "alert", "service", "severity", "summary", "started_at", "resolved_at", "root_cause", "fix",
  "fix_worked", "pr_url",
] as const; // biome-ignore format: a word list

export type HistoryColumn = (typeof HISTORY_COLUMNS)[number];

/** What files may have besides: what this system proposed, and what people made of it. */
export const FILE_COLUMNS = [...HISTORY_COLUMNS, "proposal"] as const;
export type FileColumn = (typeof FILE_COLUMNS)[number];
