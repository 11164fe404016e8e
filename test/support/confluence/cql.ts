/**
 * The part of the Confluence Query Language that the double understands, by the documentation of its fields and operators:
 * https://developer.atlassian.com/server/confluence/cql-fields/ and /cql-operators/. What it does not understand it refuses, as
 * Confluence does, so that a query that is wrong cannot pass.
 */
export interface Searched {
  readonly id: string;
  readonly type: string;
  readonly space: string;
  readonly title: string;
  readonly labels: readonly string[];
  /** All that can be read on the page. */
  readonly text: string;
  readonly created: number;
  readonly lastmodified: number;
}

export class CqlError extends Error {
  override readonly name = "CqlError";
}

interface Token {
  readonly kind: "word" | "string" | "sign";
  readonly text: string;
}

const LEXEME = /\s+|"((?:[^"\\]|\\.)*)"|(!=|!~|[=~(),])|([\w~.-]+)/y;

function tokensOf(cql: string): Token[] {
  const tokens: Token[] = [];
  LEXEME.lastIndex = 0;
  while (LEXEME.lastIndex < cql.length) {
    const at = LEXEME.lastIndex;
    const match = LEXEME.exec(cql);
    if (!match) throw new CqlError(`Could not parse cql : ${cql.slice(at, at + 40)}`);
    const [, string, sign, word] = match;
    if (string !== undefined) tokens.push({ kind: "string", text: string.replace(/\\(.)/g, "$1") });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
  }
  return tokens;
}

/** How well a page matches: undefined for not at all. */
type Match = (page: Searched) => number | undefined;
export interface Query {
  readonly match: Match;
  readonly order: ((a: Searched, b: Searched) => number) | undefined;
}

const stem = (word: string) => (word.length > 3 ? word.replace(/s$/, "") : word);
const wordsOf = (text: string) => (text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).map(stem);

/** A page's words, made once. */
const known = new WeakMap<Searched, { readonly title: readonly string[]; readonly text: readonly string[] }>();
function wordsIn(page: Searched) {
  const words = known.get(page) ?? { title: wordsOf(page.title), text: wordsOf(`${page.title} ${page.text}`) };
  known.set(page, words);
  return words;
}

/** As Lucene takes `~`: a phrase in quotes, else every word. */
function contains(words: readonly string[], value: string): number | undefined {
  const phrase = /^"(.*)"$/s.exec(value)?.[1];
  if (phrase === undefined && /[+\-&|!(){}[\]^"~*?:\\/]/.test(value)) throw new CqlError(`Could not parse ${value}`);
  const wanted = wordsOf(phrase ?? value);
  if (wanted.length === 0) return undefined;
  if (phrase === undefined) {
    const counts = wanted.map((word) => words.filter((one) => one === word).length);
    return counts.every((count) => count > 0) ? counts.reduce((sum, count) => sum + Math.log1p(count), 0) : undefined;
  }
  const at = words.findIndex((_, index) => wanted.every((word, offset) => words[index + offset] === word));
  return at < 0 ? undefined : 2 * wanted.length;
}

function clause(field: string, operator: string, values: readonly string[]): Match {
  const [value = ""] = values;
  const negated = operator === "!=" || operator === "not in" || operator === "!~";
  const one = (page: Searched): number | undefined => {
    if (operator === "~" || operator === "!~") {
      if (field !== "title" && field !== "text") throw new CqlError(`field ${field} does not support ${operator}`);
      return contains(wordsIn(page)[field], value);
    }
    const fields: Readonly<Record<string, readonly string[]>> = {
      id: [page.id],
      type: [page.type],
      space: [page.space],
      title: [page.title],
      label: page.labels,
    };
    const having = fields[field];
    if (!having) throw new CqlError(`No field exists with name: ${field}`);
    return values.some((wanted) => having.some((own) => own.toLowerCase() === wanted.toLowerCase())) ? 0 : undefined;
  };
  return negated ? (page) => (one(page) === undefined ? 0 : undefined) : one;
}

/** Reads a query. `spaces` are those there are: another one is refused. */
export function parseCql(cql: string, spaces: ReadonlySet<string>): Query {
  const tokens = tokensOf(cql);
  let at = 0;
  const peek = (text: string) => tokens[at]?.kind !== "string" && tokens[at]?.text.toLowerCase() === text;
  const take = (text: string): boolean => {
    if (!peek(text)) return false;
    at++;
    return true;
  };
  const expect = (text: string) => {
    if (!take(text)) throw new CqlError(`Could not parse cql : expected ${text} at ${tokens[at]?.text ?? "the end"}`);
  };
  const next = (): Token => {
    const token = tokens[at++];
    if (!token) throw new CqlError("Could not parse cql : it ends early");
    return token;
  };
  const any = (): Match => {
    const parts = [all()];
    while (take("or")) parts.push(all());
    return (page) => {
      const scores = parts.flatMap((part) => part(page) ?? []);
      return scores.length === 0 ? undefined : scores.reduce((sum, score) => sum + score, 0);
    };
  };
  const all = (): Match => {
    const parts = [single()];
    while (take("and")) parts.push(single());
    return (page) => {
      let sum = 0;
      for (const part of parts) {
        const score = part(page);
        if (score === undefined) return undefined;
        sum += score;
      }
      return sum;
    };
  };
  const single = (): Match => {
    if (take("not")) {
      const inner = single();
      return (page) => (inner(page) === undefined ? 0 : undefined);
    }
    if (take("(")) {
      const inner = any();
      expect(")");
      return inner;
    }
    const field = next().text.toLowerCase();
    const operator = take("not") ? `not ${next().text.toLowerCase()}` : next().text.toLowerCase();
    const values: string[] = [];
    if (operator === "in" || operator === "not in") {
      expect("(");
      do values.push(next().text);
      while (take(","));
      expect(")");
    } else if (["=", "!=", "~", "!~"].includes(operator)) values.push(next().text);
    else throw new CqlError(`Could not parse cql : ${operator}`);
    const unknown = field === "space" ? values.find((key) => !spaces.has(key.toLowerCase())) : undefined;
    if (unknown !== undefined) throw new CqlError(`The value '${unknown}' does not exist for the field 'space'.`);
    return clause(field, operator, values);
  };
  const match = any();
  const order = orderOf(() => take("order") && take("by"), next, take);
  if (at < tokens.length) throw new CqlError(`Could not parse cql : ${tokens[at]?.text}`);
  return { match, order };
}

function orderOf(given: () => boolean, next: () => Token, take: (text: string) => boolean): Query["order"] {
  if (!given()) return undefined;
  const field = next().text.toLowerCase();
  if (field !== "created" && field !== "lastmodified") throw new CqlError(`cannot order by ${field}`);
  const sign = take("desc") ? -1 : 1;
  take("asc");
  return (a, b) => sign * (a[field] - b[field]);
}
