/** A full commit id, SHA-1 or SHA-256. */
export const FULL_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** A full or abbreviated one. Nothing else is ever handed to git as a revision: no names, no `@{...}`, no options. */
export const OBJECT_ID = /^[0-9a-f]{7,64}$/;

/** Long enough to be unique in any repository and for GitHub to find it, short enough to read. */
export const short = (sha: string): string => sha.slice(0, 12);
