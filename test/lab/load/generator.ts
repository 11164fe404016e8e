import http from "node:http";
import type { Random } from "../random.ts";
import { nextVisit, type Visit } from "./customers.ts";
import type { Traffic } from "./traffic.ts";

const PATIENCE_MS = 12_000;

/**
 * Customers come when they come, however slow the shop is: an open loop, so that queues build up as they do in life.
 * Calls the pods that `endpoints` gives, in turn.
 */
export class LoadGenerator {
  readonly #random: Random;
  readonly #rate: number;
  readonly #traffic: Traffic;
  readonly #endpoints: () => readonly { readonly port: number }[];
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 512 });
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #noise = 0;
  #turn = 0;

  constructor(rate: number, traffic: Traffic, random: Random, endpoints: () => readonly { readonly port: number }[]) {
    this.#rate = rate;
    this.#traffic = traffic;
    this.#random = random;
    this.#endpoints = endpoints;
  }

  /** `startedAt` is second zero of the traffic's plan; it may lie ahead, while the estate warms up. */
  start(startedAt: number): void {
    this.#startedAt = startedAt;
    let due = Date.now();
    const step = (): void => {
      while (due <= Date.now()) {
        this.#send(nextVisit(this.#random));
        due += this.#random.exponential(this.#rateAt(due)) * 1000;
      }
      this.#timer = setTimeout(step, Math.max(1, due - Date.now()));
    };
    step();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#agent.destroy();
  }

  #rateAt(at: number): number {
    // Noise that lasts: crowds come and go over some seconds, not from one request to the next.
    this.#noise = 0.997 * this.#noise + 0.077 * 0.06 * this.#random.normal();
    return this.#rate * this.#traffic((at - this.#startedAt) / 1000) * Math.max(0.5, 1 + this.#noise);
  }

  #send(visit: Visit): void {
    const endpoints = this.#endpoints();
    this.#turn += 1;
    const endpoint = endpoints[this.#turn % Math.max(1, endpoints.length)];
    if (endpoint === undefined) return;
    const payload = visit.body === undefined ? undefined : JSON.stringify(visit.body);
    const request = http.request({
      host: "127.0.0.1",
      port: endpoint.port,
      method: visit.method,
      path: visit.path,
      agent: this.#agent,
      timeout: PATIENCE_MS,
      headers: {
        "x-trace-id": this.#random.hex(32),
        ...(payload === undefined
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(payload) }),
      },
    });
    request.on("response", (response) => response.resume());
    request.on("timeout", () => request.destroy());
    // A customer who is turned away says nothing; the shop's own metrics tell.
    request.on("error", () => {});
    request.end(payload);
  }
}
