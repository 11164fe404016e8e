import type { AwsPackages } from "@oncall-copilot/core/backend";

/** AWS' own packages, loaded at the first request that needs them. */
export const awsPackages: AwsPackages = {
  chain: async (clientConfig) => {
    const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
    return defaultProvider({ clientConfig });
  },
  signer: async (parts) => {
    const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
      import("@smithy/signature-v4"),
      import("@aws-crypto/sha256-js"),
    ]);
    return new SignatureV4({ ...parts, sha256: Sha256 });
  },
};
