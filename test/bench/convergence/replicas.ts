/** Three replicas that edit apart and then hear of each other, however they do it. Invariant: `edit` counts as done when it would survive what that way survives: memory or disk. */

/** Who has a conversation; null: nobody. */
export type Edit = { conversation: number; to: string | null };
export type Replicas = {
  /** Edits of one replica, which the others do not know yet, together. */
  edit(replica: number, edits: readonly Edit[]): void;
  /** Everybody learns everything. */
  exchange(): void | Promise<void>;
  /** Who has each conversation, as a replica knows it. */
  read(replica: number): (string | null)[];
  close(): void | Promise<void>;
};

export const REPLICAS = 3;
