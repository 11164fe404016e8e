import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { LAST_MOMENT, MOMENTS, type Moment, readMoments } from "./moments.ts";
import { type RemovablePart, readParts } from "./without-parts.ts";

export const USAGE = `Usage: npm run evals [-- --engine rules|claude] [--set DIR] [--only FAMILY|NAME] [--without PART,...]
                     [--at 10s,60s,5m] [--transport in-process|child]
                     [--out DIR] [--json] [--update-baseline] [--record-model FILE | --replay-model FILE]

Triages every recording of a folder (default: test/recordings) with the real command, and says what was right.

  --engine           rules (default) or claude
  --set DIR          any folder of recordings with alert.json, catalog.yaml and expected.yaml; the rest may be missing
  --only             a family of expected.yaml, or part of a recording's name
  --at               the moments after the alert that are asked for; default: all three,
                     with the agent the last, since each is paid for
  --transport        in-process (default: quick) or child (each server a process, as the command does it)
  --held-out         only the cases that are kept back (held_out in expected.yaml), which are left out otherwise: once, when all is built
  --without          withhold parts to see what they bring: logs, metrics, runbooks, history, changes
  --out DIR          write scoreboard.html, scoreboard.md and each case's report
  --json             the figures for other programs
  --record-model     with --engine claude: keep every exchange with the model in FILE (never the key), to be replayed
  --replay-model     the Claude engine again from such a file: no key, no network, nothing to pay
  --update-baseline  write test/evals/baseline.json; its commit says why

On the committed recordings with the rules engine, a figure that is worse than the baseline fails the run. Seconds never do.
Exit codes: 0 no worse than the baseline (with --set, --without or another engine: all ran and kept the promises);
1 a figure got worse, a promise broke or a case failed; 2 wrong usage.
`;

export interface Arguments {
  readonly engine: string;
  readonly set: string;
  readonly only: string | undefined;
  readonly moments: readonly Moment[];
  readonly transport: "child" | "in-process";
  readonly without: readonly RemovablePart[];
  readonly out: string | undefined;
  readonly json: boolean;
  readonly heldOut: boolean;
  readonly updateBaseline: boolean;
  /** Files of a kept run of the model: to write, or to answer from. */
  readonly recordModel: string | undefined;
  readonly replayModel: string | undefined;
  /** Whether the run is the one that the baseline speaks of: our recordings, whole, by the rules engine. */
  readonly gated: boolean;
}

export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads the command line; undefined when only help is asked for. Throws UsageError. */
export function readArguments(words: readonly string[]): Arguments | undefined {
  const { values } = parse(words);
  if (values.help) return undefined;
  const { engine, only } = values;
  if (engine !== "rules" && engine !== "claude")
    throw new UsageError(`--engine takes rules or claude, not "${engine}"`);
  const { transport } = values;
  if (transport !== "child" && transport !== "in-process")
    throw new UsageError(`--transport takes in-process or child, not "${transport}"`);
  const without = values.without === undefined ? [] : checked(() => readParts(values.without ?? ""));
  const usual = engine === "claude" ? [LAST_MOMENT] : MOMENTS;
  const moments = values.at === undefined ? usual : checked(() => readMoments(values.at ?? ""));
  const gated = values.set === undefined && without.length === 0 && engine === "rules";
  if (values["update-baseline"] && (!gated || only !== undefined || values.at !== undefined)) {
    throw new UsageError("--update-baseline goes with no --set, --only, --at, --without or other engine");
  }
  const [recordModel, replayModel] = [values["record-model"], values["replay-model"]];
  if ((recordModel ?? replayModel) !== undefined && (engine !== "claude" || (recordModel && replayModel))) {
    throw new UsageError("--record-model or --replay-model goes with --engine claude, one of the two");
  }
  return {
    engine,
    only,
    recordModel: recordModel === undefined ? undefined : resolve(recordModel),
    replayModel: replayModel === undefined ? undefined : resolve(replayModel),
    moments,
    transport,
    without,
    gated,
    set: resolve(values.set ?? join(import.meta.dirname, "../recordings")),
    out: values.out === undefined ? undefined : resolve(values.out),
    json: values.json,
    heldOut: values["held-out"],
    updateBaseline: values["update-baseline"],
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        engine: { type: "string", default: "rules" },
        set: { type: "string" },
        only: { type: "string" },
        without: { type: "string" },
        at: { type: "string" },
        transport: { type: "string", default: "in-process" },
        out: { type: "string" },
        "record-model": { type: "string" },
        "replay-model": { type: "string" },
        json: { type: "boolean", default: false },
        "held-out": { type: "boolean", default: false },
        "update-baseline": { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** What a reader of one word says of it, as wrong usage. */
function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
