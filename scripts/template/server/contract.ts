import type { Contract } from "@oncall-copilot/core/server";

/** A minute before the moment that the contract's recording stands for. */
const ROW = {
  "@timestamp": "2026-03-01T10:03:00.000Z",
  "service.name": "pricing",
  message: "replace this row by one of yours",
};

export const contract: Contract = {
  cases: {
    read_example: { found: { service: "pricing" }, nothing: { service: "newsletter" } },
  },
  files: { "example.ndjson": `${JSON.stringify(ROW)}\n` },
};
