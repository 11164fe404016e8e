import { ORDINARY } from "../load/traffic.ts";
import type { Scenario } from "../scenario.ts";

const FAULT_AT = 13 * 60;

const HOME_PAGE = "    return { greeting: session.name, teasers: recommendationsFor(session, teasers.hits) };";

const TRIAL = `    const hits = inTrial(query.get("session")) ? arrivals(teasers.hits) : teasers.hits;
    return { greeting: session.name, teasers: recommendationsFor(session, hits) };`;

const COUNTED = `    const hits = inTrial(query.get("session")) ? arrivals(teasers.hits) : teasers.hits;
    const shown = recommendationsFor(session, hits);
    return { greeting: session.name, teasers: shown, count: shown.length };`;

export const badDeploymentOwnConflict: Scenario = {
  name: "bad-deployment-own-conflict",
  summary: "storefront answers 500 to half of its home pages; its own commit, over which another one lies already",
  family: "bad_deployment",
  alert: "StorefrontErrorsHigh",
  rate: 20,
  traffic: ORDINARY,
  faultAt: FAULT_AT,
  happenings: [
    { at: 120, change: "shipping-log-carrier" },
    { at: 410, change: "cart-title-ttl" },
    { at: 630, change: "search-rank-prefix" },
    { at: FAULT_AT - 80, change: "accounts-since-year" },
    {
      at: FAULT_AT,
      culprit: true,
      change: {
        author: "ada",
        message:
          "storefront: show new arrivals to half of the visitors\n\nA trial for two weeks; the other half sees what it always saw.",
        edits: [
          {
            path: "services/storefront/main.js",
            find: "\nserve({\n",
            replace: `
/** Every other visitor, always the same ones. */
function inTrial(session) {
  return Number((session ?? "s-0").slice(2)) % 2 === 1;
}

/** This season's products first. */
function arrivals(hits) {
  return [...hits].sort((a, b) => b.season.localeCompare(a.season));
}

serve({
`,
          },
          { path: "services/storefront/main.js", find: HOME_PAGE, replace: TRIAL },
        ],
      },
    },
    {
      at: FAULT_AT + 25,
      change: {
        author: "hana",
        message: "storefront: the home page says how many teasers it shows",
        edits: [{ path: "services/storefront/main.js", find: TRIAL, replace: COUNTED }],
      },
    },
    { at: FAULT_AT + 55, change: "pricing-saved-share" },
  ],
  rootCause: {
    service: "storefront",
    kind: "service",
    accept: [],
    detail:
      "A commit to storefront sorts hits by a season that search does not send: a TypeError for every other visitor's home page. " +
      "A later, harmless commit changed the same lines, so that the revert does not apply as it is.",
  },
  fixFiles: ["services/storefront/main.js"],
};
