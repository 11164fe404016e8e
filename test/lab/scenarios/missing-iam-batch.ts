import { ORDINARY } from "../load/traffic.ts";
import type { Scenario } from "../scenario.ts";

const JOB_AT = 13 * 60;
const TIGHTENED = "infra: search gets what it reads, object by object\n\nThe audit counts whoever may list the bucket.";

export const missingIamBatch: Scenario = {
  name: "missing-iam-batch",
  summary: "search turns everybody away; tonight's job is the first to need what its policy lost yesterday",
  family: "missing_iam_permission",
  alert: "StorefrontErrorsHigh",
  rate: 20,
  traffic: ORDINARY,
  faultAt: JOB_AT,
  past: (begins) => {
    const at = new Date(begins.getTime() + JOB_AT * 1000);
    return {
      commits: [
        {
          hoursAgo: 40 * 24,
          author: "hana",
          message: "search: take the range over when the planners are done",
          edits: [
            {
              path: "deploy/jobs/search-range.yaml",
              find: 'schedule: "40 1 * * *"',
              replace: `schedule: "${at.getUTCMinutes()} ${at.getUTCHours()} * * *"`,
            },
          ],
        },
        {
          hoursAgo: 22,
          author: "goran",
          message: TIGHTENED,
          edits: [
            {
              path: "infra/iam/search.tf",
              find: `
  statement {
    sid       = "ListRanges"
    actions   = ["s3:ListBucket"]
    resources = ["arn:aws:s3:::northwind-shop-media/ranges/*"]
  }
`,
              replace: "",
            },
          ],
          branch: "audit-findings",
        },
      ],
      culprit: TIGHTENED,
    };
  },
  happenings: [
    { at: 110, change: "inventory-reconcile-log" },
    { at: 330, change: "cart-title-ttl" },
    { at: 570, change: "search-rank-prefix" },
    { at: JOB_AT - 70, change: "storefront-eight-teasers" },
    { at: JOB_AT, act: { kind: "job", name: "search-range", service: "search" } },
    { at: JOB_AT + 60, change: "shipping-log-carrier" },
  ],
  rootCause: {
    service: "search",
    kind: "service",
    accept: [],
    detail:
      "The nightly job takes the range over: search closes, lists ranges/ in media-store and opens again. Yesterday's commit to infra/iam/search.tf took " +
      "s3:ListBucket away, so it is denied and search stays closed.",
  },
  fixFiles: ["infra/iam/search.tf"],
};
