import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Random } from "../../random.ts";
import { SERVICES, type ServiceFacts } from "../estate/estate.ts";
import type { Happening, Scenario } from "../scenario.ts";
import { INNOCENTS, type Innocent } from "./innocent.ts";
import { gitopsFiles, START_TAG, tagFile } from "./manifests.ts";
import { pastCommits, undoPast } from "./past.ts";
import { CI, PEOPLE } from "./people.ts";
import { type Commit, type Edit, type Person, Upstream } from "./upstreams.ts";

export const GITOPS = "skerry/deploy";
const CODE = ["booking", "pricing", "platform-go", "platform-libs"];
const TEMPLATES = path.join(import.meta.dirname, "..", "repos");
const DAY = 86_400_000;
const SECOND = 1000;

/** A roll-out that is going to happen, with what it carries. */
export interface PlannedRollout {
  readonly service: string;
  readonly at: number;
  /** Place of its commit in the GitOps repository. */
  readonly place: number;
  readonly tag: string;
  readonly by: string;
  readonly happening?: Happening;
  readonly innocent?: Innocent;
}

export interface Plan {
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly rollouts: readonly PlannedRollout[];
  readonly culprit: { readonly repository: string; readonly id: string } | undefined;
  readonly culpritRollout: PlannedRollout | undefined;
  /** Commits around the fault that have nothing to do with it. */
  readonly decoys: readonly string[];
}

interface ToCommit {
  readonly repository: string;
  readonly commit: Commit;
  readonly culprit?: boolean;
  readonly decoy?: boolean;
}

interface ToRollOut {
  readonly service: string;
  readonly at: number;
  /** Of the commit to the GitOps repository. */
  readonly committedAt: number;
  readonly config?: {
    readonly author: Person;
    readonly message: string;
    readonly edits: readonly Edit[];
    readonly culprit: boolean;
  };
  readonly happening?: Happening;
  readonly innocent?: Innocent;
}

/** Everything that is committed and rolled out before and around a fault, as real repositories in `folder`. */
export async function makePlan(scenario: Scenario, faultAt: number, random: Random, folder: string): Promise<Plan> {
  const { commits, rollouts } = gather(scenario, faultAt, random);
  const upstreams = new Map<string, Upstream>();
  const first = { at: Math.floor((faultAt - 71 * DAY) / 1000) * 1000, author: PEOPLE.platform[0], message: "move in" };
  const known: { repository: string; place: number; culprit: boolean; decoy: boolean }[] = [];
  for (const name of CODE) {
    const repository = `skerry/${name}`;
    const upstream = new Upstream(repository, undoPast(repository, await readTree(path.join(TEMPLATES, name))), first);
    upstreams.set(repository, upstream);
    const mine = commits.filter((one) => one.repository === repository).sort((a, b) => a.commit.at - b.commit.at);
    for (const { commit, culprit = false, decoy = false } of mine) {
      known.push({ repository, place: upstream.commit(commit), culprit, decoy });
    }
    await upstream.bundle(path.join(folder, "repos", `${repository}.bundle`));
  }
  const gitops = new Upstream(GITOPS, gitopsFiles(), { ...first, at: first.at + 3600 * SECOND });
  upstreams.set(GITOPS, gitops);
  const done: PlannedRollout[] = [];
  for (const one of rollouts.sort((a, b) => a.committedAt - b.committedAt)) {
    const facts = factsOf(one.service);
    const tag = one.config ? lastTag(done, one.service) : tagOf(facts, upstreams, one, done);
    const commit = one.config
      ? { at: one.committedAt, author: one.config.author, message: one.config.message, edits: one.config.edits }
      : bump(facts, tag, gitops, one.committedAt);
    const place = gitops.commit(commit);
    if (one.config)
      known.push({ repository: GITOPS, place, culprit: one.config.culprit, decoy: one.innocent !== undefined });
    else if (one.innocent !== undefined) known.push({ repository: GITOPS, place, culprit: false, decoy: true });
    const { happening, innocent } = one;
    done.push({
      ...{ service: one.service, at: one.at, place, tag, by: "argocd-application-controller" },
      ...(happening ? { happening } : {}),
      ...(innocent ? { innocent } : {}),
    });
  }
  await gitops.bundle(path.join(folder, "repos", `${GITOPS}.bundle`));
  const id = ({ repository, place }: { repository: string; place: number }) =>
    upstreams.get(repository)?.ids[place] ?? "";
  const culprit = known.find((one) => one.culprit);
  return {
    ...{ upstreams, rollouts: done.sort((a, b) => a.at - b.at) },
    culprit: culprit && { repository: culprit.repository, id: id(culprit) },
    culpritRollout: done.find(({ happening }) => happening !== undefined && isCulprit(happening)),
    decoys: known.filter(({ decoy }) => decoy).map(id),
  };
}

const isCulprit = (happening: Happening): boolean =>
  ("commits" in happening && happening.commits.some(({ culprit }) => culprit)) ||
  ("configure" in happening && happening.culprit === true);

export function factsOf(service: string): ServiceFacts {
  const facts = SERVICES.find(({ name }) => name === service);
  if (facts === undefined) throw new Error(`the estate has no service ${service}`);
  return facts;
}

const whole = (moment: number): number => Math.floor(moment / 1000) * 1000;

function gather(scenario: Scenario, faultAt: number, random: Random): { commits: ToCommit[]; rollouts: ToRollOut[] } {
  const commits: ToCommit[] = [];
  const rollouts: ToRollOut[] = SERVICES.map(({ name }, index) => ({
    ...{
      service: name,
      at: faultAt - 70 * DAY + index * 90_000,
      committedAt: whole(faultAt - 70 * DAY + index * 90_000 - 40_000),
    },
  }));
  for (const { repository, commit, release } of pastCommits(faultAt, random.fork("past"))) {
    commits.push({ repository, commit: { ...commit, at: whole(commit.at) } });
    if (release) rollouts.push({ ...release, committedAt: whole(release.at - random.integer(30, 80) * SECOND) });
  }
  const unused = random.shuffle(INNOCENTS.filter(({ edits }) => !clashes(edits, scenario)));
  for (const happening of scenario.happenings) {
    if ("act" in happening) continue;
    const at = faultAt + happening.at * SECOND;
    const committedAt = whole(at - random.integer(25, 55) * SECOND);
    const team = (service: string) => PEOPLE[factsOf(service).owner as keyof typeof PEOPLE];
    if ("innocent" in happening) {
      const index = unused.findIndex(({ service }) => service === happening.innocent);
      const [innocent] = unused.splice(index < 0 ? 0 : index, 1);
      if (innocent === undefined) continue;
      const { service, message, edits } = innocent;
      const author = random.pick(team(service));
      if (innocent.config)
        rollouts.push({ service, at, committedAt, innocent, config: { author, message, edits, culprit: false } });
      else {
        const pushed = whole(at - random.integer(230, 420) * SECOND);
        commits.push({
          repository: factsOf(service).repository,
          commit: { at: pushed, author, message, edits },
          decoy: true,
        });
        rollouts.push({ service, at, committedAt, innocent });
      }
    } else if ("release" in happening) {
      const service = happening.release;
      let pushed = at - random.integer(240, 380) * SECOND;
      for (const { repository, message, edits, culprit = false } of [...happening.commits].reverse()) {
        const home = repository ?? factsOf(service).repository;
        const author = random.pick(service === "" ? PEOPLE.pricing : team(service));
        commits.push({ repository: home, commit: { at: whole(pushed), author, message, edits }, culprit });
        pushed -= random.integer(6, 34) * 60 * SECOND;
      }
      if (service !== "") rollouts.push({ service, at, committedAt, happening });
    } else {
      const { configure: service, message, edits, culprit = false } = happening;
      rollouts.push({
        service,
        at,
        committedAt,
        happening,
        config: { author: random.pick(team(service)), message, edits, culprit },
      });
    }
  }
  return { commits, rollouts };
}

/** Whether an innocent change touches a text that the scenario's own changes need. */
function clashes(edits: readonly Edit[], { happenings }: Scenario): boolean {
  const own = happenings.flatMap((one) =>
    "commits" in one ? one.commits.flatMap((commit) => commit.edits) : "edits" in one ? one.edits : [],
  );
  return edits.some((edit) =>
    own.some(
      (other) =>
        other.path === edit.path &&
        "from" in edit &&
        "from" in other &&
        (edit.from.includes(other.from) || other.from.includes(edit.from)),
    ),
  );
}

function tagOf(
  facts: ServiceFacts,
  upstreams: ReadonlyMap<string, Upstream>,
  { service, committedAt }: ToRollOut,
  done: readonly PlannedRollout[],
): string {
  if (facts.repository === GITOPS) return "v1.32.3";
  const upstream = upstreams.get(facts.repository);
  const id = upstream?.ids[upstream.headAt(committedAt)] ?? "0".repeat(40);
  const date = new Date(committedAt);
  const week = Math.ceil((committedAt - Date.UTC(date.getUTCFullYear(), 0, 1)) / (7 * DAY));
  const before = done.filter(
    (one) => one.service === service && one.tag.startsWith(`${date.getUTCFullYear()}.${week}.`),
  ).length;
  return `${date.getUTCFullYear()}.${week}.${before + 1}-${id.slice(0, 7)}`;
}

const lastTag = (done: readonly PlannedRollout[], service: string): string =>
  done.findLast((one) => one.service === service)?.tag ?? START_TAG;

function bump(facts: ServiceFacts, tag: string, gitops: Upstream, at: number): Commit {
  const file = tagFile(facts);
  const from = /(?:tag|newTag): "[^"]+"/.exec(gitops.read(file))?.[0] ?? "";
  const to = `${from.split(":")[0]}: "${tag}"`;
  return { at, author: CI, message: `${facts.name} ${tag}`, edits: [{ path: file, from, to }] };
}

async function readTree(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const read = files.sort().map(async (file) => [path.relative(folder, file), await readFile(file, "utf8")] as const);
  return new Map(await Promise.all(read));
}
