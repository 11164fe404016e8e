import type { Person } from "./upstreams.ts";

const person = (name: string): Person => ({
  name,
  email: `${name
    .toLowerCase()
    .replace(/[^a-z]+/g, ".")
    .replace(/^\.|\.$/g, "")}@skerry.example`,
});

export const PEOPLE = {
  booking: [person("Ingrid Solheim"), person("Tomasz Wrona"), person("Leila Haddad")],
  pricing: [person("Oskar Lindqvist"), person("Priya Raman"), person("Mei Tanaka")],
  platform: [person("Ruben Aasen"), person("Sofia Marques"), person("Jonas Eide")],
  payments: [person("Amara Nwosu"), person("Erik Bakken")],
} as const;

export const CI: Person = { name: "skerry-ci", email: "ci@skerry.example" };
