/** Who somebody is, as the team keeps it: changed in place, each field guarded. */
import { useState, type SubmitEvent } from 'react';
import { CONTACT_FIELD_MAX } from '../../contract/limits.ts';
import { isEmail } from '../../contract/rules/email.ts';
import type { ContactDetails } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { EngineInputs } from '../rpc/engine-client.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Check, TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { ServiceTypes } from './service-types.tsx';
import { useProfile, type Profile as Values, type ProfileForm } from './use-profile.ts';
import styles from './contact-page.module.css';

/** As the engine judges it, so that it is said beside the field. */

export function Profile({ details }: { details: ContactDetails }) {
  const { t } = useTexts();
  const client = useClient();
  const { contacts, toasts } = useStores();
  const form = useProfile(details);
  const { isBusy, run } = useAction();
  const [isEmailJudged, setEmailJudged] = useState(false);
  const { values } = form;
  const isEmailWrong = values.email.trim() !== '' && !isEmail(values.email.trim());

  async function save(): Promise<void> {
    setEmailJudged(true);
    if (form.changes === null || isEmailWrong) return;
    const saved = form.changes;
    const changes = saved as EngineInputs['contacts']['change']['changes'];
    const isDone = await run(async () => {
      const { outcome } = await client.contacts.change({ contactId: details.id, changes });
      await contacts.getState().refresh();
      // What did not apply is said at its field.
      if (outcome !== 'applied' && outcome !== 'merged') return null;
      form.goOnFrom(saved);
      toasts.getState().say('contacts.profile.saved');
      return null;
    });
    if (isDone) setEmailJudged(false);
  }

  const line = (field: 'name' | 'firstName' | 'email' | 'company', hint?: string, error?: string | null) => (
    <div>
      <TextField
        label={t(`contacts.profile.${field}`)}
        dir={field === 'email' ? 'ltr' : 'auto'}
        maxLength={CONTACT_FIELD_MAX}
        value={values[field]}
        hint={hint}
        error={error}
        onChange={(event) => form.set(field, event.target.value)}
        {...(field === 'email' ? { onBlur: () => setEmailJudged(true), inputMode: 'email' as const } : {})}
      />
      <Contested form={form} field={field} />
    </div>
  );
  return (
    <form
      className={styles['profile']}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className={styles['pair']}>
        {line('name', details.profileName !== null && details.profileName !== values.name ? t('contacts.profile.nameHintProfile', { name: details.profileName }) : t('contacts.profile.nameHint'))}
        {line('company')}
        {line('email', undefined, isEmailJudged && isEmailWrong ? t('contacts.profile.emailWrong') : null)}
        {line('firstName', t('contacts.profile.firstNameHint'))}
      </div>
      <div className={styles['pair']}>
        <div>
          <Check label={t('contacts.profile.isVendor')} hint={t('contacts.profile.isVendorHint')} isOn={values.isVendor} onChange={(isOn) => form.set('isVendor', isOn)} />
          <Contested form={form} field="isVendor" />
        </div>
        <div>
          <Check
            label={t('contacts.profile.marketing')}
            hint={t('contacts.profile.marketingHint')}
            isOn={values.marketing === 'stop'}
            onChange={(isOn) => form.set('marketing', isOn ? 'stop' : 'resume')}
          />
          <Contested form={form} field="marketing" />
        </div>
      </div>
      {values.isVendor && (
        <div>
          <ServiceTypes value={values.serviceTypes} onChange={(types) => form.set('serviceTypes', types)} />
          <Contested form={form} field="serviceTypes" />
        </div>
      )}
      {form.isTouched && (
        <div className={styles['save']}>
          <Button onClick={form.reset}>{t('contacts.profile.discard')}</Button>
          <Button look="primary" submits aria-disabled={isBusy || form.changes === null}>
            {t('action.save')}
          </Button>
        </div>
      )}
    </form>
  );
}

/** A colleague was faster: what stands now, and which of the two it shall be. */
function Contested({ form, field }: { form: ProfileForm; field: keyof Values }) {
  const { t } = useTexts();
  if (!Object.hasOwn(form.conflicts, field)) return null;
  const theirs = form.conflicts[field];
  const value = Array.isArray(theirs)
    ? theirs.join(', ')
    : typeof theirs === 'boolean'
      ? t(`contacts.profile.${theirs ? 'on' : 'off'}`)
      : field === 'marketing'
        ? t(`contacts.profile.${theirs === 'stop' ? 'on' : 'off'}`)
        : String(theirs);
  return (
    <p className={styles['contested']} role="alert">
      {value === '' ? t('contacts.profile.conflictEmpty') : t('contacts.profile.conflict', { value })}{' '}
      <span>
        <Button look="quiet" onClick={() => form.keepMine(field)}>
          {t('contacts.profile.keepMine')}
        </Button>
        <Button look="quiet" onClick={() => form.drop([field])}>
          {t('contacts.profile.takeTheirs')}
        </Button>
      </span>
    </p>
  );
}
