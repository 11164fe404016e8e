import { existsSync } from "node:fs";
import { join } from "node:path";
import { CouldNotLook } from "@oncall-copilot/core";
import { type Recording, readLines } from "@oncall-copilot/core/recording";
import { type Estate, type ExamineOptions, type Finding, recordingOf } from "@oncall-copilot/core/server";
import { z } from "zod";
import type { ExampleRow, ExampleStore } from "../store.ts";

const FILE = "example.ndjson";

const Row = z.object({
  "@timestamp": z.iso.datetime({ offset: true }),
  "service.name": z.string(),
  message: z.string(),
});

const fileOf = ({ dir }: Recording): string => join(dir, FILE);

/** Answers from a recording's `example.ndjson`: a line a row, with @timestamp, service.name and message. */
export function recordedExample(estate: Estate): ExampleStore {
  const recording = recordingOf(estate);
  return {
    name: `the example of recording ${recording.name}`,
    async read(service, from, to, limit, signal) {
      const file = fileOf(recording);
      if (!existsSync(file)) throw new CouldNotLook("not_recorded", `this recording has no example (${FILE})`);
      const rows: ExampleRow[] = [];
      for await (const { number, text } of readLines(file, signal)) {
        const row = Row.safeParse(JSON.parse(text));
        if (!row.success)
          throw new CouldNotLook("bad_response", `${FILE}, line ${number}: ${row.error.issues[0]?.message}`);
        const at = Date.parse(row.data["@timestamp"]);
        if (row.data["service.name"] !== service || at < from || at > Math.min(to, recording.asOf)) continue;
        rows.push({ at, text: row.data.message, url: `recording:${recording.name}/${FILE}#L${number}` });
      }
      rows.sort((a, b) => b.at - a.at);
      return { rows: rows.slice(0, limit), total: rows.length };
    },
  };
}

/** Whether the recording has the file. Throws BadRequest for a service that the catalog does not know. */
export function examineRecordedExample(estate: Estate, { service }: Pick<ExamineOptions, "service">): Finding[] {
  if (service !== undefined) estate.catalog.get(service);
  const recording = recordingOf(estate);
  const backend = `recording ${recording.name}`;
  return existsSync(fileOf(recording))
    ? [{ backend, check: "configured", status: "ok", message: `answers from its ${FILE}` }]
    : [
        {
          backend,
          check: "configured",
          status: "warning",
          message: `has no ${FILE}: every triage will name this as a gap`,
        },
      ];
}
