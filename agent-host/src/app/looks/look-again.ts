import { instant, type Report } from "@oncall-copilot/core";
import type { Looked, ModelMissed, Settling } from "../../triage.ts";
import { type Carry, freshCarry, recordOf } from "./carry.ts";
import type { CarryStore } from "./carry-store.ts";
import { nextModelTryAt } from "./schedule.ts";
import { type ModelAway, type Standing, settleLook } from "./settle-look.ts";
import { steadyAnswers } from "./steady.ts";
import type { WakeUp } from "./wake-up.ts";

/** What lets an incident be looked at more than once. */
export interface LookPorts {
  readonly carries: CarryStore;
  readonly wakeUp: WakeUp;
}

/** What a look leaves behind. */
export interface HandedOn {
  readonly carry: Carry;
  /** Epoch milliseconds; null when this was the last. */
  readonly nextLookAt: number | null;
  /** Whether a draft may be opened for the fix of its report. */
  readonly mayPropose: boolean;
}

/** One look among several: what the earlier ones handed on, and what it hands to the next. It keeps and wakes nothing by itself. */
export class LookAgain {
  readonly #carry: Carry;
  readonly #asOf: number;
  readonly #planned: boolean;
  #standing: Standing = { nextLookAt: null, awaitsModel: false, wouldDecide: [], mayPropose: true };
  #away: ModelAway | null = null;

  /** `planned`: whether somebody will look again, so that the report may say when. */
  constructor(carry: Carry | null, { incident, asOf, planned }: { incident: string; asOf: number; planned: boolean }) {
    this.#carry = carry ?? freshCarry(incident);
    this.#asOf = asOf;
    this.#planned = planned;
  }

  get kept(): Carry["answers"] {
    return this.#carry.answers;
  }

  /** All is known but what the model would make of it: no other engine need look. */
  get awaitsModel(): boolean {
    return this.#carry.awaits_model;
  }

  settle(report: Report, missed: ModelMissed | null): Settling {
    this.#away = missed && { since: this.#missedSince, retryAt: this.#retryAt(missed) };
    this.#standing = settleLook({ report, earlier: this.#carry.looks, modelAway: this.#away });
    const { nextLookAt, wouldDecide, mayPropose } = this.#standing;
    const next = this.#planned && nextLookAt !== null ? instant(nextLookAt) : null;
    return {
      settled: { final: nextLookAt === null, next_look_at: next, would_decide: [...wouldDecide] },
      mayPropose,
    };
  }

  handOn({ report, calls }: Looked): HandedOn {
    const { nextLookAt, awaitsModel, mayPropose } = this.#standing;
    const { looks, incident } = this.#carry;
    const carry: Carry = {
      schema_version: 1,
      incident,
      looks: [...looks, recordOf(report, looks.length + 1)],
      answers: steadyAnswers(calls),
      model_away: this.#away && { since: instant(this.#away.since) },
      awaits_model: awaitsModel,
    };
    return { carry, nextLookAt, mayPropose };
  }

  /** When a model that is still away is tried next; null when it is given up. What was said stands. */
  postponed(missed: ModelMissed): number | null {
    return nextModelTryAt(this.#missedSince, this.#asOf, this.#retryAt(missed));
  }

  /** By the look's own time, which in a replay is not the clock's. */
  #retryAt({ retryAfterMs }: ModelMissed): number | null {
    return retryAfterMs === null ? null : this.#asOf + retryAfterMs;
  }

  get #missedSince(): number {
    const { model_away: away } = this.#carry;
    return away ? Date.parse(away.since) : this.#asOf;
  }
}
