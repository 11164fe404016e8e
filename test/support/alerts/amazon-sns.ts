import { createSign } from "node:crypto";
import { selfSigned } from "../http/certificate.ts";
import { type Received, startServer } from "../http/server.ts";

export const TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms";
const CERTIFICATE = "/SimpleNotificationService-0123456789abcdef.pem";

type Fields = Readonly<Record<string, string>>;

/** The fields that SNS signs, each on a line of its own, its name before it; written anew by its documentation. */
function signed(fields: Fields): string {
  const names =
    fields["Type"] === "Notification"
      ? ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
      : ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
  let text = "";
  for (const name of names) if (fields[name] !== undefined) text += `${name}\n${fields[name]}\n`;
  return text;
}

/** Amazon's SNS as a subscriber sees it: signs with a certificate that it serves, and hears who confirms. */
export async function startAmazon(options: { readonly expired?: boolean } = {}) {
  const { key, cert } = selfSigned({ name: "sns.amazonaws.com", ...options });
  const server = await startServer((request: Received, response) => {
    const isCertificate = request.url.pathname === CERTIFICATE;
    response.writeHead(isCertificate || request.url.searchParams.has("Token") ? 200 : 404);
    response.end(isCertificate ? cert : "<ConfirmSubscriptionResponse/>");
  });
  const sign = (fields: Fields, version: string) =>
    createSign(version === "1" ? "RSA-SHA1" : "RSA-SHA256")
      .update(signed(fields))
      .sign(key, "base64");
  const message = (more: Fields = {}, version = "2"): Fields => {
    const fields: Fields = {
      Type: "Notification",
      MessageId: "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
      TopicArn: TOPIC,
      Subject: "ALARM",
      Message: "{}",
      Timestamp: "2026-11-23T07:21:30.000Z",
      ...more,
    };
    return {
      ...fields,
      SignatureVersion: version,
      Signature: sign(fields, version),
      SigningCertURL: `https://sns.eu-west-1.amazonaws.com${CERTIFICATE}`,
    };
  };
  return {
    server,
    message,
    /** As the door fetches, but that Amazon's hosts are this server. */
    get: async (address: string) => {
      const { pathname, search } = new URL(address);
      const answer = await fetch(`${server.url}${pathname}${search}`);
      if (!answer.ok) throw new Error(`answered ${answer.status}`);
      return answer.text();
    },
  };
}
