const MINUTE_MS = 60_000;

/** How far back roll-outs are looked for: a leak that takes longer is found by how far back its signal climbs. */
export const LOOK_BACK_MS = 6 * 60 * MINUTE_MS;
/** A service that was well for so long with a commit was well with it. */
export const LONGEST_FUSE_MS = 45 * MINUTE_MS;
/** Sampling and clocks blur the moment of a turn by about this much. */
export const BLUR_MS = MINUTE_MS;
/** A log line is stamped when it is written: clocks of two machines differ by less. */
export const LOG_BLUR_MS = 15_000;
/** A pattern of so many lines that is so much of what is new in a log dates the turn, */
export const MIN_LINES = 3;
export const MOST = 0.5;
/** when it began this near to where the signals turned. */
export const SAME_TURN_MS = 5 * MINUTE_MS;
/** "Live, then turned" tells something when the one follows the other at once. */
export const AT_ONCE_MS = 3 * MINUTE_MS;
/** What climbs slowly leaves its usual range late: by so much of the time that it has climbed since. */
export const RAMP_BLUR = 0.1;
/** A suspicion by the metrics weaker than this dates nothing; of 0 to 1, as `read_metrics` scores. */
export const MIN_DATED = 0.25;
/** A commit that was taken out so long before the turn did not do it. */
export const TAKEN_BACK_MS = 2 * MINUTE_MS;
/** What a shared thing weighs as a witness: where a stack or a text points tells more than a name in both. */
export const WEIGHTS = { frame: 4, literal: 4, key: 4, figure: 3, name: 3, near: 0 } as const;
/** So much of it is a witness. */
export const MIN_WITNESS = 3;
/** Of two that have a witness, the stronger one counts only when it is so many times as strong. */
export const CLEAR_LEAD = 2;
/** A pattern needs so many lines before "always the same values" says anything. */
export const MIN_REPEATS = 5;
/** More is asked by so many times the usual: then load explains as well as a commit does. */
export const SURGE = 2;
/** Characters of the trouble's words that are given to `read_changes`. */
export const MAX_WORDS = 6_000;
