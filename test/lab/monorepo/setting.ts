import type { Edit } from "./edit.ts";

/** A change of one environment variable in a service's manifest. */
export function setting(service: string, name: string, before: string | number, after: string | number): Edit {
  const line = (value: string | number): string => `- name: ${name}\n              value: "${value}"`;
  return { path: `deploy/${service}.yaml`, find: line(before), replace: line(after) };
}

/** A change of one value in a ConfigMap that several services read. */
export function shared(config: string, name: string, before: string | number, after: string | number): Edit {
  const line = (value: string | number): string => `${name}: "${value}"`;
  return { path: `deploy/config/${config}.yaml`, find: line(before), replace: line(after) };
}
