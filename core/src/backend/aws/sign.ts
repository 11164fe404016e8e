import type { HttpRequest } from "../http/client.ts";
import type { CredentialSource } from "./credentials.ts";
import type { AwsPackages } from "./packages.ts";

export interface Signing {
  /** As IAM calls it: `aps`, `es`, `aoss`. */
  readonly service: string;
  readonly region: string;
  readonly credentials: CredentialSource;
  readonly packages: AwsPackages;
}

/** Signs requests to an AWS service that has no client of its own here (Signature Version 4). */
export function signerFor({ service, region, credentials, packages }: Signing) {
  let loading: ReturnType<AwsPackages["signer"]> | undefined;
  return async ({ url, method, headers, body }: HttpRequest): Promise<Readonly<Record<string, string>>> => {
    loading ??= packages.signer({ service, region, credentials: () => credentials.get() });
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
