/** The text of a draft with its sources after each sentence, and a line under what nothing supports. */
import { BookOpenText, Building2, CalendarClock, ClipboardList, ExternalLink, Hourglass, LayoutTemplate, MessageSquare, TriangleAlert, UserRound, type LucideIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Fact, Finding } from '../../contract/ai/ai-entities.ts';
import type { FactKind } from '../../contract/ai/ai-words.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useStores } from '../ui/app-context.tsx';
import { AnchoredPopover } from '../ui/anchored-popover.tsx';
import { Button } from '../ui/button.tsx';
import type { DraftBody } from './card-state.ts';
import { segmentsOf } from './draft-segments.ts';
import styles from './draft-card.module.css';

type Opened = { number: number; fact: Fact; anchor: HTMLElement };

/** @param isPlain without a frame of its own, as in a panel. */
export function DraftText({ body, isPlain = false }: { body: Pick<DraftBody, 'text' | 'sentences' | 'facts' | 'findings' | 'isCutOff'>; isPlain?: boolean }) {
  const { t } = useTexts();
  const [opened, setOpened] = useState<Opened | null>(null);
  const segments = useMemo(() => segmentsOf(body), [body]);
  return (
    <>
      <p className={styles['text']} dir="auto" {...(!isPlain && { tabIndex: 0 })} data-plain={isPlain || undefined}>
        {segments.map((segment, index) => (
          <span key={index}>
            {segment.findings.length === 0 ? segment.text : <Doubted findings={segment.findings}>{segment.text}</Doubted>}
            {segment.sources.map(({ number, fact }) => (
              <button
                key={fact.id}
                type="button"
                className={styles['chip']}
                data-kind={fact.kind}
                data-source
                aria-label={t('ai.source.open', { number, label: fact.label })}
                title={fact.label}
                aria-haspopup="dialog"
                aria-expanded={opened?.fact.id === fact.id}
                onClick={(event) => setOpened({ number, fact, anchor: event.currentTarget })}
              >
                {number}
              </button>
            ))}
          </span>
        ))}
      </p>
      {opened && (
        <AnchoredPopover anchor={opened.anchor} label={t('ai.source.label', { number: opened.number })} onClose={() => setOpened(null)}>
          <Source {...opened} onClose={() => setOpened(null)} />
        </AnchoredPopover>
      )}
    </>
  );
}

/** Words that nothing supports. What is meant is also told below the text. */
function Doubted({ findings, children }: { findings: readonly Finding[]; children: string }) {
  const { t } = useTexts();
  const isHigh = findings.some(({ severity }) => severity === 'high');
  return (
    <mark className={styles['doubt']} data-severity={isHigh ? 'high' : 'low'} title={findings.map(({ kind }) => t(`ai.finding.${kind}`)).join('. ')}>
      {children}
    </mark>
  );
}

const SHOWN_FINDINGS = 3;

/** In words, what the lines under the text mean. */
export function FindingList({ text, findings }: { text: string; findings: readonly Finding[] }) {
  const { t } = useTexts();
  const high = findings.filter(({ severity }) => severity === 'high');
  if (high.length === 0) return null;
  return (
    <ul className={styles['findings']} aria-label={t('ai.finding.label')}>
      {high.slice(0, SHOWN_FINDINGS).map(({ start, end, kind }, index) => (
        <li key={index}>
          <TriangleAlert size={13} aria-hidden="true" />
          <span>
            {end > start && <q>{text.slice(start, end)}</q>} {t(`ai.finding.${kind}`)}
          </span>
        </li>
      ))}
      {high.length > SHOWN_FINDINGS && <li>{t('ai.finding.more', { count: high.length - SHOWN_FINDINGS })}</li>}
    </ul>
  );
}

const ICONS: Record<FactKind, LucideIcon> = {
  contact: UserRound,
  request: ClipboardList,
  window: Hourglass,
  template: LayoutTemplate,
  business: Building2,
  time: CalendarClock,
  knowledge: BookOpenText,
  message: MessageSquare,
};

/** What a sentence rests on, word for word, and the way to where it stands. */
function Source({ number, fact, onClose }: Omit<Opened, 'anchor'> & { onClose(): void }) {
  const { t } = useTexts();
  const { view, knowledgeOpen, conversation } = useStores();
  const Icon = ICONS[fact.kind];
  const { ref } = fact;
  const go = (): void => {
    onClose();
    switch (ref?.kind) {
      case 'contact':
        return view.getState().showContact(ref.contactId);
      case 'request':
        return view.getState().showRequest(ref.requestId);
      case 'knowledge':
        return knowledgeOpen.getState().openArticle(ref.articleId, ref.revisionId, ref.passageId);
      case 'message':
        return void conversation.getState().jumpTo(ref.messageId, { takesFocus: true });
      case 'template':
        return view.getState().showTemplates({ kind: 'list', key: ref.key });
      case undefined:
        return undefined;
    }
  };
  return (
    <div className={styles['source']}>
      <header>
        <span className={styles['number']} aria-hidden="true">
          {number}
        </span>
        <Icon size={15} aria-hidden="true" />
        <div>
          <p className={styles['kind']}>{t(`ai.fact.${fact.kind}`)}</p>
          <h4>{fact.label}</h4>
        </div>
      </header>
      <p className={styles['passage']} dir="auto">
        {fact.text}
      </p>
      {ref && (
        <Button look="quiet" icon={<ExternalLink size={14} />} onClick={go}>
          {t(`ai.source.go.${ref.kind}`)}
        </Button>
      )}
    </div>
  );
}
