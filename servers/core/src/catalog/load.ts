import { readFile } from "node:fs/promises";
import { ConfigError } from "../config/environment.ts";
import { type Catalog, CatalogError, parseCatalog } from "./catalog.ts";

/** Reads the catalog from a file. Errors name the variable that led to it. */
export async function loadCatalog(file: string): Promise<Catalog> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new ConfigError(
      `cannot read the catalog ${file} (${(error as NodeJS.ErrnoException).code ?? "unknown error"}); set ONCALL_CATALOG`,
    );
  }
  try {
    return await parseCatalog(text, file);
  } catch (error) {
    if (error instanceof CatalogError) throw new ConfigError(error.message);
    throw error;
  }
}
