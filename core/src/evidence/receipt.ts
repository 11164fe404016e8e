import { createHmac, timingSafeEqual } from "node:crypto";
import { EVIDENCE_ID, type Evidence, type EvidenceDraft } from "./evidence.ts";
import { writeMarks } from "./marks.ts";

/** The installation's evidence key: 32 bytes shared by its servers and its host, and by no one else. */
export class EvidenceKey {
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    if (bytes.length !== 32) throw new Error(`an evidence key has 32 bytes, not ${bytes.length}`);
    this.#bytes = Buffer.from(bytes);
  }

  /** The key as 64 hex digits, for handing it to a server of this installation through its environment. */
  reveal(): string {
    return this.#bytes.toString("hex");
  }

  hmac(message: Buffer): Buffer {
    return createHmac("sha256", this.#bytes).update(message).digest();
  }

  /** Compares in constant time. */
  equals(other: EvidenceKey): boolean {
    return timingSafeEqual(this.#bytes, other.#bytes);
  }

  toJSON(): string {
    return "***";
  }
}

const TRUNCATED_BYTES = 12;

/** What the receipt is of. */
type Signed = Omit<Evidence, "id">;

/**
 * Canonical bytes of a receipt: a version tag, then each field with its length in bytes in front, so that no two
 * different items share an encoding (moving a character from one field to the next changes both lengths).
 */
function canonical(letter: string, { text, url, at, about, shows }: Signed): Buffer {
  const parts: Buffer[] = [];
  // Names have no space in them: see inOnePiece.
  for (const field of ["oncall-evidence-v2", letter, text, url, at, about.join(" "), shows]) {
    const bytes = Buffer.from(field, "utf8");
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}

function idFor(key: EvidenceKey, letter: string, item: Signed): string {
  return letter + key.hmac(canonical(letter, item)).subarray(0, TRUNCATED_BYTES).toString("base64url");
}

/** UTF-8 turns every lone surrogate into the same three bytes; made whole first, one text has one encoding. */
const wellFormed = (text: string): string => Buffer.from(text, "utf8").toString("utf8");

/**
 * An address or a time in one piece, as the fence shows it in its opening tag: what could end a line, an attribute or a
 * tag, or hides what it does, is percent-encoded (RFC 3986, section 2.1).
 */
const inOnePiece = (text: string): string =>
  text.replace(/[\s\p{Cc}\p{Cf}"<>]/gu, (character) => encodeURIComponent(character));

/**
 * Mints evidence: HMAC-SHA256 (RFC 2104) over the canonical fields, truncated to 96 bits (RFC 2104 section 5 allows no
 * less than 80). The text must be redacted already; lone surrogates in it become U+FFFD, and `url`, `at` and the names in
 * `about` are made one piece.
 */
export function mintEvidence(key: EvidenceKey, letter: string, draft: EvidenceDraft): Evidence {
  const { text, url, at, about, shows } = draft;
  const piece = (part: string) => inOnePiece(wellFormed(part));
  const whole: Signed = {
    text: wellFormed(text),
    url: piece(url),
    at: piece(at),
    about: about.map(piece),
    shows: writeMarks(shows),
  };
  return { id: idFor(key, letter, whole), ...whole };
}

/** Whether the receipt is this installation's own for exactly these fields. Compares in constant time. */
export function verifyEvidence(key: EvidenceKey, evidence: Evidence): boolean {
  if (!EVIDENCE_ID.test(evidence.id)) return false;
  const { text, url, at, about, shows } = evidence;
  if ([text, url, at, ...about, shows].some((field) => wellFormed(field) !== field)) return false;
  // Joined by spaces, ["a b"] and ["a", "b"] are one; we never mint the former.
  if (about.some((name) => inOnePiece(name) !== name)) return false;
  const expected = Buffer.from(idFor(key, evidence.id.slice(0, 1), evidence), "latin1");
  const given = Buffer.from(evidence.id, "latin1");
  return expected.length === given.length && timingSafeEqual(expected, given);
}
