import { BadRequest, type Window } from "@oncall-copilot/core";

/** Where the next page of a listing begins: the window it belongs to, so that time passing moves nothing, and a count. */
export interface Cursor {
  readonly window: Window;
  readonly offset: number;
}

const CURSOR = /^([0-9a-z]{1,10})\.([0-9a-z]{1,10})\.([0-9a-z]{1,6})$/;

export function writeCursor({ window, offset }: Cursor): string {
  return [window.from, window.to, offset].map((figure) => figure.toString(36)).join(".");
}

/** Reads a cursor that {@link writeCursor} made, or refuses it. A window that ends after `now` is refused too. */
export function readCursor(text: string, now: number): Cursor {
  const [from, to, offset] = (CURSOR.exec(text.trim()) ?? []).slice(1).map((part) => Number.parseInt(part, 36));
  if (from === undefined || to === undefined || offset === undefined || from > to || to > now) {
    throw new BadRequest(`cursor is not one that read_changes gave: "${text.slice(0, 40)}"`, {
      tryNext: ["the same call without cursor"],
    });
  }
  return { window: { from, to }, offset };
}
