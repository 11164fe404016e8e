import type { Random } from "../../random.ts";
import { Cluster } from "../world/cluster.ts";
import { Resource, type ResourceTraits } from "../world/resource.ts";
import { type Language, type Spec, Workload } from "../world/workload.ts";
import { World } from "../world/world.ts";
import { installHandlers } from "./handlers.ts";
import { envoy, go, java, python, write } from "./voices.ts";

export interface ServiceFacts {
  readonly name: string;
  readonly language: Language;
  readonly owner: string;
  readonly description: string;
  /** OWNER/NAME of its code; the gateway has none but its routes. */
  readonly repository: string;
  /** Its files there, as globs. */
  readonly paths: string;
  readonly dependsOn: readonly string[];
  readonly spec: Omit<Spec, "version" | "code">;
  readonly baseMiB: number;
  /** Pods at the most, where it scales by itself. */
  readonly mostReplicas?: number;
}

const spec = (
  replicas: number,
  cores: number,
  memoryMiB: number,
  workers: number,
  env: Readonly<Record<string, string>> = {},
) => ({
  ...{ replicas, cores, memoryMiB, workers, env },
});

export const SERVICES: readonly ServiceFacts[] = [
  {
    ...{
      name: "edge-gateway",
      language: "envoy",
      owner: "platform",
      repository: "skerry/deploy",
      paths: "apps/edge-gateway/**",
    },
    description: "Envoy in front of everything that customers reach",
    dependsOn: ["reservations", "sailings", "fare-engine", "loyalty"],
    ...{ spec: spec(2, 1, 256, 2000, { ROUTE_TIMEOUT_MS: "10000" }), baseMiB: 96 },
  },
  {
    ...{
      name: "reservations",
      language: "java",
      owner: "booking",
      repository: "skerry/booking",
      paths: "reservations/**",
    },
    description: "Bookings: hold, price, pay, store",
    dependsOn: ["availability", "fare-engine", "loyalty", "payments-bridge", "reservations-db", "booking-events"],
    spec: spec(3, 1, 1024, 40, {
      ...{ AVAILABILITY_READ_TIMEOUT_MS: "1500", FARES_READ_TIMEOUT_MS: "2500", PAYMENTS_READ_TIMEOUT_MS: "6000" },
      ...{ HIKARI_MAX_POOL_SIZE: "12", LOYALTY_TOKEN_AUDIENCE: "loyalty" },
    }),
    baseMiB: 540,
  },
  {
    ...{ name: "sailings", language: "java", owner: "booking", repository: "skerry/booking", paths: "sailings/**" },
    description: "Timetable and search",
    dependsOn: ["availability", "timetable-db"],
    ...{ spec: spec(2, 0.3, 768, 24, { HIKARI_MAX_POOL_SIZE: "10" }), baseMiB: 410, mostReplicas: 3 },
  },
  {
    ...{
      name: "vessel-manifest",
      language: "java",
      owner: "booking",
      repository: "skerry/booking",
      paths: "vessel-manifest/**",
    },
    description: "Passenger lists of each crossing, from booking-events",
    dependsOn: ["booking-events", "manifest-db"],
    ...{ spec: spec(1, 0.5, 768, 8), baseMiB: 380 },
  },
  {
    ...{
      name: "fare-engine",
      language: "python",
      owner: "pricing",
      repository: "skerry/pricing",
      paths: "fare_engine/**",
    },
    description: "Quotes",
    dependsOn: ["sailings", "skerry-http"],
    ...{ spec: spec(3, 0.6, 512, 16, { WEB_CONCURRENCY: "4", SAILINGS_TIMEOUT_SECONDS: "2.0" }), baseMiB: 190 },
  },
  {
    ...{ name: "loyalty", language: "python", owner: "pricing", repository: "skerry/pricing", paths: "loyalty/**" },
    description: "Members, tiers and miles",
    dependsOn: ["members-db"],
    ...{ spec: spec(2, 0.4, 384, 12), baseMiB: 150 },
  },
  {
    ...{
      name: "document-render",
      language: "python",
      owner: "pricing",
      repository: "skerry/pricing",
      paths: "document_render/**",
    },
    description: "Tickets as PDF",
    dependsOn: ["tickets-bucket"],
    ...{ spec: spec(2, 0.5, 512, 6), baseMiB: 210 },
  },
  {
    ...{
      name: "availability",
      language: "go",
      owner: "platform",
      repository: "skerry/platform-go",
      paths: "internal/availability/**",
    },
    description: "Free places and holds",
    dependsOn: ["availability-redis"],
    ...{ spec: spec(4, 0.2, 192, 400, { REDIS_POOL_SIZE: "20" }), baseMiB: 48 },
  },
  {
    ...{
      name: "payments-bridge",
      language: "go",
      owner: "payments",
      repository: "skerry/platform-go",
      paths: "internal/payments/**",
    },
    description: "Card authorisations with our provider",
    dependsOn: ["kvittra-pay", "payments-db"],
    ...{ spec: spec(2, 0.3, 192, 400, { PROVIDER_TIMEOUT_MS: "2500" }), baseMiB: 52 },
  },
  {
    ...{
      name: "notify",
      language: "go",
      owner: "pricing",
      repository: "skerry/platform-go",
      paths: "internal/notify/**",
    },
    description: "Mails and SMS about bookings, from booking-events",
    dependsOn: ["booking-events", "document-render", "postbud-sms"],
    ...{ spec: spec(1, 0.3, 192, 8), baseMiB: 44 },
  },
];

export interface ResourceFacts extends ResourceTraits {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  /** Another kind of thing that it stands on. */
  readonly dependsOn?: readonly string[];
}

const database = (name: string, medianMs: number, lanes: number): ResourceFacts => ({
  ...{
    name,
    type: "database",
    description: `PostgreSQL of ${name.replace(/-db$/, "")}`,
    medianMs,
    sigma: 0.5,
    lanes,
    measured: true,
  },
});
const provider = (name: string, description: string, medianMs: number): ResourceFacts => ({
  ...{ name, type: "external-api", description, medianMs, sigma: 0.4, lanes: 10_000, measured: false },
});

export const RESOURCES: readonly ResourceFacts[] = [
  database("reservations-db", 7, 16),
  database("timetable-db", 6, 16),
  database("members-db", 5, 8),
  database("payments-db", 5, 8),
  database("manifest-db", 8, 4),
  { ...database("availability-redis", 0.8, 8), type: "cache", description: "Free places of each sailing" },
  {
    ...database("booking-events", 2, 100),
    type: "kafka-topic",
    description: "What happens to bookings",
    measured: false,
  },
  { ...database("tickets-bucket", 35, 200), type: "storage-bucket", description: "Rendered tickets", measured: false },
  provider("kvittra-pay", "Card payments, a third party", 280),
  provider("postbud-sms", "SMS, a third party", 190),
  {
    ...database("general-pool", 1, 1),
    type: "node-pool",
    description: "The cluster's nodes that all services share",
    measured: false,
  },
];

export const NODES = [
  "gke-north1-general-7c41",
  "gke-north1-general-9f08",
  "gke-north1-general-b2d6",
  "gke-north1-general-e35a",
];

export interface Estate {
  readonly world: World;
  readonly cluster: Cluster;
}

/** The whole estate, well and at rest, at a moment. */
export function buildEstate(
  begins: number,
  random: Random,
  versions: ReadonlyMap<string, string>,
  keepEach: number,
): Estate {
  const world = new World(begins, random, keepEach);
  for (const { name, language, spec: facts, baseMiB } of SERVICES) {
    const version = versions.get(name) ?? "0";
    world.workloads.set(name, new Workload(name, language, { ...facts, version, code: {} }, baseMiB));
  }
  for (const facts of RESOURCES) world.resources.set(facts.name, new Resource(world.clock, random, facts.name, facts));
  for (const [language, voice] of Object.entries({ java, python, go, envoy })) world.voices.set(language, voice);
  for (const reader of ["vessel-manifest", "notify"]) world.queues.set(reader, []);
  // What the bucket's policies allow is what git says: a prefix of its own for each.
  world.resource("tickets-bucket").trouble = (caller, what) =>
    what === "tickets"
      ? undefined
      : {
          afterMs: 30,
          status: 403,
          reason: `${caller}@skerry-prod.iam.gserviceaccount.com does not have storage.objects.create access to the Google Cloud Storage object. Permission 'storage.objects.create' denied on resource (or it may not exist).`,
        };
  installHandlers(world);
  const cluster = new Cluster(world, NODES);
  for (const workload of world.workloads.values()) cluster.settle(workload);
  const trace = { id: "", kept: true };
  cluster.hello = (workload, pod) => {
    const said = {
      java: `Started ${workload.name} in ${((world.clock.now - pod.bornAt) / 1000).toFixed(3)} seconds (process running for ${((world.clock.now - pod.bornAt) / 1000 + 1.2).toFixed(3)})`,
      python: "Application startup complete.",
      go: `msg=listening addr=:8080 version=${workload.spec.version}`,
      envoy: "all dependencies initialized. starting workers",
    }[workload.language];
    const logger = { java: "o.s.boot.StartupInfoLogger", python: "uvicorn.error", go: "slog", envoy: "envoy.main" }[
      workload.language
    ];
    const { id: _, ...rest } = trace;
    write(
      { world, workload, pod, trace: { id: world.random.hex(32), ...rest }, route: "", about: {} },
      "info",
      logger,
      said,
    );
  };
  return { world, cluster };
}
