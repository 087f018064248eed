/** The files of a person, newest first, page by page. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Message } from '../../contract/entities.ts';
import type { EngineInputs } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { useClient, useFrom } from '../ui/app-context.tsx';

export type GalleryKind = EngineInputs['media']['gallery']['kind'];
type Shown = { key: string; items: readonly Message[]; nextCursor: string | null };

export type Gallery = {
  /** Null: not read yet. */
  items: readonly Message[] | null;
  failure: FailureCode | null;
  hasMore: boolean;
  loadMore(): void;
};

/** Reads its first page again when the conversation changes. */
export function useGallery(conversationId: string, kind: GalleryKind, limit: number): Gallery {
  const client = useClient();
  const stamp = useFrom('conversation', ({ thread }) => thread?.conversation.seenThrough ?? 0);
  const [shown, setShown] = useState<Shown | null>(null);
  const [failure, setFailure] = useState<FailureCode | null>(null);
  const isLoading = useRef(false);
  const key = `${conversationId} ${kind}`;

  useEffect(() => {
    let isGone = false;
    client.media.gallery({ conversationId, kind, limit }).then(
      (page) => {
        if (isGone) return;
        setFailure(null);
        setShown((before) => joinFirstPage(before?.key === key ? before : null, { key, ...page }));
      },
      (error: unknown) => !isGone && setFailure(failureCodeOf(error)),
    );
    return () => {
      isGone = true;
    };
  }, [client, conversationId, kind, limit, key, stamp]);

  const cursor = shown?.key === key ? shown.nextCursor : null;
  const loadMore = useCallback(() => {
    if (cursor === null || isLoading.current) return;
    isLoading.current = true;
    client.media
      .gallery({ conversationId, kind, limit, cursor })
      .then(
        (page) => setShown((before) => (before?.key === key && before.nextCursor === cursor ? { key, items: [...before.items, ...page.items], nextCursor: page.nextCursor } : before)),
        (error: unknown) => setFailure(failureCodeOf(error)),
      )
      .finally(() => {
        isLoading.current = false;
      });
  }, [client, conversationId, kind, limit, key, cursor]);

  return { items: shown?.key === key ? shown.items : null, failure, hasMore: cursor !== null, loadMore };
}

/** The first page anew, with what was read below it, as long as the two join. */
function joinFirstPage(before: Shown | null, first: Shown): Shown {
  const lastId = first.items.at(-1)?.id;
  const at = before?.items.findIndex((message) => message.id === lastId) ?? -1;
  if (!before || lastId === undefined || at === -1 || before.items.length <= at + 1) return first;
  return { key: first.key, items: [...first.items, ...before.items.slice(at + 1)], nextCursor: before.nextCursor };
}
