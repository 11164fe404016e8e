/** Prices are in cents; an offer takes a percentage off its own line. */
export function total(lines, prices, offers) {
  let sum = 0;
  let saved = 0;
  for (const { sku, quantity } of lines) {
    const full = (prices.get(sku) ?? 0) * quantity;
    const off = Math.floor((full * (offers.get(sku)?.percent ?? 0)) / 100);
    sum += full - off;
    saved += off;
  }
  return { total: sum, saved };
}
