import type { AwsTransport } from "./transport.ts";

/** What the AWS tools find in an environment. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** What is asked of AWS for a credential goes this way. */
export interface AwsClientParts {
  readonly region: string;
  readonly requestHandler: AwsTransport;
  readonly maxAttempts: number;
}

/** A request as it is signed. */
export interface Signable {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query: Record<string, string | string[]>;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
}

export interface AwsSigner {
  sign(request: Signable): Promise<{ readonly headers: Readonly<Record<string, string>> }>;
}

/**
 * AWS' own packages, which a server that asks AWS brings: core depends on no vendor's client. Each is loaded at its first use.
 */
export interface AwsPackages {
  /** The credential that the AWS tools would use: `defaultProvider` of `@aws-sdk/credential-provider-node`. */
  chain(clientConfig: AwsClientParts): Promise<() => Promise<AwsCredentials>>;
  /** `SignatureV4` of `@smithy/signature-v4`. */
  signer(parts: {
    readonly service: string;
    readonly region: string;
    readonly credentials: () => Promise<AwsCredentials>;
  }): Promise<AwsSigner>;
}
