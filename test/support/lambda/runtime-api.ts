import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a function did with one event: its answer, or the error that the runtime client told of. */
export type Invoked =
  | { readonly kind: "response"; readonly body: unknown }
  | { readonly kind: "error"; readonly body: { readonly errorType: string; readonly errorMessage: string } };

export interface RunningFunction {
  /** Milliseconds from the start of the process until it asked for its first event. */
  readonly initMs: number;
  invoke(event: unknown): Promise<Invoked>;
  /** What it wrote to stderr and stdout so far. */
  output(): string;
  stop(): Promise<void>;
}

export interface FunctionStart {
  readonly node: string;
  /** The runtime client's program and its arguments. */
  readonly client: readonly string[];
  /** The folder that lies at /var/task. */
  readonly taskRoot: string;
  readonly env: NodeJS.ProcessEnv;
}

const PREFIX = "/2018-06-01/runtime";
/** Longest that a start or one event may take here, in milliseconds. */
const MAX_MS = 120_000;

/**
 * A function on a runtime client, over Lambda's Runtime API on loopback: next, response, error and init error, as AWS documents it.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function startFunction({ node, client, taskRoot, env }: FunctionStart): Promise<RunningFunction> {
  const waiting: ServerResponse[] = [];
  const events: { readonly id: string; readonly body: string }[] = [];
  const results = new Map<string, (invoked: Invoked) => void>();
  let count = 0;
  let asked: () => void = () => {};
  let initFailed: (why: string) => void = () => {};
  const firstNext = new Promise<void>((resolve, reject) => {
    asked = resolve;
    initFailed = (why) => reject(new Error(`the function did not start: ${why}`));
  });
  const handOut = () => {
    while (waiting.length > 0 && events.length > 0) {
      const response = waiting.shift();
      const event = events.shift();
      if (!response || !event) return;
      response.writeHead(200, {
        "content-type": "application/json",
        "lambda-runtime-aws-request-id": event.id,
        "lambda-runtime-deadline-ms": String(Date.now() + MAX_MS),
        "lambda-runtime-invoked-function-arn": "arn:aws:lambda:eu-west-1:123456789012:function:tested",
        "lambda-runtime-trace-id": "Root=1-00000000-000000000000000000000000;Sampled=0",
      });
      response.end(event.body);
    }
  };
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    if (request.method === "GET" && path === `${PREFIX}/invocation/next`) {
      asked();
      waiting.push(response);
      handOut();
      return;
    }
    const body = await textOf(request);
    response.writeHead(202, { "content-type": "application/json" }).end('{"status":"OK"}');
    if (path === `${PREFIX}/init/error`) return initFailed(body);
    const [, id = "", what] = /\/invocation\/([\w-]+)\/(response|error)$/.exec(path) ?? [];
    const told = body === "" ? null : (JSON.parse(body) as never);
    results.get(id)?.(
      what === "response" ? { kind: "response", body: told } : { kind: "error", body: told ?? NOTHING },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  let said = "";
  const began = performance.now();
  const child = spawn(node, [...client, "index.handler"], {
    cwd: taskRoot,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      LAMBDA_TASK_ROOT: taskRoot,
      AWS_LAMBDA_FUNCTION_NAME: "tested",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/tested",
      AWS_LAMBDA_LOG_STREAM_NAME: "tested",
      _HANDLER: "index.handler",
      ...env,
    },
  });
  const hear = (chunk: Buffer) => {
    said += chunk.toString("utf8");
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  child.once("exit", (code) => initFailed(`it ended with ${code}: ${said.slice(-2_000)}`));
  const close = async () => {
    await ended(child);
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  try {
    await within(firstNext, "start");
  } catch (error) {
    await close();
    throw error;
  }
  return {
    initMs: performance.now() - began,
    output: () => said,
    stop: close,
    invoke: (event) => {
      const id = `00000000-0000-4000-8000-${String(++count).padStart(12, "0")}`;
      const invoked = new Promise<Invoked>((resolve) => results.set(id, resolve));
      events.push({ id, body: JSON.stringify(event) });
      handOut();
      return within(invoked, `answer (${said.slice(-1_000)})`);
    },
  };
}

const NOTHING = { errorType: "none", errorMessage: "the runtime client told nothing" };

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${MAX_MS / 1000} s`)), MAX_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
