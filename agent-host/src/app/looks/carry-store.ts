import type { Carry } from "./carry.ts";

/** The port for what is kept between looks. */
export interface CarryStore {
  /** Null when there was no look yet, or what was kept is of another version. */
  load(incident: string): Promise<Carry | null>;
  save(carry: Carry): Promise<void>;
}

/** Keeps it for as long as this process lives: a terminal that follows one incident. */
export function memoryCarryStore(): CarryStore {
  const kept = new Map<string, Carry>();
  return {
    load: async (incident) => kept.get(incident) ?? null,
    save: async (carry) => {
      kept.set(carry.incident, carry);
    },
  };
}
