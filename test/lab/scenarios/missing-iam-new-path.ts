import { ORDINARY } from "../load/traffic.ts";
import type { Scenario } from "../scenario.ts";

const FAULT_AT = 13 * 60;

export const missingIamNewPath: Scenario = {
  name: "missing-iam-new-path",
  summary: "orders fail; shipping now keeps a copy of each label, which its policy does not let it write",
  family: "missing_iam_permission",
  alert: "StorefrontErrorsHigh",
  rate: 20,
  traffic: ORDINARY,
  faultAt: FAULT_AT,
  happenings: [
    { at: 130, change: "search-rank-prefix" },
    { at: 350, change: "pricing-saved-share" },
    { at: 600, change: "notifications-workers" },
    { at: FAULT_AT - 60, change: "payments-decline-text" },
    {
      at: FAULT_AT,
      culprit: true,
      change: {
        author: "dana",
        message:
          "shipping: keep a copy of each label\n\nThe carrier asks for them for six weeks when a parcel is lost.",
        edits: [
          {
            path: "services/shipping/main.js",
            find: 'import { readObject } from "../../lib/object-store.js";',
            replace: 'import { readObject, writeObject } from "../../lib/object-store.js";',
          },
          {
            path: "services/shipping/main.js",
            find: "    await notifications.post(",
            replace: `    await writeObject(\`labels/printed/\${id}\`, trace);\n    await notifications.post(`,
          },
        ],
        branch: "label-copies",
      },
    },
    { at: FAULT_AT + 35, change: "checkout-order-currency" },
    { at: FAULT_AT + 70, change: "catalogue-trim-query" },
  ],
  rootCause: {
    service: "shipping",
    kind: "service",
    accept: [],
    detail:
      "shipping writes a copy of each label to media-store. Its policy in infra/iam/shipping.tf allows s3:GetObject alone, so the write is denied and each " +
      "shipment with it. s3:PutObject on labels/printed/* is missing.",
  },
  fixFiles: ["infra/iam/shipping.tf"],
};
