import { type Mark, type Report, writeMarks } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";
import { recoveredAt } from "../../../agent-host/src/deliver/standing.ts";
import { verdict } from "../../../agent-host/src/deliver/words.ts";
import { ALERT_AT, report } from "../app/looks/given.ts";

const settled = { final: true, next_look_at: null, would_decide: [] };

/** A report whose evidence says these things of cart, the culprit, unless they name somebody else. */
const showing = (marks: readonly Mark[], more: Partial<Report> = {}) =>
  report(300, {
    settled,
    evidence: [{ id: "mAAAAAAAAAAAAAAAA", text: "", url: "", at: "", about: ["cart"], shows: writeMarks(marks) }],
    ...more,
  });

const from = ALERT_AT - 120_000;
const to = ALERT_AT + 60_000;

describe("an incident is told as recovered", () => {
  it("when all that was wrong with the culprit and the alerting service has ended", () => {
    const over = showing([
      { shows: "unusual", of: "error_ratio", from, to },
      { shows: "failing", whose: "storefront", from, to: to + 1_000 },
    ]);
    expect(recoveredAt(over)).toBe(to + 1_000);
    expect(verdict(over)).toBe("Was broken, has recovered");
  });

  it.each([
    [
      "one of its signals lasts",
      [
        { shows: "unusual", from, to },
        { shows: "unusual", from },
      ],
    ],
    ["nothing was seen to be wrong", [{ shows: "usual", from, to }]],
    ["only its load has ended", [{ shows: "unusual", load: true, from, to }]],
    ["only what turned for the better has", [{ shows: "unusual", better: true, from, to }]],
    ["it is somebody else who has", [{ shows: "unusual", whose: "search", from, to }]],
  ] satisfies [string, Mark[]][])("and not when %s", (_why, marks) => {
    expect(recoveredAt(showing(marks))).toBeNull();
    expect(verdict(showing(marks))).toBe("Likely cause");
  });
});

describe("the first line", () => {
  it("says that it is not settled yet, before what it looks like", () => {
    const open = report(10, { settled: { final: false, next_look_at: null, would_decide: [] } });
    expect(verdict(open)).toBe("Not settled yet: likely cause");
  });

  it("says that no model looked", () => {
    const standIn = report(300, { settled, engine: { ...report(0).engine, instead_of: "claude" } });
    expect(verdict(standIn)).toBe("Likely cause; no model looked");
  });

  it("does not say that there is no fault where metrics or logs could not be read at all", () => {
    const claim = { text: "", supports: [], contradicts: [] };
    const harmless = { settled, family: "no_fault", culprit: null, diagnosis: claim } as Partial<Report>;
    expect(verdict(report(300, harmless))).toBe("No fault found");
    const gaps = [
      {
        server: "metrics",
        tool: null,
        code: "unreachable" as const,
        about: [],
        what: "everything from metrics",
        why: "down",
      },
    ];
    expect(verdict(report(300, { ...harmless, gaps }))).toBe("No fault seen in what could be read");
  });
});
