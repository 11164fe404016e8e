import { createPublicKey } from "node:crypto";
import { ConfigError } from "@oncall-copilot/core";
import { keyIdOf, type Signer } from "./signer.ts";

/**
 * A key that never leaves AWS KMS (`ECC_NIST_EDWARDS25519`, usage SIGN_VERIFY). The role needs `kms:GetPublicKey` and `kms:Sign` on it
 * and nothing else. https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export async function kmsSigner(keyId: string, endpoint?: string): Promise<Signer> {
  const { GetPublicKeyCommand, KMSClient, SignCommand } = await import("@aws-sdk/client-kms");
  const client = new KMSClient(endpoint === undefined ? {} : { endpoint });
  const { PublicKey: der, KeySpec: spec } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
  if (!der || spec !== "ECC_NIST_EDWARDS25519") {
    throw new ConfigError(
      `ONCALL_SIGNING_KMS_KEY: ${keyId} is a key of spec ${spec ?? "unknown"}; signatures need ECC_NIST_EDWARDS25519`,
    );
  }
  const open = createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" });
  return {
    keyId: keyIdOf(open),
    publicKey: open.export({ type: "spki", format: "pem" }).toString(),
    sign: async (message) => {
      const { Signature: signature } = await client.send(
        new SignCommand({ KeyId: keyId, Message: message, MessageType: "RAW", SigningAlgorithm: "ED25519_SHA_512" }),
      );
      if (!signature) throw new Error(`KMS gave no signature of ${keyId}`);
      return Buffer.from(signature);
    },
  };
}
