/** The way to everything that is not text: the menu, the microphone, and their keys. */
import { Contact, FileText, Image, Link, List, MapPin, MapPinned, Mic, Plus, SquareMousePointer, Sticker } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { Offered } from '../commands/command-desk.ts';
import { useConversationOffer, useKeyNames, useOffer } from '../commands/use-commands.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { OpenThread } from '../store/open-thread.ts';
import { areKindsOn } from '../store/session-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { IconButton, MenuButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import type { CardKind } from './card-forms.ts';
import { pickFiles } from './pick-files.ts';
import { useAddFiles } from './use-add-files.ts';
import styles from './attach-bar.module.css';

const CardDialog = lazy(() => import('./card-dialog.tsx').then((module) => ({ default: module.CardDialog })));

/** Nothing of it is shown until every desktop of the team understands such messages. */
export function AttachBar({ thread, onRecord }: { thread: OpenThread; onRecord(): void }) {
  const areOn = useFrom('session', areKindsOn);
  return areOn ? <Bar thread={thread} onRecord={onRecord} /> : null;
}

function Bar({ thread, onRecord }: { thread: OpenThread; onRecord(): void }) {
  const { t } = useTexts();
  const { id } = thread.conversation;
  const addFiles = useAddFiles(id);
  const { conversation } = useStores();
  const [card, setCard] = useState<CardKind | null>(null);
  const openCard = (kind: CardKind): void => {
    // Whoever begins to answer has read what is in view, as with the first letter.
    conversation.getState().lookAgain();
    setCard(kind);
  };
  const ofOpen = useMemo((): Offered => ({ voice: onRecord }), [onRecord]);
  useConversationOffer(id, ofOpen);
  const anywhere = useMemo((): Offered => ({ attach: () => pickFiles('any', addFiles) }), [addFiles]);
  useOffer(anywhere);
  const { keysOf } = useKeyNames();
  const attachKeys = keysOf('attach');

  const cards: [CardKind, string, typeof Image][] = [
    ['location', t('compose.menu.location'), MapPin],
    ['contacts', t('compose.menu.contacts'), Contact],
    ['buttons', t('compose.menu.buttons'), SquareMousePointer],
    ['list', t('compose.menu.list'), List],
    ['link', t('compose.menu.link'), Link],
    ['askLocation', t('compose.menu.askLocation'), MapPinned],
  ];
  return (
    <div className={styles['bar']}>
      <Menu
        align="start"
        trigger={
          <MenuButton label={t('compose.menu.open')} {...(attachKeys !== undefined && { title: `${t('compose.menu.open')} (${attachKeys}: ${t('compose.files.add')})` })}>
            <Plus size={18} />
          </MenuButton>
        }
        entries={[
          { label: t('compose.menu.media'), icon: <Image size={15} />, run: () => pickFiles('media', addFiles) },
          { label: t('compose.menu.document'), icon: <FileText size={15} />, command: 'attach', run: () => pickFiles('document', addFiles) },
          { label: t('compose.menu.voice'), icon: <Mic size={15} />, command: 'voice', run: onRecord },
          { label: t('compose.menu.sticker'), icon: <Sticker size={15} />, run: () => pickFiles('sticker', (files) => addFiles(files, 'sticker')) },
          ...cards.map(([kind, label, Icon]) => ({ label, icon: <Icon size={15} />, run: () => openCard(kind) })),
        ]}
      />
      <IconButton label={t('shortcuts.voice')} command="voice" side="top" onClick={onRecord}>
        <Mic size={17} />
      </IconButton>
      {card !== null && (
        <Suspense>
          <CardDialog kind={card} thread={thread} onClose={() => setCard(null)} />
        </Suspense>
      )}
    </div>
  );
}
