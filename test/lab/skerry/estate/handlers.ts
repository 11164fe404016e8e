import { Failure, failureOf } from "../world/failures.ts";
import type { Handler, Job, World } from "../world/world.ts";
import { told, write } from "./voices.ts";

const setting = (job: Job, name: string, usual: number): number => Number(job.pod.spec.env[name] ?? usual);
const variant = (job: Job, name: string, usual = 0): number => job.pod.spec.code[name] ?? usual;

const hikari = ({ size, inUse, waiting }: { size: number; inUse: number; waiting: number }): string =>
  `HikariPool-1 - Connection is not available, request timed out after 2000ms (total=${size}, active=${inUse}, idle=${size - inUse}, waiting=${waiting})`;
const psycopg = ({ size }: { size: number }): string =>
  `Traceback (most recent call last):\n  File "/app/loyalty/database.py", line 18, in one\npsycopg_pool.PoolTimeout: couldn't get a connection after 2.00 sec (pool size ${size})`;
const goPool = (): string => "redis: connection pool timeout";

const cpu = (job: Job, medianMs: number): Promise<void> => job.pod.cpu.work(job.world.random.lognormal(medianMs, 0.35));

/** The gateway passes on; where to is what its routes say. */
const forward =
  (service: string, route: string): Handler =>
  async (job) => {
    await cpu(job, 0.5);
    const routed = job.pod.spec.env[`ROUTE ${job.route}`] ?? service;
    const about = job.about as Record<string, string | number>;
    about["cluster"] = routed;
    if (!job.world.workloads.has(routed)) {
      about["flags"] = "NC";
      throw new Failure(503, "NC", routed);
    }
    const known = job.world.handlers.has(`${routed} ${route}`);
    try {
      await job.world.call(job, routed, known ? route : "fallback", {
        timeoutMs: setting(job, "ROUTE_TIMEOUT_MS", 10_000),
      });
    } catch (error) {
      const failure = failureOf(error);
      about["flags"] = failure.reason;
      throw failure;
    }
  };

async function search(job: Job): Promise<void> {
  await cpu(job, variant(job, "searchCpuMs", 55));
  const pool = setting(job, "HIKARI_MAX_POOL_SIZE", 10);
  await job.world.query(job, "timetable-db", "sailings_by_day", { pool }, hikari);
  await job.world.call(job, "availability", "POST /v1/free", { timeoutMs: 1500 });
  told(
    job,
    "info",
    "e.s.sailings.SearchController",
    `found ${4 + (job.trace.id.charCodeAt(0) % 9)} sailings ${job.about["from"]} to ${job.about["to"]}`,
  );
}

async function sailing(job: Job): Promise<void> {
  await cpu(job, 3);
  await job.world.query(
    job,
    "timetable-db",
    "sailing_by_code",
    { pool: setting(job, "HIKARI_MAX_POOL_SIZE", 10) },
    hikari,
  );
}

async function hold(job: Job): Promise<void> {
  await cpu(job, job.route === "POST /v1/holds" ? 40 : 25);
  const what = job.route === "POST /v1/holds" ? "hincrby" : "pipeline";
  const weight = what === "hincrby" ? variant(job, "holdWeight", 1) : 2;
  await job.world.query(job, "availability-redis", what, { pool: setting(job, "REDIS_POOL_SIZE", 20), weight }, goPool);
  // Overlapping holds of one sailing are taken one after the other.
  if (what === "hincrby") await job.world.clock.sleep(job.world.random.lognormal(105, 0.45));
  if (what === "hincrby")
    told(
      job,
      "info",
      "slog",
      `msg="places held" sailing=${job.about["sailing"]} places=${job.about["places"]} left=${job.world.random.integer(12, 340)}`,
    );
}

async function quote(job: Job): Promise<void> {
  const { world, pod } = job;
  await cpu(job, variant(job, "quoteCpuMs", 11) * gcSlowdown(job));
  pod.heapMiB += variant(job, "keptMiBPerQuote");
  const timeoutMs = setting(job, "SAILINGS_TIMEOUT_SECONDS", 2) * 1000;
  const attempts = variant(job, "httpAttempts", 2);
  await world.call(job, "sailings", "GET /v1/sailings/{code}", {
    timeoutMs: variant(job, "httpTimeoutMs", timeoutMs),
    attempts,
    backoffMs: variant(job, "httpBackoffMs", 200),
  });
  const bad = variant(job, "failsForTier");
  if (bad > 0 && job.about["tier"] === "none") {
    throw new Failure(
      500,
      `Traceback (most recent call last):\n  File "/app/fare_engine/app.py", line 21, in quote\n    fare = rules.price(sailing, body["places"], body.get("member"))\n  File "/app/fare_engine/rules.py", line 35, in price\n    fare *= 1 - MEMBER_DISCOUNTS[member["tier"]]\nKeyError: None`,
    );
  }
  told(
    job,
    "info",
    "fare_engine",
    `quote_computed                 places=${job.about["places"]} sailing=${job.about["sailing"]} total=${world.random.integer(180, 2400)}.00`,
  );
}

/** A heap near its limit makes the collector work. */
function gcSlowdown({ pod, workload }: Job): number {
  const share = (workload.baseMiB + pod.heapMiB) / pod.spec.memoryMiB;
  return share < 0.85 ? 1 : 1 + (share - 0.85) * 12;
}

async function member(job: Job): Promise<void> {
  await cpu(job, 5);
  if (job.about["audience"] !== undefined && job.about["audience"] !== "loyalty") {
    write(
      job,
      "warn",
      "loyalty",
      `token_refused                  member=${job.about["member"]} reason="audience ${job.about["audience"]} is not loyalty"`,
    );
    throw new Failure(401, "audience");
  }
  await job.world.query(
    job,
    "members-db",
    "member_by_number",
    { pool: 6, weight: variant(job, "memberWeight", 1) },
    psycopg,
  );
  if (variant(job, "tierRequired") > 0 && job.about["tier"] === "none") {
    throw new Failure(
      500,
      `Traceback (most recent call last):\n  File "/app/loyalty/app.py", line 22, in member\n    return found.card()\n  File "/app/loyalty/members.py", line 21, in card\n    return {"number": self.number, "tier": self.tier, "rank": TIERS.index(self.tier), "miles": self.miles}\nValueError: tuple.index(x): x not in tuple`,
    );
  }
  told(
    job,
    "info",
    "loyalty",
    `member_read                    member=${job.about["member"]} tier=${job.about["tier"]}`,
  );
}

async function book(job: Job): Promise<void> {
  const { world } = job;
  await cpu(job, 7);
  const holdMs = setting(job, "AVAILABILITY_READ_TIMEOUT_MS", 1500);
  await world.call(job, "availability", "POST /v1/holds", { timeoutMs: holdMs, attempts: 2, backoffMs: 50 });
  await world.call(job, "fare-engine", "POST /v1/quotes", { timeoutMs: setting(job, "FARES_READ_TIMEOUT_MS", 2500) });
  if (job.about["member"] !== undefined) {
    const audience = job.pod.spec.env["LOYALTY_TOKEN_AUDIENCE"] ?? "loyalty";
    const about = { ...job.about, audience };
    await world.call(job, "loyalty", "GET /v1/members/{number}", { timeoutMs: 1500, about }).catch((error: unknown) => {
      const failure = failureOf(error);
      throw new Failure(500, failure.reason, "loyalty");
    });
  }
  await world.call(job, "payments-bridge", "POST /v1/authorisations", {
    timeoutMs: setting(job, "PAYMENTS_READ_TIMEOUT_MS", 6000),
  });
  const pool = setting(job, "HIKARI_MAX_POOL_SIZE", 12);
  await world.query(job, "reservations-db", "insert_booking", { pool, weight: 2 }, hikari);
  const reference = `SK${job.trace.id.slice(0, 5).toUpperCase()}`;
  const event = { ...job.about, reference, shape: variant(job, "eventShape", 1), trace: job.trace.id };
  for (const queue of world.queues.values()) queue.push(event);
  told(
    job,
    "info",
    "e.s.reservations.BookingService",
    `booking ${reference} stored, sailing ${job.about["sailing"]}, ${job.about["places"]} passengers`,
  );
}

async function view(job: Job): Promise<void> {
  await cpu(job, 4);
  const pool = setting(job, "HIKARI_MAX_POOL_SIZE", 12);
  const each = variant(job, "queriesPerPassenger");
  // With a query for each passenger the transaction holds its connection all the while.
  const weight = each > 0 ? 3 + Number(job.about["party"] ?? 2) * each : 1.5;
  await job.world.query(job, "reservations-db", "booking_by_reference", { pool, weight }, hikari);
}

async function authorise(job: Job): Promise<void> {
  await cpu(job, 2.5);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const timeoutMs = setting(job, "PROVIDER_TIMEOUT_MS", 2500);
      const late = () =>
        new Failure(
          502,
          `Post "https://api.kvittra.example/v2/authorisations": context deadline exceeded (Client.Timeout exceeded while awaiting headers) after ${timeoutMs}ms`,
          "kvittra-pay",
        );
      await job.world.clock.within(
        timeoutMs,
        job.world.resource("kvittra-pay").ask("payments-bridge", "authorise"),
        late,
      );
      break;
    } catch (error) {
      const failure = failureOf(error);
      write(
        job,
        "warn",
        "slog",
        `msg="provider call failed" order=${job.trace.id.slice(0, 6)} attempt=${attempt} err=${JSON.stringify(failure.reason)}`,
      );
      if (attempt === 2)
        throw new Failure(502, `authorise ${job.trace.id.slice(0, 6)}: ${failure.reason}`, "kvittra-pay");
      job.workload.meter.retries += 1;
    }
  }
  await job.world.query(
    job,
    "payments-db",
    "insert_authorisation",
    { pool: 8 },
    () => "pgxpool: timeout acquiring connection",
  );
  told(
    job,
    "info",
    "slog",
    `msg="card authorised" order=${job.trace.id.slice(0, 6)} amount=${job.world.random.integer(180, 2400)} attempt=1`,
  );
}

async function render(job: Job): Promise<void> {
  await cpu(job, 60);
  const name = variant(job, "objectPrefix") > 0 ? "boarding/v2" : "tickets";
  try {
    await job.world.query(job, "tickets-bucket", name, { pool: 20 }, goPool);
  } catch (error) {
    const { reason, status } = failureOf(error);
    throw new Failure(
      500,
      status === 403
        ? `Traceback (most recent call last):\n  File "/app/document_render/app.py", line 19, in render\n    bucket.blob(name).upload_from_string(pdf, content_type="application/pdf")\ngoogle.api_core.exceptions.Forbidden: 403 POST https://storage.googleapis.com/upload/storage/v1/b/skerry-tickets/o: ${reason}`
        : reason,
      "tickets-bucket",
    );
  }
  told(
    job,
    "info",
    "document_render",
    `ticket_rendered                bytes=${job.world.random.integer(21_000, 64_000)} object=${name}/SK${job.trace.id.slice(0, 5).toUpperCase()}.pdf`,
  );
}

/** Nobody's route: what Spring answers to a path that it does not know. */
const fallback: Handler = async (job) => {
  await cpu(job, 1);
  write(job, "warn", "o.s.web.servlet.PageNotFound", `No mapping for ${job.route}`);
  throw new Failure(404, "no mapping");
};

export function installHandlers({ handlers, workloads }: World): void {
  const all: Readonly<Record<string, Handler>> = {
    "edge-gateway GET /api/sailings": forward("sailings", "GET /v1/sailings"),
    "edge-gateway POST /api/quotes": forward("fare-engine", "POST /v1/quotes"),
    "edge-gateway POST /api/bookings": forward("reservations", "POST /v1/bookings"),
    "edge-gateway GET /api/bookings/{reference}": forward("reservations", "GET /v1/bookings/{reference}"),
    "edge-gateway GET /api/members/{number}": forward("loyalty", "GET /v1/members/{number}"),
    "sailings GET /v1/sailings": search,
    "sailings GET /v1/sailings/{code}": sailing,
    "availability POST /v1/holds": hold,
    "availability POST /v1/free": hold,
    "fare-engine POST /v1/quotes": quote,
    "loyalty GET /v1/members/{number}": member,
    "reservations POST /v1/bookings": book,
    "reservations GET /v1/bookings/{reference}": view,
    "payments-bridge POST /v1/authorisations": authorise,
    "document-render POST /v1/tickets": render,
  };
  for (const [name, handler] of Object.entries(all)) handlers.set(name, handler);
  for (const name of workloads.keys()) handlers.set(`${name} fallback`, fallback);
}
