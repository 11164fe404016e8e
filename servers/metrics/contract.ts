import type { Contract } from "@oncall-copilot/core/server";

export const contract: Contract = {
  cases: {
    read_metrics: { found: { service: "storefront" }, nothing: { service: "newsletter" } },
  },
};
