/** What the AI parts do by themselves in this conversation, who said so, and the switches: of the conversation, and the one that stops all of it. */
import { Bot, BotOff, Check, OctagonX, Play, Sparkles } from 'lucide-react';
import { AI_MODES, type AiMode } from '../../contract/ai/ai-words.ts';
import { mayLead } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { aiOf } from '../store/ai-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { cx } from '../ui/cx.ts';
import { Menu } from '../ui/menu.tsx';
import styles from './ai-mode-menu.module.css';

const ICONS = { off: BotOff, draft: Sparkles, auto: Bot } as const;

export function AiModeMenu({ conversationId }: { conversationId: string }) {
  const { t } = useTexts();
  const { ai } = useStores();
  const mode = useFrom('ai', (state) => aiOf(state, conversationId)?.mode ?? null);
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  if (!mode) return null;
  const { own, inherited, effective, from, isStopped, isShadow } = mode;
  const Icon = isStopped ? OctagonX : ICONS[effective];
  const word = isStopped ? t('ai.mode.stopped') : effective === 'auto' && isShadow ? t('ai.mode.shadow') : t(`ai.mode.is.${effective}`);
  const why = isStopped ? t('ai.mode.stoppedWhy') : t(`ai.mode.from.${from}`);
  const check = (isOn: boolean) => (isOn ? <Check size={15} /> : undefined);
  const set = (to: AiMode | null) => (): void => ai.getState().setMode(conversationId, own, to);
  return (
    <Menu
      trigger={
        <button type="button" className={cx(styles['button'])} data-mode={isStopped ? 'stopped' : effective} aria-label={`${word}. ${why}`} title={`${word}\n${why}`}>
          <Icon size={16} aria-hidden="true" />
          {(effective === 'auto' || isStopped) && <span className={styles['word']}>{word}</span>}
        </button>
      }
      entries={[
        ...AI_MODES.map((one) => ({ label: t(`ai.mode.${one}`), icon: check(own === one), isDisabled: one === 'auto' && !isLead, run: set(one) })),
        { label: t('ai.mode.inherit', { now: t(`ai.mode.now.${inherited}`) }), icon: check(own === null), run: set(null) },
        isStopped
          ? { label: t('ai.mode.resume'), icon: <Play size={15} />, isDisabled: !isLead, run: () => ai.getState().stop(false) }
          : { label: t('ai.mode.stop'), icon: <OctagonX size={15} />, run: () => ai.getState().stop(true) },
      ]}
    />
  );
}
