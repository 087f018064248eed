import { useState, type SubmitEvent } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useFrom } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './number-form.module.css';

const ID = /^\d{5,32}$/;

/** The number that the workspace sends from and its token; this desktop hands them on to the others, sealed. */
export function NumberForm({ onSaved }: { onSaved?: () => void }) {
  const { t } = useTexts();
  const client = useClient();
  const number = useFrom('session', ({ session }) => session?.number ?? null);
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const [phoneNumberId, setPhoneNumberId] = useState(number?.phoneNumberId ?? '');
  const [wabaId, setWabaId] = useState(number?.wabaId ?? '');
  const [graphToken, setGraphToken] = useState('');
  const [isTried, setTried] = useState(false);
  const [isSaved, setSaved] = useState(false);

  const hasGoodWaba = wabaId.trim() === '' || ID.test(wabaId.trim());
  const change = (set: (value: string) => void) => (event: { target: { value: string } }) => {
    setSaved(false);
    set(event.target.value);
  };
  const submit = async (): Promise<void> => {
    setTried(true);
    if (!ID.test(phoneNumberId.trim()) || !hasGoodWaba || graphToken.trim().length < 10) return;
    const isDone = await run(() => client.enrollment.setNumber({ phoneNumberId: phoneNumberId.trim(), wabaId: wabaId.trim() || null, graphToken: graphToken.trim() }));
    if (!isDone) return;
    setGraphToken('');
    setTried(false);
    setSaved(true);
    onSaved?.();
  };
  return (
    <form
      className={styles['form']}
      aria-label={t('number.title')}
      noValidate
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      <p className={styles['now']}>{number ? t('number.now', { number: [number.verifiedName, number.displayPhoneNumber ?? number.phoneNumberId].filter(Boolean).join(' · ') }) : t('number.none')}</p>
      <div className={styles['pair']}>
        <TextField
          label={t('number.phoneNumberId')}
          hint={t('number.phoneNumberIdHint')}
          inputMode="numeric"
          value={phoneNumberId}
          onChange={change(setPhoneNumberId)}
          error={isTried && !ID.test(phoneNumberId.trim()) ? t('number.idWrong') : null}
        />
        <TextField
          label={t('number.wabaId')}
          hint={t('number.wabaIdHint')}
          inputMode="numeric"
          value={wabaId}
          onChange={change(setWabaId)}
          error={isTried && !hasGoodWaba ? t('number.idWrong') : null}
        />
      </div>
      <TextField
        label={t('number.token')}
        hint={t('number.tokenHint')}
        type="password"
        autoComplete="new-password"
        value={graphToken}
        onChange={change(setGraphToken)}
        error={isTried && graphToken.trim().length < 10 ? t('number.tokenWrong') : null}
      />
      {failure !== null && (
        <p className={styles['failure']} role="alert">
          {t(`failure.${failure}`)}
        </p>
      )}
      <div className={styles['actions']}>
        <Button look="primary" submits aria-disabled={isBusy}>
          {t(number ? 'number.replace' : 'number.save')}
        </Button>
        <span role="status" className={styles['saved']}>
          {isSaved && t('number.saved')}
        </span>
      </div>
    </form>
  );
}
