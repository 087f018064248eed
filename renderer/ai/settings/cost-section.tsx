import { useState } from 'react';
import type { AiSettings } from '../../../contract/ai/ai-entities.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { useFrom } from '../../ui/app-context.tsx';
import { TextField } from '../../ui/field.tsx';
import { usd } from '../ai-text.ts';
import { Section } from './section.tsx';
import type { SettingsForm } from './use-ai-settings.ts';
import styles from './section.module.css';

const CAPS = ['draft', 'conversation', 'desktopDay', 'team'] as const;
const LIMITS = { inputTokens: [1_000, 200_000], outputTokens: [50, 4_000] } as const;
type Typed = Record<(typeof CAPS)[number] | keyof typeof LIMITS, string>;

const toText = ({ caps, budget }: AiSettings): Typed => ({
  ...(Object.fromEntries(CAPS.map((cap) => [cap, caps[cap] === null ? '' : String(caps[cap] / 1_000_000)])) as Record<(typeof CAPS)[number], string>),
  inputTokens: String(budget.inputTokens),
  outputTokens: String(budget.outputTokens),
});
/** Empty: no cap (null). Undefined: not an amount. */
const readMicros = (text: string): number | null | undefined =>
  text.trim() === '' ? null : /^\d{1,6}([.,]\d{1,6})?$/.test(text.trim()) ? Math.round(Number(text.replace(',', '.')) * 1_000_000) : undefined;

/** What the model may cost, and how much it is given to read. */
export function CostSection({ settings, action, save }: SettingsForm) {
  const { t, format, language } = useTexts();
  const spent = useFrom('ai', ({ workspace }) => workspace?.spent ?? null);
  /** Only what is being changed: the rest stays as somebody else may set it meanwhile. */
  const [typed, setTyped] = useState<Partial<Typed>>({});
  const before = toText(settings);
  const now = { ...before, ...typed };
  const readTokens = (field: keyof typeof LIMITS): number | null => {
    const value = /^\d{1,6}$/.test(now[field].trim()) ? Number(now[field]) : 0;
    return value < LIMITS[field][0] || value > LIMITS[field][1] ? null : value;
  };
  const isWrong = CAPS.some((cap) => readMicros(now[cap]) === undefined) || readTokens('inputTokens') === null || readTokens('outputTokens') === null;
  const change = (patch: Partial<Typed>): void => setTyped({ ...typed, ...patch });
  const submit = async (): Promise<void> => {
    const isSaved = await save({
      caps: { draft: readMicros(now.draft) ?? null, conversation: readMicros(now.conversation) ?? null, desktopDay: readMicros(now.desktopDay) ?? null, team: readMicros(now.team) ?? null },
      budget: { inputTokens: readTokens('inputTokens') ?? settings.budget.inputTokens, outputTokens: readTokens('outputTokens') ?? settings.budget.outputTokens },
    });
    if (isSaved) setTyped({});
  };
  return (
    <Section
      title={t('aiSettings.cost.title')}
      text={t('aiSettings.cost.text')}
      isOff={action.isBusy || isWrong}
      isChanged={JSON.stringify(now) !== JSON.stringify(before)}
      onSave={() => void submit()}
    >
      {spent && (
        <p className={spent.isOver80 ? styles['warning'] : styles['text']}>
          {t('aiSettings.cost.spent', { today: usd(spent.desktopToday, language), month: usd(spent.teamMonth, language) })}{' '}
          {spent.teamCap !== null && t('aiSettings.cost.ofCap', { cap: usd(spent.teamCap, language) })} {spent.isOver ? t('aiSettings.cost.over') : spent.isOver80 ? t('aiSettings.cost.near') : ''}
        </p>
      )}
      {settings.provider.profile !== 'builtin' && settings.provider.prices === null && <p className={styles['text']}>{t('aiSettings.cost.noPrices')}</p>}
      <div className={styles['pair']}>
        {CAPS.map((cap) => (
          <TextField
            key={cap}
            label={t(`aiSettings.cost.${cap}`)}
            placeholder={t('aiSettings.cost.none')}
            inputMode="decimal"
            maxLength={12}
            value={now[cap]}
            error={readMicros(now[cap]) === undefined ? t('aiSettings.number') : null}
            onChange={({ target }) => change({ [cap]: target.value })}
          />
        ))}
      </div>
      <div className={styles['pair']}>
        {(['inputTokens', 'outputTokens'] as const).map((field) => (
          <TextField
            key={field}
            label={t(`aiSettings.cost.${field}`)}
            hint={t(`aiSettings.cost.${field}Hint`)}
            inputMode="numeric"
            maxLength={6}
            value={now[field]}
            error={readTokens(field) === null ? t('aiSettings.range', { from: format.number(LIMITS[field][0]), to: format.number(LIMITS[field][1]) }) : null}
            onChange={({ target }) => change({ [field]: target.value })}
          />
        ))}
      </div>
    </Section>
  );
}
