/** Every word of the query starts a word of the title. */
export function matches(product, query) {
  const words = product.title.toLowerCase().split(/\s+/);
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((part) => words.some((word) => word.startsWith(part)));
}
