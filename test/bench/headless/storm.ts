import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCaseStore } from "../../../agent-host/src/cases/open-case-store.ts";
import { openSqliteTable } from "../../../agent-host/src/cases/tables/sqlite-table.ts";
import { catalogOf } from "../../agent-host/cases/alerts.ts";
import { openDoors } from "../../support/alerts/headless.ts";
import { rounded } from "../measure.ts";
import type { BenchOptions, Section } from "../section.ts";

const CHAINS = 10;
const LINKS = 20;
const KINDS = 10;
/** HA peers, repeats and retries. */
const ROUNDS = 5;
/** Requests under way at once, as of some Alertmanagers that deliver group by group. */
const AT_ONCE = 32;
const ALERTS_A_DELIVERY = 1;
const TOKEN = "bench-token-of-enough-characters-1234";

/** Ten thousand deliveries over two hundred services through the door, each tried until it is taken. */
export async function benchStorm({ progress }: BenchOptions): Promise<Section> {
  const estate = chains();
  const table = await openSqliteTable(join(await mkdtemp(join(tmpdir(), "oncall-storm-")), "cases.db"));
  const cases = openCaseStore(table, { catalog: catalogOf(estate) });
  const doors = await openDoors({ env: { ONCALL_ALERT_TOKENS: TOKEN }, cases });
  const services = Object.keys(estate).filter((name) => name !== "gateway");
  const alerts = services.flatMap((service, index) =>
    Array.from({ length: KINDS }, (_, kind) => bodyOf(service, kind, index)),
  );
  const deliveries = Array.from({ length: ROUNDS }, () => alerts).flat();
  progress(`${deliveries.length} deliveries over ${services.length} services`);
  const before = process.memoryUsage().rss;
  let peak = before;
  let busy = 0;
  let next = 0;
  const watching = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 100);
  const began = performance.now();
  const sender = async (): Promise<void> => {
    for (let body = deliveries[next++]; body !== undefined; body = deliveries[next++]) {
      for (;;) {
        const headers = { authorization: `Bearer ${TOKEN}` };
        const answer = await fetch(`${doors.url}/alerts/alertmanager`, { method: "POST", body, headers });
        await answer.arrayBuffer();
        if (answer.status === 202) break;
        busy++;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  const seconds = (performance.now() - began) / 1_000;
  clearInterval(watching);
  const made = await cases.list({ limit: 1_000 });
  const kept = await Promise.all(made.map(async ({ id }) => (await cases.alertsOf(id)).total));
  const lost = alerts.length - kept.reduce((sum, count) => sum + count, 0);
  await doors.close();
  const mib = (bytes: number) => Math.round(bytes / 1_048_576);
  return {
    title: "headless: a storm",
    about: `${deliveries.length} deliveries of ${ALERTS_A_DELIVERY} alert each (${alerts.length} alerts, each ${ROUNDS} times) by ${AT_ONCE} senders; sender, door and store in one process, so that its memory is an upper bound.`,
    head: [
      "deliveries",
      "seconds",
      "a second",
      "answered busy",
      "investigations",
      "alerts lost",
      "peak MiB",
      "MiB before",
    ],
    rows: [
      [
        ...[deliveries.length, rounded(seconds), Math.round(deliveries.length / seconds), busy],
        ...[made.length, lost, mib(peak), mib(before)],
      ],
    ],
    goals: [
      { what: "investigations", measured: made.length, most: 5 },
      { what: "alerts lost", measured: lost, most: 0 },
    ],
  };
}

/** Ten chains behind one gateway. */
function chains(): Record<string, string[]> {
  const estate: Record<string, string[]> = { gateway: [] };
  for (let chain = 0; chain < CHAINS; chain++) {
    estate["gateway"]?.push(`s${chain}-0`);
    for (let link = 0; link < LINKS; link++)
      estate[`s${chain}-${link}`] = link < LINKS - 1 ? [`s${chain}-${link + 1}`] : [];
  }
  return estate;
}

const START = Date.now() - 300_000;

function bodyOf(service: string, kind: number, index: number): string {
  const startsAt = new Date(START + ((index * 37 + kind * 11) % 300) * 1_000).toISOString();
  const labels = { alertname: `Alert${kind}`, service, severity: "page" };
  return JSON.stringify({
    version: "4",
    status: "firing",
    alerts: [{ status: "firing", labels, annotations: {}, startsAt }],
  });
}
