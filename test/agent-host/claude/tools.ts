/** Small real tools with fixed answers, one for each outcome that matters. */
import { CouldNotLook, Evidence, fence } from "@oncall-copilot/core";
import { type AnyTool, defineTool, type ToolContext } from "@oncall-copilot/core/server";
import { z } from "zod";

export const SHA = "4c1e9f0a7b3d5268e0f1a2b3c4d5e6f708192a3b";

const input = z.strictObject({
  service: z.string().describe("catalog name"),
  from: z.string().optional().describe("RFC 3339 or relative, e.g. -30m"),
  limit: z.number().int().min(1).max(50).default(10),
});
const output = z.strictObject({ items: z.array(Evidence) });
type Input = z.output<typeof input>;

const AT = "2026-03-01T09:58:00.000Z";

/** A reading tool that answers with these texts as evidence. `before` runs first and may wait or throw. */
export function reading(
  name: string,
  texts: (input: Input) => readonly string[],
  before: (input: Input, context: ToolContext) => Promise<void> | void = () => {},
): AnyTool {
  return defineTool({
    name,
    title: name,
    description: `Answers about a service (${name}).`,
    scope: `${name.split("_")[1] ?? name}:read`,
    readOnly: true,
    input,
    output,
    text: ({ items }) => items.map(fence).join("\n"),
    run: async (given, context) => {
      await before(given, context);
      const items = await Promise.all(
        texts(given).map((text) =>
          context.evidence({ text, url: `http://example.test/${name}`, at: AT, about: [given.service], shows: [] }),
        ),
      );
      const summary = `${name} of ${given.service}: ${items.length} items`;
      if (items.length > 0) return { outcome: "found", summary, data: { items } };
      const absence = { about: [given.service], over: 0, to: context.now, url: "http://example.test" };
      return { outcome: "nothing_found", summary, searched: given.service, tryNext: [], absence, data: { items } };
    },
  });
}

export const METRICS_TEXT =
  "pricing error_ratio 0.231, usually 0.004 (57x), since 2026-03-01T09:58:00Z\nscore 41, direction up";
export const LOGS_TEXT = "pricing 412 lines in the window, 0 before\nTypeError: price.amount is undefined";
export const CHANGES_TEXT = `pricing commit ${SHA} by Ada at 2026-03-01T09:57:00Z\nRead prices from the new field`;

export const metrics = () => reading("read_metrics", () => [METRICS_TEXT]);
export const logs = () => reading("read_logs", ({ service }) => (service === "pricing" ? [LOGS_TEXT] : []));
export const changes = () => reading("read_changes", () => [CHANGES_TEXT]);
export const brokenLogs = () =>
  reading(
    "read_logs",
    () => [],
    () => {
      throw new CouldNotLook("unreachable", "OpenSearch at search.example.test refuses connections; start it");
    },
  );

/** The one tool that writes. What it is called with is kept. */
export function openPr(calledWith: unknown[]): AnyTool {
  return defineTool({
    name: "open_pr",
    title: "Open a draft pull request",
    description: "Writes.",
    scope: "git:propose",
    readOnly: false,
    input: z.strictObject({ service: z.string() }),
    output: z.strictObject({}),
    text: () => "",
    run: async (given) => {
      calledWith.push(given);
      return { outcome: "found", summary: "opened", data: {} };
    },
  });
}
