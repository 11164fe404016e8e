/** Those who commit to the shop. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

function person(name: string): Person {
  return { name, email: `${name.toLowerCase().replace(/[^a-z]+/g, ".")}@northwind.example` };
}

export const PEOPLE = {
  ada: person("Ada Lindqvist"),
  bruno: person("Bruno Castellani"),
  chidi: person("Chidi Okafor"),
  dana: person("Dana Weiss"),
  emre: person("Emre Yildiz"),
  farah: person("Farah Siddiqui"),
  goran: person("Goran Petrov"),
  hana: person("Hana Mori"),
  ines: person("Ines Duarte"),
} as const;

export type PersonId = keyof typeof PEOPLE;
