import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  DeploymentRow,
  Expected,
  HistoryRow,
  LogLine,
  MetricRow,
  RunbookFrontMatter,
} from "../../../core/src/recording/lines.ts";

const required = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input" }).required;

describe("the schemas of a recording's lines", () => {
  it("can be given to other tools as JSON Schema, and ask for what the format asks for", () => {
    expect(required(LogLine)).toEqual(["@timestamp", "service.name", "message"]);
    expect(required(MetricRow)).toEqual(["timestamp", "service", "signal", "value"]);
    expect(required(DeploymentRow)).toEqual(["service", "revision", "at", "by"]);
    expect(required(RunbookFrontMatter)).toEqual(["title"]);
    expect(required(Expected)).toEqual(["root_cause", "family", "injected_at", "fix", "source"]);
    expect(required(HistoryRow)).toHaveLength(12);
  });

  it("takes times in any zone, but not without one", () => {
    const line = (at: string) => LogLine.safeParse({ "@timestamp": at, "service.name": "a", message: "" }).success;
    expect(line("2026-03-01T10:00:00Z")).toBe(true);
    expect(line("2026-03-01T11:00:00.123456+01:00")).toBe(true);
    expect(line("2026-03-01T10:00:00")).toBe(false);
    expect(line("2026-03-01 10:00:00Z")).toBe(false);
  });
});
