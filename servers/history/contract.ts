import type { Contract } from "@oncall-copilot/core/server";

export const contract: Contract = {
  cases: {
    query_history: {
      found: { service: "storefront", alert: "HighErrorRate" },
      nothing: { service: "pricing-db", alert: "ReplicationLag", summary: "replica is far behind its primary" },
    },
  },
};
