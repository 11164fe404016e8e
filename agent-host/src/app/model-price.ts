import { ConfigError, type Report } from "@oncall-copilot/core";

/** Dollars for a million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cachedInput: number;
}

const MILLION = 1_000_000;

/**
 * Reads `ONCALL_MODEL_PRICE`: dollars for a million tokens of input, output and cached input, such as `3/15/0.3`.
 *
 * @throws ConfigError
 */
export function readModelPrice(text: string | undefined): ModelPrice | null {
  if (text === undefined) return null;
  const [input, output, cachedInput, ...more] = text.split("/").map(Number);
  const all = [input, output, cachedInput];
  if (more.length > 0 || !all.every((price) => price !== undefined && Number.isFinite(price) && price >= 0)) {
    throw new ConfigError(
      `ONCALL_MODEL_PRICE takes dollars for a million tokens of input, output and cached input, such as 3/15/0.3, not "${text}"`,
    );
  }
  return { input: input ?? 0, output: output ?? 0, cachedInput: cachedInput ?? 0 };
}

/** What a report's model cost; null when its price is not known. */
export function dollarsOf(cost: Report["cost"], price: ModelPrice | null): number | null {
  if (price === null) return null;
  const { input_tokens, output_tokens, cached_input_tokens } = cost;
  return (
    (input_tokens * price.input + output_tokens * price.output + cached_input_tokens * price.cachedInput) / MILLION
  );
}
