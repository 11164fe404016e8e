import { Writable } from "node:stream";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { ServerDefinition } from "../server.ts";
import { InFlight, mcpServer, type ServeOptions } from "./mcp.ts";

/** How long calls in flight may take to finish once the client has hung up, in milliseconds. */
const GRACE_MS = 5_000;
/** When to read what the start has put off, in milliseconds after it: a client has its tools by then, and no answer yet. */
const CHECK_AFTER_MS = 100;

/**
 * Keeps stdout for the protocol: what anything else prints there (a vendor's client, a stray console.log) goes to
 * stderr. Returns the stream that reaches the real stdout. It never fails: a client that closed its end of the pipe is
 * told of once, by `gone`, and there is no one left to tell anything else.
 */
function claimStdout(gone: () => void): Writable {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  process.stdout.on("error", gone);
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      write(chunk, () => done());
    },
  });
}

/**
 * Serves over stdio until stdin ends or a signal asks to stop. Calls in flight get a grace to finish and are then
 * cancelled: the SDK's transport alone would live on after its client died.
 */
export async function serveStdio(definition: ServerDefinition, options: ServeOptions): Promise<void> {
  const inFlight = new InFlight();
  const stop = new AbortController();
  const server = mcpServer(definition, options, inFlight, stop.signal);
  let end = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    end = resolve;
    const check = () => {
      try {
        definition.check?.();
      } catch (error) {
        reject(error);
      }
    };
    setTimeout(check, CHECK_AFTER_MS).unref();
  });
  for (const event of ["end", "close"]) process.stdin.once(event, end);
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, end);
  const out = claimStdout(end);
  await server.connect(new StdioServerTransport(process.stdin, out));
  await ended;
  // Requests read in the same chunk as the end of stdin are dispatched on later microtasks.
  await new Promise((resolve) => setImmediate(resolve));
  if (!(await inFlight.settle(GRACE_MS))) {
    stop.abort();
    await inFlight.settle(1_000);
  }
  await new Promise((resolve) => setImmediate(resolve));
  await server.close();
  await new Promise<void>((resolve) => out.end(() => resolve()));
  await definition.close?.();
}
