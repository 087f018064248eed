/** A field of a message with what WhatsApp lets into it: how much is left when it gets narrow, how much is too much. */
import { useTexts } from '../i18n/use-texts.tsx';
import { TextArea, TextField } from '../ui/field.tsx';

/** The count appears when less than this share of the limit is left. */
const COUNT_BELOW = 0.25;

type Props = { label: string; value: string; max: number; isOptional?: boolean; isLong?: boolean; placeholder?: string; hint?: string; error?: string | null; onChange(value: string): void };

export function LimitedField({ label, value, max, isOptional = false, isLong = false, hint, error = null, onChange, ...rest }: Props) {
  const { t, format } = useTexts();
  const left = max - value.trim().length;
  const over = left < 0 ? t('compose.card.over', { count: -left, over: format.number(-left), limit: format.number(max) }) : error;
  const Control = isLong ? TextArea : TextField;
  return (
    <Control
      {...rest}
      {...(isLong && { rows: 3 })}
      dir="auto"
      label={isOptional ? t('compose.card.optional', { label }) : label}
      value={value}
      hint={left <= max * COUNT_BELOW ? t('compose.card.left', { left: format.number(left) }) : hint}
      error={over}
      onChange={(event: { target: { value: string } }) => onChange(event.target.value)}
    />
  );
}
