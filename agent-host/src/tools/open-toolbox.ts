import { isDeepStrictEqual } from "node:util";
import {
  collectEvidence,
  type Evidence,
  type EvidenceKey,
  type Gap,
  redact,
  verifyEvidence,
} from "@oncall-copilot/core";
import { grantedOf } from "@oncall-copilot/core/server";
import { gapsOfCall, subjectOf } from "./call-gaps.ts";
import { connectChild } from "./child-process.ts";
import { discoverServers, type ServerPackage } from "./discover.ts";
import { elsewhere } from "./elsewhere.ts";
import { environmentFor } from "./environment.ts";
import { connectInProcess } from "./in-process.ts";
import { couldNotLook } from "./read-answer.ts";
import { ServerPool } from "./server-pool.ts";
import type { CallOptions, Connection, ConnectionAnswer, KeptCall, Toolbox, ToolCall } from "./toolbox.ts";
import { connectUrl } from "./url.ts";

export type CallEvent =
  | {
      readonly phase: "start";
      readonly call: Pick<ToolCall, "server" | "tool" | "arguments">;
      /** Whether the tool says that it only reads. */
      readonly readOnly: boolean;
    }
  | { readonly phase: "end"; readonly call: ToolCall };

export interface ToolboxOptions {
  readonly key: EvidenceKey;
  /** Variables for the servers; each gets only its own. */
  readonly env: NodeJS.ProcessEnv;
  /** Evidence that is there before any tool is asked: the alert. */
  readonly given?: readonly Evidence[];
  /** Answers of earlier looks: the same question is not asked again. */
  readonly kept?: readonly KeptCall[];
  /** How servers without a URL are run. Default: a child process each. */
  readonly transport?: "child" | "in-process";
  /** Shares servers with other triages of this process. Default: servers of its own, closed with it. */
  readonly pool?: ServerPool;
  /** Told before a call and after it, also of one that was cut off. The call waits for what is told before it. */
  onCall?(event: CallEvent): void | Promise<void>;
}

export interface OpenToolbox extends Toolbox {
  close(): Promise<void>;
}

function connect(server: ServerPackage, pool: ServerPool, options: ToolboxOptions): Promise<Connection> {
  const other = elsewhere(server.server, options.env);
  const env = { ...options.env, ONCALL_EVIDENCE_KEY: options.key.reveal() };
  const transport = other ? other.url.href : (options.transport ?? "child");
  // A child sees its own variables alone, so those are what makes two of them one.
  const key = { server: server.server, transport, env: environmentFor(server, env) };
  return pool.borrow(key, () => {
    if (other) return connectUrl(server.server, other.url, other.token);
    return options.transport === "in-process" ? connectInProcess(server, env, options.key) : connectChild(server, env);
  });
}

/** A server that is not there, and why: every call of its tools says so. */
interface Absent {
  readonly server: ServerPackage;
  readonly code: "not_granted" | "unreachable";
  readonly why: string;
}

/** Connects every server at once. One that does not start is a gap, and the others go on without it. */
export async function openToolbox(options: ToolboxOptions): Promise<OpenToolbox> {
  const servers = discoverServers();
  const absent: Absent[] = [];
  const pool = options.pool ?? new ServerPool();
  const started = await Promise.all(
    servers.map(async (server) => {
      if (grantedOf(server.server, options.env["ONCALL_SCOPES"]) === "") {
        absent.push({ server, code: "not_granted", why: `ONCALL_SCOPES grants nothing of ${server.server}` });
        return undefined;
      }
      try {
        return await connect(server, pool, options);
      } catch (error) {
        const { text } = await redact(error instanceof Error ? error.message : String(error));
        absent.push({ server, code: "unreachable", why: `the server did not start: ${text}` });
        return undefined;
      }
    }),
  );
  return new ConnectedToolbox(
    started.filter((connection) => connection !== undefined),
    absent,
    options,
  );
}

const CUT_OFF = "the call was cut off before it answered";

class ConnectedToolbox implements OpenToolbox {
  readonly #connections: readonly Connection[];
  readonly #absent: readonly Absent[];
  /** By the sequence of the call they belong to, so that calls made at once are told in the order they were made. */
  readonly #callGaps = new Map<number, Gap[]>();
  readonly #calls: ToolCall[] = [];
  readonly #evidence = new Map<string, Evidence>();
  readonly #options: ToolboxOptions;
  #sequence = 0;

  constructor(connections: readonly Connection[], absent: readonly Absent[], options: ToolboxOptions) {
    this.#connections = connections;
    this.#absent = absent;
    this.#options = options;
    for (const item of options.given ?? []) this.#evidence.set(item.id, item);
  }

  get tools() {
    return this.#connections.flatMap((connection) => connection.tools);
  }

  get gaps() {
    const bySequence = [...this.#callGaps].sort(([a], [b]) => a - b);
    const absent = this.#absent.map(
      ({ server: { server }, code, why }): Gap => ({
        ...{ server, tool: null, code, about: [] },
        ...{ what: `everything from ${server}`, why },
      }),
    );
    return [...absent, ...bySequence.flatMap(([, gaps]) => gaps)];
  }

  get calls() {
    return this.#calls;
  }

  get evidence() {
    return this.#evidence;
  }

  async call(tool: string, args: Readonly<Record<string, unknown>>, options: CallOptions = {}): Promise<ToolCall> {
    const connection = this.#connections.find((candidate) => candidate.tools.some(({ name }) => name === tool));
    const absent = connection ? undefined : this.#absent.find((one) => one.server.tools.includes(tool));
    const server = connection?.server ?? absent?.server.server ?? "none";
    const sequence = ++this.#sequence;
    const known =
      connection && this.#options.kept?.find((one) => one.tool === tool && isDeepStrictEqual(one.arguments, args));
    if (known) return this.#reuse({ ...known, sequence, reason: null, seconds: 0, reused: true });
    const readOnly = connection?.tools.find(({ name }) => name === tool)?.readOnly ?? true;
    await this.#options.onCall?.({ phase: "start", call: { server, tool, arguments: args }, readOnly });
    const began = performance.now();
    const ended = (answer: ConnectionAnswer): ToolCall => ({
      ...{ sequence, server, tool, arguments: args },
      ...answer,
      seconds: (performance.now() - began) / 1000,
    });
    let call: ToolCall;
    try {
      call = ended(
        connection
          ? await connection.call(tool, args, options)
          : absent
            ? couldNotLook("unreachable", `${tool} cannot be asked: ${absent.why}`)
            : this.#unknownTool(tool),
      );
    } catch (error) {
      // Cut off by the caller's signal: it leaves a gap like any other call that could not look.
      this.#noteGap(sequence, { server, tool, code: "cancelled", ...subjectOf(tool, args), why: CUT_OFF });
      void this.#options.onCall?.({ phase: "end", call: ended(couldNotLook("cancelled", CUT_OFF)) });
      throw error;
    }
    this.#calls.push(call);
    // That a server is not there is a gap already.
    if (!absent) this.#learn(call);
    void this.#options.onCall?.({ phase: "end", call });
    return call;
  }

  #reuse(call: ToolCall): ToolCall {
    this.#calls.push(call);
    this.#learn(call);
    return call;
  }

  #noteGap(sequence: number, gap: Gap): void {
    this.#callGaps.set(sequence, [...(this.#callGaps.get(sequence) ?? []), gap]);
  }

  #unknownTool(tool: string): ConnectionAnswer {
    const valid = this.tools.map(({ name }) => name).join(", ");
    const message = `unknown tool "${tool}"; there are ${valid || "none"}`;
    return { outcome: "bad_request", reason: null, text: message, structured: { outcome: "bad_request", message } };
  }

  /** Keeps evidence whose receipt verifies; what could not be seen becomes a gap. */
  #learn(call: ToolCall): void {
    let forged = 0;
    for (const [id, item] of collectEvidence(call.structured)) {
      if (verifyEvidence(this.#options.key, item)) this.#evidence.set(id, item);
      else forged++;
    }
    for (const gap of gapsOfCall(call, forged)) this.#noteGap(call.sequence, gap);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#connections.map((connection) => connection.close()));
  }
}
