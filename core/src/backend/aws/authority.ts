import { readFileSync } from "node:fs";
import { ConfigError } from "../../errors.ts";

/** The PEM text behind AWS_CA_BUNDLE, which the AWS tools read too; undefined when it is not set. Throws ConfigError. */
export function authorityOf(env: NodeJS.ProcessEnv): string | undefined {
  const file = env["AWS_CA_BUNDLE"];
  if (!file) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError(
      `AWS_CA_BUNDLE: cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`,
    );
  }
}
