import { type Catalog, instant } from "@oncall-copilot/core";
import type { z } from "zod";
import { type Change, ChangesAnswer, LogsAnswer, MetricsAnswer } from "../tools/answers.ts";
import type { Toolbox } from "../tools/toolbox.ts";
import type { Accused } from "./clear.ts";
import { BLUR_MS, LOOK_BACK_MS, MIN_DATED } from "./thresholds.ts";
import { type Trial, weigh } from "./trial.ts";
import { newTrouble, outsideCause, type Sightings, sightingsIn, troubleWords, turnOf } from "./trouble.ts";

export interface TrialContext {
  readonly toolbox: Toolbox;
  /** The catalog, with the edges that were seen to be missing from it by now. */
  readonly catalog: () => Catalog;
  /** Catalog name of the service that alerted. */
  readonly service: string;
  /** Epoch milliseconds. */
  readonly alertAt: number;
  readonly asOf: number;
  readonly signal: AbortSignal;
}

/** Commits of one service's roll-outs that are read in full. */
const MAX_OWN = 14;
/** Commits of the others around it. */
const MAX_AROUND = 14;
const WINDOW_MS = 10 * 60_000;

/**
 * Puts the commits on trial that could be why `culprit` fails: all that its roll-outs, its shared files and its callers carried. It
 * reads what this investigation has seen so far, and asks for what is missing. Undefined when changes cannot be seen: then nobody is
 * convicted and nobody is cleared.
 */
export async function holdTrial(culprit: string, context: TrialContext): Promise<Trial | undefined> {
  const { toolbox, service, alertAt, asOf } = context;
  const window = { from: instant(alertAt - WINDOW_MS), to: instant(asOf) };
  const ask = asker(context);
  if (!sightingsIn(toolbox.calls).logs.has(culprit))
    await ask(LogsAnswer, "read_logs", { service: culprit, ...window });
  const seen = sightingsIn(toolbox.calls);
  const catalog = context.catalog();
  const callers = callersInTrouble(culprit, catalog, seen);
  const symptom = troubleWords([culprit, ...callers], seen);
  const span = { from: instant(alertAt - LOOK_BACK_MS), to: instant(asOf) };
  const about = { ...span, ...(symptom === "" ? {} : { symptom }) };
  const [own, around] = await Promise.all([
    ask(ChangesAnswer, "read_changes", { service: culprit, hops: 0, limit: MAX_OWN, ...about }),
    service === culprit ? undefined : ask(ChangesAnswer, "read_changes", { service, limit: MAX_AROUND, ...about }),
  ]);
  if (!own) return undefined;
  const names = new Set([culprit, ...callers]);
  const accused = accusedOf([...own.changes, ...(around?.changes ?? [])], culprit, names);
  const turn = turnOf(culprit, seen, alertAt);
  const climbsSince = await climbOf(culprit, turn?.at ?? null, accused, context);
  return weigh(accused, {
    culprit,
    turn,
    climbsSince,
    alertAt,
    outside: outsideCause(culprit, service, seen, catalog),
  });
}

/** Trials of one investigation, each held once: the engine's and the last check see the same. */
export function trialsOf(
  context: Omit<TrialContext, "service"> & { readonly service: string | null },
): (culprit: string) => Promise<Trial | undefined> {
  const trials = new Map<string, Promise<Trial | undefined>>();
  return (culprit) => {
    const held = trials.get(culprit) ?? holdTrial(culprit, { ...context, service: context.service ?? culprit });
    trials.set(culprit, held);
    return held;
  };
}

const asker =
  ({ toolbox, signal }: TrialContext) =>
  async <T extends z.ZodType>(
    schema: T,
    tool: string,
    args: Record<string, unknown>,
  ): Promise<z.output<T> | undefined> => {
    const call = await toolbox.call(tool, args, { signal });
    if (call.outcome !== "found" && call.outcome !== "nothing_found") return undefined;
    return schema.safeParse(call.structured).data;
  };

/** Who calls the culprit, or is called by it, and complains: its words tell of the same trouble. */
function callersInTrouble(culprit: string, catalog: Catalog, { logs }: Sightings): string[] {
  return catalog
    .entries()
    .filter(({ kind, name, dependsOn }) => kind === "service" && name !== culprit && dependsOn.includes(culprit))
    .map(({ name }) => name)
    .filter((name) => newTrouble(logs.get(name)).length > 0);
}

/** Each commit once, for the service it reached: the culprit by its own or shared files before a caller, and that before any other. */
function accusedOf(changes: readonly Change[], culprit: string, names: ReadonlySet<string>): Accused[] {
  const found = new Map<string, Accused>();
  for (const change of changes) {
    if (change.kind !== "commit" && change.kind !== "merge") continue;
    const reached = change.services.length > 0 ? change.services : change.live_at.map(({ service }) => service);
    const service = reached.includes(culprit) ? culprit : (reached.find((name) => names.has(name)) ?? reached[0]);
    // Shared files that no roll-out carries reach nobody.
    if (service === undefined) continue;
    const live = change.live_at.find((one) => one.service === service);
    const known = found.get(change.sha);
    if (!known || known.change.shares.length < change.shares.length)
      found.set(change.sha, { change, service, at: live ? Date.parse(live.at) : null, near: names.has(service) });
  }
  return [...found.values()];
}

/**
 * Since when a signal climbs that is full now: measured against the time before the first candidate, so that what has crept up for
 * hours is dated by its beginning and not by its end. Null when no candidate is that old, or nothing has climbed.
 */
async function climbOf(
  culprit: string,
  turned: number | null,
  accused: readonly Accused[],
  context: TrialContext,
): Promise<number | null> {
  const lives = accused.flatMap(({ at }) => at ?? []);
  const first = Math.min(...lives);
  const soon = (turned ?? context.alertAt) - 10 * BLUR_MS;
  if (!Number.isFinite(first) || first > soon) return null;
  const args = { service: culprit, hops: 0, from: instant(first - 10 * BLUR_MS), to: instant(context.asOf) };
  const answer = await asker(context)(MetricsAnswer, "read_metrics", args);
  const measured = answer?.suspects.find(({ service }) => service === culprit);
  const onsets = (measured?.signals ?? [])
    .filter(({ role, change, score }) => role === "saturation" && change === "up" && score >= MIN_DATED)
    .flatMap(({ onset }) => (onset === null ? [] : [Date.parse(onset)]));
  const began = Math.min(...onsets);
  return Number.isFinite(began) && began < soon ? began : null;
}
