import { createServer } from "node:https";
import { type SelfSigned, selfSigned } from "../http/certificate.ts";
import { listen } from "../http/server.ts";
import { answerTo, methodOf, types } from "./definitions.ts";
import type { Engine, Statement } from "./engine.ts";
import { type Behaviour, thriftService } from "./service.ts";

export const WAREHOUSE = "1234567890abcdef";
export const HTTP_PATH = `/sql/1.0/warehouses/${WAREHOUSE}`;
export const TOKEN = "dapi-of-a-test";
export const CLIENT = { id: "11111111-2222-3333-4444-555555555555", secret: "dose-of-a-test" };
const ACCESS_TOKEN = "eyJ-of-a-test";

/** An answer in place of the service's own, or "nothing" for none at all. */
export type Fault = { status: number; headers?: Record<string, string>; body?: string | Buffer } | "nothing";

/** A Databricks workspace with one SQL warehouse, on loopback over TLS. */
export interface Front extends Behaviour {
  readonly url: string;
  /** PEM of the authority that its certificate is by. */
  readonly ca: string;
  /** Called before each request is answered; what it gives is the answer. `what` is a Thrift method or a path. */
  fault: (what: string) => Fault | undefined;
  /** Whether the credential may see the warehouse's state. */
  showsState: boolean;
  /** `STOPPED` until a statement or session comes, when {@link sleeps}. */
  state: string;
  /** How long the warehouse takes to start once something is asked of it, in milliseconds; 0: it runs already. */
  readonly startMs: number;
  /** All requests so far: Thrift methods by name, others by method and path. */
  readonly seen: readonly string[];
  readonly statements: readonly Statement[];
  /** Sessions and operations that are open now. */
  readonly open: { readonly sessions: number; readonly operations: number };
  /** What the first session does: begins to start a warehouse that sleeps. */
  wake(): void;
  close(): Promise<void>;
}

export interface FrontOptions {
  readonly startMs?: number;
  readonly tls?: SelfSigned;
}

/** Starts the front before an engine. */
export async function startFront(
  engine: Engine,
  { startMs = 0, tls = selfSigned() }: FrontOptions = {},
): Promise<Front> {
  const seen: string[] = [];
  const behaviour: Behaviour & Pick<Front, "fault" | "showsState" | "state"> = {
    protocol: types.TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V8,
    directMs: 5_000,
    startedAt: startMs === 0 ? 0 : Number.POSITIVE_INFINITY,
    fault: () => undefined,
    showsState: true,
    state: startMs === 0 ? "RUNNING" : "STOPPED",
  };
  const service = thriftService(engine, behaviour);
  const wake = () => {
    if (behaviour.state !== "STOPPED") return;
    behaviour.state = "STARTING";
    behaviour.startedAt = Date.now() + startMs;
    setTimeout(() => {
      behaviour.state = "RUNNING";
    }, startMs).unref();
  };

  const server = createServer({ key: tls.key, cert: tls.cert }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { pathname } = new URL(request.url ?? "/", "https://front");
    const isThrift = request.headers["content-type"] === "application/x-thrift";
    const what = isThrift ? methodOf(body) : `${request.method} ${pathname}`;
    seen.push(what);
    const send = (status: number, content: string | Buffer, headers: Record<string, string> = {}) =>
      response.writeHead(status, { "content-length": Buffer.byteLength(content), ...headers }).end(content);
    const json = (status: number, content: object) =>
      send(status, JSON.stringify(content), { "content-type": "application/json" });

    const fault = behaviour.fault(what);
    if (fault === "nothing") return;
    if (fault) return send(fault.status, fault.body ?? "", fault.headers);
    if (what === "POST /oidc/v1/token") {
      const basic = `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString("base64")}`;
      const asked = new URLSearchParams(body.toString());
      if (request.headers.authorization !== basic) return json(401, { error: "invalid_client" });
      if (asked.get("grant_type") !== "client_credentials" || asked.get("scope") !== "all-apis") {
        return json(400, { error: "invalid_request" });
      }
      return json(200, { access_token: ACCESS_TOKEN, token_type: "Bearer", expires_in: 3600 });
    }
    const credential = request.headers.authorization;
    if (credential !== `Bearer ${TOKEN}` && credential !== `Bearer ${ACCESS_TOKEN}`) {
      return json(401, { error_code: "401", message: "Credential was not sent or was of an unsupported type" });
    }
    if (what === `GET /api/2.0/sql/warehouses/${WAREHOUSE}`) {
      if (!behaviour.showsState) return json(403, { error_code: "PERMISSION_DENIED" });
      return json(200, { id: WAREHOUSE, name: "oncall", state: behaviour.state });
    }
    if (!isThrift || pathname !== HTTP_PATH) return json(404, { error_code: "ENDPOINT_NOT_FOUND" });
    wake();
    send(200, await answerTo(body, service.methods), { "content-type": "application/x-thrift" });
  });
  const { port, end } = await listen(server);
  return Object.assign(behaviour, {
    ...{ url: `https://127.0.0.1:${port}`, ca: tls.cert, startMs, seen, close: end },
    ...{ statements: service.statements, wake },
    open: {
      get sessions() {
        return service.sessions.size;
      },
      get operations() {
        return service.operations.size;
      },
    },
  });
}
