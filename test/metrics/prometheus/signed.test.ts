import { ConfigError } from "@oncall-copilot/core";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkSignature, type SignedFor } from "../../support/aws/signature.ts";
import { closeServers, type Handler, sendJson, startServer } from "../../support/http/server.ts";
import { cleanupRecordings, component } from "../../support/recording.ts";
import { CREDENTIAL, stubCredential } from "../cloudwatch/pretend.ts";
import { answering, ask, metricsServer, ONE_SIGNAL } from "./pretend.ts";

beforeEach(() => stubCredential());
afterEach(async () => {
  vi.unstubAllEnvs();
  await closeServers();
});
afterAll(cleanupRecordings);

const good = answering(() => [{ metric: { service: "storefront" }, value: () => 0.01 }]);
const SIGNED = { ...ONE_SIGNAL, ONCALL_METRICS_PROMETHEUS_SIGV4_REGION: "eu-west-1" };
const WORKSPACE = "/workspaces/ws-0a1b2c3d";

/** Lets in whose signature is right, as computed here from its description. */
function guarded(secret: string, seen: SignedFor[] = []): Handler {
  return (request, response) => {
    try {
      seen.push(checkSignature(request, secret));
    } catch (error) {
      const headers = { "x-amzn-errortype": "InvalidSignatureException:http://internal.amazon.com/" };
      return sendJson(response, 403, { message: String(error) }, headers);
    }
    good(request, response);
  };
}

describe("requests to Amazon Managed Prometheus", () => {
  it("are signed for its service and region, so that who checks the signature lets them in", async () => {
    const seen: SignedFor[] = [];
    const { url, received } = await startServer(guarded(CREDENTIAL.AWS_SECRET_ACCESS_KEY, seen));
    const { structured } = await ask(await metricsServer(`${url}${WORKSPACE}`, SIGNED), { service: "storefront" });
    expect(structured).toMatchObject({ outcome: "found" });
    expect(received[0]?.url.pathname).toBe(`${WORKSPACE}/api/v1/query_range`);
    expect(seen[0]).toMatchObject({ accessKeyId: "AKIDEXAMPLE", region: "eu-west-1", service: "aps" });
    expect(seen[0]?.headers).toEqual(expect.arrayContaining(["host", "x-amz-date"]));
  });

  it("are signed with their body where a query is long", async () => {
    const names = Array.from({ length: 200 }, (_, index) => `a-service-with-a-long-name-${index}`);
    const catalog = [component("storefront", names), ...names.map((name) => component(name))];
    const { url, received } = await startServer(guarded(CREDENTIAL.AWS_SECRET_ACCESS_KEY));
    const { structured } = await ask(await metricsServer(url, SIGNED, catalog), { service: "storefront" });
    expect(structured).toMatchObject({ outcome: "found" });
    expect(received[0]?.method).toBe("POST");
  });

  it("carry a session's token under the signature", async () => {
    stubCredential({ ...CREDENTIAL, AWS_SESSION_TOKEN: "an example of a token" });
    const seen: SignedFor[] = [];
    const { url } = await startServer(guarded(CREDENTIAL.AWS_SECRET_ACCESS_KEY, seen));
    await ask(await metricsServer(url, SIGNED), { service: "storefront" });
    expect(seen[0]?.token).toBe("an example of a token");
    expect(seen[0]?.headers).toContain("x-amz-security-token");
  });

  it("are refused with another secret, and that says which variables to set", async () => {
    const { url } = await startServer(guarded("another secret"));
    const { structured } = await ask(await metricsServer(url, SIGNED), { service: "storefront" });
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "forbidden" });
    expect(structured["message"]).toMatch(
      /did not accept the credential \(InvalidSignatureException\); set AWS_PROFILE/,
    );
  });

  it("are refused without the right, and that says which one is missing", async () => {
    const message = "User: arn:aws:iam::123456789012:user/x is not authorized to perform: aps:QueryMetrics on resource";
    const { url } = await startServer((_, response) =>
      sendJson(response, 403, { message }, { "x-amzn-errortype": "AccessDeniedException" }),
    );
    const { structured } = await ask(await metricsServer(url, SIGNED), { service: "storefront" });
    expect(structured["message"]).toMatch(
      /does not let arn:aws:iam::123456789012:user\/x call aps:QueryMetrics \(AccessDeniedException\); allow it aps:QueryMetrics on the workspace/,
    );
  });

  it("are not made without a credential, and that says where one may come from", async () => {
    stubCredential({});
    const { url, received } = await startServer(good);
    const { structured } = await ask(await metricsServer(url, SIGNED), { service: "storefront" });
    expect(structured).toMatchObject({ outcome: "could_not_look", reason: "forbidden" });
    expect(structured["message"]).toMatch(/no AWS credential to ask with/);
    expect(received).toEqual([]);
  });

  it("have no credential of Prometheus' own beside the signature", async () => {
    const refused = metricsServer("http://127.0.0.1:9", { ...SIGNED, ONCALL_METRICS_PROMETHEUS_TOKEN: "a" });
    await expect(refused).rejects.toThrow(ConfigError);
  });
});

describe("a web identity, as a pod on EKS has one,", () => {
  it("is exchanged for a credential over our own transport, with the authority of AWS_CA_BUNDLE", async () => {
    const { selfSigned } = await import("../../support/http/certificate.ts");
    const { bundle } = await import("../cloudwatch/ca-bundle.ts");
    const tls = selfSigned();
    const credentials =
      "<AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>from sts</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>";
    const sts = await startServer((_, response) => {
      const result = `<AssumeRoleWithWebIdentityResult><Credentials>${credentials}</Credentials></AssumeRoleWithWebIdentityResult>`;
      response.writeHead(200, { "content-type": "text/xml" });
      response.end(
        `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</AssumeRoleWithWebIdentityResponse>`,
      );
    }, tls);
    stubCredential({
      ...{
        AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/oncall",
        AWS_WEB_IDENTITY_TOKEN_FILE: await bundle("a web token"),
      },
      ...{ AWS_ENDPOINT_URL_STS: sts.url, AWS_CA_BUNDLE: await bundle(tls.cert) },
    });
    const seen: SignedFor[] = [];
    const { url } = await startServer(guarded("from sts", seen));
    const { structured } = await ask(await metricsServer(url, SIGNED), { service: "storefront" });
    expect(structured["message"]).toBeUndefined();
    expect(seen[0]).toMatchObject({ accessKeyId: "ASIAEXAMPLE", token: "t" });
    expect(sts.received[0]?.body).toContain("WebIdentityToken=a+web+token".replace("+web+", "%20web%20"));
  });
});
