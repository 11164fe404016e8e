import type { Random } from "../random.ts";

export interface Visit {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
}

const QUERIES = [
  "tent",
  "jacket m",
  "boots",
  "lamp",
  "bag",
  "stove",
  "poles",
  "rucksack l",
  "bottle",
  "rope",
  "gaiters",
];
/** Not sold here; somebody always asks. */
const HOPELESS = "kayak";

const MIX: readonly (readonly [number, (random: Random) => Visit])[] = [
  [0.2, (random) => ({ method: "GET", path: `/?session=s-${random.integer(1, 900)}` })],
  [
    0.3,
    (random) => ({
      method: "GET",
      path: `/search?q=${encodeURIComponent(random.next() < 0.02 ? HOPELESS : random.pick(QUERIES))}`,
    }),
  ],
  [0.25, (random) => ({ method: "GET", path: `/basket/b-${random.integer(1, 4000)}` })],
  [
    0.15,
    (random) => ({
      method: "POST",
      path: "/checkout",
      body: { cart: `b-${random.integer(1, 4000)}`, card: `tok-${random.hex(12)}` },
    }),
  ],
  [0.1, (random) => ({ method: "GET", path: `/account/k-${random.integer(1, 900)}` })],
];

/** What the next customer does. */
export function nextVisit(random: Random): Visit {
  let dice = random.next();
  for (const [share, visit] of MIX) {
    if (dice < share) return visit(random);
    dice -= share;
  }
  return { method: "GET", path: "/" };
}
