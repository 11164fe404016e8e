// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ODD = /[\u0000-\u001f\u007f-\u009f"\\\u200b-\u200f\u202a-\u202e\u2060-\u206f]/;

/** A path as it may stand in text: quoted as JSON when it could break a line or look like something else. */
export function shownPath(path: string): string {
  return ODD.test(path) ? JSON.stringify(path) : path;
}
