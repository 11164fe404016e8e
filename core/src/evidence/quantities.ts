/** What a figure is of, beyond its unit: a quantile of a distribution, or a class of HTTP status codes. */
export interface Quantity {
  readonly kind: "quantile" | "status";
  /** The quantile from 0 to 1, or the class's first digit. */
  readonly value: number;
}

const QUANTITY =
  /(?<![a-z0-9])(?:p(?<p>\d{2}(?:\.\d{1,3})?|\d{3})|quantile[^a-z0-9]{1,3}(?<share>0?\.\d{1,4})|(?<th>\d{2}(?:\.\d{1,3})?)(?:th)?[ _-]percentile|(?<class>[1-5])xx|(?:status|code|http(?:\/[\d.]{1,3})?)[^a-z0-9]{1,3}(?<code>[1-5])\d{2})(?![a-z0-9])/g;

/** Every quantile (`p99`, `latency_p99_seconds`, `quantile="0.95"`) and class of status codes (`5xx`, `status=503`) that a text names. */
export function quantitiesIn(text: string): Quantity[] {
  return [...text.toLowerCase().matchAll(QUANTITY)].flatMap(({ groups }): Quantity[] => {
    const { p, share, th, class: named, code } = groups ?? {};
    if (p !== undefined) return [{ kind: "quantile", value: p.length === 3 ? Number(p) / 1000 : Number(p) / 100 }];
    if (share !== undefined) return [{ kind: "quantile", value: Number(share) }];
    if (th !== undefined) return [{ kind: "quantile", value: Number(th) / 100 }];
    const status = named ?? code;
    return status === undefined ? [] : [{ kind: "status", value: Number(status) }];
  });
}

export const sameQuantity = (a: Quantity, b: Quantity): boolean =>
  a.kind === b.kind && Math.abs(a.value - b.value) < 1e-9;
