/** Where an item is. Items of one partition are read together, in the order of their sort keys. */
export interface ItemKey {
  readonly partition: string;
  readonly sort: string;
}

export interface NewItem extends ItemKey {
  /** At most `MAX_ITEM_BYTES` in UTF-8. */
  readonly value: string;
  /** Epoch milliseconds after which it is as if it were not there; null keeps it. */
  readonly expiresAt: number | null;
}

export interface StoredItem extends NewItem {
  /** Another one after each write. */
  readonly version: string;
}

/** `create` wants none there, `replace` and `remove` with a version want that very one; `put` and `remove` without take what comes. */
export type Write =
  | { readonly kind: "create"; readonly item: NewItem }
  | { readonly kind: "replace"; readonly item: NewItem; readonly version: string }
  | { readonly kind: "put"; readonly item: NewItem }
  | { readonly kind: "remove"; readonly key: ItemKey; readonly version: string | null };

export interface RangeOptions {
  /** Sort keys from here, this one included. */
  readonly from?: string;
  /** Sort keys below this one. */
  readonly below?: string;
  readonly descending?: boolean;
  /** Default: all. */
  readonly limit?: number;
}

/** DynamoDB's bound is 400 kB for an item with its names. */
export const MAX_ITEM_BYTES = 380_000;

/**
 * What the case store needs from a database, and no more than single items with conditions: what DynamoDB and SQLite both can. Reads see
 * all writes that have resolved. An expired item is not seen, whether or not it has been removed yet.
 */
export interface CaseTable {
  /** Where it is, for messages. */
  readonly name: string;
  read(key: ItemKey): Promise<StoredItem | null>;
  range(partition: string, options?: RangeOptions): Promise<readonly StoredItem[]>;
  /**
   * In this order, and durable when it resolves. False as soon as a condition does not hold: what came before it in the list may then have
   * been written, or not, so the order must be one that can be cut off anywhere.
   */
  write(writes: readonly Write[]): Promise<boolean>;
  /** Removes items that have expired, at most so many; gives how many. */
  removeExpired(most: number): Promise<number>;
  close(): Promise<void>;
}
