/** A reference to an entity, `[kind:][namespace/]name`. Backstage compares all three without regard to case. */
export interface Reference {
  readonly kind: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Reads `component:default/payments`, `resource:orders-db`, `team-a/payments` or `payments`; all in lower case. */
export function readReference(text: string): Reference {
  const [, kind, namespace, name = text] = /^(?:([^:/\s]+):)?(?:([^:/\s]+)\/)?([^:/\s]+)$/.exec(text.trim()) ?? [];
  return { kind: kind?.toLowerCase(), namespace: namespace?.toLowerCase(), name: name.toLowerCase() };
}

/** `component:default/payments`, in lower case: an entity's identity. */
export const identity = (kind: string, namespace: string, name: string): string =>
  `${kind}:${namespace}/${name}`.toLowerCase();
