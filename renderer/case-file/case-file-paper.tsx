/** The case file as it is printed: nothing of the window, only paper. It is on the page while the system's print dialog is open. */
import { useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import type { Message } from '../../contract/entities.ts';
import { fileOf } from '../../contract/whatsapp/file-of.ts';
import { contentText, kindLabel } from '../conversation/content-text.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { addressesOf, saveNameOf } from '../media/message-file.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import type { CaseFile, Span } from './read-case-file.ts';
import styles from './case-file.module.css';

/** A picture that has not come by then is printed as its name. */
const PICTURES_WITHIN_MS = 5_000;

export function CaseFilePaper({ caseFile, span, onPrinted }: { caseFile: CaseFile; span: Span | null; onPrinted(): void }) {
  const { t, format } = useTexts();
  const paper = useRef<HTMLElement>(null);
  const conversation = useFrom('conversation', ({ thread }) => thread?.conversation ?? null);
  const me = useFrom('session', ({ session }) => session?.me?.name ?? '');
  const number = useFrom('session', ({ session }) => session?.number ?? null);
  const { clock } = useStores();
  useEffect(() => {
    let isOver = false;
    const pictures = [...(paper.current?.querySelectorAll('img') ?? [])].map((picture) => picture.decode().catch(() => undefined));
    const timeout = new Promise<void>((resolve) => setTimeout(resolve, PICTURES_WITHIN_MS));
    void Promise.race([Promise.all(pictures), timeout]).then(() => {
      if (!isOver) window.print();
    });
    window.addEventListener('afterprint', onPrinted, { once: true });
    return () => {
      isOver = true;
      window.removeEventListener('afterprint', onPrinted);
    };
    // Printed once for each time it is asked for.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  if (!conversation) return null;
  const { contact, request } = conversation;
  const now = clock.getState().now;
  const first = caseFile.entries[0];
  const last = caseFile.entries.at(-1);
  return createPortal(
    <article ref={paper} className={styles['paper']} data-print="sheet">
      <header>
        <h1>{t('caseFile.heading', { name: contact.name })}</h1>
        <dl className={styles['facts']}>
          <Fact name={t('caseFile.contact')} value={[contact.phone, contact.username && `@${contact.username}`].filter(Boolean).join(' · ') || contact.name} />
          {number && <Fact name={t('caseFile.number')} value={[number.verifiedName, number.displayPhoneNumber].filter(Boolean).join(' · ')} />}
          {request && <Fact name={t('caseFile.request')} value={request.reference} />}
          <Fact name={t('caseFile.span')} value={span === null ? t('caseFile.all') : `${format.exact(first?.at ?? now)} – ${format.exact(last?.at ?? now)}`} />
          <Fact name={t('caseFile.count')} value={format.number(caseFile.entries.length)} />
          <Fact name={t('caseFile.made')} value={t('caseFile.madeBy', { at: format.exact(now), who: me })} />
          <Fact name={t('caseFile.zone')} value={Intl.DateTimeFormat().resolvedOptions().timeZone} />
        </dl>
        {caseFile.isCut && <p>{t('caseFile.cut', { count: caseFile.entries.length })}</p>}
      </header>
      <ol className={styles['entries']}>
        {caseFile.entries.map((entry) =>
          entry.kind === 'message' ? (
            <li key={entry.message.id} className={styles['entry']}>
              <p className={styles['by']}>
                <strong>{authorOf(entry.message)}</strong> <time>{format.exact(entry.at)}</time>
                {entry.message.delivery !== null && <span>{t(`delivery.${entry.message.delivery}`)}</span>}
              </p>
              <Content message={entry.message} />
            </li>
          ) : (
            <li key={entry.note.id} className={styles['entry']} data-kind="note">
              <p className={styles['by']}>
                <strong>{t('caseFile.noteBy', { who: entry.note.author.name })}</strong> <time>{format.exact(entry.at)}</time>
              </p>
              <p className={styles['text']}>{entry.note.body}</p>
            </li>
          ),
        )}
      </ol>
    </article>,
    document.body,
  );

  function authorOf({ direction, author, ai }: Message): string {
    if (direction === 'in') return contact.name;
    if (ai?.isAutomatic) return t('caseFile.automatic');
    return author?.name ?? number?.verifiedName ?? t('thread.otherTool');
  }
}

function Content({ message }: { message: Message }) {
  const { t } = useTexts();
  const { content } = message;
  const label = kindLabel(content, t);
  const picture = content.kind === 'image' || content.kind === 'sticker' ? (addressesOf(message)?.url ?? null) : null;
  const filename = fileOf(content) === null ? null : saveNameOf(message, label);
  return (
    <>
      {filename !== null && <p className={styles['file']}>{filename}</p>}
      {picture !== null && <img className={styles['picture']} src={picture} alt={label} />}
      <p className={styles['text']} dir="auto">
        {contentText(content, t)}
      </p>
    </>
  );
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);
