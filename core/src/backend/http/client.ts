import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { CouldNotLook } from "../../outcome.ts";
import { Circuit, CircuitOpen } from "./circuit.ts";
import { type Exchange, type Exchanged, exchange, type HttpMethod } from "./exchange.ts";
import { type BackendNames, failureOf, HttpRefusal, refusalOf } from "./failure.ts";
import { Gate } from "./gate.ts";
import { isFinal, pauseAfter } from "./retry.ts";
import { routeTo } from "./route.ts";

/** A backend that is asked over HTTP. */
export interface HttpBackend extends BackendNames {
  /** http or https, with a path prefix if need be, without credentials. */
  readonly url: URL;
  /** Sent with every request. Called for each, so that secrets are revealed only where they are sent. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** PEM of the authorities to trust in place of Node's own. */
  readonly ca?: string;
  /**
   * The headers that a request is sent with, where they depend on all of it: a signature. Called for each attempt, and given
   * the others.
   */
  readonly sign?: (request: HttpRequest) => Promise<Readonly<Record<string, string>>>;
  /** Says what a refusal means where this backend tells more than its status; undefined where it does not. */
  readonly explain?: (refusal: HttpRefusal) => CouldNotLook | undefined;
  /** Where the proxy variables are read from; default the process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Longest time until a connection stands, in milliseconds. Default 3,000. */
  readonly connectMs?: number;
  /** Longest time until an answer is whole, in milliseconds. Default 8,000. */
  readonly answerMs?: number;
  /** Longest answer, in bytes after decompression. Default 32 MiB. */
  readonly maxBytes?: number;
  /** Requests at a time. Default 6. */
  readonly atOnce?: number;
}

/** A request as it goes out. */
export type HttpRequest = Pick<Exchange, "method" | "url" | "headers" | "body">;

export interface HttpQuestion {
  /** Below the backend's own path: `/api/v1/query_range`. */
  readonly path: string;
  readonly method?: HttpMethod;
  readonly query?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** `latin1`: the answer is no text, and each of its bytes becomes a character. Default `utf8`. */
  readonly encoding?: "utf8" | "latin1";
  /** Whether asking twice does no harm, so that it may be tried again. Default true. */
  readonly repeatable?: boolean;
  readonly abort: AbortSignal;
}

export interface HttpAnswer {
  readonly json: unknown;
  /** This machine's clock less the backend's, in milliseconds; to a second, undefined when it does not tell its time. */
  readonly skewMs: number | undefined;
}

export interface HttpClient {
  /** The JSON of an answer with a status up to 299; throws {@link CouldNotLook}, {@link HttpRefusal} for other statuses. */
  ask(question: HttpQuestion): Promise<HttpAnswer>;
  /**
   * The answer as it came, whatever its status, for a vendor's client that builds its requests and reads its answers itself:
   * this is its transport, with the same limits, attempts and circuit, so turn off its own. Throws {@link CouldNotLook} when there
   * was no answer, or one that broke off or was too long. The text is decompressed already.
   */
  send(question: HttpQuestion): Promise<Exchanged>;
  close(): void;
}

/**
 * Asks one backend: limits on time, size and number at once; another attempt after a pause where that is safe and may help;
 * and a circuit that stops asking a backend which is down. Whatever fails ends as a {@link CouldNotLook} that names the
 * backend, the cause and the cure. An aborted question rejects with the reason of its signal.
 */
export function httpClient(backend: HttpBackend): HttpClient {
  const { url: base, headers, sign, ca, env = process.env, connectMs = 3_000, answerMs = 8_000 } = backend;
  const { maxBytes = 32 * 1_048_576, atOnce = 6 } = backend;
  const route = routeTo(base, ca, env);
  const limits = { maxBytes, connectMs, answerMs };
  const gate = new Gate(atOnce);
  const circuit = new Circuit(backend.name);

  const outgoing = async ({ method = "GET", body, headers: own }: HttpQuestion, url: URL): Promise<HttpRequest> => {
    const request = { url, method, headers: { ...headers?.(), ...own }, ...(body === undefined ? {} : { body }) };
    return sign === undefined ? request : { ...request, headers: { ...request.headers, ...(await sign(request)) } };
  };

  const attempt = async (question: HttpQuestion): Promise<Exchanged> => {
    // Set as a path, and not resolved as a reference: one that begins with `//` would name another host.
    const url = new URL(base);
    url.pathname = `${base.pathname.replace(/\/+$/, "")}${question.path}`;
    url.search = "";
    if (question.query) url.search = question.query.toString();
    const answer = await gate.run(question.abort, () => {
      circuit.enter();
      return outgoing(question, url).then((request) =>
        exchange(route, { ...request, ...limits, ...encodingOf(question), abort: question.abort }),
      );
    });
    if (answer.status >= 200 && answer.status <= 299) return answer;
    const refusal = refusalOf(answer, backend, Date.now());
    throw backend.explain?.(refusal) ?? refusal;
  };

  const insist = async (question: HttpQuestion): Promise<Exchanged> => {
    let before: CouldNotLook | undefined;
    for (let count = 1; ; count++) {
      try {
        const answer = await attempt(question);
        circuit.succeeded();
        return answer;
      } catch (error) {
        if (question.abort.aborted) throw question.abort.reason;
        // Others found out meanwhile that it is down; what this one was told says more.
        if (error instanceof CircuitOpen) throw before ?? error;
        const failure = failureOf(error, backend);
        const repeatable = (question.repeatable ?? true) && !isFinal(failure);
        const pause = repeatable ? pauseAfter(failure, count) : undefined;
        if (pause === undefined) {
          circuit.failed(failure);
          throw failure;
        }
        before = failure;
        await sleep(pause, undefined, { signal: question.abort }).catch(() => question.abort.throwIfAborted());
      }
    }
  };

  return {
    send: async (question) => {
      setMaxListeners(0, question.abort);
      try {
        return await insist(question);
      } catch (error) {
        if (error instanceof HttpRefusal) return error.answer;
        throw error;
      }
    },
    ask: async (question) => {
      setMaxListeners(0, question.abort); // all questions of a call listen to one signal
      const { text, headers: answered } = await insist(question);
      const told = Date.parse(answered["date"] ?? "");
      return { json: parsed(text, backend), skewMs: Number.isNaN(told) ? undefined : Date.now() - told };
    },
    close: () => route.close(),
  };
}

const encodingOf = ({ encoding }: HttpQuestion) => (encoding === undefined ? {} : { encoding });

function parsed(text: string, { name, variables }: BackendNames): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const what = /^\s*</.test(text) ? "a web page" : "no JSON";
    const cure = `check that ${variables.url} is the API itself and no login page in front of it`;
    throw new CouldNotLook("bad_response", `${name} answered with ${what}`, { cure, cause: error });
  }
}
