export interface GroupingScore {
  readonly lines: number;
  readonly groups: number;
  readonly trueGroups: number;
  /** Grouping accuracy, 0 to 1. */
  readonly ga: number;
  /** F1 of grouping accuracy, 0 to 1. */
  readonly fga: number;
}

/**
 * How well lines are grouped; a group is right when it holds just the lines of one true group.
 *
 * GA is the share of lines in right groups (Zhu et al., "Tools and Benchmarks for Automated Log Parsing", ICSE-SEIP 2019). It
 * favours the frequent; FGA is the harmonic mean of the share of found groups that are right and the share of true groups
 * that were found, so that a rare pattern counts as much (Jiang et al., "A Large-Scale Evaluation for Log Parsing
 * Techniques", ISSTA 2024). Both are given line by line: the label that each line has. The lists must be equally long, and not empty.
 */
export function scoreGrouping(found: readonly (string | number)[], truth: readonly (string | number)[]): GroupingScore {
  if (found.length !== truth.length || found.length === 0) {
    throw new Error(`${found.length} lines were grouped, but ${truth.length} have a truth`);
  }
  const sizes = countsOf(found);
  const trueSizes = countsOf(truth);
  const pairs = new Map<string, { readonly found: string | number; readonly truth: string | number; count: number }>();
  for (const [line, label] of found.entries()) {
    const right = truth[line] ?? "";
    const key = JSON.stringify([label, right]);
    const pair = pairs.get(key) ?? { found: label, truth: right, count: 0 };
    pair.count++;
    pairs.set(key, pair);
  }
  const right = [...pairs.values()].filter(
    (pair) => pair.count === sizes.get(pair.found) && pair.count === trueSizes.get(pair.truth),
  );
  const precision = right.length / sizes.size;
  const recall = right.length / trueSizes.size;
  return {
    lines: found.length,
    groups: sizes.size,
    trueGroups: trueSizes.size,
    ga: right.reduce((sum, { count }) => sum + count, 0) / found.length,
    fga: right.length === 0 ? 0 : (2 * precision * recall) / (precision + recall),
  };
}

function countsOf(labels: readonly (string | number)[]): Map<string | number, number> {
  const counts = new Map<string | number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
