import { failureOf } from "../world/failures.ts";
import type { Pod } from "../world/workload.ts";
import type { Job } from "../world/world.ts";
import type { Estate } from "./estate.ts";
import { told, write } from "./voices.ts";

const HARBOURS = ["Bodvik", "Lurøy", "Sandnes", "Træna", "Myken", "Rødøy", "Nesna"];
const TIERS = ["deck", "deck", "deck", "saloon", "saloon", "bridge", "none"];

/** What customers do, as shares that add up. */
const ERRANDS = [
  { upTo: 0.4, route: "GET /api/sailings" },
  { upTo: 0.64, route: "POST /api/quotes" },
  { upTo: 0.8, route: "POST /api/bookings" },
  { upTo: 0.92, route: "GET /api/bookings/{reference}" },
  { upTo: 1, route: "GET /api/members/{number}" },
] as const;

/** Customers in an open loop: they come whether they are answered or not. */
export function bringCustomers({ world }: Estate, perSecond: number, until: number): void {
  const { clock } = world;
  const random = world.random.fork("customers");
  const gateway = world.workload("edge-gateway");
  const next = (): void => {
    const wave = 1 + 0.08 * Math.sin(clock.now / 240_000) + 0.05 * Math.sin(clock.now / 71_000);
    clock.at(clock.now + 1000 * random.exponential(perSecond * world.crowd * wave), () => {
      const dice = random.next();
      const errand = ERRANDS.find(({ upTo }) => dice < upTo) ?? ERRANDS[0];
      const from = random.pick(HARBOURS);
      const to = random.pick(HARBOURS.filter((one) => one !== from));
      const about: Record<string, string | number> = {
        ...{ from, to, sailing: `${from.slice(0, 2)}${to.slice(0, 2)}-${random.integer(100, 989)}`.toUpperCase() },
        ...{
          places: random.integer(1, 5),
          party: random.next() < 0.06 ? random.integer(18, 46) : random.integer(1, 5),
        },
        tier: random.pick(TIERS),
      };
      if (errand.route.includes("members") || random.next() < 0.4) about["member"] = random.integer(100_000, 999_999);
      const pod = gateway.pick();
      if (pod !== undefined) void world.serve(gateway, pod, errand.route, world.log.trace(), about);
      if (clock.now < until) next();
    });
  };
  next();
}

/** Reads its part of booking-events, one message after the other; what fails is tried again a second later. */
function reader(estate: Estate, name: string, taken: Set<object>, handle: (job: Job) => Promise<void>): void {
  const { world } = estate;
  const queue = world.queues.get(name) ?? [];
  const turn = async (): Promise<void> => {
    const workload = world.workload(name);
    const [pod] = workload.ready;
    const message = queue.find((one) => !taken.has(one));
    if (pod === undefined || message === undefined) {
      world.clock.at(world.clock.now + 250, () => void turn());
      return;
    }
    const trace = { id: String(message["trace"]), kept: world.random.next() < 0.1 };
    const job: Job = { world, workload, pod, trace, route: "booking-events", about: message };
    const began = world.clock.now;
    let failed = false;
    taken.add(message);
    try {
      await handle(job);
      queue.splice(queue.indexOf(message), 1);
    } catch {
      failed = true;
      await world.clock.sleep(1000);
    }
    taken.delete(message);
    workload.meter.observe((world.clock.now - began) / 1000, failed);
    await turn();
  };
  void turn();
}

/** All that goes on without a customer: readers of queues, collectors of garbage, jobs by the clock. */
export function startLife(estate: Estate, notifyReaders = 1): void {
  const { world, cluster } = estate;
  const tell = async (job: Job): Promise<void> => {
    try {
      await world.call(job, "document-render", "POST /v1/tickets", { timeoutMs: 8000 });
      await world.resource("postbud-sms").ask("notify", "send");
    } catch (error) {
      const failure = failureOf(error);
      write(
        job,
        "error",
        "slog",
        `msg="notification failed" offset=${Math.floor(world.clock.now / 977)} err=${JSON.stringify(failure.callee === "postbud-sms" ? `postbud: ${failure.reason}` : failure.reason)}`,
      );
      throw failure;
    }
    told(job, "info", "slog", `msg="ticket sent" reference=${job.about["reference"]} channel=sms`);
  };
  const taken = new Set<object>();
  for (let index = 0; index < notifyReaders; index += 1) reader(estate, "notify", taken, tell);
  reader(estate, "vessel-manifest", new Set(), async (job) => {
    await job.pod.cpu.work(4);
    const wants = job.pod.spec.code["readsShape"] ?? 1;
    if (Number(job.about["shape"]) !== wants) {
      const message = `Error handler threw an exception\norg.springframework.kafka.listener.ListenerExecutionFailedException: Listener method 'void example.skerry.manifest.BookingListener.onBooking(java.lang.String) throws java.lang.Exception' threw exception\nCaused by: java.lang.IllegalArgumentException: JsonNode type OBJECT has no property "passengers"\n\tat com.fasterxml.jackson.databind.JsonNode.required(JsonNode.java:1045)\n\tat example.skerry.manifest.BookingListener.onBooking(BookingListener.java:28)`;
      write(job, "error", "o.s.k.l.KafkaMessageListenerContainer", message);
      throw failureOf(new Error("unreadable"));
    }
    await world.query(
      job,
      "manifest-db",
      "insert_passengers",
      { pool: 4 },
      () => "HikariPool-1 - Connection is not available",
    );
    told(
      job,
      "info",
      "e.s.manifest.BookingListener",
      `manifest of ${job.about["sailing"]} has ${job.about["places"]} more`,
    );
  });
  watchMemory(estate);
  const chatter = (): void => {
    for (const name of ["sailings", "reservations"]) {
      const workload = world.workload(name);
      const [pod] = workload.ready;
      if (pod === undefined) continue;
      const job: Job = { world, workload, pod, trace: { id: world.random.hex(32), kept: true }, route: "", about: {} };
      if (world.random.next() < 0.3)
        write(
          job,
          "warn",
          "c.z.h.p.PoolBase",
          `HikariPool-1 - Failed to validate connection org.postgresql.jdbc.PgConnection@${world.random.hex(7)} (This connection has been closed.). Possibly consider using a shorter maxLifetime value.`,
        );
    }
    if (world.random.next() < 0.15)
      cluster.event(
        "loyalty",
        "warn",
        "Unhealthy",
        'Readiness probe failed: Get "http://10.24.3.18:8000/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
        world.workload("loyalty").ready[0]?.name,
      );
    world.clock.at(world.clock.now + world.random.between(70, 190) * 1000, chatter);
  };
  world.clock.at(world.clock.now + 40_000, chatter);
}

const usedMiB = (base: number, pod: Pod, wobble: number): number => base * wobble + pod.heapMiB + pod.inFlight * 0.4;

/** The kernel ends what goes over its limit. */
function watchMemory({ world, cluster }: Estate): void {
  const look = (): void => {
    for (const workload of world.workloads.values()) {
      for (const pod of workload.ready) {
        if (usedMiB(workload.baseMiB, pod, 1) > pod.spec.memoryMiB)
          void cluster.restart(workload, pod, "OOMKilled", 137);
      }
    }
    world.clock.at(world.clock.now + 1000, look);
  };
  look();
}

export { usedMiB };
