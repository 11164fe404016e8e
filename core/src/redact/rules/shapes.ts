import { entropy } from "../entropy.ts";
import { all, pattern, type Rule } from "../rule.ts";

/** What every shape below has: without it, none is tried. */
const LONG_RUN = /[A-Za-z0-9_-]{24}/;
const MIN_ENTROPY = 4;

/** Ids of things, which some services make as long and as mixed as keys. */
const ID_PREFIX =
  /^(?:req|request|evt|event|msg|message|run|resp|call|chatcmpl|trace|span|session|txn|tx|id|uid|user|usr|org|cus|sub|inv|order|ord|pod|node|i|vol|snap|ami|sha\d*|md5|etag|digest|commit|build|job|task|rs|replicaset|file|asst|thread|step|batch|toolu|gen)[_-]/i;

const mixed = (value: string): boolean => /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);

const each = all([
  pattern(
    "discord-token",
    /(?<![\w-])(?<secret>[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40})(?![\w-])/dg,
    mixed,
  ),
  pattern("ngrok-token", /(?<![\w-])2[A-Za-z0-9]{26}_[A-Za-z0-9]{21}(?![\w-])/dg, mixed),
  // A vendor's prefix that no list has yet: a short word or two, then what can only have been drawn.
  pattern(
    "vendor-token",
    /(?<![\w./@:-])(?<secret>[A-Za-z][A-Za-z0-9]{1,11}(?:[_-][A-Za-z0-9]{2,8}){0,2}[_-](?=[A-Za-z]{0,40}\d)(?=[^A-Z]{0,60}[A-Z])(?=[^a-z]{0,60}[a-z])[A-Za-z0-9]{32,200})(?![\w@/-])/dg,
    (value) => !ID_PREFIX.test(value) && entropy(value) >= MIN_ENTROPY,
  ),
]);

/** Tokens that are known by their shape alone. */
export const shapes: Rule = (text) => (LONG_RUN.test(text) ? each(text) : []);
