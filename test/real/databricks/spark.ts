import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Engine, Outcome } from "../../support/databricks/engine.ts";
import { ended } from "../support/process.ts";
import { CACHE, DELTA_JARS, installSpark } from "./install.ts";

const READY_MS = 240_000;

/** A Spark of the test's own, with Delta; each statement runs in a session of its own. */
export interface Spark extends Engine {
  /** Runs statements one after the other, for the test's own tables. */
  prepare(...statements: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Spark on two cores and 1 GiB, its tables in a folder that goes with it. */
export async function startSpark(): Promise<Spark> {
  const python = await installSpark();
  const folder = await mkdtemp(join(tmpdir(), "oncall-spark-"));
  const [log, ivy] = [join(folder, "spark.log"), join(CACHE, "ivy")];
  await mkdir(ivy, { recursive: true });
  const errors = await open(log, "w");
  const child = spawn(python, [join(import.meta.dirname, "spark.py"), DELTA_JARS, ivy, folder], {
    cwd: folder,
    stdio: ["pipe", "pipe", errors.fd],
  });
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error("a child with pipes has both");
  const waiting = new Map<string, (outcome: Outcome) => void>();
  const stop = async () => {
    await ended(child);
    await errors.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  let ready = () => {};
  const isReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  createInterface({ input: stdout }).on("line", (line) => {
    const message = JSON.parse(line) as { ready?: true; id: string } & Outcome;
    if (message.ready) return ready();
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  if (!(await within(READY_MS, isReady, child))) {
    const said = await readFile(log, "utf8").catch(() => "");
    await stop();
    throw new Error(`Spark did not start within ${READY_MS / 1000} s: ${said.slice(-2_000)}`);
  }
  let count = 0;
  const send = (message: object) => stdin.write(`${JSON.stringify(message)}\n`);
  const execute: Engine["execute"] = ({ sql, args, settings }, abort) => {
    const id = `statement-${++count}`;
    abort.addEventListener("abort", () => send({ cancel: id }), { once: true });
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      send({ id, sql, args, settings });
    });
  };
  const prepare: Spark["prepare"] = async (...statements) => {
    for (const sql of statements) {
      const outcome = await execute({ sql, args: {}, settings: {} }, new AbortController().signal);
      if ("error" in outcome) throw new Error(`${sql.slice(0, 200)}: ${outcome.error.message}`);
    }
  };
  return { execute, prepare, stop };
}

async function within(ms: number, ready: Promise<void>, child: ChildProcess): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), ms).unref();
    child.once("exit", () => resolve(false));
  });
  return Promise.race([ready.then(() => true), late]);
}
