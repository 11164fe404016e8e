import { describe, expect, it } from "vitest";
import { redact } from "../../../core/src/redact/redact.ts";
import { isReadable } from "./corpus.ts";
import { type PublicCase, publicCases } from "./public-sets.ts";

/** What SECURITY.md promises; the kept credentials of one source are below it, and SECURITY.md says so. */
const MIN_RECALL = {
  work: { credential: 0.97, "phone-number": 0.9 },
  kept: { credential: 0.94, "phone-number": 0.9 },
} as const;

const isHidden = async ({ text, secret, whole }: PublicCase): Promise<boolean> => {
  const clean = (await redact(text)).text;
  return whole ? clean !== text : !isReadable(secret, clean);
};

describe("redaction, measured on public sets", () => {
  it.each(["work", "kept"] as const)("finds what it promises in the half that is %s", async (set) => {
    for (const kind of ["credential", "phone-number"] as const) {
      const cases = publicCases.filter((one) => one.set === set && one.kind === kind);
      const hidden = await Promise.all(cases.map(isHidden));
      const recall = hidden.filter(Boolean).length / cases.length;
      console.log(`${set} ${kind}: ${hidden.filter(Boolean).length} of ${cases.length}, ${recall.toFixed(3)}`);
      if (set === "work")
        for (const [i, one] of cases.entries()) if (!hidden[i]) console.log(`missed ${one.text.slice(0, 160)}`);
      expect(cases.length).toBeGreaterThanOrEqual(100);
      expect(recall).toBeGreaterThanOrEqual(MIN_RECALL[set][kind]);
    }
  });
});

/** Drawn for this test; none is a real one. */
const drawn = "q7Hs2ZvX9pLm4TbN8cRw";

describe("a secret is found", () => {
  it.each([
    `DB_PASSWORD_ORDERS=${drawn}`,
    "DB_PASSWORD_ORDERS=correcthorse",
    `GITHUB_TOKEN_CI=${drawn}`,
    `STRIPE_SECRET_KEY_EU_WEST: ${drawn}`,
    `"sentryAuthTokenFrontend": "${drawn}"`,
    `redis.password.sessions=${drawn}`,
    `DJANGO_SECRET_KEY = "${drawn}"`,
    `rootPassword: "${drawn}"`,
    `    client-key-data: ${"LS0tLS1CRUdJTiBSU0EgUFJJ".repeat(4)}`,
    `{"auths":{"registry.example.com":{"auth":"${Buffer.from(`svc:${drawn}`).toString("base64")}"}}}`,
    `Authorization: SSWS 00${drawn}${drawn}`,
    `variable "db_password" {\n  type    = string\n  default = "${drawn}"\n}`,
    `os.environ.get("API_SECRET", "${drawn}")`,
    `GET /callback?code=4/0${drawn}${drawn}&state=x`,
    `https://example.webhook.office.com/webhookb2/${drawn}@${drawn}/IncomingWebhook/${drawn}/1`,
    `https://discord.com/api/webhooks/123456789012345678/${drawn}${drawn}`,
    `https://chat.googleapis.com/v1/spaces/AAAA/messages?key=${drawn}&token=${drawn}`,
    `https://chat.example.com/hooks/${drawn.toLowerCase()}abc123`,
    `rejected API key ${drawn}`,
  ])("in %s", async (text) => {
    const clean = (await redact(text)).text;
    expect(clean).toContain("[redacted:");
    expect(
      [drawn, "correcthorse", "LS0tLS1CRUdJTiBS", "c3ZjOnE3SHMy"].some((secret) => isReadable(secret, clean)),
    ).toBe(false);
  });
});

describe("a person's number is found", () => {
  it.each([
    "+1 (201) 555-0123",
    "(201) 555-0123",
    "201-555-0123",
    "201.555.0123",
    "1-800-555-0199",
    "+4915112345678",
    "0049 30 1234567",
    "+44 (0)20 7946 0958",
    "07700 900123",
    "01 23 45 67 89",
    "(030) 12345678",
    "phone=2015550123",
    "ssn 219-09-9999",
  ])("in %s", async (text) => {
    expect((await redact(`caller ${text} hung up`)).text).not.toMatch(/\d{3}/);
  });
});

describe("what looks like one is left alone", () => {
  it.each([
    "DB_PASSWORD_FILE=/run/secrets/db9x7",
    "PASSWORD_MIN_LENGTH=12",
    "token_bucket_size_orders=4096",
    "secret_backend_kind: vault7",
    "password_reset_requests_total 1042",
    "SECRET_NAME=orders-db-v2",
    "tokenizer_version=v1a2b3",
    "partition_key=8f14e45fceea167a5a36dedd4bea2543",
    "cache key 8f14e45f-ceea-467a-9575-6e5a7e1b2c3d",
    "081109 203518 148 INFO dfs.DataNode: 10.250.19.102",
    "2026-03-01 09:58:11 10.2.3.4 200 1234 56789",
    "took 1048576 bytes at +0200, 1700000000000 ns, 1.618033988",
    "sessionid: 0x14ede63a5a70001",
    "request req_011CSHoEeqs5C35K2UUqR7FyaBcDeFgHiJkLm",
    "[0706/151320.123456:WARNING:dns_config.cc(306)] failed",
  ])("%s", async (text) => {
    expect((await redact(text)).text).toBe(text);
  });
});
