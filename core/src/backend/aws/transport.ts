import { CouldNotLook } from "../../outcome.ts";
import type { HttpClient } from "../http/client.ts";
import type { Exchanged, HttpMethod } from "../http/exchange.ts";

/** A request as an AWS client hands it to its transport: built, signed, ready to go. */
export interface AwsRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface AwsAnswer {
  readonly response: {
    readonly statusCode: number;
    readonly headers: Record<string, string>;
    readonly body: Uint8Array;
  };
}

/** What an AWS client takes as its `requestHandler`. */
export type AwsTransport = {
  handle(request: AwsRequest, options?: { readonly abortSignal?: unknown }): Promise<AwsAnswer>;
  destroy(): void;
};

/**
 * Carries an AWS client's requests through our own: the client builds, signs and reads, ours has the deadlines, attempts, circuit
 * and proxies. `clientFor` gives the client of a host, by its origin. `heard` is shown each
 * answer, and may refuse it by throwing.
 */
export function awsTransport(
  clientFor: (origin: string) => HttpClient,
  heard: (answer: Exchanged) => void = () => {},
): AwsTransport {
  return {
    handle: async (request, { abortSignal } = {}) => {
      const { protocol, hostname, port, path, query, headers, body, method } = request;
      const origin = new URL(`${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`).origin;
      const answer = await clientFor(origin).send({
        path,
        query: parametersOf(query ?? {}),
        method: method as HttpMethod,
        headers,
        ...bodyOf(body),
        abort: abortSignal instanceof AbortSignal ? abortSignal : new AbortController().signal,
      });
      heard(answer);
      const { status, text } = answer;
      return { response: { statusCode: status, headers: headersOf(answer), body: Buffer.from(text) } };
    },
    destroy: () => {}, // whoever made the clients closes them
  };
}

function parametersOf(query: NonNullable<AwsRequest["query"]>): URLSearchParams {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value ?? ""].flat().map((one): [string, string] => [name, one]),
  );
  return new URLSearchParams(pairs);
}

function bodyOf(body: unknown): { body?: string | Uint8Array } {
  if (body === undefined || body === null) return {};
  if (typeof body === "string" || body instanceof Uint8Array) return { body };
  throw new CouldNotLook("internal", "an AWS client sends a stream, which none of its requests here is");
}

/** The text is unpacked already. */
function headersOf({ headers }: Exchanged): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => name !== "content-encoding" && name !== "content-length");
  return Object.fromEntries(
    kept.flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}
