import { expect, it } from "vitest";
import { openSealedReport } from "../../agent-host/src/verify/seal.ts";

it.each([
  [2, /schema version 2, and this installation reads 3: check it with the version that made it/],
  [4, /schema version 4, and this installation reads 3: update this installation/],
])("tells of a report of version %s what would read it", (version, said) => {
  expect(() => openSealedReport(JSON.stringify({ schema_version: version, incident: {} }), undefined)).toThrow(said);
});

it("calls what has no version no report", () => {
  expect(() => openSealedReport("{}", undefined)).toThrow(/not a report/);
  expect(() => openSealedReport("null", undefined)).toThrow(/not a report/);
});
