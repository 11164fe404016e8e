import { CouldNotLook } from "../../outcome.ts";
import { briefly } from "../../redact/brief.ts";
import { type HttpClient, httpClient } from "../http/client.ts";
import { authorityOf } from "./authority.ts";
import type { AwsCredentials, AwsPackages } from "./packages.ts";
import { awsTransport } from "./transport.ts";

/** Where an AWS credential comes from, as the messages about it say. */
export const AWS_CREDENTIALS = "AWS_PROFILE, AWS_ROLE_ARN with AWS_WEB_IDENTITY_TOKEN_FILE, or AWS_ACCESS_KEY_ID";

export interface CredentialSource {
  /** Looked up at first use and kept until shortly before they expire. Throws CouldNotLook. */
  get(): Promise<AwsCredentials>;
  close(): void;
}

/** An answer of AWS' token service is a page at the most. */
const MAX_BYTES = 1_048_576;

/**
 * The credential that the AWS tools would use in this environment: variables, profile, single sign-on, a web identity (EKS), the
 * container or the machine. What is asked of AWS for it goes the same way as all else: through the proxy, with the same authority.
 */
export function awsCredentials(
  region: string,
  packages: AwsPackages,
  env: NodeJS.ProcessEnv = process.env,
): CredentialSource {
  const clients = new Map<string, HttpClient>();
  const clientFor = (origin: string) => {
    const known = clients.get(origin);
    if (known) return known;
    const ca = authorityOf(env);
    const made = httpClient({
      name: `AWS at ${origin}`,
      url: new URL(origin),
      variables: { url: "AWS_REGION", credentials: AWS_CREDENTIALS, ca: "AWS_CA_BUNDLE" },
      maxBytes: MAX_BYTES,
      answerMs: 5_000,
      ...(ca === undefined ? {} : { ca }),
    });
    clients.set(origin, made);
    return made;
  };
  let loading: ReturnType<AwsPackages["chain"]> | undefined;
  return {
    get: async () => {
      loading ??= packages.chain({ region, requestHandler: awsTransport(clientFor), maxAttempts: 1 });
      const chain = await loading;
      try {
        return await chain();
      } catch (error) {
        throw withoutCredential(error);
      }
    },
    close: () => {
      for (const client of clients.values()) client.close();
    },
  };
}

function withoutCredential(error: unknown): CouldNotLook {
  const why = error instanceof Error ? briefly(error.message.replace(/\s+/g, " "), 200) : "unknown reason";
  const cure = `set ${AWS_CREDENTIALS}, and check with: aws sts get-caller-identity`;
  return new CouldNotLook("forbidden", `no AWS credential to ask with (${why})`, {
    cure,
    cause: error,
  });
}
