/** A request written by hand. What was typed stays while the dialog is shut; the customer is recognised as their number is typed. */
import { UserRoundCheck, X } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { TextField as FieldName } from '../store/request-edits.ts';
import { EMPTY_DRAFT, type RequestDraft } from '../store/requests-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea, TextField } from '../ui/field.tsx';
import { PhoneReading, usePhoneReading, type Reading } from '../ui/phone-reading.tsx';
import { useAction } from '../ui/use-action.ts';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import { ContactPicker } from './contact-picker.tsx';
import { maxOf, problemOf } from './field-problems.ts';
import { useServiceTypes } from './use-service-types.ts';
import styles from './new-request-dialog.module.css';

const FIELDS = ['contactPhone', 'customerName', 'serviceType', 'externalId', 'requestedDate', 'contactEmail', 'address', 'formUrl', 'description'] as const satisfies readonly FieldName[];

export function NewRequestDialog({ onAdded, onClose }: { onAdded(requestId: string): void; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { requests, toasts } = useStores();
  const draft = useFrom('requests', (state) => state.draft);
  const [wasKept] = useState(draft !== EMPTY_DRAFT);
  const [isTried, setTried] = useState(false);
  const { isBusy, failure, run, forget } = useAction({ isQuiet: true });
  const reading = usePhoneReading(draft.customer === null ? draft.contactPhone : '');
  const known = draft.customer === null ? (reading?.known?.contact ?? null) : null;
  const first = useRef<HTMLInputElement>(null);
  useFocusOnMount(first);

  const set = (patch: Partial<RequestDraft>): void => {
    forget();
    requests.getState().keepDraft({ ...draft, ...patch });
  };
  const nameWith = (contact: { name: string } | null): string => draft.customerName.trim() || (contact?.name ?? '');
  const isPhoneWrong = (read: Reading | null): boolean => draft.customer === null && (draft.contactPhone.trim() === '' || (read !== null && !read.isComplete));
  const problems: Partial<Record<FieldName, string | null>> = {
    ...Object.fromEntries(FIELDS.map((field) => [field, problemOf(field, draft[field], t)])),
    ...(nameWith(known) === '' && { customerName: t('requests.problem.nameMissing') }),
    ...(isPhoneWrong(reading) && { contactPhone: t(draft.contactPhone.trim() === '' ? 'requests.problem.phoneMissing' : 'requests.problem.phone') }),
    ...(draft.serviceType.trim() === '' && { serviceType: t('requests.problem.serviceMissing') }),
  };

  async function add(): Promise<void> {
    setTried(true);
    const others = FIELDS.filter((field) => field !== 'contactPhone' && field !== 'customerName');
    if (others.some((field) => problems[field])) return;
    await run(async () => {
      // Whoever types fast is done before their number was read.
      const read = draft.customer === null && draft.contactPhone.trim() !== '' ? await client.conversations.readPhone({ phone: draft.contactPhone }) : null;
      const contact = draft.customer ?? read?.known?.contact ?? null;
      if (isPhoneWrong(read) || nameWith(contact) === '') return;
      return addRead(contact, read);
    });
  }

  async function addRead(contact: { id: string; name: string } | null, read: Reading | null): Promise<unknown> {
    const text = (field: FieldName): string => draft[field].trim();
    const fields = {
      externalId: text('externalId') || null,
      serviceType: text('serviceType'),
      customerId: contact?.id ?? null,
      customerName: nameWith(contact),
      // As it is shown: what was typed before somebody was chosen may be another person's.
      contactPhone: draft.customer ? (draft.customer.phone ?? '') : (read?.formatted ?? text('contactPhone')),
      contactEmail: text('contactEmail'),
      address: text('address'),
      requestedDate: draft.requestedDate || null,
      approvedDate: null,
      vendorId: draft.vendor?.id ?? null,
      formUrl: text('formUrl'),
      description: text('description'),
      status: 'new' as const,
    };
    const answer = await client.requests.add({ fields });
    if (answer.outcome === 'forbidden') return answer;
    toasts.getState().say(answer.outcome === 'duplicate' ? 'requests.create.duplicate' : 'requests.create.done');
    if (answer.outcome !== 'duplicate') requests.getState().keepDraft(EMPTY_DRAFT);
    onAdded(answer.requestId);
    return answer;
  }

  const shared = (field: FieldName, isOptional: boolean) => ({
    label: isOptional ? t('requests.create.optional', { label: t(`requests.field.${field}`) }) : t(`requests.field.${field}`),
    value: draft[field],
    maxLength: maxOf(field),
    error: isTried ? problems[field] : null,
  });
  return (
    <Dialog title={t('requests.create.title')} isWide onClose={onClose}>
      <DialogForm confirm={t('requests.create.add')} isOff={isBusy} failure={failure} onSubmit={() => void add()} onClose={onClose}>
        {wasKept && draft !== EMPTY_DRAFT && (
          <p className={styles['kept']}>
            {t('requests.create.kept')}
            <Button look="quiet" onClick={() => requests.getState().keepDraft(EMPTY_DRAFT)}>
              {t('requests.create.startOver')}
            </Button>
          </p>
        )}
        <div className={styles['fields']}>
          <div className={styles['field']}>
            {draft.customer === null ? (
              <>
                <TextField ref={first} {...shared('contactPhone', false)} inputMode="tel" hint={t('requests.create.phoneHint')} onChange={(event) => set({ contactPhone: event.target.value })} />
                <PhoneReading
                  phone={draft.contactPhone}
                  reading={reading}
                  onType={(contactPhone) => {
                    set({ contactPhone });
                    first.current?.focus();
                  }}
                />
              </>
            ) : (
              <Chosen label={t('requests.create.customer')} person={draft.customer} onClear={() => set({ customer: null })} />
            )}
          </div>
          <div className={styles['field']}>
            <TextField {...shared('customerName', false)} dir="auto" placeholder={known?.name} onChange={(event) => set({ customerName: event.target.value })} />
            {draft.customer === null && (
              <ContactPicker
                trigger={<Button look="quiet">{t('requests.create.byContact')}</Button>}
                among="anybody"
                label={t('requests.create.customer')}
                chosenId={null}
                onPick={(contact) => {
                  if (contact) set({ customer: contact, ...(draft.customerName.trim() === '' && { customerName: contact.name }) });
                }}
              />
            )}
          </div>
          {known && (
            <p className={styles['known']}>
              <UserRoundCheck size={16} aria-hidden="true" />
              <span>
                <strong>{t('requests.create.known', { name: known.name })}</strong> {t('requests.create.knownHint')}
              </span>
            </p>
          )}
          <div className={styles['field']}>
            <ServiceField {...shared('serviceType', false)} onType={(serviceType) => set({ serviceType })} />
          </div>
          <div className={styles['field']}>
            {draft.vendor === null ? (
              <VendorField serviceType={draft.serviceType} onPick={(vendor) => set({ vendor })} />
            ) : (
              <Chosen label={t('requests.field.vendor')} person={draft.vendor} onClear={() => set({ vendor: null })} />
            )}
          </div>
          <div className={styles['field']}>
            <TextField {...shared('requestedDate', true)} type="date" onChange={(event) => set({ requestedDate: event.target.value })} />
          </div>
          <div className={styles['field']}>
            <TextField {...shared('contactEmail', true)} inputMode="email" onChange={(event) => set({ contactEmail: event.target.value })} />
          </div>
          <div className={styles['field']} data-wide="">
            <TextArea {...shared('address', true)} rows={2} dir="auto" onChange={(event) => set({ address: event.target.value })} />
          </div>
          <div className={styles['field']}>
            <TextField {...shared('externalId', true)} hint={t('requests.create.externalIdHint')} onChange={(event) => set({ externalId: event.target.value })} />
          </div>
          <div className={styles['field']}>
            <TextField {...shared('formUrl', true)} inputMode="url" placeholder="https://" onChange={(event) => set({ formUrl: event.target.value })} />
          </div>
          <div className={styles['field']} data-wide="">
            <TextArea {...shared('description', true)} rows={2} dir="auto" onChange={(event) => set({ description: event.target.value })} />
          </div>
        </div>
      </DialogForm>
    </Dialog>
  );
}

function ServiceField({ onType, ...field }: { label: string; value: string; maxLength: number; error: string | null | undefined; onType(text: string): void }) {
  const { t } = useTexts();
  const services = useServiceTypes();
  const listId = useId();
  return (
    <>
      <TextField {...field} dir="auto" list={listId} hint={t('requests.create.serviceHint')} onChange={(event) => onType(event.target.value)} />
      <datalist id={listId}>
        {services.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  );
}

function VendorField({ serviceType, onPick }: { serviceType: string; onPick(vendor: RequestDraft['vendor']): void }) {
  const { t } = useTexts();
  return (
    <>
      <p className={styles['label']}>{t('requests.create.optional', { label: t('requests.field.vendor') })}</p>
      <ContactPicker
        trigger={
          <button type="button" className={styles['chooser']}>
            <span className="visually-hidden">{t('requests.move.vendorTitle')}: </span>
            {t('requests.create.noVendor')}
          </button>
        }
        among="vendor"
        label={t('requests.field.vendor')}
        serviceType={serviceType}
        chosenId={null}
        onPick={onPick}
      />
    </>
  );
}

function Chosen({ label, person, onClear }: { label: string; person: NonNullable<RequestDraft['customer']>; onClear(): void }) {
  const { t } = useTexts();
  return (
    <>
      <p className={styles['label']}>{label}</p>
      <div className={styles['chosen']}>
        <Avatar id={person.id} name={person.name} size={24} />
        <bdi className={styles['chosenName']}>{person.name}</bdi>
        <span className={styles['phone']}>{person.phone}</span>
        <IconButton label={t('requests.person.change')} onClick={onClear}>
          <X size={14} />
        </IconButton>
      </div>
    </>
  );
}
