import { describe, expect, it } from "vitest";
import { StartTimeout } from "../../../agent-host/src/tools/mcp-connection.ts";
import { type PoolKey, ServerPool } from "../../../agent-host/src/tools/server-pool.ts";
import { startAgain } from "../../../agent-host/src/tools/start-again.ts";
import type { Connection } from "../../../agent-host/src/tools/toolbox.ts";

const key = (more: Partial<PoolKey> = {}): PoolKey => ({
  server: "logs",
  env: { A: "1" },
  transport: "child",
  ...more,
});

/** Servers that count how often they were started, closed, and asked at once. */
function servers() {
  const seen = { started: 0, closed: 0, atOnce: 0, most: 0, dead: false };
  const start = async (): Promise<Connection> => {
    seen.started += 1;
    return {
      server: "logs",
      tools: [],
      get open() {
        return !seen.dead;
      },
      call: async () => {
        seen.most = Math.max(seen.most, ++seen.atOnce);
        await new Promise((resolve) => setImmediate(resolve));
        seen.atOnce -= 1;
        return { outcome: "found", reason: null, text: "", structured: {} };
      },
      close: async () => {
        seen.closed += 1;
      },
    };
  };
  return { seen, start };
}

describe("the servers of one process", () => {
  it("are started once for many who ask for the same with the same variables, also at once", async () => {
    const pool = new ServerPool();
    const { seen, start } = servers();
    const borrowed = await Promise.all([1, 2, 3, 4, 5, 6].map(() => pool.borrow(key(), start)));
    expect(seen.started).toBe(1);
    await pool.borrow(key({ env: { A: "2" } }), start);
    expect(seen.started).toBe(2);
    for (const one of borrowed) await one.close();
    expect(seen.closed).toBe(1);
    expect(pool.size).toBe(1);
  });

  it("are closed once by whoever gives back twice, and not under somebody else", async () => {
    const pool = new ServerPool();
    const { seen, start } = servers();
    const [mine, theirs] = await Promise.all([pool.borrow(key(), start), pool.borrow(key(), start)]);
    await mine.close();
    await mine.close();
    expect(seen.closed).toBe(0);
    await theirs.close();
    expect(seen.closed).toBe(1);
  });

  it("are started anew after one has died", async () => {
    const pool = new ServerPool({ idleMs: 60_000 });
    const { seen, start } = servers();
    await (await pool.borrow(key(), start)).close();
    seen.dead = true;
    const again = await pool.borrow(key(), start);
    expect(seen.started).toBe(2);
    await again.close();
    await pool.close();
  });

  it("tell everybody who asked why a start failed, and try again for the next", async () => {
    const pool = new ServerPool();
    const { start } = servers();
    const failing = () => pool.borrow(key(), () => Promise.reject(new Error("no such file")));
    expect(await Promise.allSettled([failing(), failing()])).toMatchObject([
      { reason: { message: "no such file" } },
      { reason: { message: "no such file" } },
    ]);
    await expect(pool.borrow(key(), start)).resolves.toMatchObject({ server: "logs" });
  });

  it("are asked by so many at once and no more, and nothing for those who gave up meanwhile", async () => {
    const pool = new ServerPool();
    const { seen, start } = servers();
    const one = await pool.borrow(key(), start);
    await Promise.all(Array.from({ length: 200 }, () => one.call("read_logs", {}, {})));
    expect(seen.most).toBe(32);
    await expect(one.call("read_logs", {}, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});

describe("a server that is late", () => {
  const answering = (failures: readonly Error[]) => {
    const tries: number[] = [];
    const start = async (timeoutMs: number) => {
      tries.push(timeoutMs);
      const failure = failures[tries.length - 1];
      if (failure) throw failure;
      return "up";
    };
    return { tries, start };
  };

  it("is started again with more time", async () => {
    const { tries, start } = answering([new StartTimeout("late"), new StartTimeout("late")]);
    expect(await startAgain(start)).toBe("up");
    expect(tries).toEqual([15_000, 30_000, 60_000]);
  });

  it("is given up after the last try", async () => {
    const { tries, start } = answering([1, 2, 3].map(() => new StartTimeout("late")));
    await expect(startAgain(start)).rejects.toThrow("late");
    expect(tries).toHaveLength(3);
  });

  it("is not started again when it said why it does not start", async () => {
    const { tries, start } = answering([new Error("ONCALL_LOGS_URL: not an address")]);
    await expect(startAgain(start)).rejects.toThrow("not an address");
    expect(tries).toHaveLength(1);
  });
});
