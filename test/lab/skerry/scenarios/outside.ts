import { bringCrowd, drainNode } from "../estate/acts.ts";
import { HALF, HELD, OPEN, type Scenario } from "../scenario.ts";

export const providerFails: Scenario = {
  name: "provider-fails",
  summary: "the card provider turns most authorisations away and lets others hang",
  family: "other",
  happenings: [
    { at: -240, innocent: "payments-bridge" },
    {
      at: 0,
      act: ({ world }, random) => {
        const sick = random.fork("provider");
        world.resource("kvittra-pay").trouble = () => {
          const dice = sick.next();
          if (dice < 0.45)
            return {
              afterMs: sick.between(40, 90),
              reason: 'kvittra: 503 Service Unavailable: {"error":"acquirer_unavailable"}',
            };
          return dice < 0.7 ? { afterMs: 60_000 } : undefined;
        };
      },
    },
    { at: 15, innocent: "reservations" },
  ],
  rootCause: {
    ...{ service: "kvittra-pay", kind: "resource", accept: [] },
    detail:
      "The card provider answers 503 acquirer_unavailable to about half of all authorisations and lets others hang. payments-bridge tries each twice. It is run by a third party: nothing here is to be changed.",
  },
  ...{ fix: null, seeds: OPEN },
};

export const expiredKey: Scenario = {
  name: "expired-key",
  summary: "the key for the SMS provider runs out",
  family: "expired_secret",
  perSecond: 10,
  patience: 1500,
  happenings: [
    { at: -1250, innocent: "document-render" },
    { at: -180, innocent: "notify" },
    {
      at: 0,
      act: ({ world }) => {
        world.resource("postbud-sms").trouble = () => ({
          afterMs: 70,
          status: 401,
          reason: '401 Unauthorized: {"code":"key_expired","message":"API key pb_live_…3f9 expired"}',
        });
      },
    },
  ],
  rootCause: {
    ...{ service: "notify", kind: "service", accept: ["postbud-sms"] },
    detail:
      "The API key with which notify sends SMS ran out; the provider answers 401 key_expired to every message. A new key is needed in postbud-credentials; nothing in git is to be changed.",
  },
  ...{ fix: null, seeds: HALF },
};

export const nodeUnderPressure: Scenario = {
  name: "node-under-pressure",
  summary: "a job on one node takes its CPU and memory; whatever runs there is slow or evicted",
  family: "other",
  perSecond: 9,
  happenings: [
    { at: -600, innocent: "fare-engine" },
    { at: 0, act: (estate, random) => drainNode(estate, random) },
    { at: 10, innocent: "edge-gateway" },
  ],
  rootCause: {
    ...{ service: "general-pool", kind: "resource", accept: ["gke-north1-general-9f08"] },
    detail:
      "A batch job fills one node of the general pool. Pods of several services there get a tenth of their CPU, and some are evicted. Services on other nodes are well; nothing in git is to be changed.",
  },
  ...{ fix: null, seeds: HALF },
};

export const scaledByHand: Scenario = {
  name: "scaled-by-hand",
  summary: "somebody scales availability down by hand, and one pod cannot carry it",
  family: "config_drift",
  perSecond: 12,
  happenings: [
    { at: -1400, innocent: "availability" },
    { at: -150, innocent: "sailings" },
    { at: 0, act: ({ world, cluster }) => void cluster.scale(world.workload("availability"), 1) },
    { at: 50, innocent: "reservations" },
  ],
  rootCause: {
    ...{ service: "availability", kind: "service", accept: [] },
    detail:
      "The Deployment of availability was scaled from four pods to one by hand; git has replicaCount 4. The one pod's CPU limit is used up and holds queue. Syncing from git mends it; nothing in git is to be changed.",
  },
  ...{ fix: null, seeds: OPEN },
};

export const missingSecret: Scenario = {
  name: "missing-secret",
  summary: "payments-bridge refers to a secret by a name that does not exist",
  family: "config_drift",
  happenings: [
    { at: -1600, innocent: "reservations" },
    {
      ...{ at: 0, configure: "payments-bridge", culprit: true },
      message:
        "payments-bridge: the provider's credentials under their new name\n\nNames of secrets begin with the service from now on.",
      edits: [
        {
          path: "apps/payments-bridge/values.yaml",
          from: "{ name: kvittra-credentials }",
          to: "{ name: payments-bridge-kvittra }",
        },
      ],
      ...{ cannotStart: 'secret "payments-bridge-kvittra" not found', effect: { maxUnavailable: 1 } },
    },
    { at: 90, innocent: "loyalty" },
  ],
  rootCause: {
    ...{ service: "payments-bridge", kind: "service", accept: [] },
    detail:
      "A commit to payments-bridge's values refers to the secret payments-bridge-kvittra, which is not in the cluster. New pods stay in CreateContainerConfigError and the roll-out stops; the old pod goes on serving.",
  },
  fix: { files: ["apps/payments-bridge/values.yaml"] },
  seeds: HELD,
};

export const summerSale: Scenario = {
  name: "summer-sale",
  notifyReaders: 6,
  silenced: ["EdgeTrafficHigh"],
  summary:
    "searches come in faster than three pods of sailings can work them off, and its autoscaler may not go beyond",
  family: "undersized_hpa",
  happenings: [
    { at: -1150, innocent: "sailings" },
    { at: 0, act: (estate) => bringCrowd(estate, 5.2, 240) },
    { at: 35, innocent: "availability" },
  ],
  rootCause: {
    ...{ service: "sailings", kind: "service", accept: [] },
    detail:
      "Customers come five times as often as usual. sailings scales to three pods, the most that its autoscaler allows, whose CPU limit is used up; searches queue, and quotes that ask it time out.",
  },
  fix: { files: ["apps/sailings/hpa.yaml"] },
  seeds: HALF,
};

export const newsletter: Scenario = {
  name: "busy-morning",
  notifyReaders: 6,
  summary: "more customers than on other days, and everything holds",
  family: "no_fault",
  happenings: [
    { at: -400, innocent: "edge-gateway" },
    { at: 0, act: (estate) => bringCrowd(estate, 2.35, 200) },
    { at: 60, innocent: "document-render" },
  ],
  ...{ rootCause: null, fix: null, seeds: HALF },
};

export const slowDatabase: Scenario = {
  name: "slow-database",
  summary: "timetable-db answers many times more slowly after a failover",
  family: "other",
  perSecond: 9,
  happenings: [
    { at: -500, innocent: "sailings" },
    {
      at: 0,
      act: ({ world }) => {
        world.resource("timetable-db").slowness = 190;
      },
    },
    { at: 20, innocent: "sailings", nth: 1 },
  ],
  rootCause: {
    ...{ service: "timetable-db", kind: "resource", accept: [] },
    detail:
      "timetable-db answers about two hundred times more slowly since it failed over to a cold replica. sailings' connections are all in use, searches and quotes wait. Nothing was changed; nothing in git is to be changed.",
  },
  ...{ fix: null, seeds: HALF },
};
