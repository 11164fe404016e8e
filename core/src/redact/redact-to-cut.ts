import { redact } from "./redact.ts";

/** Far more than is ever shown of one text, in characters. */
const MOST = 16_384;
/** A cut is moved back to a blank, so that it parts no word, if there is one among so many characters. */
const BACK = 1_000;

/**
 * A text that is to be cut, redacted before: of a secret that a cut parts, its half would not be known for one afterwards. Only
 * its beginning is looked at, since a text may have any length; the rest becomes as many dots, so that it can still be counted.
 */
export async function redactToCut(text: string, most: number = MOST): Promise<string> {
  const end = text.length <= most ? text.length : most - wordLength(text.slice(Math.max(0, most - BACK), most));
  return (await redact(text.slice(0, end))).text + "…".repeat(text.length - end);
}

const wordLength = (tail: string): number => {
  const blank = tail.search(/\s\S*$/);
  return blank < 0 ? 0 : tail.length - blank;
};
