import { matches, type Rule } from "../rule.ts";

const MARKER = /-----(?<side>BEGIN|END) (?<what>[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----/g;
/** The start of a key whose end was cut off: lines of base64, also after a diff's + or a log's indentation. */
const CUT_OFF = /(?:(?:\r?\n|\\r|\\n)[+-]?[ \t>|]{0,40}[A-Za-z0-9+/=]{16,}(?=\s|\\|"|'|$))+/y;

/** PEM and PGP private keys: what is between the markers, on one line (`\n` spelled out) or many, whole or cut off. */
export const privateKey: Rule = function* (text) {
  const markers = [...matches(text, MARKER)];
  for (const [i, marker] of markers.entries()) {
    if (marker.groups?.side !== "BEGIN") continue;
    const start = marker.index + marker[0].length;
    const closing = markers[i + 1];
    if (closing?.groups?.side === "END" && closing.groups.what === marker.groups.what) {
      yield { start, end: closing.index, kind: "private-key" };
      continue;
    }
    CUT_OFF.lastIndex = start;
    if (CUT_OFF.test(text)) yield { start, end: CUT_OFF.lastIndex, kind: "private-key" };
  }
};
