import { HALF, HELD, OPEN, type Scenario } from "../scenario.ts";

const R = "reservations/src/main/java/example/skerry/reservations";

export const slowLeak: Scenario = {
  name: "slow-leak",
  summary: "fare-engine keeps every quote it ever made; two hours later its pods run out of memory",
  family: "bad_deployment",
  perSecond: 6,
  before: 1800,
  patience: 3 * 3600,
  happenings: [
    { at: -1000, innocent: "sailings" },
    {
      ...{ at: 0, release: "fare-engine", effect: { keptMiBPerQuote: 0.058 } },
      commits: [
        {
          message: "fare-engine: type hints in settings",
          edits: [
            { path: "fare_engine/settings.py", from: "WEB_CONCURRENCY = int(", to: "WEB_CONCURRENCY: int = int(" },
          ],
        },
        {
          ...{
            culprit: true,
            message:
              "fare-engine: quotes can be asked for again by their id\n\nThe web shop shows a quote on three pages and had it computed on each.",
          },
          edits: [
            {
              path: "fare_engine/app.py",
              from: "app = FastAPI()\n",
              to: "app = FastAPI()\nquotes: dict[str, dict] = {}\n",
            },
            {
              path: "fare_engine/app.py",
              from: '    fare = rules.price(sailing, body["places"], body.get("member"))\n',
              to: '    fare = rules.price(sailing, body["places"], body.get("member"))\n    quotes[body.get("id") or uuid4().hex] = {"body": body, "sailing": sailing, "fare": fare}\n',
            },
            {
              path: "fare_engine/app.py",
              from: "import structlog\n",
              to: "from uuid import uuid4\n\nimport structlog\n",
            },
          ],
        },
        {
          message: "docs: what a quote holds",
          edits: [
            { path: "docs/fares.md", from: "A fare is", to: "A quote holds a fare for the page that asked. A fare is" },
          ],
        },
      ],
    },
    { at: 2400, innocent: "loyalty" },
    { at: 5200, innocent: "sailings", nth: 1 },
    { at: 6640, innocent: "reservations" },
    { at: 6880, innocent: "document-render" },
  ],
  rootCause: {
    ...{ service: "fare-engine", kind: "service", accept: [] },
    detail:
      "A commit to fare-engine keeps every quote in a dictionary that nothing empties. Memory climbs from the roll-out on until, about two hours later, the collector eats the CPU and the kernel ends the pods.",
  },
  ...{ fix: { files: ["fare_engine/app.py"] }, rollout: true, seeds: OPEN },
};

export const sharedLibrary: Scenario = {
  name: "shared-library",
  summary: "fare-engine takes a release of the shared HTTP client that tries six times, at once, with a short patience",
  family: "bad_deployment",
  perSecond: 9,
  happenings: [
    {
      at: -5400,
      release: "",
      commits: [
        {
          ...{
            repository: "skerry/platform-libs",
            message:
              "skerry_http 2.4.0: patience per attempt, and more of them\n\nA slow first answer should not cost the whole request.",
          },
          edits: [
            {
              path: "skerry_http/client.py",
              from: "ATTEMPTS = 2\nBACKOFF_SECONDS = 0.2\n",
              to: "ATTEMPTS = 6\nBACKOFF_SECONDS = 0.0\nATTEMPT_TIMEOUT_SECONDS = 0.015\n",
            },
            {
              path: "skerry_http/client.py",
              from: "timeout=timeout)",
              to: "timeout=min(timeout, ATTEMPT_TIMEOUT_SECONDS))",
            },
            { path: "pyproject.toml", from: 'version = "2.3.1"', to: 'version = "2.4.0"' },
            {
              path: "CHANGELOG.md",
              from: "# Changes\n",
              to: "# Changes\n\n## 2.4.0\n\n- A timeout of its own for each attempt; six attempts.\n",
            },
          ],
        },
      ],
    },
    { at: -700, innocent: "sailings" },
    {
      ...{ at: 0, release: "fare-engine", effect: { httpAttempts: 6, httpBackoffMs: 0, httpTimeoutMs: 15 } },
      commits: [
        {
          message: "fare-engine: seasons by their long names in the docs",
          edits: [
            { path: "docs/fares.md", from: "route and season", to: "route and season (summer, shoulder, winter)" },
          ],
        },
        {
          ...{ culprit: true, message: "Update skerry-http to 2.4.0, fastapi to 0.115.8" },
          edits: [
            { path: "pyproject.toml", from: "skerry-http==2.3.1", to: "skerry-http==2.4.0" },
            { path: "pyproject.toml", from: "fastapi==0.115.6", to: "fastapi==0.115.8" },
          ],
        },
        {
          message: "fare-engine: round once, at the end",
          edits: [
            { path: "fare_engine/rules.py", from: 'CHILD_SHARE = Decimal("0.5")', to: 'CHILD_SHARE = Decimal("0.50")' },
          ],
        },
      ],
    },
    { at: 20, innocent: "availability" },
  ],
  rootCause: {
    ...{ service: "fare-engine", kind: "service", accept: ["skerry-http"] },
    detail:
      "fare-engine was released with skerry-http 2.4.0, which gives each attempt 15 ms and makes six of them without a pause. sailings, whose answers take that long, gets several times the calls, and quotes fail.",
  },
  ...{ fix: { files: ["pyproject.toml"] }, rollout: true, seeds: HELD },
};

export const queryPerPassenger: Scenario = {
  name: "query-per-passenger",
  summary: "a booking is shown with a query for each passenger, which large parties make long",
  family: "bad_deployment",
  perSecond: 9,
  happenings: [
    { at: -1300, innocent: "payments-bridge" },
    {
      ...{ at: 0, release: "reservations", effect: { queriesPerPassenger: 26 } },
      commits: [
        {
          message: "reservations: spell the port of the availability client out",
          edits: [
            {
              path: "reservations/src/main/resources/application.yaml",
              from: "clients:\n",
              to: "# Ports are those of the Services.\nclients:\n",
            },
          ],
        },
        {
          ...{
            culprit: true,
            message:
              "reservations: show each passenger's documents with a booking\n\nHarbour staff check them at the gangway.",
          },
          edits: [
            {
              path: `${R}/BookingService.java`,
              from: "    List<Passenger> travelling = passengers.findAllByReference(reference);\n",
              to: "    List<Passenger> travelling = passengers.idsByReference(reference).stream()\n        .map(id -> passengers.findById(id).orElseThrow().withDocuments(passengers.documentsOf(id)))\n        .toList();\n",
            },
          ],
        },
      ],
    },
    { at: 75, innocent: "fare-engine" },
    { at: 100, innocent: "loyalty" },
  ],
  rootCause: {
    ...{ service: "reservations", kind: "service", accept: [] },
    detail:
      "A commit to reservations reads a booking's passengers and their documents one by one, one after the other. Views of large parties take seconds.",
  },
  ...{ fix: { files: [`${R}/BookingService.java`] }, rollout: true, seeds: HALF },
};

export const memberWithoutTier: Scenario = {
  name: "member-without-tier",
  summary: "loyalty fails for members that have no tier yet",
  family: "bad_deployment",
  happenings: [
    { at: -1700, innocent: "document-render" },
    { at: -45, innocent: "reservations" },
    {
      ...{ at: 0, release: "loyalty", effect: { tierRequired: 1 } },
      commits: [
        {
          ...{
            culprit: true,
            message: "loyalty: a member's card has the rank of the tier\n\nSo that the app can colour it.",
          },
          edits: [
            {
              path: "loyalty/members.py",
              from: '"tier": self.tier, "miles"',
              to: '"tier": self.tier, "rank": TIERS.index(self.tier), "miles"',
            },
          ],
        },
        {
          message: "loyalty: sort imports",
          edits: [
            {
              path: "loyalty/members.py",
              from: "from dataclasses import dataclass\nfrom datetime import date\n",
              to: "import datetime  # noqa: F401\nfrom dataclasses import dataclass\nfrom datetime import date\n",
            },
          ],
        },
      ],
    },
    { at: 45, innocent: "sailings" },
  ],
  rootCause: {
    ...{ service: "loyalty", kind: "service", accept: [] },
    detail:
      "A commit to loyalty looks up the rank of a member's tier; for members without one TIERS.index raises ValueError. reservations, released a minute before, only passes it on.",
  },
  ...{ fix: { files: ["loyalty/members.py"] }, rollout: true, seeds: HALF },
};

export const renamedField: Scenario = {
  name: "renamed-field",
  summary: "reservations renames a field of its events, and vessel-manifest cannot read them",
  family: "bad_deployment",
  perSecond: 9,
  patience: 1500,
  happenings: [
    { at: -800, innocent: "vessel-manifest" },
    {
      ...{ at: 0, release: "reservations", effect: { eventShape: 2 } },
      commits: [
        {
          ...{ culprit: true, message: "reservations: events speak of travellers, as the API does" },
          edits: [
            {
              path: `${R}/BookingEvents.java`,
              from: '@JsonProperty("passengers") int passengers',
              to: '@JsonProperty("travellers") int passengers',
            },
          ],
        },
        {
          message: "reservations: the hold's length in a constant's comment",
          edits: [
            {
              path: `${R}/AvailabilityClient.java`,
              from: "  private static final Duration HOLD",
              to: "  // As long as a customer needs to find a card.\n  private static final Duration HOLD",
            },
          ],
        },
      ],
    },
    { at: 30, innocent: "notify" },
  ],
  rootCause: {
    ...{ service: "reservations", kind: "service", accept: [] },
    detail:
      "A commit to reservations renames passengers in booking-events to travellers. vessel-manifest finds no passengers in any new event, reads the same one again and again, and its backlog grows.",
  },
  ...{ fix: { files: [`${R}/BookingEvents.java`] }, rollout: true, seeds: HELD },
};

export const newPrefix: Scenario = {
  name: "new-prefix",
  summary: "document-render writes under a prefix that its policy does not have",
  family: "missing_iam_permission",
  perSecond: 10,
  patience: 1500,
  happenings: [
    { at: -950, innocent: "notify" },
    {
      ...{ at: 0, release: "document-render", effect: { objectPrefix: 1 } },
      commits: [
        {
          ...{
            culprit: true,
            message:
              "document-render: boarding cards and tickets in one place\n\nThe app looks for both under boarding/v2/.",
          },
          edits: [
            {
              path: "document_render/app.py",
              from: "tickets/{ticket['reference']}.pdf",
              to: "boarding/v2/{ticket['reference']}.pdf",
            },
          ],
        },
        {
          message: "document-render: the template in several lines",
          edits: [
            {
              path: "document_render/layout.py",
              from: 'TEMPLATE = "<h1>{vessel}</h1>',
              to: 'TEMPLATE = "<h1>{vessel}</h1>" "',
            },
          ],
        },
      ],
    },
    { at: 55, innocent: "notify", nth: 0 },
  ],
  rootCause: {
    ...{ service: "document-render", kind: "service", accept: [] },
    detail:
      "A commit to document-render writes to boarding/v2/; its policy in iam/document-render.yaml allows tickets/ alone. Every ticket is refused with 403, and notify cannot go on.",
  },
  fix: { files: ["iam/document-render.yaml"] },
  seeds: HALF,
};
