/** Exact title matches first, then the cheaper product. */
export function rank(products, query) {
  const wanted = query.toLowerCase();
  const score = (product) => (product.title.toLowerCase() === wanted ? 0 : 1);
  return [...products].sort((a, b) => score(a) - score(b) || a.price - b.price);
}
