import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kmsSigner } from "../../../agent-host/src/sign/kms-signer.ts";
import { readPublicKeys } from "../../../agent-host/src/sign/signer.ts";
import { signatureProblem, signStatement } from "../../../agent-host/src/sign/statement.ts";
import { closeServers, sendJson, startServer } from "../../support/http/server.ts";

afterAll(closeServers);
beforeAll(() => {
  process.env["AWS_ACCESS_KEY_ID"] = "test";
  process.env["AWS_SECRET_ACCESS_KEY"] = "test";
  process.env["AWS_REGION"] = "eu-central-1";
});

const STATEMENT = {
  type: "oncall-audit-v1",
  report_sha256: null,
  audit_head: "0".repeat(64),
  signed_at: "2026-01-01T00:00:00.000Z",
} as const;

/** AWS KMS as far as signing goes, over its JSON protocol: it refuses what KMS refuses. */
async function kms(spec: "ECC_NIST_EDWARDS25519" | "RSA_2048") {
  const { privateKey } = generateKeyPairSync("ed25519");
  return startServer((request, response) => {
    const asked = JSON.parse(request.body) as { MessageType?: string; Message?: string; SigningAlgorithm?: string };
    if (request.headers["x-amz-target"] === "TrentService.GetPublicKey") {
      const der = createPublicKey(privateKey).export({ type: "spki", format: "der" });
      return sendJson(response, 200, { KeyId: "k", KeySpec: spec, PublicKey: der.toString("base64") });
    }
    const message = Buffer.from(asked.Message ?? "", "base64");
    if (asked.SigningAlgorithm !== "ED25519_SHA_512" || asked.MessageType !== "RAW" || message.length > 4_096)
      return sendJson(response, 400, { __type: "ValidationException" });
    return sendJson(response, 200, { KeyId: "k", Signature: sign(null, message, privateKey).toString("base64") });
  });
}

describe("a key in AWS KMS", () => {
  it("signs what its public key verifies, and never leaves", async () => {
    const signer = await kmsSigner("alias/oncall", (await kms("ECC_NIST_EDWARDS25519")).url);
    const signed = await signStatement(STATEMENT, signer);
    expect(signatureProblem(signed, readPublicKeys(signer.publicKey))).toBeUndefined();
    const forged = { ...signed, statement: { ...STATEMENT, audit_head: "1".repeat(64) } };
    expect(signatureProblem(forged, readPublicKeys(signer.publicKey))).toContain("was changed");
  });

  it("of another kind is refused with the kind that is needed", async () => {
    await expect(kmsSigner("alias/oncall", (await kms("RSA_2048")).url)).rejects.toThrow(
      "signatures need ECC_NIST_EDWARDS25519",
    );
  });
});
