import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";

/** The module of deploy/terraform. */
export const MODULE = join(import.meta.dirname, "../../../deploy/terraform");

type Body = Readonly<Record<string, unknown>>;

/** A folder's HCL, as Terraform's own parser reads it: expressions stay text, `${…}`. */
export interface Hcl {
  readonly resource: Readonly<Record<string, Readonly<Record<string, readonly Body[]>>>>;
  readonly data: Readonly<Record<string, Readonly<Record<string, readonly Body[]>>>>;
  readonly variable: Readonly<Record<string, readonly Body[]>>;
  readonly output: Readonly<Record<string, readonly Body[]>>;
  readonly locals: readonly Body[];
  /** All of it, for what is searched and not read. */
  readonly text: string;
}

export async function readHcl(folder: string): Promise<Hcl> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".tf"));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  const text = texts.join("\n");
  const read = (await parse("module.tf", text)) as Partial<Hcl>;
  return { resource: {}, data: {}, variable: {}, output: {}, locals: [], ...read, text };
}
