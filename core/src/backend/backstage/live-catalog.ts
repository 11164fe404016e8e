import { Catalog } from "../../catalog/catalog.ts";
import type { CatalogContents } from "../../catalog/contents.ts";
import { readEntities } from "../../catalog/read-entities.ts";
import { CatalogError, ConfigError } from "../../errors.ts";
import { CouldNotLook } from "../../outcome.ts";
import type { Secret } from "../../secret.ts";
import { type HttpClient, httpClient } from "../http/client.ts";
import type { HttpRefusal } from "../http/failure.ts";
import { bareAddress } from "../variables.ts";
import { readBackstage } from "./read-entities.ts";

/** How old what was read may be when it is used, in milliseconds; older, it is read again beside the use. */
export const MAX_AGE_MS = 10 * 60_000;
/** After a reading that failed, the next is tried no sooner than this, in milliseconds. */
const MIN_PAUSE_MS = 60_000;
/** One reading may take this long, in milliseconds, however many pages it has. */
const MAX_READ_MS = 30_000;
const API = "/api/catalog";

export interface BackstageAccess {
  /** Address of the backend, with or without `/api/catalog`. */
  readonly url: string;
  readonly token?: Secret | undefined;
  /** PEM of the authorities to trust. */
  readonly ca?: string | undefined;
  /** For tests: milliseconds, monotonic. */
  readonly clock?: () => number;
}

const VARIABLES = { url: "ONCALL_CATALOG", credentials: "ONCALL_CATALOG_TOKEN", ca: "ONCALL_CATALOG_CA_FILE" };

/**
 * The catalog of a Backstage, read whole at the start. When it is used and what was read is older than {@link MAX_AGE_MS}, it is read again
 * beside that use; where that fails, the last good one is kept and its problems say so. Between uses nothing is asked.
 *
 * @throws ConfigError when it cannot be read at the start, or shows no service
 */
export async function openLiveCatalog(access: BackstageAccess): Promise<Catalog> {
  const { clock = () => performance.now() } = access;
  const address = addressOf(access.url);
  const name = `Backstage at ${address.href.replace(/\/+$/, "")}`;
  const read = async (): Promise<CatalogContents> => {
    const http = clientFor(address, name, access);
    try {
      const entities = await readBackstage(http, name, AbortSignal.timeout(MAX_READ_MS));
      return checked(readEntities([entities], name, { lenient: true }), name, access.token !== undefined);
    } finally {
      http.close();
    }
  };
  let held: CatalogContents;
  try {
    held = await read();
  } catch (error) {
    if (error instanceof CouldNotLook || error instanceof CatalogError) throw new ConfigError(error.message);
    throw error;
  }
  let readAt = clock();
  let triedAt = readAt;
  let isReading = false;
  const refresh = async (): Promise<void> => {
    isReading = true;
    triedAt = clock();
    try {
      held = await read();
      readAt = clock();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const minutes = Math.round((clock() - readAt) / 60_000);
      held = { ...held, stale: `the catalog is ${minutes} min old, since it could not be read again: ${why}` };
    } finally {
      isReading = false;
    }
  };
  return new Catalog(() => {
    const now = clock();
    if (!isReading && now - readAt > MAX_AGE_MS && now - triedAt > MIN_PAUSE_MS) void refresh();
    return held;
  });
}

function addressOf(text: string): URL {
  const url = bareAddress("ONCALL_CATALOG", text);
  const path = url.pathname.replace(/\/+$/, "");
  url.pathname = path.endsWith(API) ? path : `${path}${API}`;
  return url;
}

function clientFor(url: URL, name: string, { token, ca }: BackstageAccess): HttpClient {
  return httpClient({
    ...{ name, url, variables: VARIABLES, explain: explainRefusal(name, token !== undefined) },
    headers: () => (token ? { authorization: `Bearer ${token.reveal()}` } : {}),
    ...(ca === undefined ? {} : { ca }),
  });
}

const GRANT =
  "a static token of backend.auth.externalAccess, whose accessRestrictions allow the plugin catalog and catalog.entity.read";

function explainRefusal(name: string, hasToken: boolean): (refusal: HttpRefusal) => CouldNotLook | undefined {
  return ({ status }) => {
    if (status !== 401 && status !== 403) return undefined;
    const cure = `set ONCALL_CATALOG_TOKEN to ${GRANT}`;
    const what =
      status === 403
        ? "does not let this token read the catalog"
        : hasToken
          ? "did not accept the token"
          : "wants a token";
    return new CouldNotLook("forbidden", `${name} ${what} (${status})`, { cure });
  };
}

/** Backstage's permissions leave out what may not be read, and say nothing: an empty catalog is not one to work with. */
function checked(contents: CatalogContents, name: string, hasToken: boolean): CatalogContents {
  if (contents.entries.some(({ kind }) => kind === "service")) return contents;
  const cure = hasToken ? `check that its token is ${GRANT}` : `set ONCALL_CATALOG_TOKEN to ${GRANT}`;
  throw new CatalogError(`${name} shows no Component: it has none, or none may be read; ${cure}`);
}
