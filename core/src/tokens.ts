/**
 * About how many tokens a text is to a model, without a tokenizer at run time: letters in runs of four, digits in runs
 * of three, everything else one by one. Meant to err high; a test holds it against a real tokenizer.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const match of text.matchAll(/[A-Za-z]+|\d+|\s+|[^A-Za-z\d\s]/g)) {
    const [run] = match;
    const first = run.charCodeAt(0);
    if (first <= 32) tokens += run.includes("\n") ? 1 : run.length > 1 ? 1 : 0;
    else if (first >= 48 && first <= 57) tokens += Math.ceil(run.length / 3);
    else if (first < 128 && run.length >= 1 && /[A-Za-z]/.test(run)) tokens += Math.ceil(run.length / 5);
    else tokens += first < 128 ? 1 : 2;
  }
  return tokens;
}

/**
 * The most items, from the front, whose rendering stays under a budget. `measure` is given the candidates and returns
 * their cost in tokens; it is called O(log n) times.
 */
export function mostThatFit<T>(items: readonly T[], budget: number, measure: (chosen: readonly T[]) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(items.slice(0, middle)) <= budget) low = middle;
    else high = middle - 1;
  }
  return low;
}
