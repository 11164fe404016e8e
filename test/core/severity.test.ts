import { incidentFromPayload, severityLevel, severityOf } from "@oncall-copilot/core";
import { describe, expect, it } from "vitest";

const words = (text: string) => text.split(" ");

describe("a severity's word", () => {
  it.each([
    [
      "critical",
      words(
        "critical CRITICAL crit fatal emergency emerg panic page P0 P1 p1 SEV_1 sev1 Sev-0 S1 disaster urgent 1 severe",
      ),
    ],
    ["error", words("error err high major P2 sev2 SEV-2 2 High")],
    ["warning", words("warning warn WARN medium minor moderate average P3 sev3 3")],
    ["info", words("info information notice low P4 P5 sev4 5 ticket debug")],
    ["none", words("none ok")],
  ])("is %s however it is spelt", (level, spelt) => {
    expect(spelt.map((word) => [word, severityLevel(word)])).toEqual(spelt.map((word) => [word, level]));
  });

  it.each([
    ["P1 - Critical", "critical"],
    ["1 (highest)", "critical"],
    ["Sev 2: major", "error"],
    ["SEVERITY_3", "warning"],
    ["priority 4", "info"],
  ])("is found in %j", (word, level) => {
    expect(severityLevel(word)).toBe(level);
  });

  it.each(["purple", "constructor", "__proto__", "toString", "", "P9", "team-1"])(
    "that nobody uses has no level: %j",
    (word) => {
      expect(severityLevel(word)).toBeNull();
    },
  );

  it("is taken from the first label that is understood", () => {
    expect(severityOf({ Severity: "P1" })).toEqual({ word: "P1", level: "critical" });
    expect(severityOf({ severity: "purple", priority: "P2" })).toEqual({ word: "P2", level: "error" });
    expect(severityOf({ severity: "purple" })).toEqual({ word: "purple", level: null });
    expect(severityOf({ team: "critical" })).toEqual({ word: null, level: null });
  });
});

const group = (...severities: (string | undefined)[]) => ({
  version: "4",
  status: "firing",
  alerts: severities.map((severity, index) => ({
    status: "firing",
    labels: { alertname: severity ?? "unsaid", service: `s${index}`, ...(severity === undefined ? {} : { severity }) },
    startsAt: `2026-03-01T10:0${index}:00Z`,
  })),
});

describe("a group", () => {
  it.each(words("critical P1 SEV_1 sev1 fatal emergency major urgent disaster 1 crit"))(
    "is led by the alert of severity %s, though a warning began before it",
    (severity) => {
      expect(incidentFromPayload(group("warning", severity)).alert).toBe(severity);
    },
  );

  it("puts a word that nobody knows before a warning and after an error, keeps it, and tells it", () => {
    const incident = incidentFromPayload(group("warning", "purple"));
    expect(incident).toMatchObject({ severity: "purple", severity_level: null });
    expect(incident.notes).toEqual([expect.stringContaining('"purple" stands for no level')]);
    expect(incidentFromPayload(group("purple", "high")).severity).toBe("high");
  });

  it("takes no word at all for a warning, and says nothing of it", () => {
    const incident = incidentFromPayload(group("info", undefined));
    expect(incident).toMatchObject({ alert: "unsaid", severity: null, severity_level: null, notes: [] });
  });
});
