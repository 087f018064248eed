/** Under the header: the automatic mode left this conversation to people, and why. It goes when somebody answers. */
import { HandHelping } from 'lucide-react';
import { useTexts } from '../i18n/use-texts.tsx';
import { aiOf } from '../store/ai-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import styles from './handoff-line.module.css';

export function HandoffLine({ conversationId }: { conversationId: string }) {
  const { t, format } = useTexts();
  const handoff = useFrom('ai', (state) => aiOf(state, conversationId)?.handoff ?? null);
  if (!handoff) return null;
  const rules = handoff.rules.map((rule) => t(`ai.rule.${rule}`));
  return (
    <p className={styles['line']} role="status">
      <HandHelping size={15} aria-hidden="true" />
      <span>
        <strong>{t('ai.handoff.title')}</strong> {t(`ai.handoff.${handoff.reason}`)}
        {handoff.reason === 'policy' && rules.length > 0 && ` ${t('ai.handoff.rules', { list: rules.join('; ') })}`}
      </span>
      <time title={format.exact(handoff.at)}>{format.short(handoff.at)}</time>
    </p>
  );
}
