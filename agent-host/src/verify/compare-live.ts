import type { Evidence } from "@oncall-copilot/core";

/** How a cited item stands when its source is asked again. */
export type Standing =
  /** The source says the very same: its receipt is the same. */
  | "same"
  /** It says something else of the same place and time. */
  | "differs"
  /** It answers, and has nothing of it any more: the log or the samples are past their retention, the page is gone. */
  | "expired"
  /** It could not be asked. */
  | "not_asked";

export interface ItemStanding {
  readonly item: Evidence;
  readonly standing: Standing;
  /** What the source says now, where that differs. */
  readonly now: Evidence | undefined;
}

/** The host mints these itself: there is nobody to ask. */
const OF_THE_HOST = "a";

const letterOf = ({ id }: Evidence): string => id.slice(0, 1);

/**
 * Cited items against what the sources say now. A receipt is a keyed hash over the text, the address, the time and what the item shows, so
 * that the same receipt is the same in all of them. `blind`: letters of servers of which a question failed.
 */
export function compareLive(
  cited: readonly Evidence[],
  now: ReadonlyMap<string, Evidence>,
  blind: ReadonlySet<string>,
): ItemStanding[] {
  return cited
    .filter((item) => letterOf(item) !== OF_THE_HOST)
    .map((item) => {
      if (now.has(item.id)) return { item, standing: "same", now: undefined };
      const there = [...now.values()].find(
        (one) => letterOf(one) === letterOf(item) && one.url === item.url && isOfOneTime(one, item),
      );
      if (there) return { item, standing: "differs", now: there };
      return { item, standing: blind.has(letterOf(item)) ? "not_asked" : "expired", now: undefined };
    });
}

const isOfOneTime = (a: Evidence, b: Evidence): boolean =>
  a.at === b.at || a.about.some((name) => b.about.includes(name));
