// Writes provider-schema.json: what the provider publishes of the resources in use, out of npm's @cdktf/provider-aws (MPL-2.0).
//   npm pack @cdktf/provider-aws && tar xzf cdktf-provider-aws-*.tgz && node test/deploy/terraform/extract-schema.mjs package
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [folder] = process.argv.slice(2);
if (!folder) throw new Error("give the unpacked folder of @cdktf/provider-aws");
const IN_USE = [
  "cloudwatch-event-rule",
  "cloudwatch-event-target",
  "cloudwatch-log-group",
  "cloudwatch-metric-alarm",
  "data-aws-caller-identity",
  "dynamodb-table",
  "iam-role",
  "iam-role-policy",
  "lambda-event-source-mapping",
  "lambda-function",
  "lambda-function-url",
  "lambda-permission",
  "sns-topic-subscription",
  "sqs-queue",
  "sqs-queue-policy",
  "sqs-queue-redrive-allow-policy",
];

/** An interface's members: the provider's own name stands in the link to its documentation. */
const MEMBER =
  /\{@link \S+#(\w+) \w+#\w+\}\s*\*\/\s*readonly \w+(\??): (\{\s*\[key: string\]: [^;]+;\s*\}[^;]*|[^;]+);/g;

/** What can be read of a resource, and not only set: `this.getStringAttribute('arn')`. */
const READ = /this\.get(String|Number|Boolean|List|NumberMap|StringMap|BooleanMap)Attribute\('(\w+)'\)/g;

function typeOf(text) {
  const bare = text.replace(" | cdktf.IResolvable", "").trim();
  if (bare === "string") return "string";
  if (bare === "number") return "number";
  if (bare === "boolean") return "bool";
  if (bare === "string[]") return "list(string)";
  if (bare === "number[]") return "list(number)";
  if (/^\{\s*\[key: string\]: string/.test(bare)) return "map(string)";
  return null;
}

function membersOf(types, name) {
  const start = types.search(new RegExp(`export interface ${name}\\b`));
  if (start < 0) throw new Error(`no interface ${name}`);
  const body = types.slice(start, types.indexOf("\n}", start));
  const attributes = {};
  const blocks = {};
  for (const [, member, optional, text] of body.matchAll(MEMBER)) {
    const required = optional === "";
    const type = typeOf(text);
    if (type) attributes[member] = { type, required };
    else {
      const inner = text.replace(" | cdktf.IResolvable", "").trim();
      blocks[member] = { many: inner.endsWith("[]"), required, ...membersOf(types, inner.replace(/\[\]$/, "")) };
    }
  }
  return { attributes, blocks };
}

const resources = {};
for (const name of IN_USE) {
  const types = readFileSync(join(folder, "lib", name, "index.d.ts"), "utf8");
  const code = readFileSync(join(folder, "lib", name, "index.js"), "utf8");
  const type = /tfResourceType = "(\w+)"/.exec(code)[1];
  const config = /export interface (\w+Config) extends cdktf\.TerraformMetaArguments/.exec(types)[1];
  const own = membersOf(types, config);
  // The class of the resource itself comes last; before it, those of its blocks.
  const last = code.slice(code.lastIndexOf("extends cdktf.Terraform"));
  const computed = Object.fromEntries(
    [...last.matchAll(READ)]
      .filter(([, , member]) => !(member in own.attributes) && !(member in own.blocks))
      .map(([, kind, member]) => [
        member,
        { String: "string", Number: "number", Boolean: "bool", List: "list(string)" }[kind] ?? "map(string)",
      ]),
  );
  resources[type] = { ...own, computed };
}
const { version, license, cdktf } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const about = { from: `@cdktf/provider-aws ${version}`, license, provider: cdktf.provider };
const file = join(dirname(fileURLToPath(import.meta.url)), "provider-schema.json");
writeFileSync(file, `${JSON.stringify({ about, resources }, null, 1)}\n`);
