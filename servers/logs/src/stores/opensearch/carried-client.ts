import { Readable } from "node:stream";
import { CouldNotLook } from "@oncall-copilot/core";
import { couldNotLookIn, type HttpClient, type HttpMethod } from "@oncall-copilot/core/backend";
import type { Client } from "@opensearch-project/opensearch";

/** Where requests go and what carries them. */
export interface Carrier {
  readonly url: URL;
  readonly http: HttpClient;
  /** What an answer with a status beyond 299 stands for. */
  readonly refused: (answer: Awaited<ReturnType<HttpClient["send"]>>) => CouldNotLook;
  /** Hears the time that an answer was sent at, where it says so. */
  readonly told: (date: string | undefined) => void;
}

/** What the vendor's transport hands to a connection. */
interface Asked {
  readonly method?: string | undefined;
  readonly path?: string | null | undefined;
  readonly querystring?: string | undefined;
  readonly headers?: unknown;
  readonly body?: unknown;
}

/**
 * The vendor's client over our own transport: the client builds requests and reads answers, ours carries them, with its limits,
 * attempts and circuit. For one call, since `abort` is that call's. A failure reaches the caller as the {@link CouldNotLook} that
 * it is.
 */
export async function clientFor({ url, http, refused, told }: Carrier, abort: AbortSignal): Promise<Client> {
  const { Client, Connection } = await import("@opensearch-project/opensearch");

  class CarriedConnection extends Connection {
    override request(asked: Asked, callback: Parameters<InstanceType<typeof Connection>["request"]>[1]) {
      const stop = new AbortController();
      http
        .send({
          path: asked.path ?? "/",
          method: (asked.method ?? "GET") as HttpMethod,
          ...(asked.querystring ? { query: new URLSearchParams(asked.querystring) } : {}),
          headers: textHeaders(asked.headers),
          ...(typeof asked.body === "string" && asked.body !== "" ? { body: asked.body } : {}),
          abort: AbortSignal.any([abort, stop.signal]),
        })
        .then((answer) => {
          if (answer.status > 299) throw refused(answer);
          told(answer.headers.date);
          return Object.assign(Readable.from([Buffer.from(answer.text)]), {
            statusCode: answer.status,
            // The text is unpacked already. Some proxies say that JSON is text.
            headers: { "content-type": "application/json" },
          });
        })
        .then(
          (response) => callback(null, response as unknown as Parameters<typeof callback>[1]),
          (error) => callback(error instanceof Error ? error : new Error(String(error)), null),
        );
      return { abort: () => stop.abort() } as unknown as ReturnType<InstanceType<typeof Connection>["request"]>;
    }
  }

  return new Client({
    node: `${url.origin}/`,
    Connection: CarriedConnection,
    maxRetries: 0,
    resurrectStrategy: "none",
    // Ours is the time limit.
    requestTimeout: 600_000,
  });
}

const textHeaders = (headers: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries((headers ?? {}) as Record<string, unknown>)
      .filter(([name]) => name !== "content-length")
      .map(([name, value]) => [name, String(value)]),
  );

/** Runs a request of the vendor's client; whatever fails ends as a {@link CouldNotLook}. */
export async function asked<T>(
  name: string,
  request: PromiseLike<{ readonly body: T }>,
  abort: AbortSignal,
): Promise<T> {
  try {
    return (await request).body;
  } catch (error) {
    if (abort.aborted) throw abort.reason;
    const failure = couldNotLookIn(error);
    if (failure) throw failure;
    const { name: kind, data } = (error ?? {}) as { name?: string; data?: unknown };
    if (kind !== "DeserializationError") throw error;
    const what = /^\s*</.test(String(data)) ? "a web page" : "no JSON";
    const cure = "check that ONCALL_LOGS_OPENSEARCH_URL is the API itself and no login page in front of it";
    throw new CouldNotLook("bad_response", `${name} answered with ${what}`, { cure, cause: error });
  }
}
