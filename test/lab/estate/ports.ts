import { createServer } from "node:net";

/**
 * Free ports below the range that the system lends to outgoing calls, so that none is taken between our asking and a
 * pod's listening. Starts at a place that depends on the process, for labs that run side by side.
 */
let candidate = 20_000 + (process.pid % 60) * 200;

export async function freePort(): Promise<number> {
  for (;;) {
    candidate = candidate >= 32_000 ? 20_000 : candidate + 1;
    const port = candidate;
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
