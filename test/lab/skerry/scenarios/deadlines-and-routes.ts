import { HALF, HELD, OPEN, type Scenario } from "../scenario.ts";

const VALUES = "apps/reservations/values.yaml";

export const shortenedDeadline: Scenario = {
  name: "shortened-deadline",
  summary: "reservations waits for availability no longer than availability usually takes",
  family: "config_drift",
  happenings: [
    { at: -1500, innocent: "sailings" },
    {
      ...{ at: 0, configure: "reservations", culprit: true },
      message:
        "reservations: fail fast when holds are slow\n\nFrom the review of last week's incident: threads waited far too long.",
      edits: [
        { path: VALUES, from: 'AVAILABILITY_READ_TIMEOUT_MS: "1500"', to: 'AVAILABILITY_READ_TIMEOUT_MS: "300"' },
        { path: VALUES, from: 'PAYMENTS_READ_TIMEOUT_MS: "6000"', to: 'PAYMENTS_READ_TIMEOUT_MS: "5500"' },
      ],
      env: { AVAILABILITY_READ_TIMEOUT_MS: "300", PAYMENTS_READ_TIMEOUT_MS: "5500" },
    },
    { at: 25, innocent: "availability" },
  ],
  rootCause: {
    ...{ service: "reservations", kind: "service", accept: [] },
    detail:
      "A commit to reservations' values shortens its read timeout for availability from 1500 to 300 ms. Holds take about 300 ms as ever; the caller no longer waits for the rest.",
  },
  fix: { files: [VALUES] },
  seeds: OPEN,
};

export const misroutedGateway: Scenario = {
  name: "misrouted-gateway",
  summary: "the gateway sends one prefix to another service, which has no such path",
  family: "config_drift",
  happenings: [
    { at: -2100, innocent: "loyalty" },
    { at: -140, innocent: "sailings" },
    {
      ...{ at: 0, configure: "edge-gateway", culprit: true },
      message:
        "edge-gateway: one cluster for all that booking owns\n\nsailings and reservations are to become one service; the gateway is first.",
      edits: [
        {
          path: "apps/edge-gateway/routes.yaml",
          from: "  - match: { prefix: /api/sailings }\n    cluster: sailings\n",
          to: "  - match: { prefix: /api/sailings }\n    cluster: reservations\n",
        },
        {
          path: "apps/edge-gateway/routes.yaml",
          from: "  - match: { prefix: /api/members }\n    cluster: loyalty\n    timeout: 10s",
          to: "  - match: { prefix: /api/members }\n    cluster: loyalty\n    timeout: 8s",
        },
      ],
      env: { "ROUTE GET /api/sailings": "reservations" },
    },
  ],
  rootCause: {
    ...{ service: "edge-gateway", kind: "service", accept: [] },
    detail:
      "A commit to the gateway's routes sends /api/sailings to reservations, which answers 404. sailings is well and gets no searches.",
  },
  fix: { files: ["apps/edge-gateway/routes.yaml"] },
  seeds: HALF,
};

export const wrongAudience: Scenario = {
  name: "wrong-audience",
  summary: "reservations asks for tokens of another audience, and loyalty refuses them",
  family: "config_drift",
  happenings: [
    { at: -900, innocent: "loyalty" },
    { at: -60, innocent: "fare-engine" },
    {
      ...{ at: 0, configure: "reservations", culprit: true },
      message: "reservations: audiences by their new names\n\nSee the platform's note on token audiences.",
      edits: [{ path: VALUES, from: 'LOYALTY_TOKEN_AUDIENCE: "loyalty"', to: 'LOYALTY_TOKEN_AUDIENCE: "members"' }],
      env: { LOYALTY_TOKEN_AUDIENCE: "members" },
    },
  ],
  rootCause: {
    ...{ service: "reservations", kind: "service", accept: [] },
    detail:
      "A commit to reservations' values asks for tokens of the audience members; loyalty knows loyalty alone and answers 401. Bookings of members fail. loyalty is as it was.",
  },
  fix: { files: [VALUES] },
  seeds: HELD,
};

export const rightSized: Scenario = {
  name: "right-sized",
  summary: "a tidied values file leaves sailings with a third of the CPU that searches need",
  family: "undersized_hpa",
  happenings: [
    { at: -1100, innocent: "reservations" },
    {
      ...{ at: 0, configure: "sailings", culprit: true },
      message:
        "sailings: requests and limits by last month's usage\n\nThe cost report has us at 20 % of what we ask for. Ask #booking when in doubt.",
      edits: [
        {
          path: "apps/sailings/values.yaml",
          from: 'requests: { cpu: "0.15", memory: 576Mi }\n  limits: { cpu: "0.3", memory: 768Mi }',
          to: 'requests: { cpu: "0.08", memory: 512Mi }\n  limits: { cpu: "0.08", memory: 640Mi }',
        },
        { path: "apps/sailings/values.yaml", from: "  LOG_LEVEL: info\n", to: "  LOG_LEVEL: warn\n" },
      ],
      spec: { cores: 0.08, memoryMiB: 640 },
    },
    { at: 40, innocent: "payments-bridge" },
  ],
  rootCause: {
    ...{ service: "sailings", kind: "service", accept: [] },
    detail:
      "A commit to sailings' values takes its CPU limit from 0.3 to 0.08 cores. What a search needs is more than that lets through: searches queue, and quotes that ask sailings time out.",
  },
  fix: { files: ["apps/sailings/values.yaml"] },
  seeds: HALF,
};
