import { CouldNotLook } from "../../outcome.ts";

/** The backend was not asked, since it failed several times in a row a moment ago. */
export class CircuitOpen extends CouldNotLook {}

/** So many failures in a row open it. */
const FAILURES = 3;
/** It stays open this long; then one request may try. */
const OPEN_MS = 15_000;

/**
 * A backend that is down is not asked again for a while, so that a triage loses seconds on it and not minutes (the circuit
 * breaker of Nygard, "Release It!"). Only a backend that is unreachable, or does not answer in time, opens it.
 */
export class Circuit {
  #failures = 0;
  #openUntil = 0;
  #last = "";
  readonly #name: string;
  readonly #clock: () => number;

  /** `name` stands in the message; `clock` gives milliseconds, monotonic. */
  constructor(name: string, clock: () => number = () => performance.now()) {
    this.#name = name;
    this.#clock = clock;
  }

  /** Throws while it is open. The first to ask after that may try, and the others wait for what becomes of it. */
  enter(): void {
    if (this.#failures < FAILURES) return;
    const left = this.#openUntil - this.#clock();
    if (left > 0) {
      throw new CircuitOpen(
        "unreachable",
        `${this.#name} is not asked for now, after failures in a row: ${this.#last}`,
        {
          tryNext: [`see whether it is up, then ask again in ${Math.ceil(left / 1000)} s`],
        },
      );
    }
    this.#openUntil = this.#clock() + OPEN_MS;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(failure: CouldNotLook): void {
    if (failure.reason !== "unreachable" && failure.reason !== "timed_out") {
      this.succeeded(); // it answered, whatever it answered
      return;
    }
    this.#failures++;
    this.#last = failure.message;
    if (this.#failures >= FAILURES) this.#openUntil = this.#clock() + OPEN_MS;
  }
}
