import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "../support/process.ts";
import { installFakesnow } from "./install.ts";

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
  const program = await installFakesnow();
  const folder = await mkdtemp(join(tmpdir(), "oncall-fakesnow-"));
  const { url, stop } = await startProgram({
    name: "fakesnow",
    program,
    args: (port) => [join(import.meta.dirname, "front.py"), String(port)],
    ready: "/oncall/seen",
    log: join(folder, "fakesnow.log"),
  });
  const post = async (path: string, body: string) => {
    const response = await fetch(`${url}${path}`, { method: "POST", body });
    if (!response.ok)
      throw new Error(`fakesnow could not run ${body.slice(0, 300)}: ${(await response.text()).slice(0, 300)}`);
  };
  return {
    url,
    run: (statements) => post("/oncall/run", JSON.stringify(statements)),
    load: (statement) => post("/oncall/load", statement),
    seen: async () => (await (await fetch(`${url}/oncall/seen`)).json()) as string[],
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
