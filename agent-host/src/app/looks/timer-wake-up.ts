import type { Clock } from "./clock.ts";
import type { WakeUp } from "./wake-up.ts";

/** Wake-ups of one process that waits for them: what a terminal that follows an incident uses. */
export class TimerWakeUp implements WakeUp {
  readonly #clock: Clock;
  readonly #due = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async wakeAt(incident: string, at: number): Promise<void> {
    this.#due.set(incident, at);
  }

  /** Waits for the incident's wake-up. False when none is planned. @throws the signal's reason when it aborts. */
  async wait(incident: string, signal: AbortSignal): Promise<boolean> {
    const at = this.#due.get(incident);
    if (at === undefined) return false;
    await this.#clock.until(at, signal);
    this.#due.delete(incident);
    return true;
  }
}
