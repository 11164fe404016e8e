import { rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../audit/audit-log.ts";
import { renderMarkdown } from "./markdown.ts";
import type { ReportStore } from "./report-store.ts";
import { writeWhole } from "./write-whole.ts";

/** Keeps a report as `report.json`, `report.md` and `pull-request.diff` in one folder, which must exist. */
export function reportFolder(folder: string): ReportStore {
  const report = join(folder, "report.json");
  const markdown = join(folder, "report.md");
  const diff = join(folder, "pull-request.diff");
  return {
    keep: async (made) => {
      await writeWhole(report, made.json);
      await writeWhole(markdown, renderMarkdown(made.report));
      const { pull_request: pr } = made.report;
      // An earlier triage's diff must not lie beside a report that proposes nothing.
      if (pr) await writeWhole(diff, pr.diff);
      else await rm(diff, { force: true });
      return { sha256: sha256(made.json), places: { report, markdown, diff: pr ? diff : null } };
    },
  };
}
