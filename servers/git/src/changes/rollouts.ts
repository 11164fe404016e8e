import type { Rollout } from "../deployments.ts";
import { OBJECT_ID } from "../git/object-id.ts";
import type { Commit } from "../store.ts";
import { commitsOfImages } from "./image-commits.ts";
import type { Home } from "./repositories.ts";

/** A roll-out with what the history says of it. */
export interface KnownRollout extends Rollout {
  /** Full id of its revision; as recorded when the history does not know it. */
  readonly revision: string;
  /** Revision that the service ran before, undefined when none is recorded. */
  readonly before: string | undefined;
  /** How its revision relates to the one before: newer, the same, older, or not to be told. */
  readonly kind: "forward" | "same" | "back" | "first" | "unknown";
  /** What it brought (or, when it went back, took away) of the service's own and of shared files, newest first. */
  readonly commits: readonly Commit[];
}

/** Tells what each roll-out of one repository's services brought, asking the repository each thing once. */
export class RolloutReader {
  readonly #home: Home;
  readonly #landed: readonly Commit[];
  /** The newest of them, each the first parent of the one before. */
  readonly #line: readonly Commit[];
  readonly #signal: AbortSignal;
  readonly #ids = new Map<string, Promise<string | undefined>>();
  readonly #ranges = new Map<string, Promise<readonly Commit[]>>();

  /** `landed`: what came onto the branch in the window, newest first. */
  constructor(home: Home, landed: readonly Commit[], signal: AbortSignal) {
    this.#home = home;
    this.#landed = landed;
    const broken = landed.findIndex(
      ({ parents }, index) => index < landed.length - 1 && parents[0] !== landed[index + 1]?.sha,
    );
    this.#line = broken < 0 ? landed : landed.slice(0, broken + 1);
    this.#signal = signal;
  }

  async read(told: Rollout, toldBefore: Rollout | undefined): Promise<KnownRollout> {
    const rollout = await this.#atHome(told);
    const previous = toldBefore && (await this.#atHome(toldBefore));
    if (rollout.origin !== undefined) {
      const kind = previous?.revision === rollout.revision ? "same" : "unknown";
      return { ...rollout, before: previous?.revision, kind, commits: [] };
    }
    const revision = await this.#id(rollout.revision);
    const before = previous && (await this.#id(previous.revision));
    const known = { ...rollout, revision: revision ?? rollout.revision, before: before ?? previous?.revision };
    if (revision === undefined || (previous && before === undefined)) return { ...known, kind: "unknown", commits: [] };
    if (before === undefined) return { ...known, kind: "first", commits: this.#own(this.#upTo(revision), rollout) };
    if (before === revision) return { ...known, kind: "same", commits: [] };
    const brought = await this.#range(before, revision);
    if (brought.length > 0) return { ...known, kind: "forward", commits: this.#own(brought, rollout) };
    return { ...known, kind: "back", commits: this.#own(await this.#range(revision, before), rollout) };
  }

  /**
   * A roll-out whose revision is from another repository, such as one of manifests, by the commit of this one that its images are
   * named after; as it was told when they are not.
   */
  async #atHome(rollout: Rollout): Promise<Rollout> {
    if (rollout.origin === undefined) return rollout;
    const { fullName } = this.#home.repository;
    if (fullName !== undefined && rollout.repository === fullName) {
      const { origin: _, ...here } = rollout;
      return here;
    }
    for (const id of commitsOfImages(rollout.images)) {
      const revision = await this.#id(id);
      if (revision === undefined) continue;
      const { origin, ...rest } = rollout;
      return { ...rest, revision, others: [`revision ${rollout.revision} of ${origin}`, ...(rollout.others ?? [])] };
    }
    return rollout;
  }

  /** Of the commits in a range, those with the service's own files or files that no service owns. */
  #own(commits: readonly Commit[], { service }: Rollout): Commit[] {
    return commits.filter((commit) => {
      const touched = this.#home.touched(commit);
      return touched.includes(service) || (touched.length === 0 && this.#home.concerns(commit));
    });
  }

  /** Without a roll-out before, what landed in the window is all that can be called new. */
  #upTo(revision: string): readonly Commit[] {
    const index = this.#landed.findIndex(({ sha }) => sha === revision);
    return index < 0 ? [] : this.#landed.slice(index);
  }

  #id(revision: string): Promise<string | undefined> {
    const known = this.#ids.get(revision);
    if (known) return known;
    const { repository, head } = this.#home;
    const found = OBJECT_ID.test(revision)
      ? repository.identify(revision, head, this.#signal)
      : Promise.resolve(undefined);
    this.#ids.set(revision, found);
    return found;
  }

  /** The same from what is known already, when both ends are in the unbroken line of what landed. */
  #within(base: string, tip: string): readonly Commit[] | undefined {
    const to = this.#line.findIndex(({ sha }) => sha === tip);
    const from = this.#line.findIndex(({ sha }) => sha === base);
    const beforeAll = this.#line.at(-1)?.parents[0] === base;
    if (to < 0 || (from < 0 && !beforeAll)) return undefined;
    return this.#line.slice(to, from < 0 ? undefined : Math.max(from, to));
  }

  #range(base: string, tip: string): Promise<readonly Commit[]> {
    const key = `${base}..${tip}`;
    const known = this.#ranges.get(key);
    if (known) return known;
    const near = this.#within(base, tip);
    const found = near
      ? Promise.resolve(near)
      : this.#home.repository.between(base, tip, this.#signal).then(({ items }) => items);
    this.#ranges.set(key, found);
    return found;
  }
}
