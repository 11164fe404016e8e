import { chmod, mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format, inspect } from "node:util";
import { loadEvidenceKey, Secret } from "@oncall-copilot/core";
import { commonVariables, readEnvironment, secret } from "@oncall-copilot/core/server";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const VALUE = "correct horse battery staple";

describe("a secret", () => {
  it("prints as *** everywhere, and is given back only when revealed", () => {
    const value = new Secret(VALUE);
    const printed = [
      `${value}`,
      String(value),
      JSON.stringify({ value }),
      inspect({ value }),
      format("%s %o %j", value, value, value),
      inspect(new Error("x", { cause: value })),
    ];
    for (const text of printed) {
      expect(text).not.toContain("horse");
      expect(text).toContain("***");
    }
    expect(Object.keys(value)).toEqual([]);
    expect(value.reveal()).toBe(VALUE);
  });
});

describe("the environment", () => {
  const schema = z.object({
    ...commonVariables,
    TEST_TOKEN: secret().describe("token of the test"),
    TEST_SIZE: z.coerce.number().optional(),
  });

  it("is read with secrets wrapped, from a file when NAME_FILE is set", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "oncall-")), "token");
    await writeFile(file, `${VALUE}\n`);
    expect(readEnvironment(schema, { TEST_TOKEN: VALUE }).TEST_TOKEN.reveal()).toBe(VALUE);
    expect(readEnvironment(schema, { TEST_TOKEN_FILE: file }).TEST_TOKEN.reveal()).toBe(VALUE);
  });

  it("that is wrong names the variable, and never its value", () => {
    expect(() => readEnvironment(schema, {})).toThrow("TEST_TOKEN");
    expect(() => readEnvironment(schema, { TEST_TOKEN: VALUE, TEST_SIZE: VALUE })).toThrow(/^TEST_SIZE: (?!.*horse)/);
    expect(() => readEnvironment(schema, { TEST_TOKEN_FILE: "/nowhere" })).toThrow(
      "TEST_TOKEN_FILE: cannot read /nowhere (ENOENT)",
    );
  });
});

describe("the evidence key", () => {
  it("is made once with mode 0600, also when many servers start at once", async () => {
    const home = await mkdtemp(join(tmpdir(), "oncall-"));
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadEvidenceKey({ HOME: home })));
    const [first] = keys;
    expect(keys.every((key) => first?.equals(key))).toBe(true);
    const file = join(home, ".config/oncall-copilot/evidence.key");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file, "utf8")).trim()).toBe(first?.reveal());
  });

  it("that others can read is refused with the cure", async () => {
    const home = await mkdtemp(join(tmpdir(), "oncall-"));
    await loadEvidenceKey({ HOME: home });
    const file = join(home, ".config/oncall-copilot/evidence.key");
    await chmod(file, 0o644);
    await expect(loadEvidenceKey({ HOME: home })).rejects.toThrow(`chmod 600 ${file}`);
  });

  it("from the environment must be 64 hex digits", async () => {
    await expect(loadEvidenceKey({ ONCALL_EVIDENCE_KEY: "short" })).rejects.toThrow("64 hex digits");
  });
});
