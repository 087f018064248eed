/** What can be done with a request now, one click each. A step that needs something asks for just that. */
import { Ban, CircleCheck, ClipboardCheck, FileText, RotateCcw, Shuffle, UserPlus, type LucideIcon } from 'lucide-react';
import { useRef, useState } from 'react';
import { isEnded, mayBecome, nextStatuses, type RequestStatus } from '../../contract/requests/request-rules.ts';
import type { ContactListRow, ServiceRequest } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { RequestChanges } from '../store/request-store.ts';
import { areRequestsOn } from '../store/session-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import { ContactPicker } from './contact-picker.tsx';
import { problemOf } from './field-problems.ts';
import { whoSet } from './request-history.ts';
import styles from './request-moves.module.css';

const ICONS: Record<RequestStatus, LucideIcon> = { new: RotateCcw, received: ClipboardCheck, ptar_form_sent: FileText, approved: CircleCheck, reassigned: Shuffle, done: CircleCheck, cancelled: Ban };
/** The step that usually comes next stands out. */
const USUAL: Partial<Record<RequestStatus, RequestStatus>> = { new: 'received', received: 'approved', ptar_form_sent: 'approved', reassigned: 'approved', approved: 'done' };

type Asked = 'approve' | 'form' | 'vendor';

/** Runs a change and says how it ended. */
export function useMove(request: ServiceRequest): (changes: RequestChanges) => Promise<boolean> {
  const { t } = useTexts();
  const { request: store, toasts } = useStores();
  return async (changes) => {
    const answer = await store.getState().change(changes);
    if (answer === null) return false;
    const name = request.reference || t('requests.one');
    const { status } = answer.lost;
    if (status !== undefined || answer.outcome === 'superseded') {
      const now = store.getState().request?.status ?? request.status;
      const by = store.getState().request && whoSet(store.getState().request!, 'status', now);
      toasts.getState().say('requests.move.overruled', { values: { name, by: by?.name ?? t('requests.history.somebody'), who: t(`requests.status.${now}`) } });
      return false;
    }
    if (answer.outcome === 'forbidden' || answer.outcome === 'target_missing') {
      toasts.getState().fail(answer.outcome === 'forbidden' ? 'FORBIDDEN' : 'NOT_FOUND');
      return false;
    }
    if (changes.status) toasts.getState().say('requests.move.changed', { values: { name, what: name, who: t(`requests.status.${changes.status.to}`) } });
    return true;
  };
}

export function RequestMoves({ request }: { request: ServiceRequest }) {
  const { t } = useTexts();
  const move = useMove(request);
  const areOn = useFrom('session', areRequestsOn);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (!areOn) return null;
  const { status, vendor, formUrl } = request;
  const run = async (changes: RequestChanges): Promise<boolean> => {
    if (isBusy) return false;
    setBusy(true);
    try {
      return await move(changes);
    } finally {
      setBusy(false);
    }
  };
  const take = (to: RequestStatus): void => {
    if (to === 'approved' && !isEnded(status)) setAsked('approve');
    else if (to === 'ptar_form_sent' && formUrl === '') setAsked('form');
    else if (to === 'reassigned') setAsked('vendor');
    else void run({ status: { from: status, to } });
  };
  const steps = nextStatuses(status).filter((to) => to !== 'reassigned');
  const close = (): void => setAsked(null);
  return (
    <div className={styles['moves']} role="group" aria-label={t('requests.move.label')}>
      {steps.map((to) => {
        const Icon = isEnded(status) ? RotateCcw : ICONS[to];
        return (
          <Button key={to} look={USUAL[status] === to ? 'primary' : 'plain'} icon={<Icon size={15} aria-hidden="true" />} aria-disabled={isBusy} onClick={() => take(to)}>
            {t(isEnded(status) ? 'requests.move.again' : `requests.move.${to}`)}
          </Button>
        );
      })}
      {!isEnded(status) && (
        <Button icon={vendor ? <Shuffle size={15} aria-hidden="true" /> : <UserPlus size={15} aria-hidden="true" />} aria-disabled={isBusy} onClick={() => setAsked('vendor')}>
          {t(vendor ? 'requests.move.reassigned' : 'requests.move.assign')}
        </Button>
      )}
      {asked === 'approve' && <ApproveDialog request={request} isBusy={isBusy} onRun={run} onClose={close} />}
      {asked === 'form' && <FormDialog request={request} isBusy={isBusy} onRun={run} onClose={close} />}
      {asked === 'vendor' && <VendorDialog request={request} isBusy={isBusy} onRun={run} onClose={close} />}
    </div>
  );
}

type AskProps = { request: ServiceRequest; isBusy: boolean; onRun(changes: RequestChanges): Promise<boolean>; onClose(): void };

function ApproveDialog({ request, isBusy, onRun, onClose }: AskProps) {
  const { t } = useTexts();
  const { status, approvedDate, requestedDate, vendor } = request;
  const [day, setDay] = useState(approvedDate ?? requestedDate ?? '');
  const [isTried, setTried] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useFocusOnMount(first);
  const submit = async (): Promise<void> => {
    setTried(true);
    if (day === '') return;
    const changes: RequestChanges = { status: { from: status, to: 'approved' }, ...(day !== approvedDate && { approvedDate: { from: approvedDate, to: day } }) };
    if (await onRun(changes)) onClose();
  };
  return (
    <Dialog title={t('requests.move.approveTitle')} onClose={onClose}>
      <DialogForm confirm={t('requests.move.approved')} isOff={isBusy} failure={null} onSubmit={() => void submit()} onClose={onClose}>
        <p className={styles['text']}>{t(vendor ? 'requests.move.approveText' : 'requests.move.approveNoVendor')}</p>
        <TextField
          ref={first}
          type="date"
          label={t('requests.field.approvedDate')}
          value={day}
          error={isTried && day === '' ? t('requests.move.dateMissing') : null}
          onChange={(event) => setDay(event.target.value)}
        />
      </DialogForm>
    </Dialog>
  );
}

function FormDialog({ request: { status, formUrl }, isBusy, onRun, onClose }: AskProps) {
  const { t } = useTexts();
  const [url, setUrl] = useState(formUrl);
  const [isTried, setTried] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useFocusOnMount(first);
  const wanted = url.trim();
  const problem = wanted === '' ? t('requests.problem.url') : problemOf('formUrl', wanted, t);
  const submit = async (): Promise<void> => {
    setTried(true);
    if (problem === null && (await onRun({ status: { from: status, to: 'ptar_form_sent' }, formUrl: { from: formUrl, to: wanted } }))) onClose();
  };
  return (
    <Dialog title={t('requests.move.formTitle')} onClose={onClose}>
      <DialogForm confirm={t('requests.move.ptar_form_sent')} isOff={isBusy} failure={null} onSubmit={() => void submit()} onClose={onClose}>
        <p className={styles['text']}>{t('requests.move.formText')}</p>
        <TextField
          ref={first}
          inputMode="url"
          label={t('requests.field.formUrl')}
          placeholder="https://"
          value={url}
          error={isTried ? problem : null}
          onChange={(event) => setUrl(event.target.value)}
        />
      </DialogForm>
    </Dialog>
  );
}

function VendorDialog({ request, isBusy, onRun, onClose }: AskProps) {
  const { t } = useTexts();
  const { status, vendor, serviceType, events } = request;
  const [chosen, setChosen] = useState<Pick<ContactListRow, 'id' | 'name'> | null>(null);
  const [isTried, setTried] = useState(false);
  // Nobody is told that they lost what they were never told of.
  const isUntold = events.some(({ kind, state, contact }) => kind === 'vendor_assigned' && state === 'open' && contact?.id === vendor?.id);
  const problem = chosen === null ? t('requests.move.vendorMissing') : chosen.id === vendor?.id ? t('requests.move.sameVendor') : null;
  const submit = async (): Promise<void> => {
    setTried(true);
    if (chosen === null || problem !== null) return;
    const isTakenFrom = vendor !== null && mayBecome(status, 'reassigned');
    if (await onRun({ vendorId: { from: vendor?.id ?? null, to: chosen.id }, ...(isTakenFrom && { status: { from: status, to: 'reassigned' } }) })) onClose();
  };
  return (
    <Dialog title={t(vendor ? 'requests.move.reassignTitle' : 'requests.move.vendorTitle')} onClose={onClose}>
      <DialogForm confirm={t(vendor ? 'requests.move.reassigned' : 'requests.move.assign')} isOff={isBusy} failure={null} onSubmit={() => void submit()} onClose={onClose}>
        <p className={styles['text']}>{vendor ? (isUntold ? t('requests.move.reassignTextUntold') : t('requests.move.reassignText', { name: vendor.name })) : t('requests.move.assignText')}</p>
        <div>
          <ContactPicker
            trigger={
              <button type="button" className={styles['chooser']}>
                {chosen && <Avatar id={chosen.id} name={chosen.name} size={24} />}
                <bdi>{chosen?.name ?? t('requests.move.vendorTitle')}</bdi>
              </button>
            }
            among="vendor"
            label={t('requests.move.vendorTitle')}
            serviceType={serviceType}
            chosenId={chosen?.id ?? vendor?.id ?? null}
            onPick={setChosen}
          />
          {isTried && problem !== null && (
            <p className={styles['problem']} role="alert">
              {problem}
            </p>
          )}
        </div>
      </DialogForm>
    </Dialog>
  );
}
