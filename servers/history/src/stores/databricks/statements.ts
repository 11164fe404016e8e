import type { HttpClient } from "@oncall-copilot/core/backend";
import type { Values, WarehouseRow } from "../warehouse/warehouse.ts";
import { connect } from "./driver.ts";
import { databricksFailure } from "./failure.ts";
import type { DatabricksNames } from "./names.ts";

/** The session's own settings, so that an answer does not depend on the workspace's. A time without a zone is UTC. */
const SETTINGS = { TIMEZONE: "UTC", ANSI_MODE: "true" };
/** The statements' own LIMIT is lower. */
const MAX_ROWS = 1_000;
/** How long after an abort the operation may still be found and cancelled, and its session closed. */
const GRACE_MS = 10_000;
/** How long a server that ends waits for that. */
const ENDING_MS = 2_000;
/** `PENDING_STATE`: the statement has not begun. */
const PENDING = 7;

interface Parts {
  readonly http: HttpClient;
  readonly url: URL;
  readonly path: string;
  readonly names: DatabricksNames;
  /** After so long Databricks itself stops a statement, should our cancelling not get through. */
  readonly limitMs: number;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Told, while the statement is waited for, whether it has not begun. */
  pending?(isPending: boolean): void;
}

export interface Statements {
  /** Runs one statement in a session of its own. Rejects with CouldNotLook. An abort cancels it at Databricks. */
  run(sql: string, values: Values, options: RunOptions): Promise<readonly WarehouseRow[]>;
  close(): Promise<void>;
}

/** Statements over the driver. A session lasts as long as its statement: an idle one would expire, and cost. */
export function statements(parts: Parts): Statements {
  const { http, url, path, names, limitMs } = parts;
  const underWay = new Set<Promise<void>>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    const settled: Promise<void> = work.then(
      () => void underWay.delete(settled),
      () => void underWay.delete(settled),
    );
    underWay.add(settled);
    return work;
  };

  const run: Statements["run"] = async (sql, values, { signal, pending }) => {
    const client = await connect(url, { http, path, names, abort: outliving(signal) });
    const session = await client.openSession({ configuration: SETTINGS });
    try {
      signal.throwIfAborted();
      const operation = await session.executeStatement(sql, {
        ...{ namedParameters: { ...values }, maxRows: MAX_ROWS },
        ...{ queryTimeout: Math.ceil(limitMs / 1000), useCloudFetch: false },
      });
      const cancel = () => track(operation.cancel()).catch(() => {});
      if (signal.aborted) await cancel();
      signal.throwIfAborted();
      signal.addEventListener("abort", cancel, { once: true });
      try {
        await operation.finished({ callback: ({ operationState }) => pending?.(operationState === PENDING) });
        return (await operation.fetchAll({ maxRows: MAX_ROWS })).map(lowerKeys);
      } finally {
        signal.removeEventListener("abort", cancel);
      }
    } finally {
      // The answer does not wait for it.
      track(session.close().finally(() => client.close())).catch(() => {});
    }
  };

  return {
    run: (sql, values, options) =>
      track(
        run(sql, values, options).catch((error: unknown) => {
          throw options.signal.aborted ? options.signal.reason : databricksFailure(error, names);
        }),
      ),
    close: async () => {
      const late = new Promise<void>((resolve) => setTimeout(resolve, ENDING_MS).unref());
      // What ends begins the closing of its session.
      const ended = async () => {
        while (underWay.size > 0) await Promise.all(underWay);
      };
      await Promise.race([ended(), late]);
    },
  };
}

/** Aborts some time after `signal`: what it began at Databricks has to be ended there. */
function outliving(signal: AbortSignal): AbortSignal {
  const outlived = new AbortController();
  const begin = () => setTimeout(() => outlived.abort(signal.reason), GRACE_MS).unref();
  if (signal.aborted) begin();
  else signal.addEventListener("abort", begin, { once: true });
  return outlived.signal;
}

const lowerKeys = (row: object): WarehouseRow =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value]));
