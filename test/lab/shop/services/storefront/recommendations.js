/** What goes on the home page: hits in the lines the customer bought before, then the rest. */
export function recommendationsFor(session, hits) {
  const known = new Set(session.lines ?? []);
  const ranked = [...hits].sort((a, b) => Number(known.has(b.line)) - Number(known.has(a.line)));
  return ranked.slice(0, 6).map((hit) => hit.sku);
}
