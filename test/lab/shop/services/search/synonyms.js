const SYNONYMS = new Map([
  ["lamp", "headlamp"],
  ["bag", "sleeping"],
  ["backpack", "rucksack"],
  ["bottle", "flask"],
]);

export function expand(query) {
  return query
    .toLowerCase()
    .split(" ")
    .map((word) => SYNONYMS.get(word) ?? word)
    .join(" ");
}
