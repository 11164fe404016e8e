/**
 * Takes what we ask out of GitHub's published GraphQL schema, with the arguments, inputs and types as they stand there. The whole
 * schema is 1.5 MB and so no part of this project. To take in a newer one, in a folder of your own:
 *
 *     npm pack @octokit/graphql-schema@15.26.1
 *     tar xzf octokit-graphql-schema-*.tgz
 *     npx tsx test/support/github/graphql/extract.ts FOLDER/package
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DefinitionNode, Kind, parse, print, visit } from "graphql";

/** Fields that are kept, by type; of inputs all are. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Mutation: ["markPullRequestReadyForReview"],
  MarkPullRequestReadyForReviewPayload: ["clientMutationId", "pullRequest"],
  PullRequest: ["id", "number", "isDraft", "headRefOid", "headRefName", "state", "closed", "merged", "url"],
  Query: ["id", "node"],
  Node: ["id"],
};
const WHOLE = ["MarkPullRequestReadyForReviewInput", "PullRequestState", "GitObjectID", "URI"];

function kept(definition: DefinitionNode): DefinitionNode[] {
  if (!("name" in definition) || !definition.name) return [];
  const { value: name } = definition.name;
  if (WHOLE.includes(name)) return [definition];
  const fields = FIELDS[name];
  if (!fields) return [];
  if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [];
  const own = (definition.fields ?? []).filter((field) => fields.includes(field.name.value));
  const interfaces = (definition.interfaces ?? []).filter((one) => one.name.value in FIELDS);
  return [{ ...definition, fields: own, interfaces }];
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("give the folder of the unpacked package");
const whole = parse(readFileSync(join(folder, "schema.graphql"), "utf8"));
const document = visit(
  { ...whole, definitions: whole.definitions.flatMap(kept) },
  { enter: (node) => ("description" in node ? { ...node, description: undefined, directives: [] } : undefined) },
);
const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
const from = [
  "# Taken out of GitHub's published GraphQL schema by extract.ts, without descriptions.",
  `# Package: @octokit/graphql-schema@${version}`,
  "# Licence: MIT, Copyright (c) GitHub 2025; https://github.com/octokit/graphql-schema",
];
writeFileSync(join(import.meta.dirname, "github.graphql"), `${from.join("\n")}\n\n${print(document)}\n`);
