/** How incidents of an alert came about and ended. */
export interface Course {
  readonly times: number;
  readonly cause: string;
  readonly fix: string;
  readonly worked?: number;
  readonly minutes?: number;
  /** The repository that the fix was made in. */
  readonly pr?: string;
}

const reverted = (times: number, service: string, what: string, pr = "skerry/deploy"): Course => ({
  ...{ times, cause: `${service}: ${what}`, fix: `took the last release of ${service} back`, pr },
});
const waited = (times: number, cause: string, fix = "waited; status page followed", minutes = 55): Course => ({
  times,
  cause,
  fix,
  minutes,
});
const restarted = (times: number, service: string, what: string): Course => ({
  ...{ times, cause: `${service}: ${what}`, fix: `restarted ${service}`, worked: 0.4, minutes: 21 },
});

/** By alert and service. */
export const COURSES: Readonly<Record<string, readonly Course[]>> = {
  "EdgeErrorBudgetBurn edge-gateway": [
    reverted(5, "reservations", "NullPointerException for bookings without a vehicle after a release"),
    waited(6, "kvittra-pay: outage at the acquirer"),
    reverted(3, "loyalty", "release read a column that the migration had not made yet"),
    restarted(4, "fare-engine", "workers stuck after a failover of timetable-db"),
    {
      times: 4,
      cause: "sailings: search ran out of CPU on the first day of the summer table",
      fix: "raised maxReplicas of sailings",
      pr: "skerry/deploy",
      worked: 0.8,
    },
    reverted(3, "edge-gateway", "route for /api/bookings pointed at the old cluster"),
  ],
  "EdgeLatencyHigh edge-gateway": [
    {
      times: 5,
      cause: "sailings: CPU limit reached in the evening peak",
      fix: "raised the CPU limit of sailings",
      pr: "skerry/deploy",
      worked: 0.7,
    },
    waited(4, "kvittra-pay: slow authorisations"),
    restarted(4, "reservations", "connections held by a long export"),
    reverted(3, "availability", "holds counted one by one after a release"),
  ],
  "BookingFailuresHigh reservations": [
    waited(9, "kvittra-pay: outage at the acquirer"),
    reverted(5, "reservations", "deadlock between bookings and holds after a release"),
    reverted(3, "fare-engine", "season table without the new route"),
    {
      times: 4,
      cause: "reservations: read timeout for availability shorter than a hold takes at peak",
      fix: "raised AVAILABILITY_READ_TIMEOUT_MS",
      pr: "skerry/deploy",
    },
    {
      times: 3,
      cause: "reservations: HikariCP pool exhausted by the nightly export",
      fix: "moved the export to the replica",
      pr: "skerry/booking",
      worked: 0.8,
    },
    restarted(6, "reservations", "HikariCP pool exhausted"),
    {
      times: 2,
      cause: "loyalty: refused tokens after its signing keys were rotated",
      fix: "reloaded the keys in loyalty",
      worked: 0.9,
    },
  ],
  "BookingLatencyHigh reservations": [
    { times: 4, cause: "reservations-db: missing index on passengers", fix: "index added", pr: "skerry/booking" },
    waited(4, "kvittra-pay: slow authorisations"),
    reverted(3, "reservations", "documents read one by one"),
  ],
  "QuoteFailuresHigh fare-engine": [
    {
      times: 5,
      cause: "sailings: too slow for fare-engine's timeout at peak",
      fix: "raised the CPU limit of sailings",
      pr: "skerry/deploy",
      worked: 0.75,
    },
    reverted(4, "fare-engine", "KeyError for routes of the new season"),
    restarted(5, "fare-engine", "event loop blocked"),
    {
      times: 2,
      cause: "fare-engine: memory grew with each quote until the pods were killed",
      fix: "emptied the cache by size",
      pr: "skerry/pricing",
    },
  ],
  "MemberLookupFailuresHigh loyalty": [
    reverted(5, "loyalty", "release failed for members of the old programme"),
    restarted(3, "loyalty", "pool of members-db stale after a failover"),
    waited(2, "members-db: failover", "waited for the new primary", 9),
  ],
  "AuthorisationFailuresHigh payments-bridge": [
    waited(14, "kvittra-pay: outage at the acquirer"),
    {
      times: 3,
      cause: "payments-bridge: API key for Kvittra expired",
      fix: "new key in kvittra-credentials",
      minutes: 70,
    },
    reverted(3, "payments-bridge", "idempotency header lost in a release"),
  ],
  "SearchLatencyHigh sailings": [
    {
      times: 6,
      cause: "sailings: more searches than three pods can work off",
      fix: "raised maxReplicas of sailings",
      pr: "skerry/deploy",
      worked: 0.85,
    },
    waited(3, "timetable-db: vacuum on the big table", "waited for vacuum", 33),
    reverted(3, "sailings", "full timetable read for each search"),
    restarted(3, "sailings", "CPU limit reached"),
  ],
  "HoldLatencyHigh availability": [
    waited(3, "availability-redis: failover", "waited for the replica", 8),
    {
      times: 4,
      cause: "availability: too few pods for the peak",
      fix: "raised replicaCount of availability",
      pr: "skerry/deploy",
    },
  ],
  "NotificationBacklog notify": [
    waited(6, "postbud-sms: provider slow"),
    { times: 3, cause: "notify: API key for Postbud expired", fix: "new key in postbud-credentials", minutes: 64 },
    {
      times: 3,
      cause: "document-render: fonts missing in the new image",
      fix: "took the last release of document-render back",
      pr: "skerry/deploy",
    },
    restarted(4, "notify", "consumer stuck after a rebalance"),
  ],
  "ManifestBacklog vessel-manifest": [
    restarted(5, "vessel-manifest", "consumer stuck after a rebalance"),
    {
      times: 3,
      cause: "vessel-manifest: one event without a sailing, read again and again",
      fix: "skipped the offset by hand",
      worked: 0.7,
    },
    reverted(2, "reservations", "events in a new shape"),
  ],
  "EdgeClientErrorsHigh edge-gateway": [
    waited(5, "none: a scraper asked for sailings that do not exist", "blocked the scraper", 47),
    reverted(3, "edge-gateway", "prefix rewritten twice"),
    {
      times: 2,
      cause: "loyalty: members' app sent expired tokens after its release",
      fix: "app release",
      minutes: 180,
    },
  ],
  "EdgeTrafficHigh edge-gateway": [
    waited(11, "none: newsletter sent to all members", "no action, all services within their limits", 41),
    waited(4, "none: ferry strike at a competitor", "no action, all services within their limits", 120),
    {
      times: 2,
      cause: "sailings: peak above the capacity of three pods",
      fix: "raised maxReplicas of sailings",
      pr: "skerry/deploy",
    },
  ],
  "DeploymentReplicasMismatch payments-bridge": [
    {
      times: 3,
      cause: "payments-bridge: image tag that was never built",
      fix: "tag corrected",
      pr: "skerry/deploy",
      minutes: 18,
    },
    waited(2, "general-pool: no room for another pod", "waited for the autoscaler of nodes", 14),
  ],
  "ContainerRestartsOften fare-engine": [
    {
      times: 4,
      cause: "fare-engine: memory limit too low for the summer table",
      fix: "raised the memory limit of fare-engine",
      pr: "skerry/deploy",
      worked: 0.6,
    },
    reverted(2, "fare-engine", "cache without a bound"),
  ],
  "ContainerRestartsOften document-render": [
    restarted(3, "document-render", "fonts loaded into memory for each ticket"),
  ],
};
