import { createServer, type Server } from "node:http";

/** One delivery of Alertmanager's, byte for byte. */
export interface Delivery {
  readonly body: Buffer;
  readonly at: Date;
}

/** Takes what Alertmanager delivers. */
export class WebhookReceiver {
  readonly deliveries: Delivery[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.deliveries.push({ body: Buffer.concat(chunks), at: new Date() });
        response.end();
      });
    });
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** The first delivery of a firing alert of this name that began at a moment or after. */
  find(alertname: string, since: Date): Delivery | undefined {
    return this.deliveries.find(({ body }) => {
      const { status, alerts } = parseWebhook(body);
      return (
        status === "firing" &&
        alerts.some(({ labels, startsAt }) => labels["alertname"] === alertname && new Date(startsAt) >= since)
      );
    });
  }
}

export interface Webhook {
  readonly status: string;
  readonly alerts: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly startsAt: string;
  }[];
}

export function parseWebhook(body: Buffer): Webhook {
  return JSON.parse(body.toString("utf8"));
}
