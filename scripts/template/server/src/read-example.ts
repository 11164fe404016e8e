import { type Catalog, Evidence, fence, instant, interval, resolveWindow } from "@oncall-copilot/core";
import { type AnyTool, defineTool } from "@oncall-copilot/core/server";
import { z } from "zod";
import type { ExampleStore } from "./store.ts";

const HOUR_MS = 60 * 60_000;

const input = z.strictObject({
  service: z.string().describe("catalog name"),
  from: z.string().optional().describe("start: RFC 3339 or -1h; default 1 h before the end"),
  to: z.string().optional().describe("end; default now"),
});

const output = z.strictObject({ rows: z.array(Evidence) });

/** The first line of an answer says what was left out and how to ask for it. */
export function readExample(store: ExampleStore, catalog: Catalog, maxRows: number): AnyTool {
  return defineTool({
    name: "read_example",
    title: "Read example",
    description: "Say in a sentence what this reads of a service, and when to ask it.",
    scope: "example:read",
    readOnly: true,
    input,
    output,
    text: ({ rows }) => rows.map(fence).join("\n"),
    run: async (asked, context) => {
      const { name } = catalog.get(asked.service);
      const window = resolveWindow(asked, context.now, { defaultMs: HOUR_MS, maxMs: 24 * HOUR_MS });
      context.progress(`reading ${store.name}`);
      const { rows, total } = await store.read(name, window.from, window.to, maxRows, context.signal);
      const searched = `${store.name}, ${interval(window.from, window.to)}`;
      if (rows.length === 0) {
        return {
          outcome: "nothing_found" as const,
          summary: `${name}: nothing`,
          searched,
          tryNext: ["a longer window"],
          absence: { about: [name], over: total, from: window.from, to: window.to, url: store.name },
          data: { rows: [] },
        };
      }
      const left = total > rows.length ? `; ${total - rows.length} older ones left out: give a shorter window` : "";
      return {
        outcome: "found" as const,
        summary: `${name}: ${rows.length} of ${total} rows${left}`,
        gaps: window.notes,
        data: {
          rows: await Promise.all(
            rows.map(({ at, text, url }) =>
              // What a row shows is yours to say: see docs/evidence.md.
              context.evidence({ text, url, at: instant(at), about: [name], shows: [{ shows: "state" }] }),
            ),
          ),
        },
      };
    },
  });
}
