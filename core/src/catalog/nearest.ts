/** Optimal string alignment distance (Damerau–Levenshtein with adjacent transpositions only). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** Up to `count` candidates near enough to be a slip of the hand, or containing what was typed; nearest first. */
export function nearest(wanted: string, candidates: readonly string[], count: number): string[] {
  const typed = wanted.trim().toLowerCase().slice(0, 64);
  if (typed === "") return [];
  return candidates
    .map((candidate) => {
      const name = candidate.toLowerCase();
      const partial = typed.length >= 3 && (name.includes(typed) || typed.includes(name));
      return { candidate, distance: partial ? 0.5 : editDistance(typed, name) };
    })
    .filter(({ distance }) => distance <= Math.max(2, Math.ceil(typed.length * 0.4)))
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}
