/** Code units below this are told apart; all others match no keyword. */
const ASCII = 128;
/** A group is told at most this many places; with more, its rule looks at the whole text. */
const MAX_PLACES = 64;

/**
 * Which of many groups of keywords occur in a text, found in one pass over it (Aho and Corasick, 1975). Upper and lower case
 * are one. Keywords are ASCII. It takes one step for each character, however many keywords there are.
 */
export class KeywordIndex {
  /** The class of each ASCII character: the same for both cases, 0 for those that are in no keyword. */
  readonly #classes = new Uint8Array(ASCII);
  readonly #width: number;
  /** From a state and a class to the next state. */
  readonly #next: Uint16Array;
  /** The groups that a keyword which ends in a state belongs to. */
  readonly #groups: (readonly number[] | undefined)[];

  constructor(groups: readonly (readonly string[])[]) {
    const characters = [...new Set(groups.flat().join("").toLowerCase())];
    for (const [i, character] of characters.entries()) {
      const code = character.charCodeAt(0);
      if (code >= ASCII) throw new RangeError(`keywords are ASCII, and ${JSON.stringify(character)} is not`);
      this.#classes[code] = i + 1;
      this.#classes[character.toUpperCase().charCodeAt(0)] = i + 1;
    }
    this.#width = characters.length + 1;
    const trie = new Trie(this.#width, groups.flat().join("").length + 1);
    for (const [group, keywords] of groups.entries())
      for (const keyword of keywords) trie.add(this.#codes(keyword.toLowerCase()), group);
    this.#next = trie.close();
    this.#groups = trie.groups.map((set) => (set.size > 0 ? [...set] : undefined));
  }

  #codes = (keyword: string): number[] =>
    Array.from(keyword, (character) => this.#classes[character.charCodeAt(0)] ?? 0);

  /** For each group with a keyword in the text, where its keywords end; undefined where there are too many to tell. */
  find(text: string): Map<number, number[] | undefined> {
    // Locals, since this loop is run for every character that anybody is shown.
    const [classes, next, width, groups] = [this.#classes, this.#next, this.#width, this.#groups];
    const found = new Map<number, number[] | undefined>();
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const step = code < ASCII ? (classes[code] ?? 0) : 0;
      state = step === 0 ? 0 : (next[state * width + step] ?? 0);
      const here = groups[state];
      if (here) for (const group of here) note(found, group, i + 1);
    }
    return found;
  }
}

function note(found: Map<number, number[] | undefined>, group: number, end: number): void {
  if (!found.has(group)) found.set(group, [end]);
  const places = found.get(group);
  if (places === undefined || places.at(-1) === end) return;
  if (places.length >= MAX_PLACES) found.set(group, undefined);
  else places.push(end);
}

class Trie {
  readonly groups: Set<number>[] = [new Set()];
  readonly #next: Uint16Array;
  readonly #width: number;

  constructor(width: number, states: number) {
    this.#width = width;
    this.#next = new Uint16Array(states * width);
  }

  add(codes: readonly number[], group: number): void {
    let state = 0;
    for (const code of codes) {
      const at = state * this.#width + code;
      if (this.#next[at] === 0) {
        this.#next[at] = this.groups.length;
        this.groups.push(new Set());
      }
      state = this.#next[at] ?? 0;
    }
    this.groups[state]?.add(group);
  }

  /** The table of steps with those for what does not go on: to the longest end of the text so far that is some keyword's start. */
  close(): Uint16Array {
    const [next, width] = [this.#next, this.#width];
    const fallback = new Uint16Array(this.groups.length);
    const queue = [0];
    for (let at = 0; at < queue.length; at++) {
      const state = queue[at] ?? 0;
      const back = fallback[state] ?? 0;
      for (const group of this.groups[back] ?? []) this.groups[state]?.add(group);
      for (let code = 1; code < width; code++) {
        const child = next[state * width + code] ?? 0;
        const otherwise = state === 0 ? 0 : (next[back * width + code] ?? 0);
        if (child === 0) next[state * width + code] = otherwise;
        else {
          fallback[child] = otherwise;
          queue.push(child);
        }
      }
    }
    return next;
  }
}
