/** A place of a stack trace: which file, in which function, at which line. */
export interface Frame {
  /** As the trace writes it. */
  readonly path: string;
  readonly line: number | undefined;
  readonly functionName: string | undefined;
}

/** `main.go:38`, `/app/src/cart.js:120:15`, `Bar.java:12`. */
const PLACE = /([\w@./\\-]*\w\.[A-Za-z]{1,5}):(\d+)(?::\d+)?/g;
/** Python's `File "/app/x.py", line 3, in total`; Ruby's and PHP's are like the first. */
const PYTHON = /File "([^"\n]+)", line (\d+)(?:, in ([\w<>]+))?/g;
/** The last name before a place: `at sortHits (`, `middleware.(*Limiter).Allow(`, `com.foo.Bar.baz(`. */
const BEFORE = /([\p{L}_$][\p{L}\p{N}_$]*)\s*\(?$/u;

/** The frames that a text shows, in its order, each once. Hosts with a port (`10.0.0.1:80`, `db.local:5432`) are no files. */
export function framesIn(text: string): Frame[] {
  const found = [
    ...[...text.matchAll(PYTHON)].map(
      ([, path = "", line, functionName]): Frame => ({ path, line: Number(line), functionName }),
    ),
    ...[...text.matchAll(PLACE)].flatMap((match): Frame[] => {
      const [, path = "", line] = match;
      if (!SOURCE.test(path)) return [];
      const before =
        text
          .slice(Math.max(0, match.index - 120), match.index)
          .split("\n")
          .pop() ?? "";
      return [{ path, line: Number(line), functionName: BEFORE.exec(before)?.[1] }];
    }),
  ];
  const seen = new Set<string>();
  return found.filter(({ path, line, functionName }) => {
    const key = `${path}:${line}:${functionName}`;
    return !seen.has(key) && seen.add(key);
  });
}

const SOURCE =
  /\.(?:[cm]?[jt]sx?|go|py|java|kt|kts|rb|rs|scala|php|cs|cc?|cpp|cxx|h|hpp|swift|exs?|lua|pl|dart|groovy)$/;

/** Whether a trace's path is this file of the repository: they end alike, folder by folder, as far as both go. */
export function isSameFile(path: string, traced: string): boolean {
  const [own, told] = [path, traced].map((one) => one.replaceAll("\\", "/").split("/").filter(Boolean).reverse());
  if (!own || !told || own[0] !== told[0]) return false;
  const shared = own.findIndex((part, index) => part !== told[index]);
  const depth = shared < 0 ? own.length : shared;
  // One folder at least where the trace tells any, since every service has its main file.
  return told.length === 1 || depth >= 2;
}
