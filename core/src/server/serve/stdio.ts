import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { ServerDefinition } from "../define-server.ts";
import { startupCheck } from "../doctor/startup-check.ts";
import { claimStdout } from "./claim-stdout.ts";
import { InFlight, mcpServer, type ServeOptions } from "./mcp.ts";

/** How long calls in flight may take to finish once the client has hung up, in milliseconds. */
const GRACE_MS = 5_000;
/** When to read what the start has put off, in milliseconds after it: a client has its tools by then, and no answer yet. */
const CHECK_AFTER_MS = 100;

/**
 * Serves over stdio until stdin ends or a signal asks to stop. Calls in flight get a grace to finish and are then
 * cancelled: the SDK's transport alone would live on after its client died.
 */
export async function serveStdio(definition: ServerDefinition, options: ServeOptions): Promise<void> {
  const inFlight = new InFlight();
  const stop = new AbortController();
  const startup = startupCheck(definition);
  const server = mcpServer(definition, { ...options, notices: startup }, inFlight, stop.signal);
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
  await ended.finally(() => startup.stop());
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
