import { join } from "node:path";
import { type CatalogEntry, CouldNotLook, codeRepository, deployRepository } from "@oncall-copilot/core";
import type { Recording } from "@oncall-copilot/core/recording";
import { unpackBundle } from "./bundle.ts";
import { LocalRepository } from "./local-repository.ts";

interface Options {
  readonly recording: Recording;
  readonly branch: string;
  /** Where bundles are unpacked. */
  readonly workdir: string;
}

/**
 * The repositories of a recording that has several, as estates do that keep code and manifests apart: `repos/OWNER/NAME.bundle`
 * each. The catalog says which one a service's code lives in, and which one holds its manifests.
 */
export class RecordedRepositories {
  readonly #options: Options;
  readonly #open = new Map<string, Promise<LocalRepository>>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** The service's own. Throws `CouldNotLook` when the catalog names none, or the recording lacks it. */
  async repository(service: CatalogEntry): Promise<LocalRepository> {
    const slug = codeRepository(service);
    if (slug !== undefined) return this.#at(slug);
    throw new CouldNotLook(
      "not_recorded",
      `the catalog names no repository for ${service.name}; annotate it with github.com/project-slug: OWNER/NAME`,
    );
  }

  async deploying(service: CatalogEntry): Promise<LocalRepository | undefined> {
    const slug = deployRepository(service);
    return slug === undefined ? undefined : this.#at(slug);
  }

  /** Unpacked once, for every call; a failure is not kept, since its cause may be cured while the server lives. */
  #at(slug: string): Promise<LocalRepository> {
    const known = this.#open.get(slug);
    if (known) return known;
    const opened = this.#unpack(slug).catch((error: unknown) => {
      this.#open.delete(slug);
      throw error;
    });
    this.#open.set(slug, opened);
    return opened;
  }

  async #unpack(slug: string): Promise<LocalRepository> {
    const { recording, branch, workdir } = this.#options;
    const place = `${slug}.bundle`;
    const folder = recording.path("repositories") ?? "";
    const gitDir = await unpackBundle(join(folder, ...place.split("/")), workdir, new AbortController().signal, place);
    return new LocalRepository({
      ...{ gitDir, branch, fullName: slug, id: gitDir, name: slug },
      now: () => recording.asOf,
      holds: (entry) => codeRepository(entry) === slug || deployRepository(entry) === slug,
      url: (revision) => recording.url("repositories", `${slug}@${revision}`),
    });
  }
}
