/** A text to keep, or to change: its shortcut, what it says and whose it is. */
import { useRef, useState } from 'react';
import type { CannedReply } from '../../contract/entities.ts';
import { CANNED_BODY_MAX, SHORTCUT_MAX } from '../../contract/limits.ts';
import { mayChangeCanned } from '../../contract/rules/rights.ts';
import { fold, variableNames } from '../composer/canned-replies.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useFrom } from '../ui/app-context.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea, TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import shared from '../ui/chip.module.css';
import styles from './team.module.css';

const SHORTCUT = /^[\p{L}\p{N}_-]+$/u;

type Props = {
  /** Null: a new one. */
  reply: CannedReply | null;
  /** What a new one begins with. */
  text?: string;
  onSaved?(shortcut: string): void;
  onClose(): void;
};

export function CannedDialog({ reply, text = '', onSaved, onClose }: Props) {
  const { t, language } = useTexts();
  const client = useClient();
  const mayShare = useFrom('session', ({ session }) => mayChangeCanned(session?.me ?? null, null));
  const kept = useFrom('team', ({ directory }) => directory?.canned ?? []);
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const [shortcut, setShortcut] = useState(reply?.shortcut ?? '');
  const [body, setBody] = useState(reply?.body ?? text);
  const [isPersonal, setPersonal] = useState(reply?.isPersonal ?? !mayShare);
  const [isTried, setTried] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useFocusOnMount(first);
  const wanted = shortcut.trim().replace(/^\//, '');
  const isTaken = kept.some((one) => one.id !== reply?.id && one.isPersonal === isPersonal && fold(one.shortcut) === fold(wanted));
  const shortcutError = !SHORTCUT.test(wanted) ? t('canned.shortcutWrong') : isTaken ? t('canned.shortcutTaken') : null;
  const bodyError = body.trim() === '' ? t('canned.bodyMissing') : null;

  const save = async (): Promise<unknown> => {
    const to = body.trim();
    if (reply === null) return client.team.addCanned({ isPersonal, shortcut: wanted, body: to });
    const changes = { ...(wanted !== reply.shortcut && { shortcut: { from: reply.shortcut, to: wanted } }), ...(to !== reply.body && { body: { from: reply.body, to } }) };
    return Object.keys(changes).length === 0 ? null : client.team.changeCanned({ cannedId: reply.id, ...changes });
  };
  const submit = async (): Promise<void> => {
    setTried(true);
    if (shortcutError !== null || bodyError !== null || !(await run(save))) return;
    onSaved?.(wanted);
    onClose();
  };
  return (
    <Dialog title={reply ? t('canned.edit', { shortcut: reply.shortcut }) : t('canned.add')} onClose={onClose}>
      <DialogForm isOff={isBusy} failure={failure} onSubmit={() => void submit()} onClose={onClose}>
        {reply === null && mayShare && (
          <fieldset className={styles['set']}>
            <legend className={styles['legend']}>{t('canned.for')}</legend>
            <div className={styles['choices']}>
              {[false, true].map((one) => (
                <label key={String(one)} className={shared['chip']}>
                  <input type="radio" className="visually-hidden" name="for" checked={one === isPersonal} onChange={() => setPersonal(one)} />
                  {t(one ? 'canned.forMe' : 'canned.forTeam')}
                </label>
              ))}
            </div>
          </fieldset>
        )}
        <TextField
          ref={first}
          label={t('canned.shortcut')}
          hint={t('canned.shortcutHint')}
          maxLength={SHORTCUT_MAX + 1}
          value={shortcut}
          onChange={(event) => setShortcut(event.target.value)}
          error={isTried ? shortcutError : null}
        />
        <TextArea
          label={t('canned.body')}
          hint={t('canned.bodyHint', {
            variables: variableNames(language)
              .map((name) => `{{${name}}}`)
              .join(', '),
          })}
          rows={6}
          maxLength={CANNED_BODY_MAX}
          value={body}
          onChange={(event) => setBody(event.target.value)}
          error={isTried ? bodyError : null}
        />
      </DialogForm>
    </Dialog>
  );
}
