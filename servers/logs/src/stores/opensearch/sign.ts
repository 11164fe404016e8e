import { CouldNotLook, type HttpRequest } from "@oncall-copilot/core";

export interface Signing {
  /** `OpenSearch at https://search-logs.eu-west-1.es.amazonaws.com`, for messages. */
  readonly name: string;
  readonly region: string;
  /** `es`, or `aoss` for OpenSearch Serverless. */
  readonly service: string;
}

const CURE = "give the process AWS credentials: AWS_PROFILE, AWS_ACCESS_KEY_ID, or a role of its pod or machine";

/**
 * Signs requests for Amazon OpenSearch Service (Signature Version 4), with credentials of AWS' usual chain: environment,
 * profile, web identity, container, machine. Loads AWS' packages at the first request.
 */
export function awsSignature({ name, region, service }: Signing) {
  const load = async () => {
    const [{ SignatureV4 }, { defaultProvider }, { Sha256 }] = await Promise.all([
      import("@smithy/signature-v4"),
      import("@aws-sdk/credential-provider-node"),
      import("@aws-crypto/sha256-js"),
    ]);
    return new SignatureV4({ credentials: defaultProvider(), region, service, sha256: Sha256, applyChecksum: true });
  };
  let loading: ReturnType<typeof load> | undefined;

  return async ({ method, url, headers, body }: HttpRequest): Promise<Record<string, string>> => {
    loading ??= load();
    const signer = await loading;
    const query: Record<string, string[]> = {};
    for (const [key, value] of url.searchParams) query[key] = [...(query[key] ?? []), value];
    try {
      const signed = await signer.sign({
        ...{ method, protocol: url.protocol, hostname: url.hostname, path: url.pathname, query },
        headers: { ...headers, host: url.host },
        ...(body === undefined ? {} : { body }),
      });
      return signed.headers;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new CouldNotLook("forbidden", `the request to ${name} cannot be signed: ${why}; ${CURE}`, {
        tryNext: [CURE],
        cause: error,
      });
    }
  };
}
