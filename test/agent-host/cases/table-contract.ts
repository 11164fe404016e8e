import { beforeEach, describe, expect, it } from "vitest";
import { type CaseTable, MAX_ITEM_BYTES, type NewItem } from "../../../agent-host/src/cases/case-table.ts";

/** A clock that stands until it is moved: whole seconds, since DynamoDB's expiry knows no other. */
export class Clock {
  time = Date.parse("2026-11-30T10:00:00Z");
  now = (): number => this.time;
  pass(ms: number): void {
    this.time += ms;
  }
}

/** Gives a table whose items nobody else sees, and a second handle on the same items. */
export type OpenTables = (clock: Clock) => Promise<readonly [CaseTable, CaseTable]>;

/** What every table must do. */
export function tableContract(name: string, open: OpenTables): void {
  describe(`a table of cases in ${name}`, () => {
    let clock: Clock;
    let table: CaseTable;
    let other: CaseTable;
    const item = (sort: string, value = "{}", expiresAt: number | null = null): NewItem => ({
      partition: "p",
      sort,
      value,
      expiresAt,
    });
    const key = (sort: string) => ({ partition: "p", sort });

    beforeEach(async () => {
      clock = new Clock();
      [table, other] = await open(clock);
    });

    it("gives back what was put, to whoever else reads the same table", async () => {
      expect(await table.read(key("a"))).toBeNull();
      expect(await table.write([{ kind: "put", item: item("a", '{"Zürich":"雨 ☂"}') }])).toBe(true);
      expect(await other.read(key("a"))).toMatchObject({
        ...item("a", '{"Zürich":"雨 ☂"}'),
        version: expect.any(String),
      });
    });

    it("creates an item once, however many try at once", async () => {
      const tries = Array.from({ length: 8 }, (_, index) =>
        (index % 2 ? table : other).write([{ kind: "create", item: item("a", String(index)) }]),
      );
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    });

    it("replaces the version that was read and no other", async () => {
      await table.write([{ kind: "create", item: item("a", "1") }]);
      const first = await table.read(key("a"));
      const version = first?.version ?? "";
      const tries = ["2", "3", "4"].map((value) => table.write([{ kind: "replace", item: item("a", value), version }]));
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
      expect(await other.write([{ kind: "replace", item: item("a", "5"), version }])).toBe(false);
      expect((await table.read(key("a")))?.value).not.toBe("5");
      expect(await table.write([{ kind: "replace", item: item("none"), version }])).toBe(false);
    });

    it("removes an item, or only the version that was read", async () => {
      await table.write([{ kind: "put", item: item("a") }]);
      expect(await table.write([{ kind: "remove", key: key("a"), version: "another" }])).toBe(false);
      const version = (await table.read(key("a")))?.version ?? "";
      expect(await table.write([{ kind: "remove", key: key("a"), version }])).toBe(true);
      expect(await table.read(key("a"))).toBeNull();
      expect(await table.write([{ kind: "remove", key: key("a"), version: null }])).toBe(true);
    });

    it("writes in order, and nothing after the first that is refused", async () => {
      await table.write([{ kind: "put", item: item("b") }]);
      const done = await table.write([
        { kind: "put", item: item("a") },
        { kind: "create", item: item("b") },
        { kind: "put", item: item("c") },
      ]);
      expect(done).toBe(false);
      expect(await table.read(key("c"))).toBeNull();
    });

    it("lists a partition by sort key, from, below, backwards and so many", async () => {
      for (const sort of ["b", "a", "d", "c"]) await table.write([{ kind: "put", item: item(sort) }]);
      await table.write([{ kind: "put", item: { ...item("e"), partition: "another" } }]);
      const sorts = async (options?: Parameters<CaseTable["range"]>[1]) =>
        (await table.range("p", options)).map(({ sort }) => sort).join("");
      expect(await sorts()).toBe("abcd");
      expect(await sorts({ descending: true })).toBe("dcba");
      expect(await sorts({ from: "b" })).toBe("bcd");
      expect(await sorts({ below: "c" })).toBe("ab");
      expect(await sorts({ from: "b", below: "d" })).toBe("bc");
      expect(await sorts({ limit: 2, descending: true })).toBe("dc");
      expect(await sorts({ from: "b", below: "d", limit: 1, descending: true })).toBe("c");
      expect(await table.range("none")).toEqual([]);
    });

    it("lists more than fits into one answer of DynamoDB's, which is a megabyte", async () => {
      const value = "x".repeat(300_000);
      for (const sort of ["1", "2", "3", "4", "5"]) await table.write([{ kind: "put", item: item(sort, value) }]);
      expect((await table.range("p")).map(({ sort }) => sort)).toEqual(["1", "2", "3", "4", "5"]);
    });

    it("holds an item of the largest size", async () => {
      const value = "x".repeat(MAX_ITEM_BYTES);
      await table.write([{ kind: "put", item: item("a", value) }]);
      expect((await table.read(key("a")))?.value.length).toBe(MAX_ITEM_BYTES);
    });

    it("shows nothing that has expired, and lets it be created again", async () => {
      await table.write([{ kind: "put", item: item("a", "old", clock.now() + 5_000) }]);
      const version = (await table.read(key("a")))?.version ?? "";
      expect(await table.write([{ kind: "create", item: item("a") }])).toBe(false);
      clock.pass(5_000);
      expect(await table.read(key("a"))).toBeNull();
      expect(await table.range("p")).toEqual([]);
      expect(await table.write([{ kind: "replace", item: item("a"), version }])).toBe(false);
      expect(await table.write([{ kind: "create", item: item("a", "new") }])).toBe(true);
      expect((await other.read(key("a")))?.value).toBe("new");
    });

    it("finds as many as were asked for behind expired ones", async () => {
      for (const sort of ["1", "2", "3"])
        await table.write([{ kind: "put", item: item(sort, "{}", clock.now() + 1_000) }]);
      for (const sort of ["4", "5"]) await table.write([{ kind: "put", item: item(sort) }]);
      clock.pass(1_000);
      expect((await table.range("p", { limit: 2 })).map(({ sort }) => sort)).toEqual(["4", "5"]);
    });
  });
}
