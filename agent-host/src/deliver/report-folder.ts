import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../audit/audit-log.ts";
import { renderMarkdown } from "./markdown.ts";
import type { ReportStore } from "./report-store.ts";

/** Reports quote production: whom they are shown to is the engineer's choice. */
const OWNER_ONLY = { mode: 0o600 } as const;

/** Keeps a report as `report.json`, `report.md` and `pull-request.diff` in one folder, which must exist. */
export function reportFolder(folder: string): ReportStore {
  const report = join(folder, "report.json");
  const markdown = join(folder, "report.md");
  const diff = join(folder, "pull-request.diff");
  return {
    keep: async (made) => {
      await writeFile(report, made.json, OWNER_ONLY);
      await writeFile(markdown, renderMarkdown(made.report), OWNER_ONLY);
      const { pull_request: pr } = made.report;
      // An earlier triage's diff must not lie beside a report that proposes nothing.
      if (pr) await writeFile(diff, pr.diff, OWNER_ONLY);
      else await rm(diff, { force: true });
      return { sha256: sha256(made.json), places: { report, markdown, diff: pr ? diff : null } };
    },
  };
}
