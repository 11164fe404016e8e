import { createHash, timingSafeEqual } from "node:crypto";
import { inspect } from "node:util";

const MASK = "***";

/**
 * A value that must not be seen: it prints as `***` in string concatenation, template literals, JSON, `console` and
 * `util.inspect`. Only {@link Secret.reveal} gives it back, so a reader can find every place that does.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Call it only where it is handed to the client that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.toPrimitive](): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Takes the same time whatever differs, and however long what was given is. */
export const sameText = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted));
