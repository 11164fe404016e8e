import type { Contract } from "@oncall-copilot/core/server";

export const contract: Contract = {
  cases: {
    read_runbook: {
      found: { service: "storefront", alert: "HighErrorRate" },
      nothing: { service: "newsletter", alert: "DiskFull" },
    },
  },
};
