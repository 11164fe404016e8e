import { kmsSigner } from "./kms-signer.ts";
import { localSigner } from "./local-signer.ts";
import type { Signer } from "./signer.ts";

/** The installation's signer: a key in AWS KMS where `ONCALL_SIGNING_KMS_KEY` names one, else a key of this machine. */
export function openSigner(env: NodeJS.ProcessEnv): Promise<Signer> {
  const key = env["ONCALL_SIGNING_KMS_KEY"];
  return key ? kmsSigner(key, env["AWS_ENDPOINT_URL_KMS"] ?? env["AWS_ENDPOINT_URL"]) : localSigner(env);
}
