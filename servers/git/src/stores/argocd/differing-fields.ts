/** A leaf that differs: keys and `[name]` of list items on the way to it. */
export interface Difference {
  readonly path: readonly string[];
  readonly desired: unknown;
  readonly live: unknown;
}

/** What the cluster writes by itself; and kubectl's copy of the whole resource, which would tell everything twice. */
const IGNORED: readonly (readonly string[])[] = [
  ["status"],
  ...["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"].map((key) => [
    "metadata",
    key,
  ]),
  ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"],
];
/** What tells the items of a list apart, in the order tried. */
const IDENTITIES = ["name", "mountPath", "containerPort", "port", "key", "topologyKey", "type"] as const;
/** An item with no more than this beside its name is told value by value also when one side lacks it. */
const SMALL_ITEM = 2;

type Members = Readonly<Record<string, unknown>>;
const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Every leaf that differs. With `onlyDesired`, what the desired state does not mention is passed over: the cluster fills in
 * defaults there.
 */
export function differences(desired: unknown, live: unknown, onlyDesired: boolean): Difference[] {
  const found: Difference[] = [];
  const compare = (a: unknown, b: unknown, path: readonly string[]): void => {
    if (IGNORED.some((one) => one.length === path.length && one.every((key, index) => key === path[index]))) return;
    if (a === undefined && onlyDesired) return;
    if (isMembers(a) && isMembers(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) compare(a[key], b[key], [...path, key]);
    } else if (Array.isArray(a) && Array.isArray(b)) compareLists(a, b, path);
    else if (JSON.stringify(a) !== JSON.stringify(b)) found.push(...told(a, b, path));
  };
  const compareLists = (a: readonly unknown[], b: readonly unknown[], path: readonly string[]): void => {
    const identity = IDENTITIES.find((key) => isKeyedBy(a, key) && isKeyedBy(b, key));
    if (identity === undefined) {
      if (a.length === b.length && [...a, ...b].every(isMembers)) {
        for (const [index, item] of a.entries()) compare(item, b[index], [...path, `[${index}]`]);
      } else if (JSON.stringify(a) !== JSON.stringify(b)) found.push({ path, desired: a, live: b });
      return;
    }
    const [mine, theirs] = [keyed(a, identity), keyed(b, identity)];
    for (const key of new Set([...mine.keys(), ...theirs.keys()])) {
      compare(mine.get(key), theirs.get(key), [...path, `[${key}]`]);
    }
  };
  compare(desired, live, []);
  return found;
}

const isKeyedBy = (list: readonly unknown[], key: string): boolean => {
  const names = list.map((item) => (isMembers(item) ? item[key] : undefined));
  return (
    names.every((name) => typeof name === "string" || typeof name === "number") && new Set(names).size === list.length
  );
};

const keyed = (list: readonly unknown[], key: string) =>
  new Map(list.map((item) => [String((item as Members)[key]), item]));

/** A small item of a list that only one side has, such as an environment variable, by what it holds beside its name. */
function told(desired: unknown, live: unknown, path: readonly string[]): Difference[] {
  const one = desired ?? live;
  const isItem = path.at(-1)?.startsWith("[") === true && (desired === undefined || live === undefined);
  if (!isItem || !isMembers(one)) return [{ path, desired, live }];
  const members = Object.keys(one).filter((key) => !IDENTITIES.some((identity) => identity === key));
  if (members.length === 0 || members.length > SMALL_ITEM) return [{ path, desired, live }];
  const at = (value: unknown, key: string) => (isMembers(value) ? value[key] : undefined);
  return members.map((key) => ({ path: [...path, key], desired: at(desired, key), live: at(live, key) }));
}
