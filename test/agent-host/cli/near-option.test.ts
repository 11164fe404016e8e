import { describe, expect, it } from "vitest";
import { readSettings } from "../../../agent-host/src/app/settings.ts";
import { refuseUnknownOptions } from "../../../agent-host/src/cli/near-option.ts";

const OPTIONS = {
  recording: { type: "string" },
  engine: { type: "string" },
  "as-of": { type: "string" },
  "public-key": { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;
const refusal = (...args: string[]) => {
  try {
    refuseUnknownOptions(OPTIONS, args);
    return "taken";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("an option that is not there", () => {
  it.each([
    ["--recrding", "did you mean --recording?"],
    ["--enigne=rules", "did you mean --engine?"],
    ["--asof", "did you mean --as-of?"],
    ["--as_of", "did you mean --as-of?"],
    ["--publickey", "did you mean --public-key?"],
    ["--josn", "did you mean --json?"],
    ["--jsn", "did you mean --json?"],
    ["--nonsense", "oncall --help lists the options"],
    ["-x", "oncall --help lists the options"],
  ])("is told with the near one: %s", (given, said) => {
    const message = refusal("triage", given, "alert.json");
    expect(message).toContain(`there is no option ${given.split("=")[0]}`);
    expect(message).toContain(said);
  });

  it("is nothing that stands after --, nor a value", () => {
    expect(refusal("triage", "--engine", "rules", "--", "--recrding")).toBe("taken");
    expect(refusal("verify", "-h", "--json")).toBe("taken");
  });
});

describe("an option with a wrong value", () => {
  it.each([
    [{ recording: "/no/such/folder" }, "--recording /no/such/folder is not a folder"],
    [{ recording: import.meta.dirname }, "has no alert.json"],
    [{ engine: "gpt" }, "--engine takes claude or rules"],
    [{ asOf: "yesterday" }, "--as-of takes an RFC 3339 time"],
  ])("is told by the name that was given, and not by the variable behind it: %j", (wishes, said) => {
    const told = () => readSettings({}, wishes);
    expect(told).toThrow(said);
    expect(told).not.toThrow(/ONCALL_/);
  });
});
