import { describe, expect, it } from "vitest";
import { readSettings } from "../../../agent-host/src/app/settings.ts";
import { PEAK } from "../../e2e/oncall.ts";

describe("the host's settings", () => {
  it("have a value for everything when nothing is set", () => {
    expect(readSettings({})).toEqual({
      engine: null,
      transport: "child",
      recording: null,
      catalog: null,
      asOf: null,
      gitWorkdir: null,
      maxTriages: 4,
      maxWaiting: 64,
      env: {},
    });
  });

  it("come from the environment, and a wish stands before it", () => {
    const env = { ONCALL_ENGINE: "claude", ONCALL_AS_OF: "2026-03-01T10:00:00Z", ONCALL_TRANSPORT: "in-process" };
    expect(readSettings(env)).toMatchObject({
      engine: "claude",
      transport: "in-process",
      asOf: Date.UTC(2026, 2, 1, 10),
    });
    const wishes = { engine: "rules", asOf: "2026-03-01T12:00:00+01:00" };
    expect(readSettings(env, wishes)).toMatchObject({ engine: "rules", asOf: Date.UTC(2026, 2, 1, 11) });
  });

  it("leave live backends out for a recording that was wished for", () => {
    const { env, recording, catalog } = readSettings(
      { ONCALL_CATALOG: "live.yaml", ONCALL_SERVER_METRICS_URL: "http://metrics" },
      { recording: PEAK },
    );
    expect({ env, recording, catalog }).toEqual({ env: { ONCALL_RECORDING: PEAK }, recording: PEAK, catalog: null });
  });

  it.each([
    [{}, { engine: "gpt" }, '--engine takes claude or rules, not "gpt"'],
    [{}, { transport: "pigeon" }, '--transport takes child or in-process, not "pigeon"'],
    [{}, { asOf: "today" }, '--as-of takes an RFC 3339 time with a zone, such as 2026-03-01T10:00:00Z, not "today"'],
    [{ ONCALL_AS_OF: "today" }, {}, "ONCALL_AS_OF takes an RFC 3339 time with a zone"],
    [{ ONCALL_ENGINE: "gpt" }, {}, "ONCALL_ENGINE: "],
  ])("name the flag or variable that is wrong: %j %j", (env, wishes, message) => {
    expect(() => readSettings(env, wishes)).toThrow(message);
  });
});
