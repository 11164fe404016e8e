import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { canonical, Signed } from "../../../agent-host/src/sign/statement.ts";
import { environment, oncall, PEAK, triage } from "../../e2e/oncall.ts";

const run = promisify(execFile);

/** A report of this installation, and its public key as somebody outside has it. */
async function made() {
  const { out, env, code } = await triage(PEAK, {
    args: ["--engine", "rules", "--quiet", "--transport", "in-process"],
  });
  expect(code).toBe(0);
  const folder = await mkdtemp(join(tmpdir(), "oncall-outside-"));
  const publicKey = join(folder, "public.pem");
  const printed = await oncall(["key"], env);
  await writeFile(publicKey, printed.stdout);
  return { report: join(out, "report.json"), log: join(out, "audit.jsonl"), env, folder, publicKey };
}

let own: Awaited<ReturnType<typeof made>>;
beforeAll(async () => {
  own = await made();
});

/** Somebody outside: a home of their own, without any key of ours. */
const outside = () => environment({ ONCALL_EVIDENCE_KEY: undefined });

describe("a report's signature", () => {
  it("can be checked by whoever has the public key and nothing else", async () => {
    const { code, stdout, stderr } = await oncall(
      ["verify", own.report, "--public-key", own.publicKey],
      await outside(),
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/as it was signed at \S+ with key \S{43}; every quote stands in its evidence/);
  });

  it("can be checked by another program: it is Ed25519 over the canonical form of the statement", async () => {
    const { signed } = JSON.parse(await readFile(own.report, "utf8")) as { signed: unknown };
    const { statement, signature } = Signed.parse(signed);
    const [message, bytes] = [join(own.folder, "statement"), join(own.folder, "signature")];
    await writeFile(message, canonical(statement));
    await writeFile(bytes, Buffer.from(signature, "base64url"));
    const args = ["pkeyutl", "-verify", "-pubin", "-inkey", own.publicKey, "-rawin", "-in", message, "-sigfile", bytes];
    expect((await run("openssl", args)).stdout).toContain("Verified Successfully");
  });

  it("does not hold when one word of the report was changed", async () => {
    const changed = join(own.folder, "changed.json");
    await writeFile(
      changed,
      (await readFile(own.report, "utf8"))
        .replace('"outcome": "', '"outcome": "likely_cause_')
        .replace("likely_cause_inconclusive", "likely_cause"),
    );
    const { code, stderr } = await oncall(["verify", changed, "--public-key", own.publicKey], await outside());
    expect(code).toBe(3);
    expect(stderr).toContain("the report is not the one that was signed");
  });

  it("of another key is told as that", async () => {
    const other = await made();
    const { code, stderr } = await oncall(["verify", own.report, "--public-key", other.publicKey], await outside());
    expect(code).toBe(3);
    expect(stderr).toMatch(/it is signed with key \S{43}, which is none of the 1 given/);
  });

  it("stays valid after the key was changed, by the public keys that oncall key prints", async () => {
    const old = await made();
    expect((await oncall(["key", "rotate"], old.env)).code).toBe(0);
    const keys = join(old.folder, "keys.pem");
    const printed = (await oncall(["key"], old.env)).stdout;
    await writeFile(keys, printed);
    expect(printed.match(/BEGIN PUBLIC KEY/g)).toHaveLength(2);
    expect((await oncall(["verify", old.report, "--public-key", keys], await outside())).code).toBe(0);
  });
});

describe("a report of another installation", () => {
  it("is told in one line, with what checks it, and no key is made", async () => {
    const env = await outside();
    const { code, stderr } = await oncall(["verify", own.report], env);
    expect(code).toBe(3);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain("made with another installation's evidence key; check its signature");
    expect((await oncall(["verify", own.report], env)).stderr).toBe(stderr);
  });
});

describe("an audit log's signed head", () => {
  it("is in the log, and can be checked from outside", async () => {
    const { code, stdout } = await oncall(["audit", "verify", own.log, "--public-key", own.publicKey], await outside());
    expect(code).toBe(0);
    expect(stdout).toContain("its signed head is in it");
  });

  it("shows that the end of the log was cut off", async () => {
    const cut = await made();
    const lines = (await readFile(cut.log, "utf8")).trimEnd().split("\n");
    await writeFile(cut.log, `${lines.slice(0, -1).join("\n")}\n`);
    const { code, stderr } = await oncall(["audit", "verify", cut.log], cut.env);
    expect(code).toBe(3);
    expect(stderr).toContain("its end was cut off");
  });

  it("is asked for when a public key is given", async () => {
    const copy = join(own.folder, "copy.jsonl");
    await appendFile(copy, await readFile(own.log));
    const { code, stderr } = await oncall(["audit", "verify", copy, "--public-key", own.publicKey], own.env);
    expect(code).toBe(3);
    expect(stderr).toContain("nothing says where the log ended");
  });
});
