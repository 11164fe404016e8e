import type { Edit } from "./upstreams.ts";

/** A change that breaks nothing, of a service's code or of its manifests. */
export interface Innocent {
  readonly service: string;
  readonly message: string;
  readonly edits: readonly Edit[];
  /** Configuration: a commit to the GitOps repository alone. */
  readonly config?: boolean;
  /** What of its environment is other than before. */
  readonly env?: Readonly<Record<string, string>>;
}

const R = "reservations/src/main/java/example/skerry/reservations";
const S = "sailings/src/main/java/example/skerry/sailings";
const M = "vessel-manifest/src/main/java/example/skerry/manifest";

/** To be mixed in around the fault. Each touches lines that no scenario does. */
export const INNOCENTS: readonly Innocent[] = [
  {
    ...{
      service: "reservations",
      message: "reservations: name the sailing in the log of a stored booking\n\nSupport asked for it.",
    },
    edits: [
      {
        path: `${R}/BookingService.java`,
        from: 'log.info("booking {} stored, sailing {}, {} passengers", booking.reference(),',
        to: 'log.info("booking {} stored, sailing {}, {} passengers, channel web", booking.reference(),',
      },
    ],
  },
  {
    ...{
      service: "reservations",
      message: "reservations: keep a hold for twelve minutes\n\nCustomers with slow banks lost their places.",
    },
    edits: [{ path: `${R}/AvailabilityClient.java`, from: "Duration.ofMinutes(10)", to: "Duration.ofMinutes(12)" }],
  },
  {
    ...{ service: "reservations", message: "reservations: javadoc for the events" },
    edits: [
      {
        path: `${R}/BookingEvents.java`,
        from: "/** What other services learn of a booking: topic booking-events. */",
        to: "/**\n * What other services learn of a booking: topic booking-events. Readers: notify, vessel-manifest.\n */",
      },
    ],
  },
  {
    ...{
      service: "sailings",
      message: "sailings: sort by departure, then by code\n\nTwo boats at one minute jumped about in the list.",
    },
    edits: [
      {
        path: `${S}/SearchController.java`,
        from: "Comparator.comparing(SailingView::departs)",
        to: "Comparator.comparing(SailingView::departs).thenComparing(SailingView::code)",
      },
    ],
  },
  {
    ...{ service: "sailings", message: "sailings: log how many sailings are asked for at info" },
    edits: [{ path: `${S}/OccupancyClient.java`, from: 'log.debug("asking', to: 'log.info("asking' }],
  },
  {
    ...{ service: "vessel-manifest", message: "vessel-manifest: count what was added" },
    edits: [
      {
        path: `${M}/BookingListener.java`,
        from: 'log.debug("manifest of {} has a new booking", sailing);',
        to: 'log.debug("manifest of {} has a new booking", sailing);\n    added.increment();',
      },
      {
        path: `${M}/BookingListener.java`,
        from: "  private final ManifestRepository manifests;\n",
        to: '  private final ManifestRepository manifests;\n  private final Counter added = Metrics.counter("manifest.bookings.added");\n',
      },
    ],
  },
  {
    ...{
      service: "fare-engine",
      message: "fare-engine: a table of 8192 base fares\n\nThe summer table has more routes.",
    },
    edits: [{ path: "fare_engine/rules.py", from: "maxsize=4096", to: "maxsize=8192" }],
  },
  {
    ...{ service: "fare-engine", message: "fare-engine: JSON logs are optional until the collector is upgraded" },
    edits: [
      {
        path: "fare_engine/settings.py",
        from: 'LOG_FORMAT = os.environ.get("LOG_FORMAT", "console")',
        to: 'LOG_FORMAT = os.environ.get("LOG_FORMAT", "console")\nLOG_JSON = LOG_FORMAT == "json"',
      },
    ],
  },
  {
    ...{ service: "loyalty", message: "loyalty: say which member a refused token was for" },
    edits: [
      {
        path: "loyalty/app.py",
        from: 'log.warning("token_refused", reason=str(refused), member=number)',
        to: 'log.warning("token_refused", reason=str(refused), member=number, audience="loyalty")',
      },
    ],
  },
  {
    ...{ service: "document-render", message: "document-render: the harbour's name in bold" },
    edits: [
      { path: "document_render/layout.py", from: "{departs} from {harbour}", to: "{departs} from <b>{harbour}</b>" },
    ],
  },
  {
    ...{ service: "availability", message: "availability: log what is left after a hold as a number of places" },
    edits: [
      {
        path: "internal/availability/holds.go",
        from: '"places", places, "left", left)',
        to: '"places", places, "left_places", left)',
      },
    ],
  },
  {
    ...{ service: "payments-bridge", message: "payments-bridge: log the currency with each authorisation" },
    edits: [
      {
        path: "internal/payments/authorise.go",
        from: '"amount", order.Amount, "attempt", attempt)',
        to: '"amount", order.Amount, "currency", order.Currency, "attempt", attempt)',
      },
    ],
  },
  {
    ...{ service: "notify", message: "notify: a friendlier text" },
    edits: [
      {
        path: "internal/notify/worker.go",
        from: '"Your ticket for "+booking.Sailing+" is ready"',
        to: '"Welcome aboard: your ticket for "+booking.Sailing+" is ready"',
      },
    ],
  },
  {
    ...{
      service: "availability",
      message: "kit: keep idle connections for two minutes\n\nFewer handshakes behind the gateway.",
    },
    edits: [{ path: "internal/kit/server.go", from: "90 * time.Second", to: "120 * time.Second" }],
  },
  {
    ...{
      service: "reservations",
      config: true,
      message: "reservations: log Hikari at debug while we look at the connection warnings",
      env: { LOG_HIKARI: "debug" },
    },
    edits: [
      {
        path: "apps/reservations/values.yaml",
        from: "  LOG_LEVEL: info\n",
        to: "  LOG_LEVEL: info\n  LOG_HIKARI: debug\n",
      },
    ],
  },
  {
    ...{ service: "payments-bridge", config: true, message: "payments-bridge: label for the cost report" },
    edits: [
      {
        path: "apps/payments-bridge/values.yaml",
        from: "probes:",
        to: "podLabels: { cost-centre: payments }\nprobes:",
      },
    ],
  },
  {
    ...{ service: "edge-gateway", config: true, message: "edge-gateway: a comment on the order of routes" },
    edits: [
      {
        path: "apps/edge-gateway/routes.yaml",
        from: "# The first route that fits is taken.\n",
        to: "# The first route that fits is taken: keep narrower prefixes above wider ones.\n",
      },
    ],
  },
  {
    ...{ service: "availability", config: true, message: "availability: readiness each ten seconds is enough" },
    edits: [{ path: "apps/availability/values.yaml", from: "periodSeconds: 5,", to: "periodSeconds: 10," }],
  },
];
