import { ConfigError } from "@oncall-copilot/core";

/** A secret of Secrets Manager, with the key in its JSON if it holds several, as ECS writes it: `arn:…:secret:NAME-SUFFIX:KEY::`. */
const SECRET = /^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+)(?::([\w.-]*))?(?:::)?$/;
const SUFFIX = "_ARN";

interface Wanted {
  readonly name: string;
  readonly secret: string;
  readonly key: string;
}

/**
 * The environment with each `NAME_ARN` that names a secret read into `NAME`, so that no secret stands in a function's
 * configuration. Each secret is fetched once. Needs secretsmanager:GetSecretValue on them.
 *
 * @throws ConfigError that names the variable and the secret, and never what is in it
 */
export async function fillSecrets(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const wanted = Object.entries(env).flatMap(([variable, value]): Wanted[] => {
    const [, secret, key = ""] = (variable.endsWith(SUFFIX) && SECRET.exec(value ?? "")) || [];
    return secret === undefined ? [] : [{ name: variable.slice(0, -SUFFIX.length), secret, key }];
  });
  if (wanted.length === 0) return env;
  const { GetSecretValueCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
  const region = env["AWS_REGION"];
  const endpoint = env["ONCALL_SECRETS_ENDPOINT"];
  const client = new SecretsManagerClient({ ...(region ? { region } : {}), ...(endpoint ? { endpoint } : {}) });
  const fetched = new Map<string, Promise<string>>();
  const textOf = (secret: string): Promise<string> => {
    const known = fetched.get(secret);
    if (known) return known;
    const text = client
      .send(new GetSecretValueCommand({ SecretId: secret }))
      .then(({ SecretString = "" }) => SecretString);
    fetched.set(secret, text);
    return text;
  };
  const filled = await Promise.all(
    wanted.map(async (one): Promise<[string, string]> => {
      const text = await textOf(one.secret).catch((error: unknown) => {
        const why = error instanceof Error ? error.name : "unknown error";
        throw new ConfigError(`${one.name}${SUFFIX}: the secret ${one.secret} could not be read (${why})`);
      });
      return [one.name, valueIn(text, one)];
    }),
  );
  client.destroy();
  return { ...env, ...Object.fromEntries(filled) };
}

function valueIn(text: string, { name, secret, key }: Wanted): string {
  const value = key === "" ? text : memberOf(text, key);
  if (value) return value;
  const what = key === "" ? "is empty" : `has no text under "${key}"`;
  throw new ConfigError(`${name}${SUFFIX}: the secret ${secret} ${what}`);
}

function memberOf(text: string, key: string): string | undefined {
  try {
    const value = (JSON.parse(text) as Readonly<Record<string, unknown>> | null)?.[key];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
