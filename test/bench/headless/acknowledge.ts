import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openDoors } from "../../support/alerts/headless.ts";
import type { BenchOptions, Section } from "../section.ts";

const ALERTS_PER_SECOND = 200;
const DELIVERIES = 400;
const SERVICES = 200;

/** The doors at 200 alerts a second, against a bare HTTP server that reads the body and answers, in the same run. */
export async function benchAcknowledge({ progress }: BenchOptions): Promise<Section> {
  const token = randomBytes(24).toString("base64url");
  const bare = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(202).end("{}"));
  });
  await new Promise<void>((resolve) => bare.listen(0, "127.0.0.1", resolve));
  const floorUrl = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`;
  const doors = await openDoors({ env: { ONCALL_ALERT_TOKENS: token } });
  const url = `${doors.url}/alerts/alertmanager`;
  progress("warming up");
  await deliver(url, token, 50, "warm");
  progress(`${DELIVERIES} deliveries to a bare server`);
  const floor = await deliver(floorUrl, token, DELIVERIES, "floor");
  progress(`${DELIVERIES} deliveries to the door`);
  const door = await deliver(url, token, DELIVERIES, "door");
  await doors.close();
  await new Promise((resolve) => bare.close(resolve));
  const row = (name: string, { ms, refused }: Delivered) => [
    name,
    at(ms, 0.5),
    at(ms, 0.99),
    Math.max(...ms).toFixed(1),
    refused,
  ];
  return {
    title: "headless: milliseconds to acknowledge",
    about: `${DELIVERIES} deliveries of one alert each over ${SERVICES} services, ${ALERTS_PER_SECOND} a second; the door redacts each and has it in SQLite, on disk, before it answers.`,
    head: ["", "median ms", "p99 ms", "most ms", "not taken"],
    rows: [row("bare HTTP server", floor), row("Alertmanager's door", door)],
    goals: [
      { what: "p99 of the acknowledgement, ms", measured: Number(at(door.ms, 0.99)), most: 100 },
      { what: "deliveries that were not taken", measured: door.refused, most: 0 },
    ],
  };
}

interface Delivered {
  readonly ms: readonly number[];
  readonly refused: number;
}

const at = (ms: readonly number[], share: number): string =>
  (ms.toSorted((a, b) => a - b)[Math.floor(share * (ms.length - 1))] ?? Number.NaN).toFixed(1);

async function deliver(url: string, token: string, count: number, name: string): Promise<Delivered> {
  const ms: number[] = [];
  let refused = 0;
  const one = async (index: number) => {
    const labels = { alertname: `Slow-${name}`, service: `s${index % SERVICES}`, pod: `s-${index}`, severity: "page" };
    const alert = { status: "firing", labels, annotations: { summary: "slow" }, startsAt: new Date().toISOString() };
    const body = JSON.stringify({ version: "4", status: "firing", alerts: [alert] });
    const began = performance.now();
    const answer = await fetch(url, { method: "POST", body, headers: { authorization: `Bearer ${token}` } }).catch(
      () => null,
    );
    await answer?.arrayBuffer();
    ms.push(performance.now() - began);
    if (answer?.status !== 202) refused++;
  };
  const began = performance.now();
  const sent: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    const wait = began + (index * 1000) / ALERTS_PER_SECOND - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    sent.push(one(index));
  }
  await Promise.all(sent);
  return { ms, refused };
}
