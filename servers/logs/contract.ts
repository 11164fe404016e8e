import type { Contract } from "@oncall-copilot/core/server";

export const contract: Contract = {
  cases: {
    read_logs: { found: { service: "pricing" }, nothing: { service: "newsletter" } },
  },
};
