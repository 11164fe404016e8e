import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import type { CallOptions, Connection } from "./toolbox.ts";

/** Servers that start at once: a start is work for a processor, and too many of them make all of them late. */
const MAX_STARTS = Math.max(5, 2 * availableParallelism());
/** Calls in flight of all triages of a process; the others wait for their turn. */
const MAX_CALLS = 32;

interface Pooled {
  readonly connection: Promise<Connection>;
  users: number;
  idle: NodeJS.Timeout | undefined;
}

/** What makes two servers one: the same server, asked for with the same variables. */
export interface PoolKey {
  readonly server: string;
  readonly env: NodeJS.ProcessEnv;
  readonly transport: string;
}

/**
 * The servers of one process, shared by all of its triages: one that answers from the same backends is started once, and closed when
 * nobody has used it for a while. Starts and calls take turns, so that a storm is slow and not blind.
 */
export class ServerPool {
  readonly #idleMs: number;
  readonly #pooled = new Map<string, Pooled>();
  readonly #starts = pLimit(MAX_STARTS);
  readonly #calls = pLimit(MAX_CALLS);

  /** `idleMs`: how long a server that nobody uses is kept, in milliseconds; 0 closes it with its last user. */
  constructor({ idleMs = 0 }: { idleMs?: number } = {}) {
    this.#idleMs = idleMs;
  }

  /** How many servers there are. */
  get size(): number {
    return this.#pooled.size;
  }

  /** A connection of its own to whoever borrows it; closing it gives it back. @throws what the start failed by. */
  async borrow(key: PoolKey, start: () => Promise<Connection>): Promise<Connection> {
    const name = digest(key);
    const pooled = await this.#living(name, start);
    pooled.users += 1;
    clearTimeout(pooled.idle);
    let connection: Connection;
    try {
      connection = await pooled.connection;
    } catch (error) {
      pooled.users -= 1;
      if (this.#pooled.get(name) === pooled) this.#pooled.delete(name);
      throw error;
    }
    let given = true;
    return {
      server: connection.server,
      tools: connection.tools,
      get open() {
        return connection.open;
      },
      call: (tool, args, options) => this.#calls(() => whenItsTurn(connection, tool, args, options)),
      close: async () => {
        if (!given) return;
        given = false;
        pooled.users -= 1;
        await this.#release(name, pooled);
      },
    };
  }

  async close(): Promise<void> {
    const all = [...this.#pooled.values()];
    this.#pooled.clear();
    for (const { idle } of all) clearTimeout(idle);
    await Promise.allSettled(all.map(async ({ connection }) => (await connection).close()));
  }

  /** The one that is there, unless its process has ended meanwhile. */
  async #living(name: string, start: () => Promise<Connection>): Promise<Pooled> {
    const known = this.#pooled.get(name);
    if (known && (await known.connection.then(isOpen, () => false))) return known;
    // Somebody else may have put a new one there while we looked.
    const now = this.#pooled.get(name);
    if (now && now !== known) return now;
    const fresh: Pooled = { connection: this.#starts(start), users: 0, idle: undefined };
    fresh.connection.catch(() => {}); // told to whoever borrows it
    this.#pooled.set(name, fresh);
    return fresh;
  }

  async #release(name: string, pooled: Pooled): Promise<void> {
    if (pooled.users > 0) return;
    const end = async () => {
      if (pooled.users > 0) return;
      if (this.#pooled.get(name) === pooled) this.#pooled.delete(name);
      await (await pooled.connection).close();
    };
    if (this.#idleMs === 0) return end();
    pooled.idle = setTimeout(() => void end().catch(() => {}), this.#idleMs).unref();
  }
}

const isOpen = ({ open }: Connection): boolean => open;

/** Whoever gave up while waiting for a turn asks nothing. */
function whenItsTurn(
  connection: Connection,
  tool: string,
  args: Readonly<Record<string, unknown>>,
  options: CallOptions,
) {
  options.signal?.throwIfAborted();
  return connection.call(tool, args, options);
}

/** A digest, since the variables hold credentials. */
function digest({ server, env, transport }: PoolKey): string {
  const variables = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([server, transport, variables]))
    .digest("hex");
}
