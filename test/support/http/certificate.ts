import { generateKeyPairSync, sign } from "node:crypto";

/** PEM of a key and of the certificate that it signs for itself, so that the certificate is its own authority. */
export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 86_400_000;
const [SEQUENCE, SET, INTEGER, BITS, OCTETS, OID, TEXT, TIME, TRUE] = [0x30, 0x31, 2, 3, 4, 6, 0x0c, 0x17, 0xff];

/** One value in ASN.1's DER: tag, length, content (ITU-T X.690). */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const bytes = (hex: string) => Buffer.from(hex, "hex");
const oid = (hex: string) => der(OID, bytes(hex));
const time = (at: number) =>
  der(TIME, Buffer.from(`${new Date(at).toISOString().slice(2, 19).replace(/[-:T]/g, "")}Z`));
const ECDSA_WITH_SHA256 = der(SEQUENCE, oid("2a8648ce3d040302"));
const [COMMON_NAME, ALTERNATIVE_NAMES, BASIC_CONSTRAINTS] = [oid("550403"), oid("551d11"), oid("551d13")];

const pem = (content: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${content.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;

/** A certificate for localhost and 127.0.0.1 by an authority that nobody knows (RFC 5280), made anew for each test run. */
export function selfSigned({ expired = false, name = "localhost" } = {}): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const subject = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(TEXT, Buffer.from("a test")))));
  const end = Date.now() + (expired ? -DAY_MS : DAY_MS);
  const address = name === "localhost" ? [der(0x87, bytes("7f000001"))] : [];
  const extensions = der(
    SEQUENCE,
    der(SEQUENCE, ALTERNATIVE_NAMES, der(OCTETS, der(SEQUENCE, der(0x82, Buffer.from(name)), ...address))),
    der(SEQUENCE, BASIC_CONSTRAINTS, der(OCTETS, der(SEQUENCE, der(1, Buffer.from([TRUE]))))),
  );
  const unsigned = der(
    SEQUENCE,
    ...[der(0xa0, der(INTEGER, bytes("02"))), der(INTEGER, bytes("01")), ECDSA_WITH_SHA256, subject],
    ...[der(SEQUENCE, time(end - 2 * DAY_MS), time(end)), subject, publicKey.export({ type: "spki", format: "der" })],
    der(0xa3, extensions),
  );
  const signature = der(BITS, bytes("00"), sign("sha256", unsigned, privateKey));
  const cert = pem(der(SEQUENCE, unsigned, ECDSA_WITH_SHA256, signature));
  return { key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(), cert };
}
