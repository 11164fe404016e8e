import { createHash, createHmac } from "node:crypto";
import type { Received } from "../http/server.ts";

const sha256 = (data: string) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();
/** RFC 3986: what is not unreserved is escaped, which is more than JavaScript's own function does. */
const escaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/;

export interface SignedFor {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly token: string | undefined;
  readonly headers: readonly string[];
}

/**
 * Checks the signature of a request (AWS Signature Version 4) from its description and Node's own cryptography, without any code of
 * AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html. Throws what is wrong with it.
 */
export function checkSignature({ method, url, headers, body }: Received, secret: string): SignedFor {
  const match = AUTHORIZATION.exec(headers.authorization ?? "");
  if (!match) throw new Error(`no signature: ${headers.authorization}`);
  const [, accessKeyId = "", day = "", region = "", service = "", names = "", signature] = match;
  const signed = names.split(";");
  const header = (name: string) =>
    String(headers[name] ?? "")
      .trim()
      .replace(/\s+/g, " ");
  const query = [...url.searchParams]
    .map(([name, value]) => [escaped(name), escaped(value)] as const)
    .sort((a, b) => (a.join("=") < b.join("=") ? -1 : 1));
  const path = url.pathname.split("/").map(escaped).join("/"); // of a path that is escaped already, so twice in all
  const canonical = [
    ...[method, path, query.map((pair) => pair.join("=")).join("&")],
    ...[...signed.map((name) => `${name}:${header(name)}`), "", names, sha256(body)],
  ].join("\n");
  const date = header("x-amz-date");
  if (!date.startsWith(day)) throw new Error(`signed for ${day} and sent at ${date}`);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n");
  const key = [region, service, "aws4_request"].reduce<Buffer>((k, part) => hmac(k, part), hmac(`AWS4${secret}`, day));
  const expected = hmac(key, toSign).toString("hex");
  if (signature !== expected) throw new Error(`the signature is ${signature}, not ${expected}, of\n${canonical}`);
  const token = headers["x-amz-security-token"];
  return { accessKeyId, region, service, headers: signed, token: token === undefined ? undefined : String(token) };
}
