import { createVerify, X509Certificate } from "node:crypto";
import type { SnsMessage } from "@oncall-copilot/core";
import { Unauthorized } from "../door.ts";
import { isSigningCertificate } from "./amazon-address.ts";

/** Fetches text from one of Amazon's addresses. */
export type GetText = (address: string, signal: AbortSignal) => Promise<string>;

const ALGORITHMS: Readonly<Record<string, string>> = { "1": "RSA-SHA1", "2": "RSA-SHA256" };
const TIMEOUT_MS = 5_000;
/** Certificates kept; Amazon has one a region and changes it about once a year. */
const MAX_CERTIFICATES = 32;

/** Which fields are signed, in this order, each when it is there. */
const SIGNED = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
  UnsubscribeConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
} as const;

/** The text that SNS signed: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html */
export const signedText = (message: SnsMessage): string =>
  SIGNED[message.Type].flatMap((name) => (message[name] == null ? [] : [`${name}\n${message[name]}\n`])).join("");

/** Checks SNS's signatures, with the certificates that it has fetched before. */
export class SnsVerifier {
  readonly #get: GetText;
  readonly #certificates = new Map<string, Promise<X509Certificate>>();

  constructor(get: GetText) {
    this.#get = get;
  }

  /** @throws Unauthorized when it is not by Amazon, and the error of the fetch when its certificate could not be had. */
  async verify(message: SnsMessage): Promise<void> {
    const { SigningCertURL: address, SignatureVersion: version = "", Signature: signature = "" } = message;
    const algorithm = ALGORITHMS[version];
    if (algorithm === undefined)
      throw new Unauthorized("SignatureVersion must be 1 or 2: is raw message delivery off?");
    if (!isSigningCertificate(address)) throw new Unauthorized("SigningCertURL is none of Amazon's");
    const certificate = await this.#certificate(address);
    const now = Date.now();
    if (now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo))
      throw new Unauthorized("the certificate that it is signed with is not valid now");
    const fits = createVerify(algorithm)
      .update(signedText(message), "utf8")
      .verify(certificate.publicKey, signature, "base64");
    if (!fits) throw new Unauthorized("the signature does not fit the message");
  }

  #certificate(address: string): Promise<X509Certificate> {
    const known = this.#certificates.get(address);
    if (known) return known;
    const fetched = this.#get(address, AbortSignal.timeout(TIMEOUT_MS)).then((pem) => new X509Certificate(pem));
    this.#certificates.set(address, fetched);
    fetched.catch(() => this.#certificates.delete(address)); // another delivery asks again
    const [oldest] = this.#certificates.keys();
    if (this.#certificates.size > MAX_CERTIFICATES && oldest !== undefined) this.#certificates.delete(oldest);
    return fetched;
  }
}
