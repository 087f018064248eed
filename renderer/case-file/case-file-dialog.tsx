/** Asks what of a conversation should be on paper, and prints it; a PDF is made by the system's own print dialog. */
import { useEffect, useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useFrom } from '../ui/app-context.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Check, TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { CaseFilePaper } from './case-file-paper.tsx';
import { readCaseFile, type CaseFile, type Span } from './read-case-file.ts';
import styles from './case-file.module.css';

export function CaseFileDialog({ conversationId, onClose }: { conversationId: string; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [hasNotes, setNotes] = useState(false);
  const [caseFile, setCaseFile] = useState<CaseFile | null>(null);
  const [signal] = useState(() => new AbortController());
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const name = useFrom('conversation', ({ thread }) => thread?.conversation.contact.name ?? '');
  useEffect(() => () => signal.abort(), [signal]);

  const isWrong = from !== '' && to !== '' && to < from;
  const submit = (): void =>
    void run(async () => {
      setCaseFile(await readCaseFile(client, conversationId, spanOf(from, to), { hasNotes, signal: signal.signal }));
    });

  return (
    <Dialog title={t('caseFile.title')} onClose={onClose}>
      <DialogForm confirm={t('caseFile.print')} isOff={isBusy || isWrong} failure={failure} onSubmit={submit} onClose={onClose}>
        <p className={styles['intro']}>{t('caseFile.text', { name })}</p>
        <div className={styles['days']}>
          <TextField type="date" label={t('caseFile.from')} value={from} onChange={(event) => setFrom(event.target.value)} hint={t('caseFile.fromHint')} />
          <TextField type="date" label={t('caseFile.to')} value={to} onChange={(event) => setTo(event.target.value)} error={isWrong ? t('caseFile.wrong') : null} />
        </div>
        <Check label={t('caseFile.notes')} hint={t('caseFile.notesHint')} isOn={hasNotes} onChange={setNotes} />
        <p className={styles['note']} role="status">
          {isBusy ? t('caseFile.reading') : caseFile?.entries.length === 0 ? t('caseFile.none') : ''}
        </p>
      </DialogForm>
      {caseFile !== null && caseFile.entries.length > 0 && <CaseFilePaper caseFile={caseFile} span={spanOf(from, to)} onPrinted={() => setCaseFile(null)} />}
    </Dialog>
  );
}

/** Whole days where this computer is. Null: all of them. */
function spanOf(from: string, to: string): Span | null {
  if (from === '' && to === '') return null;
  const end = to === '' ? null : new Date(`${to}T00:00:00`);
  end?.setDate(end.getDate() + 1);
  return { from: from === '' ? 0 : new Date(`${from}T00:00:00`).getTime(), to: end?.getTime() ?? Number.MAX_SAFE_INTEGER };
}
