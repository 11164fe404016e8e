import { spawn } from "node:child_process";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { installFakesnow } from "./install.ts";

const READY_MS = 60_000;

/** fakesnow on loopback: the protocol of Snowflake's drivers, and its SQL by way of DuckDB. */
export interface RunningFakesnow {
  readonly url: string;
  /** Runs statements of Snowflake's SQL. */
  run(statements: readonly string[]): Promise<void>;
  /** Runs a statement of DuckDB's in the database beneath. */
  load(statement: string): Promise<void>;
  /** The requests so far: `POST /queries/v1/query-request`. */
  seen(): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startFakesnow(): Promise<RunningFakesnow> {
  const python = await installFakesnow();
  const port = await freePort();
  const child = spawn(python, [join(import.meta.dirname, "front.py"), String(port)], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  });
  const exit = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const post = async (path: string, body: string) => {
    const response = await fetch(`${url}${path}`, { method: "POST", body });
    if (!response.ok) throw new Error(`fakesnow could not run ${body.slice(0, 200)}: ${said}`);
  };
  const stop = async () => {
    child.kill("SIGTERM");
    await exit;
  };
  for (const until = Date.now() + READY_MS; ; ) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error(`fakesnow did not start within ${READY_MS / 1000} s: ${said}`);
    }
    if (await fetch(`${url}/oncall/seen`).catch(() => undefined)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    run: (statements) => post("/oncall/run", JSON.stringify(statements)),
    load: (statement) => post("/oncall/load", statement),
    seen: async () => (await (await fetch(`${url}/oncall/seen`)).json()) as string[],
    stop,
  };
}
