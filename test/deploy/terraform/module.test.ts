import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Hcl, MODULE, readHcl } from "./hcl.ts";
import { RESOURCES, refusals } from "./provider-schema.ts";

let module: Hcl;
beforeAll(async () => {
  module = await readHcl(MODULE);
});

const all = () =>
  [module.resource, module.data].flatMap((kinds) =>
    Object.entries(kinds).flatMap(([type, named]) =>
      Object.entries(named).flatMap(([name, bodies]) => bodies.map((body) => ({ type, name, body }))),
    ),
  );

describe("the Terraform module", () => {
  it("gives every resource what the provider's published schema knows, and all that it requires", () => {
    expect(all().length).toBeGreaterThan(15);
    const wrong = all().flatMap(({ type, name, body }) => {
      const schema = RESOURCES[type];
      return schema ? refusals(schema, body, `${type}.${name}`) : [`${type} is unknown`];
    });
    expect(wrong).toEqual([]);
  });

  it("refuses what the schema does not know: the check can fail", () => {
    const queue = RESOURCES["aws_sqs_queue"];
    const mapping = RESOURCES["aws_lambda_event_source_mapping"];
    if (!queue || !mapping) throw new Error("not in the schema");
    expect(refusals(queue, { visibility_timeout: 1 }, "q")).toEqual(["q.visibility_timeout is unknown"]);
    expect(refusals(mapping, { scaling_config: [{ maximum: 2 }] }, "m")).toEqual([
      "m.scaling_config.maximum is unknown",
      "m.function_name is missing",
    ]);
  });

  it("reads of other resources only what they have", () => {
    const read = [...module.text.matchAll(/\b(aws_\w+)\.(\w+)(?:\[[^\]]*\])?\.(\w+)/g)].filter(
      ([, type = ""]) => type in RESOURCES,
    );
    expect(read.length).toBeGreaterThan(10);
    const unknown = read.flatMap(([text, type = "", name = "", member = ""]) => {
      const schema = RESOURCES[type];
      const has = schema && (member in schema.attributes || member in (schema.computed ?? {}));
      const isThere = name in (module.resource[type] ?? {}) || name in (module.data[type] ?? {});
      return has && isThere ? [] : [text];
    });
    expect(unknown).toEqual([]);
  });

  it("says of every variable what it is and of which type, and of every output what it is", () => {
    const mute = Object.entries(module.variable).flatMap(([name, [body]]) =>
      body?.["type"] && body["description"] ? [] : [name],
    );
    const outputs = Object.entries(module.output).flatMap(([name, [body]]) => (body?.["description"] ? [] : [name]));
    expect([mute, outputs]).toEqual([[], []]);
    const unused = Object.keys(module.variable).filter((name) => !new RegExp(`var\\.${name}\\b`).test(module.text));
    expect(unused).toEqual([]);
  });

  it("tells of every variable and output in its README", async () => {
    const readme = await readFile(join(MODULE, "README.md"), "utf8");
    const names = [...Object.keys(module.variable), ...Object.keys(module.output)];
    expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  it("keeps a message invisible for six times as long as its function may take", () => {
    const [queue] = module.resource["aws_sqs_queue"]?.["this"] ?? [];
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's
    expect(queue?.["visibility_timeout_seconds"]).toBe("${each.value * 6}");
    const locals = Object.assign({}, ...module.locals) as Readonly<Record<string, unknown>>;
    expect(locals["timeouts"]).toEqual({ alert: 30, triage: 900, slack: 10 });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's
    expect(locals["queues"]).toEqual({ alerts: "${local.timeouts.alert}", wake: "${local.timeouts.triage}" });
  });
});
