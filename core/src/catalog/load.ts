import { readFile } from "node:fs/promises";
import { CatalogError, ConfigError } from "../errors.ts";
import { Catalog, catalogReader } from "./catalog.ts";

/** Reads the catalog from a file. Errors name the variable that led to it. */
export async function loadCatalog(file: string): Promise<Catalog> {
  const catalog = await openCatalog(file);
  catalog.check();
  return catalog;
}

/**
 * Opens the catalog in a file, whose text is there but is parsed on first use or by `check`. What is wrong with it is a
 * ConfigError then.
 */
export async function openCatalog(file: string): Promise<Catalog> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new ConfigError(
      `cannot read the catalog ${file} (${(error as NodeJS.ErrnoException).code ?? "unknown error"}); set ONCALL_CATALOG`,
    );
  }
  const read = await catalogReader(text, file);
  return new Catalog(() => {
    try {
      return read();
    } catch (error) {
      if (error instanceof CatalogError) throw new ConfigError(error.message);
      throw error;
    }
  });
}
