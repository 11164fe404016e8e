import type { Random } from "../random.ts";
import type { Family, RootCause } from "../scenario.ts";
import type { Estate } from "./estate/estate.ts";
import type { Innocent } from "./plan/innocent.ts";
import type { Edit } from "./plan/upstreams.ts";

/** What a version of the code does otherwise than the one before: read by the handlers. */
export type Effect = Readonly<Record<string, number>>;

/** One commit of a release. */
export interface CodeChange {
  readonly message: string;
  readonly edits: readonly Edit[];
  /** In another repository than the service's own, such as a shared library's. */
  readonly repository?: string;
  /** This is what breaks the estate. */
  readonly culprit?: boolean;
}

/** Something that happens at a moment, in seconds from the fault. Its roll-out begins a minute or two later. */
export type Happening =
  | {
      readonly at: number;
      readonly release: string;
      readonly commits: readonly CodeChange[];
      readonly effect?: Effect;
    }
  | {
      readonly at: number;
      readonly configure: string;
      readonly message: string;
      readonly edits: readonly Edit[];
      readonly env?: Readonly<Record<string, string>>;
      readonly effect?: Effect;
      readonly spec?: { readonly cores?: number; readonly memoryMiB?: number };
      readonly cannotStart?: string;
      readonly culprit?: boolean;
    }
  | { readonly at: number; readonly innocent: string; readonly nth?: number }
  | { readonly at: number; readonly act: (estate: Estate, random: Random) => void };

export interface Scenario {
  /** Never shown to a reader: recordings have neutral names. */
  readonly name: string;
  readonly summary: string;
  readonly family: Family;
  /** Customers a second. */
  readonly perSecond?: number;
  /** Seconds of ordinary life that are recorded before the fault. */
  readonly before?: number;
  /** How long to wait for a page after the fault, in seconds. */
  readonly patience?: number;
  readonly happenings: readonly Happening[];
  /** How many messages notify works on at once; usually one. */
  readonly notifyReaders?: number;
  /** Alerts that somebody has silenced for the day. */
  readonly silenced?: readonly string[];
  readonly rootCause: RootCause | null;
  readonly fix: { readonly files: readonly string[] } | null;
  /** Whether the roll-out may be taken back in its place, in the GitOps repository. */
  readonly rollout?: boolean;
  readonly seeds: readonly Seed[];
}

/** Held-out seeds are looked at once, when all is built. Which ones was settled before any was made. */
export interface Seed {
  readonly seed: number;
  readonly heldOut: boolean;
}

export const OPEN: readonly Seed[] = [
  { seed: 1, heldOut: false },
  { seed: 2, heldOut: false },
];
export const HALF: readonly Seed[] = [
  { seed: 1, heldOut: false },
  { seed: 2, heldOut: true },
];
export const HELD: readonly Seed[] = [
  { seed: 1, heldOut: true },
  { seed: 2, heldOut: true },
];

export type { Innocent };
