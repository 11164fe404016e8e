import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

/** Prefix of the actions of each of AWS' clients. */
const SERVICES: Readonly<Record<string, string>> = {
  "@aws-sdk/client-cloudwatch": "cloudwatch",
  "@aws-sdk/client-dynamodb": "dynamodb",
  "@aws-sdk/client-kms": "kms",
  "@aws-sdk/client-secrets-manager": "secretsmanager",
  "@aws-sdk/client-sqs": "sqs",
};

/** The actions that the files call through AWS' clients: `new GetItemCommand(…)` of a file that loads client-dynamodb is dynamodb:GetItem. */
export function actionsCalledIn(files: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const file of files) {
    const text = readFileSync(join(ROOT, file), "utf8");
    const clients = [...text.matchAll(/"(@aws-sdk\/client-[\w-]+)"/g)].map(([, name = ""]) => name);
    const commands = [...text.matchAll(/\bnew (?:\w+\.)?([A-Z]\w+?)Command\(/g)].map(([, name = ""]) => name);
    if (commands.length === 0) continue;
    const sent = commands.map((name) => (name === "Send" ? "SendMessage" : name));
    for (const client of new Set(clients)) {
      const service = SERVICES[client];
      if (!service) throw new Error(`${file} loads ${client}, of which this list knows no service`);
      for (const name of sent) found.add(`${service}:${name}`);
    }
  }
  return [...found].sort();
}
