/** Somebody who has not written yet; whoever has the number already is shown instead. */
import { UserRoundCheck } from 'lucide-react';
import { useRef, useState } from 'react';
import { CONTACT_FIELD_MAX } from '../../contract/limits.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useStores } from '../ui/app-context.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Check, TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import { usePhoneReading } from '../ui/phone-reading.tsx';
import { PhoneField } from './phone-field.tsx';
import { ServiceTypes } from './service-types.tsx';
import styles from './contact-page.module.css';

export function AddContact({ onClose }: { onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { contacts, view } = useStores();
  const { isBusy, failure, run, forget } = useAction({ isQuiet: true });
  const [phone, setPhone] = useState('');
  const [name, setName] = useState('');
  const [firstName, setFirstName] = useState('');
  const [isVendor, setVendor] = useState(() => contacts.getState().filter.role === 'vendor');
  const [serviceTypes, setServiceTypes] = useState<readonly string[]>([]);
  const reading = usePhoneReading(phone);
  const first = useRef<HTMLInputElement>(null);
  useFocusOnMount(first);
  const known = reading?.known?.contact ?? null;
  const isEmpty = phone.trim() === '' && name.trim() === '';

  const show = (contactId: string): void => {
    onClose();
    view.getState().showContact(contactId);
  };
  async function add(): Promise<void> {
    if (known) return show(known.id);
    let contactId: string | null = null;
    const isDone = await run(async () => {
      const fields = { name, isVendor, ...(isVendor ? { firstName, serviceTypes: [...serviceTypes] } : {}) };
      ({ contactId } = await client.contacts.add({ phone: phone.trim() === '' ? null : phone, fields }));
    });
    if (isDone && contactId !== null) show(contactId);
  }

  return (
    <Dialog title={t('contacts.addForm.title')} onClose={onClose}>
      <DialogForm
        confirm={t(known ? 'contacts.addForm.openKnown' : 'contacts.addForm.confirm')}
        isOff={isBusy || isEmpty || (phone.trim() !== '' && !(reading?.isComplete ?? false))}
        failure={failure}
        onSubmit={() => void add()}
        onClose={onClose}
      >
        <PhoneField
          ref={first}
          label={t('contacts.addForm.phone')}
          hint={t('contacts.addForm.phoneHint')}
          value={phone}
          reading={reading}
          onChange={(text) => {
            forget();
            setPhone(text);
          }}
        />
        {known ? (
          <p className={styles['known']}>
            <UserRoundCheck size={16} aria-hidden="true" />
            {t('contacts.addForm.known', { name: known.name })}
          </p>
        ) : (
          <>
            <TextField
              label={t('contacts.profile.name')}
              dir="auto"
              maxLength={CONTACT_FIELD_MAX}
              value={name}
              hint={isEmpty ? t('contacts.addForm.needs') : t('contacts.profile.nameHint')}
              onChange={(event) => setName(event.target.value)}
            />
            <Check label={t('contacts.profile.isVendor')} hint={t('contacts.profile.isVendorHint')} isOn={isVendor} onChange={setVendor} />
            {isVendor && (
              <>
                <TextField
                  label={t('contacts.profile.firstName')}
                  dir="auto"
                  maxLength={CONTACT_FIELD_MAX}
                  value={firstName}
                  hint={t('contacts.profile.firstNameHint')}
                  onChange={(event) => setFirstName(event.target.value)}
                />
                <ServiceTypes value={serviceTypes} onChange={setServiceTypes} />
              </>
            )}
          </>
        )}
      </DialogForm>
    </Dialog>
  );
}
