import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { ROOT } from "./servers.ts";

/** 64 hex digits: with a fixed key, evidence ids are the same in every run. */
export const FIXED_KEY = "5eed".repeat(16);

/** What a server's process sees: what it needs to run, a fixed evidence key, and what the test gives. */
export function serverEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: "/nonexistent",
    TMPDIR: process.env["TMPDIR"] ?? "/tmp",
    ONCALL_EVIDENCE_KEY: FIXED_KEY,
    ...env,
  };
}

export interface Message {
  readonly jsonrpc?: string;
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Since it was started, in milliseconds. */
  readonly afterMs: number;
}

const running = new Set<ServerProcess>();

/** A built server as a real child process, with its pipes in the test's own hands. */
export class ServerProcess {
  readonly child: ChildProcess;
  /** Every line on stdout so far, as it came. */
  readonly lines: string[] = [];
  /** Settles when the process has ended and both its outputs are read. */
  readonly ended: Promise<Ended>;
  #stderr = "";
  #rest = "";
  #waiting: (() => void)[] = [];

  constructor(bin: string, env: Readonly<Record<string, string>> = {}, args: readonly string[] = [], cwd = ROOT) {
    const started = performance.now();
    this.child = spawn(process.execPath, [bin, ...args], {
      cwd,
      env: serverEnvironment(env),
      stdio: ["pipe", "pipe", "pipe"],
    });
    running.add(this);
    this.child.stdout?.on("data", (chunk: Buffer) => this.#read(chunk.toString("utf8")));
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr += chunk.toString("utf8");
      this.#wake();
    });
    this.child.stdin?.on("error", () => {}); // writing to one that has ended is what some tests do
    this.ended = once(this.child, "close").then(([code, signal]) => {
      running.delete(this);
      this.#wake();
      return { code, signal, afterMs: performance.now() - started };
    });
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** What came on stdout, parsed. Throws when a line is not JSON: that is a defect of the server. */
  get messages(): Message[] {
    return this.lines.map((line) => JSON.parse(line) as Message);
  }

  send(message: Message): void {
    this.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }

  write(text: string): void {
    this.child.stdin?.write(text);
  }

  endStdin(): void {
    this.child.stdin?.end();
  }

  /** Says hello as a client does; resolves with the server's answer. */
  async initialize(): Promise<Message> {
    this.send({
      id: 0,
      method: "initialize",
      params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } },
    });
    const answer = await this.answer(0);
    this.send({ method: "notifications/initialized" });
    return answer;
  }

  call(id: number, name: string, args: Readonly<Record<string, unknown>> = {}, meta?: Record<string, unknown>): void {
    this.send({ id, method: "tools/call", params: { name, arguments: args, ...(meta ? { _meta: meta } : {}) } });
  }

  /** Waits for the message that answers request `id`. */
  answer(id: number): Promise<Message> {
    return this.until(() => this.answered(id), `answer ${id}`);
  }

  /** The message that answered request `id`, if one has come. */
  answered(id: number): Message | undefined {
    return this.messages.find((message) => message.id === id && !message.method);
  }

  /** Polls as output comes; fails with both outputs when the process ends or `ms` pass first. */
  async until<T>(look: () => T | undefined, what: string, ms = 10_000): Promise<T> {
    const deadline = performance.now() + ms;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      const left = deadline - performance.now();
      if (left <= 0 || !running.has(this)) {
        const why = left <= 0 ? `none within ${ms} ms` : "the process ended";
        throw new Error(`${what}: ${why}\nstdout: ${this.lines.join("\n")}\nstderr: ${this.#stderr}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    this.lines.push(...lines);
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** Ends, by force, whatever a failed test left running. Call it in `afterEach`. */
export async function endProcesses(): Promise<void> {
  await Promise.all(
    [...running].map((server) => {
      server.child.kill("SIGKILL");
      return server.ended;
    }),
  );
}

/** Starts a server over HTTP on a free port of loopback and gives its address once it listens. */
export async function startHttp(
  bin: string,
  env: Readonly<Record<string, string>> = {},
  address = "127.0.0.1:0",
): Promise<{ server: ServerProcess; url: URL }> {
  const server = new ServerProcess(bin, env, ["--http", address]);
  const url = await server.until(() => /listening on (\S+)/.exec(server.stderr)?.[1], "listening on");
  return { server, url: new URL(url) };
}
