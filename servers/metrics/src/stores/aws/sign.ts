import type { HttpRequest } from "@oncall-copilot/core";
import type { CredentialSource } from "./credentials.ts";

/** Signs requests to an AWS service that has no client of its own here (Signature Version 4). */
export function signerFor(service: string, region: string, credentials: CredentialSource) {
  const load = async () => {
    const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
      import("@smithy/signature-v4"),
      import("@aws-crypto/sha256-js"),
    ]);
    return new SignatureV4({ service, region, credentials: () => credentials.get(), sha256: Sha256 });
  };
  let loading: ReturnType<typeof load> | undefined;
  return async ({ url, method, headers, body }: HttpRequest): Promise<Readonly<Record<string, string>>> => {
    loading ??= load();
    const signer = await loading;
    const signed = await signer.sign({
      ...{ method, protocol: url.protocol, hostname: url.hostname, path: url.pathname },
      ...(url.port === "" ? {} : { port: Number(url.port) }),
      query: queryOf(url.searchParams),
      headers: { ...headers, host: url.host },
      ...(body === undefined ? {} : { body }),
    });
    return signed.headers;
  };
}

function queryOf(parameters: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(parameters.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}
