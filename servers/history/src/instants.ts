import { instant } from "@oncall-copilot/core";

/** RFC 3339 in UTC to the second, from epoch milliseconds: incidents are not timed finer. */
export const second = (epochMs: number): string => instant(epochMs).replace(/\.\d{3}Z$/, "Z");

/** ISO 8601 `start/end` in UTC to the second. */
export const span = (startMs: number, endMs: number): string => `${second(startMs)}/${second(endMs)}`;
