/** All files of the person in the place of the side panel; rows that are out of view are not there. */
import { ArrowLeft } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useEffect, useRef, useState } from 'react';
import { VList, type VListHandle } from 'virtua';
import type { Message } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useGallery, type GalleryKind } from '../media/use-gallery.ts';
import { useStores } from '../ui/app-context.tsx';
import { IconButton } from '../ui/button.tsx';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import { FileLine, PictureTile } from './gallery-items.tsx';
import { groupByMonth } from './group-by-month.ts';
import styles from './gallery-panel.module.css';

const KINDS = ['pictures', 'documents', 'audio'] as const;
const NONE = { pictures: 'message.gallery.noPictures', documents: 'message.gallery.noDocuments', audio: 'message.gallery.noAudio' } as const;
const PAGE = 60;
const PICTURES_IN_A_ROW = 3;
const LOAD_WITHIN_PX = 600;

export function GalleryPanel({ conversationId, onBack }: { conversationId: string; onBack(): void }) {
  const { t } = useTexts();
  const [kind, setKind] = useState<GalleryKind>('pictures');
  const back = useRef<HTMLButtonElement>(null);
  useFocusOnMount(back);
  return (
    <div className={styles['gallery']}>
      <header className={styles['header']}>
        <IconButton ref={back} label={t('message.gallery.back')} onClick={onBack}>
          <ArrowLeft size={16} />
        </IconButton>
        <h3>{t('message.gallery.title')}</h3>
      </header>
      <Tabs.Root className={styles['tabs']} value={kind} onValueChange={(next) => setKind(KINDS.find((known) => known === next) ?? 'pictures')}>
        <Tabs.List className={styles['list']} aria-label={t('message.gallery.title')}>
          {KINDS.map((known) => (
            <Tabs.Trigger key={known} value={known} className={styles['tab']}>
              {t(`message.gallery.${known}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content className={styles['content']} value={kind}>
          <Files key={kind} conversationId={conversationId} kind={kind} />
        </Tabs.Content>
      </Tabs.Root>
    </div>
  );
}

function Files({ conversationId, kind }: { conversationId: string; kind: GalleryKind }) {
  const { t, format } = useTexts();
  const { items, failure, hasMore, loadMore } = useGallery(conversationId, kind, PAGE);
  const list = useRef<VListHandle>(null);
  const askForMore = (): void => {
    const handle = list.current;
    if (handle && hasMore && handle.scrollSize - handle.viewportSize - handle.scrollOffset < LOAD_WITHIN_PX) loadMore();
  };
  // A first page that does not fill the panel asks for more by itself.
  useEffect(askForMore);
  if (failure !== null && items === null) return <p className={styles['none']}>{t(`failure.${failure}`)}</p>;
  if (items === null) return null;
  if (items.length === 0) return <p className={styles['none']}>{t(NONE[kind])}</p>;
  const rows = groupByMonth(items, kind === 'pictures' ? PICTURES_IN_A_ROW : 1, format.month);
  return (
    <VList ref={list} className={styles['rows']} onScroll={askForMore}>
      {rows.map((row) =>
        row.kind === 'month' ? (
          <h4 key={row.key} className={styles['month']}>
            {row.month}
          </h4>
        ) : kind === 'pictures' ? (
          <PictureRow key={row.key} messages={row.items} />
        ) : (
          <div key={row.key} className={styles['file']}>
            {row.items.map((message) => (
              <FileLine key={message.id} message={message} />
            ))}
          </div>
        ),
      )}
    </VList>
  );
}

function PictureRow({ messages }: { messages: readonly Message[] }) {
  const { view } = useStores();
  return (
    <div className={styles['pictures']}>
      {messages.map((message) => (
        <PictureTile key={message.id} message={message} onOpen={() => view.getState().showPicture(message)} />
      ))}
    </div>
  );
}
