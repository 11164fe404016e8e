/** `${VAR}`, `$VAR`, `{{ template }}`, `%s`, `<your password>`, `****`, `xxxx`, `...`, and whatever was redacted already. */
const STAND_IN = [
  // But not `${DB_PASSWORD:-hunter2}`, which brings the password along.
  /^\$\{(?!\w+:-?[^}\s?$]{3,})/,
  /^\$\(.*\)$/s,
  /^\$\(?\{?[A-Za-z_][\w.]*$/,
  /^\{\{.*|^\{%.*|^\{[\w.-]*\}$/s,
  /^%(?:\w|\(.*\)s|[A-Z_]+%)$/,
  /^<.*>?$/s,
  /^(.)\1*$/,
  /^\[?(?:redacted|masked|hidden|filtered|removed|secret|omitted)\]?$/i,
  /^(?:\[redacted:[a-z0-9-]+\]?)+$/,
  /^#\{.*/s,
  /^@[\w./-]+@$/,
];

/** Whether this stands where a secret would go without being one. */
export function isStandIn(value: string): boolean {
  return value === "" || value.startsWith("***") || value.endsWith("***") || STAND_IN.some((form) => form.test(value));
}
