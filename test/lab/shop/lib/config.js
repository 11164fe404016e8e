/** Settings come from the environment alone; the manifests under deploy/ set it. */

export function number(name, fallback) {
  const text = process.env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (Number.isNaN(value)) throw new Error(`${name} must be a number, not "${text}"`);
  return value;
}

export function text(name, fallback) {
  const value = process.env[name] ?? fallback;
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

export function flag(name, fallback = false) {
  return text(name, fallback ? "true" : "false") === "true";
}
