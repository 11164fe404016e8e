import type { AttributeValue, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { CaseTable, ItemKey, NewItem, RangeOptions, StoredItem, Write } from "../case-table.ts";
import { explainDynamo, isConditionFailed } from "./dynamodb-errors.ts";
import { newVersion } from "./version.ts";

export interface DynamoOptions {
  readonly table: string;
  readonly region: string | undefined;
  /** An origin in place of AWS' own; for an interface endpoint or a test. */
  readonly endpoint: string | undefined;
  readonly now?: () => number;
}

/** An attempt; DynamoDB answers within milliseconds. */
const REQUEST_TIMEOUT_MS = 3_000;
const MAX_ATTEMPTS = 4;

type Item = Record<string, AttributeValue>;

/** The table's key is `partition` (hash) and `sort` (range), both strings; its TTL attribute is `expires_at` (epoch seconds). */
const NAMES = { "#partition": "partition", "#version": "version", "#expires": "expires_at" } as const;
const ABSENT = "attribute_not_exists(#partition) OR #expires <= :now";
const UNCHANGED = "#version = :version AND (attribute_not_exists(#expires) OR #expires > :now)";

/** One DynamoDB table. Loads AWS' client at its first use, and asks nothing yet. Needs GetItem, PutItem, DeleteItem and Query on the table. */
export async function openDynamoTable(options: DynamoOptions): Promise<CaseTable> {
  const aws = await import("@aws-sdk/client-dynamodb");
  const { table: TableName, region, endpoint, now = Date.now } = options;
  const client: DynamoDBClient = new aws.DynamoDBClient({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { connectionTimeout: REQUEST_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  const name = `DynamoDB table ${TableName}`;
  const seconds = () => Math.floor(now() / 1000);
  const isThere = (item: StoredItem) => item.expiresAt === null || item.expiresAt > now();
  const told = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw explainDynamo(error, TableName);
    }
  };
  const read = async (key: ItemKey): Promise<StoredItem | null> => {
    const found = await told(client.send(new aws.GetItemCommand({ TableName, Key: keyOf(key), ConsistentRead: true })));
    const item = found.Item ? itemOf(found.Item) : null;
    return item && isThere(item) ? item : null;
  };
  const range = async (partition: string, { from = "", below, descending = false, limit }: RangeOptions = {}) => {
    const items: StoredItem[] = [];
    let ExclusiveStartKey: Item | undefined;
    do {
      const page = await told(
        client.send(
          new aws.QueryCommand({
            TableName,
            ConsistentRead: true,
            ScanIndexForward: !descending,
            ...rangeCondition(partition, from, below),
            ...(limit === undefined ? {} : { Limit: Math.max(limit - items.length, 1) }),
            ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
          }),
        ),
      );
      // A range has an upper end that is left out; BETWEEN has not.
      items.push(...(page.Items ?? []).map(itemOf).filter((item) => isThere(item) && item.sort !== below));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey && (limit === undefined || items.length < limit));
    return limit === undefined ? items : items.slice(0, limit);
  };
  /** False when its condition did not hold. An answer that got lost makes the client ask again, which then finds its own write. */
  const carryOut = async (write: Write): Promise<boolean> => {
    try {
      if (write.kind === "remove") {
        const condition =
          write.version === null
            ? {}
            : {
                ConditionExpression: "#version = :version",
                ExpressionAttributeNames: { "#version": NAMES["#version"] },
                ExpressionAttributeValues: { ":version": { S: write.version } },
              };
        await client.send(new aws.DeleteItemCommand({ TableName, Key: keyOf(write.key), ...condition }));
        return true;
      }
      const version = newVersion();
      const Item = attributesOf(write.item, version);
      try {
        await client.send(new aws.PutItemCommand({ TableName, Item, ...conditionOf(write, seconds()) }));
        return true;
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        return (await read(write.item))?.version === version;
      }
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw explainDynamo(error, TableName);
    }
  };
  return {
    name,
    read,
    range,
    write: async (writes) => {
      for (const write of writes) if (!(await carryOut(write))) return false;
      return true;
    },
    // The table's own expiry removes them, at no cost.
    removeExpired: async () => 0,
    close: async () => client.destroy(),
  };
}

const keyOf = ({ partition, sort }: ItemKey): Item => ({ partition: { S: partition }, sort: { S: sort } });

function attributesOf(item: NewItem, version: string): Item {
  return {
    ...keyOf(item),
    version: { S: version },
    value: { S: item.value },
    ...(item.expiresAt === null ? {} : { expires_at: { N: String(Math.ceil(item.expiresAt / 1000)) } }),
  };
}

function itemOf({ partition, sort, version, value, expires_at }: Item): StoredItem {
  return {
    partition: partition?.S ?? "",
    sort: sort?.S ?? "",
    version: version?.S ?? "",
    value: value?.S ?? "",
    expiresAt: expires_at?.N === undefined ? null : Number(expires_at.N) * 1000,
  };
}

function conditionOf(write: Exclude<Write, { kind: "remove" }>, now: number) {
  if (write.kind === "put") return {};
  const { "#partition": partition, "#version": version, "#expires": expires } = NAMES;
  const values = { ":now": { N: String(now) } };
  return write.kind === "create"
    ? {
        ConditionExpression: ABSENT,
        ExpressionAttributeNames: { "#partition": partition, "#expires": expires },
        ExpressionAttributeValues: values,
      }
    : {
        ConditionExpression: UNCHANGED,
        ExpressionAttributeNames: { "#version": version, "#expires": expires },
        ExpressionAttributeValues: { ...values, ":version": { S: write.version } },
      };
}

function rangeCondition(partition: string, from: string, below: string | undefined) {
  const values = { ":partition": { S: partition } };
  const names = { "#partition": "partition" };
  if (from === "" && below === undefined) {
    return {
      KeyConditionExpression: "#partition = :partition",
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    };
  }
  const withSort = { ...names, "#sort": "sort" };
  if (below === undefined) {
    return {
      KeyConditionExpression: "#partition = :partition AND #sort >= :from",
      ExpressionAttributeNames: withSort,
      ExpressionAttributeValues: { ...values, ":from": { S: from } },
    };
  }
  const between = from !== "";
  return {
    KeyConditionExpression: `#partition = :partition AND ${between ? "#sort BETWEEN :from AND :below" : "#sort < :below"}`,
    ExpressionAttributeNames: withSort,
    ExpressionAttributeValues: { ...values, ":below": { S: below }, ...(between ? { ":from": { S: from } } : {}) },
  };
}
