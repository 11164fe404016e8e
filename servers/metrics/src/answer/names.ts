/** Names listed at the most; a longer list is cut and the summary says by how many. */
const MOST_NAMES = 10;

export interface Named {
  readonly names: readonly string[];
  readonly leftOut: number;
}

export function nameSome(names: readonly string[]): Named {
  return { names: names.slice(0, MOST_NAMES), leftOut: Math.max(0, names.length - MOST_NAMES) };
}
