import type { Random } from "../random.ts";
import type { Shape } from "./shape.ts";

const DAY = 24 * 3_600_000;

/** A moment between two others, more likely when such things happen. */
export function momentOf(when: Shape["when"], from: number, to: number, random: Random): number {
  for (;;) {
    const at = from + random.next() * (to - from);
    if (random.next() < likelihood(when, new Date(at))) return at;
  }
}

function likelihood(when: Shape["when"], at: Date): number {
  const hour = at.getUTCHours();
  const weekend = at.getUTCDay() === 0 || at.getUTCDay() === 6;
  switch (when) {
    case "any":
      return 1;
    case "office":
      return (weekend ? 0.12 : 1) * (hour >= 7 && hour < 17 ? 1 : 0.15);
    case "season":
      return season(at) * (hour >= 16 && hour < 21 ? 1 : 0.25);
  }
}

/** Customers come before Christmas, in the weeks of the sales, and before the summer's tours. */
function season(at: Date): number {
  const day = Math.floor((at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 1)) / DAY);
  if (day >= 325 && day <= 357) return 1;
  if (day <= 14) return 0.5;
  if (day >= 150 && day <= 185) return 0.6;
  return 0.12;
}
