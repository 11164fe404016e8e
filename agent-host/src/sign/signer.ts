import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";

/** Who signs what this installation says: the port, behind which the private key stays where it is. */
export interface Signer {
  /** RFC 7638 thumbprint of the public key. */
  readonly keyId: string;
  /** SPKI, PEM. */
  readonly publicKey: string;
  /** Ed25519 (RFC 8032) over at most 4,096 bytes, the most that AWS KMS takes. */
  sign(message: Buffer): Promise<Buffer>;
}

/** RFC 7638 thumbprint, by RFC 8037: SHA-256 over the key's required members, in base64url. */
export function keyIdOf(key: KeyObject): string {
  const { crv, kty, x } = key.export({ format: "jwk" });
  return createHash("sha256").update(JSON.stringify({ crv, kty, x })).digest("base64url");
}

/**
 * The public keys in a PEM text, by id: the present one and those of before, which stay valid for what they signed.
 *
 * @throws Error when it holds none, or one that is no Ed25519 key.
 */
export function readPublicKeys(pem: string): ReadonlyMap<string, KeyObject> {
  const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g) ?? [];
  if (blocks.length === 0) throw new Error("holds no public key; give what `oncall key` prints");
  const keys = blocks.map((block) => createPublicKey(block));
  const other = keys.find(({ asymmetricKeyType }) => asymmetricKeyType !== "ed25519");
  if (other) throw new Error(`holds a key of type ${other.asymmetricKeyType}; signatures are made with ed25519`);
  return new Map(keys.map((key) => [keyIdOf(key), key]));
}

export const signatureHolds = (key: KeyObject, message: Buffer, signature: string): boolean =>
  verify(null, message, key, Buffer.from(signature, "base64url"));
