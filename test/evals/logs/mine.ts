import { createMiner } from "../../../servers/logs/src/patterns/miner.ts";

/** The pattern that each message ends up under once all have been seen, by the miner's id for it. */
export function mine(messages: readonly string[]): number[] {
  const miner = createMiner();
  const ids = messages.map((message) => miner.add(message));
  const templates = new Map(miner.templates().flatMap(({ id, ids: held }) => held.map((one) => [one, id] as const)));
  return ids.map((id) => templates.get(miner.resolve(id)) ?? miner.resolve(id));
}
