import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { Route } from "./route.ts";

export type HttpMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One request to a backend, and how much time and room its answer gets. */
export interface Exchange {
  readonly url: URL;
  readonly method: HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** How the answer's bytes become text: `latin1` for an answer that is none, a character a byte. Default `utf8`. */
  readonly encoding?: "utf8" | "latin1";
  /** Longest answer that is read, in bytes after decompression. */
  readonly maxBytes: number;
  /** Longest time until the connection stands, in milliseconds. */
  readonly connectMs: number;
  /** Longest time until the answer is whole, in milliseconds, the connecting included. */
  readonly answerMs: number;
  readonly abort: AbortSignal;
}

export interface Exchanged {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Of a status beyond 299 the first 64 KiB at the most. */
  readonly text: string;
}

/** Nothing happened for too long. */
export class Stalled extends Error {
  override readonly name = "Stalled";
  readonly phase: "connect" | "answer";
  readonly ms: number;

  constructor(phase: "connect" | "answer", ms: number) {
    super(`no ${phase === "connect" ? "connection" : "whole answer"} within ${ms} ms`);
    this.phase = phase;
    this.ms = ms;
  }
}

/** The answer was longer than what may be read. */
export class TooLong extends Error {
  override readonly name = "TooLong";
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`the answer is longer than ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

/** The connection ended, or the compression broke, before the answer was whole. */
export class BrokenOff extends Error {
  override readonly name = "BrokenOff";
  readonly bytes: number;

  constructor(bytes: number, cause: unknown) {
    super(`the answer broke off after ${bytes} bytes`, { cause });
    this.bytes = bytes;
  }
}

/** Of an answer that is an error, more than this tells nobody anything. */
const MAX_OF_AN_ERROR = 65_536;

/** Sends one request and reads its whole answer. Redirects are not followed: the credential is meant for one host. */
export async function exchange(route: Route, request: Exchange): Promise<Exchanged> {
  const { url, method, headers, body, connectMs, answerMs, abort } = request;
  const stall = new AbortController();
  const stop = (phase: "connect" | "answer", ms: number) =>
    setTimeout(() => stall.abort(new Stalled(phase, ms)), ms).unref();
  const timers = { connect: stop("connect", connectMs), answer: stop("answer", answerMs) };
  const signal = AbortSignal.any([abort, stall.signal]);
  try {
    signal.throwIfAborted();
    const sending = await route.open(url, {
      method,
      headers: { accept: "application/json", "accept-encoding": "gzip", ...headers, ...lengthOf(body) },
      signal,
    });
    sending.once("socket", (socket) => {
      if (!socket.connecting) return clearTimeout(timers.connect);
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => clearTimeout(timers.connect));
    });
    const response = await responseTo(sending, body);
    clearTimeout(timers.connect);
    const status = response.statusCode ?? 0;
    const bytes = await read(response, request.maxBytes, status > 299);
    return { status, headers: response.headers, text: bytes.toString(request.encoding ?? "utf8") };
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(timers.connect);
    clearTimeout(timers.answer);
  }
}

const lengthOf = (body: Exchange["body"]): Record<string, string> =>
  body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };

function responseTo(sending: ClientRequest, body: Exchange["body"]): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sending.once("response", resolve);
    sending.on("error", reject); // more than once: an error may follow the one that settled this
    sending.end(body);
  });
}

async function read(response: IncomingMessage, maxBytes: number, isError: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const most = isError ? MAX_OF_AN_ERROR : maxBytes;
  try {
    for await (const chunk of await unpacked(response)) {
      bytes += (chunk as Buffer).length;
      if (bytes > most) {
        if (isError) break;
        throw new TooLong(most);
      }
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw error instanceof TooLong ? error : new BrokenOff(bytes, error);
  }
  return Buffer.concat(chunks);
}

async function unpacked(response: IncomingMessage): Promise<Readable> {
  if (response.headers["content-encoding"] !== "gzip") return response;
  const [{ createGunzip }, { pipeline }] = await Promise.all([import("node:zlib"), import("node:stream")]);
  return pipeline(response, createGunzip(), () => {}); // the reader of the last stream gets the error
}
