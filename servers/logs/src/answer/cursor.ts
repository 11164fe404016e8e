import { createHash } from "node:crypto";
import { BadRequest, type Window } from "@oncall-copilot/core";

/** The arguments that a cursor is tied to, as the caller gave them. */
export interface Asked {
  readonly service: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly level?: string | undefined;
  readonly contains?: string | undefined;
}

/** Where a page starts: in which window, resolved when the first page was read, and after how many patterns. */
export interface Place {
  readonly window: Window;
  readonly offset: number;
  /** Stands for `from` and `to` as they were given for the first page. */
  readonly times: string;
}

const FORM = /^1-([0-9a-z]{1,9})-([0-9a-z]{1,9})-([0-9a-z]{1,6})-([\w-]{8})-([\w-]{8})$/;
const HINT = {
  tryNext: ["repeat the call that gave the cursor, word for word, and add the cursor", "leave the cursor out"],
};

const digest = (parts: readonly (string | undefined)[]): string =>
  createHash("sha256")
    .update(JSON.stringify(parts.map((part) => part ?? null)))
    .digest("base64url")
    .slice(0, 8);

const filtersOf = ({ service, level, contains }: Asked): string => digest([service, level, contains]);

/** Stands for `from` and `to` as they were given. */
export const timesOf = ({ from, to }: Pick<Asked, "from" | "to">): string => digest([from, to]);

/** A cursor holds everything that the next page needs; the server keeps nothing. */
export function writeCursor({ window, offset, times }: Place, asked: Asked): string {
  const numbers = [window.from, window.to, offset].map((n) => n.toString(36));
  return ["1", ...numbers, filtersOf(asked), times].join("-");
}

/**
 * Reads a cursor back. Refuses one that was not made here or belongs to other arguments: its pages would not fit the
 * ones before. `from` and `to` may be left out, since the cursor remembers the window.
 */
export function readCursor(
  cursor: string,
  asked: Asked,
  limits: { readonly now: number; readonly maxMs: number },
): Place {
  const match = FORM.exec(cursor.trim());
  if (!match) throw new BadRequest("cursor is not one that read_logs gave", HINT);
  const [, from = "", to = "", offset = "", filters = "", times = ""] = match;
  const place = { window: { from: parseInt(from, 36), to: parseInt(to, 36) }, offset: parseInt(offset, 36), times };
  const timesGiven = asked.from !== undefined || asked.to !== undefined;
  if (filters !== filtersOf(asked) || (timesGiven && times !== timesOf(asked))) {
    throw new BadRequest("cursor belongs to a call with other arguments", HINT);
  }
  const { from: start, to: end } = place.window;
  if (start >= end || end > limits.now || end - start > limits.maxMs) {
    throw new BadRequest("cursor does not stand for a window that can be read", HINT);
  }
  return place;
}
