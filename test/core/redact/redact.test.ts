import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact, redactDeep } from "../../../core/src/redact/redact.ts";
import { negatives, positives } from "./corpus.ts";

const clean = async (text: string): Promise<string> => (await redact(text)).text;
const jwt = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJhZGEifQ", "c2lnbmF0dXJlLW9mLWl0"].join(".");
const awsKey = ["AKIA", "Z7Q2M4K8P1R5T9W3"].join("");

describe("redact", () => {
  it("says what it hid by kind, in the text and in the counts", async () => {
    expect(await redact(`user=svc password=hunter2 mail=ada@example.com token ${jwt}`)).toEqual({
      text: "user=svc password=[redacted:password] mail=[redacted:email] token [redacted:jwt]",
      kinds: { password: 1, email: 1, jwt: 1 },
    });
  });

  it("gives an untouched text back with no kinds", async () => {
    expect(await redact("token expired for client storefront")).toEqual({
      text: "token expired for client storefront",
      kinds: {},
    });
    expect(await redact("")).toEqual({ text: "", kinds: {} });
  });

  it("keeps the host of a connection string and of a URL", async () => {
    expect(await clean("dial postgres://svc:s3cret-pw@db1.shop.internal:5432/shop")).toBe(
      "dial postgres://svc:[redacted:connection-string]@db1.shop.internal:5432/shop",
    );
    expect(await clean("https://ci:n3xus-pw@nexus.example.test/repo")).toBe(
      "https://ci:[redacted:url-password]@nexus.example.test/repo",
    );
  });

  it("names a secret by its format when both the format and the key are known", async () => {
    expect(await clean(`AWS_ACCESS_KEY_ID=${awsKey}`)).toBe("AWS_ACCESS_KEY_ID=[redacted:aws-access-key]");
    expect(await clean(`token: ${jwt}`)).toBe("token: [redacted:jwt]");
  });

  it("hides all of an AWS secret key, though the rule set's own range ends too early", async () => {
    const key = "q7Hs2".repeat(8);
    expect(await clean(`aws_secret_access_key = "${key}"`)).toBe('aws_secret_access_key = "[redacted:aws-secret-key]"');
  });

  it("hides a private key line by line, also in a diff and also cut off", async () => {
    const body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
    const [begin, end] = ["BEGIN", "END"].map((side) => `-----${side} PRIVATE KEY-----`);
    expect(await clean(`+tls.key: |\n+  ${begin}\n+  ${body}\n+  ${body}\n+  ${end}\n context`)).toBe(
      `+tls.key: |\n+  ${begin}\n+  [redacted:private-key]\n+  [redacted:private-key]\n+  ${end}\n context`,
    );
    expect(await redact(`${begin}\n${body}\n${body}\n... and 12 more lines`)).toEqual({
      text: `${begin}\n[redacted:private-key]\n[redacted:private-key]\n... and 12 more lines`,
      kinds: { "private-key": 1 },
    });
  });

  it("hides both sides of a diff and keeps its shape", async () => {
    const diff = "@@ -1,3 +1,3 @@\n db:\n-  password: hunter2\n+  password: Hunter3\n   host: db1\n";
    expect(await clean(diff)).toBe(
      "@@ -1,3 +1,3 @@\n db:\n-  password: [redacted:password]\n+  password: [redacted:password]\n   host: db1\n",
    );
  });

  it("hides the values of a Kubernetes Secret whatever their keys, and of no other manifest", async () => {
    const data = (kind: string) => `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: x\ndata:\n  mode: ZmFzdA==\n`;
    expect(await clean(data("Secret"))).toContain("  name: x\ndata:\n  mode: [redacted:kubernetes-secret]\n");
    expect(await clean(data("ConfigMap"))).toBe(data("ConfigMap"));
  });

  it("cannot be switched off by what it reads", async () => {
    expect(
      await clean("secretlint-disable\npassword=hunter2\n# secretlint-disable-line password=hunter2"),
    ).not.toContain("hunter2");
    expect(await clean("password=[redacted:none]hunter2")).toBe("password=[redacted:password]");
  });

  it("takes only card numbers with a network, a length and a check digit for cards", async () => {
    expect(await clean("card 4242 4242 4242 4242 declined")).toBe("card [redacted:card-number] declined");
    for (const other of [
      "card 4242 4242 4242 4243",
      "ts=1772358000000000",
      "trace_id=4242424242424242",
      "v4242424242424242",
    ]) {
      expect(await clean(other)).toBe(other);
    }
  });

  it("tells the id of an IAM statement from the id of a session, which is random", async () => {
    for (const sid of ["ListRanges", "AllowS3ReadForShipping", "Stmt1416650441000", "EnableIAMUserPermissions"]) {
      for (const text of [`sid = "${sid}"`, `{"Sid": "${sid}"}`]) expect(await clean(text)).toBe(text);
      expect((await redactDeep({ Sid: sid })).value).toEqual({ Sid: sid });
    }
    let readable = 0;
    for (let i = 0; i < 3000; i++) {
      const digest = createHash("sha256")
        .update(`${i}`)
        .digest(i % 3 === 0 ? "hex" : "base64url");
      const session = digest.slice(0, 20 + (i % 20));
      if ((await clean(`sid = "${session}"`)).includes(session)) readable++;
    }
    // Of the ids of 20 characters, which are the shortest in use, one may happen to look like a name.
    expect(readable).toBeLessThanOrEqual(1);
  });

  it("leaves evidence receipts, commits, digests and ids alone", async () => {
    const hex = fc.stringMatching(/^[0-9a-f]{7,40}$/);
    const instant = fc.date({ noInvalidDate: true, min: new Date("2000-01-01"), max: new Date("2099-12-31") });
    const receipt = fc.stringMatching(/^[lmrhg][A-Za-z0-9_-]{16}$/);
    await fc.assert(
      fc.asyncProperty(hex, receipt, fc.uuid(), instant, async (sha, id, uuid, at) => {
        const text = `[${id}] commit ${sha} trace.id=${uuid} at ${at.toISOString()} ${at.getTime()} evidence: ${id}, ${id}`;
        expect(await clean(text)).toBe(text);
      }),
    );
  });

  it("changes nothing the second time, whatever stands next to what", async () => {
    const piece = fc.oneof(
      fc.constantFrom(...positives.map(({ text }) => text)),
      fc.constantFrom(...negatives),
      fc.constantFrom(
        "password=",
        "token: ",
        '"',
        "'",
        "[redacted:jwt]",
        "[redacted:",
        "]",
        "@",
        "://",
        "Bearer ",
        ",",
        ";",
        "\\",
      ),
      fc.string(),
    );
    const texts = fc.tuple(fc.array(piece, { minLength: 1, maxLength: 5 }), fc.constantFrom("", " ", "\n", ",", "&"));
    await fc.assert(
      fc.asyncProperty(texts, async ([pieces, joint]) => {
        const text = pieces.join(joint);
        const once = await clean(text);
        expect(await clean(once)).toBe(once);
        expect(once.split("\n")).toHaveLength(text.split("\n").length);
      }),
      { numRuns: 400 },
    );
  });

  it("finds a secret wherever in a text it stands", async () => {
    const found = [`password=hunter2-9`, `Authorization: Bearer ${jwt}`, awsKey, "postgres://svc:s3cret-pw@db1/x"];
    const secrets = ["hunter2-9", jwt, awsKey, "s3cret-pw"];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...negatives), fc.constantFrom(...negatives), fc.nat(3), async (a, b, i) => {
        const text = await clean(`${a}\n${found[i]}\n${b}`);
        expect(text).not.toContain(secrets[i]);
      }),
    );
  });
});

describe("redactDeep", () => {
  it("redacts every string of a JSON value and counts them all", async () => {
    const value = { lines: ["password=hunter2", { at: 1, ok: true, none: null, mail: "ada@example.com" }] };
    expect(await redactDeep(value)).toEqual({
      value: { lines: ["password=[redacted:password]", { at: 1, ok: true, none: null, mail: "[redacted:email]" }] },
      kinds: { password: 1, email: 1 },
    });
    expect(value.lines[0]).toBe("password=hunter2");
  });

  it("knows a secret by the key it stands under, and leaves keys alone", async () => {
    const value = { db: { password: "swordfish", host: "db1" }, "ada@example.com": 1, tokens: 3, password: "" };
    expect((await redactDeep(value)).value).toEqual({
      db: { password: "[redacted:password]", host: "db1" },
      "ada@example.com": 1,
      tokens: 3,
      password: "",
    });
  });

  it("gives any other JSON value back as it was", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ stringUnit: "grapheme-ascii", maxDepth: 3 }), async (value) => {
        const once = await redactDeep(value);
        expect((await redactDeep(once.value)).value).toEqual(once.value);
        if (Object.keys(once.kinds).length === 0) expect(once.value).toEqual(value);
      }),
    );
  });
});
