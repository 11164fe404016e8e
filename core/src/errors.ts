/** Errors of configuration and input: the message says what is wrong and what would be right. */

/** The configuration is wrong or missing. The message names the variables and what they take. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** No backend is configured. `choices` are the variables that would each configure one, with what they take. */
export class NotConfigured extends ConfigError {
  readonly choices: Readonly<Record<string, string>>;

  constructor(server: string, choices: Readonly<Record<string, string>>) {
    const lines = Object.entries(choices).map(([name, what]) => `  ${name}  ${what}`);
    super(`${server} has no backend configured. Set one of:\n${lines.join("\n")}`);
    this.choices = choices;
  }
}

/** The catalog file is wrong. The message says where and what would be right. */
export class CatalogError extends Error {
  override readonly name = "CatalogError";
}

/** The payload is not an alert, or not a whole one. The message says what is wrong and what would be right. */
export class AlertError extends Error {
  override readonly name = "AlertError";
}
