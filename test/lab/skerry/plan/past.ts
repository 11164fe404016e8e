import type { Random } from "../../random.ts";
import { PEOPLE } from "./people.ts";
import type { Commit, Edit, Upstream } from "./upstreams.ts";

type Team = keyof typeof PEOPLE;

interface PastChange {
  readonly repository: string;
  readonly team: Team;
  /** Whose release carried it out. */
  readonly services: readonly string[];
  readonly message: string;
  /** From today's text to the one before: undone in the first tree, done in its turn. */
  readonly edit: { readonly path: string; readonly now: string; readonly then: string };
}

const change = (
  repository: string,
  team: Team,
  services: readonly string[],
  message: string,
  path: string,
  then: string,
  now: string,
): PastChange => ({
  ...{ repository, team, services, message },
  edit: { path, now, then },
});

const booking = (service: string, message: string, path: string, then: string, now: string): PastChange =>
  change("skerry/booking", "booking", [service], message, path, then, now);
const pricing = (service: string, message: string, path: string, then: string, now: string): PastChange =>
  change("skerry/pricing", "pricing", [service], message, path, then, now);
const platform = (service: string, message: string, path: string, then: string, now: string): PastChange =>
  change(
    "skerry/platform-go",
    service === "payments-bridge" ? "payments" : "platform",
    [service],
    message,
    path,
    then,
    now,
  );

const R = "reservations/src/main/java/example/skerry/reservations";
const GRADLE = "build.gradle.kts";
const PYPROJECT = "pyproject.toml";

/** How today's files came to be, oldest first. */
const PAST: readonly PastChange[] = [
  booking("reservations", "Spring Boot 3.4.9", GRADLE, '"3.4.7"', '"3.4.9"'),
  pricing(
    "fare-engine",
    "fare-engine: a share for children",
    "fare_engine/rules.py",
    'CHILD_SHARE = Decimal("0.6")',
    'CHILD_SHARE = Decimal("0.5")',
  ),
  platform(
    "availability",
    "availability: one round trip for many sailings",
    "internal/availability/holds.go",
    "in one round trip.",
    "in one round trip.",
  ),
  booking(
    "reservations",
    "reservations: read timeouts by client",
    "reservations/src/main/resources/application.yaml",
    "FARES_READ_TIMEOUT_MS:3000",
    "FARES_READ_TIMEOUT_MS:2500",
  ),
  pricing(
    "loyalty",
    "loyalty: miles are nautical",
    "loyalty/app.py",
    '"""Members, their tier and their miles."""',
    '"""Members, their tier and their nautical miles."""',
  ),
  booking(
    "sailings",
    "sailings: count free places of all in one question",
    "sailings/src/main/java/example/skerry/sailings/OccupancyClient.java",
    "/** Free places of sailings. */",
    "/** Free places of many sailings in one question. */",
  ),
  platform(
    "payments-bridge",
    "payments-bridge: a second try when the provider could not be reached",
    "internal/payments/authorise.go",
    "if attempt == 1 {",
    "if attempt == 2 {",
  ),
  pricing("document-render", "weasyprint 63.1", PYPROJECT, "weasyprint==62.3", "weasyprint==63.1"),
  booking(
    "vessel-manifest",
    "vessel-manifest: fail loudly on events without a sailing",
    "vessel-manifest/src/main/java/example/skerry/manifest/BookingListener.java",
    'event.path("sailing")',
    'event.required("sailing")',
  ),
  pricing("fare-engine", "fare-engine: base fares are cached", "fare_engine/rules.py", "maxsize=1024", "maxsize=4096"),
  platform(
    "notify",
    "notify: commit an offset when its message was sent",
    "internal/notify/worker.go",
    "A message that could not be sent is lost.",
    "A message that could not be sent is tried again in its turn.",
  ),
  booking("reservations", "Jackson 2.18.2", GRADLE, 'jacksonVersion"] = "2.17.3"', 'jacksonVersion"] = "2.18.2"'),
  pricing("loyalty", "psycopg 3.2.3", PYPROJECT, "pool]==3.2.1", "pool]==3.2.3"),
  platform("availability", "go-redis 9.7.0", "go.mod", "go-redis/v9 v9.6.1", "go-redis/v9 v9.7.0"),
  booking(
    "sailings",
    "sailings: a pool of ten",
    "sailings/src/main/resources/application.yaml",
    "HIKARI_MAX_POOL_SIZE:8",
    "HIKARI_MAX_POOL_SIZE:10",
  ),
  pricing(
    "fare-engine",
    "fare-engine: two per cent for deck members",
    "fare_engine/rules.py",
    '"deck": Decimal("0.01")',
    '"deck": Decimal("0.02")',
  ),
  booking(
    "reservations",
    "reservations: the clock is a bean, for tests",
    `${R}/BookingService.java`,
    "/** Holds places, has them priced and paid. */",
    "/** Holds places, has them priced and paid, and writes the booking down. */",
  ),
  platform(
    "payments-bridge",
    "kit: idle connections live 90 s",
    "internal/kit/server.go",
    "60 * time.Second",
    "90 * time.Second",
  ),
  pricing(
    "document-render",
    "document-render: say how large a ticket is",
    "document_render/app.py",
    'reference=ticket["reference"])',
    'reference=ticket["reference"], bytes=len(pdf))',
  ),
  change(
    "skerry/platform-libs",
    "pricing",
    [],
    "skerry_http 2.3.1: log the path with each retry",
    "CHANGELOG.md",
    "- Log retries.",
    "- Log the path with each retry.",
  ),
  booking("vessel-manifest", "micrometer 1.14.10", GRADLE, '"1.14.6"', '"1.14.10"'),
  pricing("fare-engine", "structlog 24.4.0", PYPROJECT, "structlog==24.2.0", "structlog==24.4.0"),
].filter(({ edit }) => edit.now !== edit.then);

const DAY = 86_400_000;

/** The trees that repositories began with: today's, with the past undone. */
export function undoPast(repository: string, files: Map<string, string>): Map<string, string> {
  const tree = new Map(files);
  for (const { edit } of PAST.filter((one) => one.repository === repository).reverse()) {
    const text = tree.get(edit.path);
    if (!text?.includes(edit.now)) throw new Error(`${repository} ${edit.path} does not hold: ${edit.now}`);
    tree.set(
      edit.path,
      text.replace(edit.now, () => edit.then),
    );
  }
  return tree;
}

export interface PastCommit {
  readonly repository: string;
  readonly commit: Commit;
  readonly release?: { readonly service: string; readonly at: number };
}

/** One after the other over two months, each rolled out within the hour. The last lie a day and more before the recording. */
export function pastCommits(until: number, random: Random): PastCommit[] {
  const span = 62 * DAY;
  return PAST.map(({ repository, team, services, message, edit }, index) => {
    const day = until - 1.2 * DAY - span * (1 - (index + 1) / PAST.length);
    const at = Math.floor(day) + random.integer(-5 * 3600, 5 * 3600) * 1000;
    const edits: readonly Edit[] = [{ path: edit.path, from: edit.then, to: edit.now }];
    const [service] = services;
    return {
      repository,
      commit: { at, author: random.pick(PEOPLE[team]), message, edits },
      ...(service === undefined ? {} : { release: { service, at: at + random.integer(9, 50) * 60_000 } }),
    };
  }).sort((a, b) => a.commit.at - b.commit.at);
}

export type Upstreams = ReadonlyMap<string, Upstream>;
