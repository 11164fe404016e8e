import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Random } from "../random.ts";

interface ClientKey {
  readonly key: string;
  readonly version: number;
  readonly withdrawnAt: string | null;
}

const DATABASE = /-db$/;

/** The secrets of the cluster, as pods and resources get to see them. */
export class Secrets {
  readonly #directory: string;
  readonly #random: Random;
  readonly #values = new Map<string, Record<string, string>>();
  readonly #validUntil = new Map<string, Date>();
  readonly #keys = new Map<string, ClientKey[]>();

  constructor(directory: string, random: Random) {
    this.#directory = path.join(directory, "secrets");
    this.#random = random;
    mkdirSync(this.#directory, { recursive: true });
  }

  /** Where Secrets are mounted: one file each, rewritten when they change. */
  get directory(): string {
    return this.#directory;
  }

  /** What resources know of who may use them. */
  get credentialsFile(): string {
    return path.join(this.#directory, "credentials.json");
  }

  /** Makes sure that there is a secret of this name. */
  provide(name: string): void {
    if (this.#values.has(name)) return;
    const key = this.#random.hex(24);
    this.#values.set(name, DATABASE.test(name) ? { username: name.replace(DATABASE, "_rw"), password: key } : { key });
    this.#keys.set(name, [{ key, version: 12, withdrawnAt: null }]);
    this.publish();
  }

  /** What a pod that starts now gets in its environment. */
  value(name: string, key: string): string {
    const value = this.#values.get(name)?.[key];
    if (value === undefined) throw new Error(`no key ${key} in the secret ${name}`);
    return value;
  }

  /** From this moment on the credential is refused. */
  expire(name: string, at: Date): void {
    this.#validUntil.set(name, at);
    this.publish();
  }

  /** A new version; the one before is withdrawn at a moment. */
  rotate(name: string, withdrawnAt: Date): number {
    const key = this.#random.hex(24);
    const old = (this.#keys.get(name) ?? []).map((one) => ({ ...one, withdrawnAt: withdrawnAt.toISOString() }));
    const version = (old.at(-1)?.version ?? 0) + 1;
    this.#values.set(name, { key });
    this.#keys.set(name, [...old, { key, version, withdrawnAt: null }]);
    this.publish();
    return version;
  }

  publish(): void {
    const credentials: Record<string, unknown> = {};
    for (const [name, value] of this.#values) {
      const authorization = value["key"] ?? `${value["username"]}:${value["password"]}`;
      const validUntil = this.#validUntil.get(name)?.toISOString() ?? null;
      credentials[name] = [{ user: value["username"] ?? "shop", authorization, validUntil }];
      replaceFile(path.join(this.#directory, `${name}.json`), { keys: this.#keys.get(name) });
    }
    replaceFile(this.credentialsFile, credentials);
  }
}

function replaceFile(file: string, content: unknown): void {
  writeFileSync(`${file}.new`, JSON.stringify(content));
  renameSync(`${file}.new`, file);
}
