import { useId, useRef, useState } from 'react';
import { CANNED_BODY_MAX, SHORTCUT_MAX } from '../../contract/limits.ts';
import { mayChangeCanned } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useCommands, useFrom } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import { fold, VARIABLE_NAMES } from './canned-replies.ts';
import styles from './save-canned-dialog.module.css';

const SHORTCUT = /^[\p{L}\p{N}_-]+$/u;

/** What stands in the box, for the next time. */
export function SaveCannedDialog({ text, onClose }: { text: string; onClose(): void }) {
  const { t, language } = useTexts();
  const { addCanned } = useCommands();
  const directory = useFrom('team', (state) => state.directory);
  const me = directory?.members.find((member) => member.isMe) ?? null;
  const isLead = mayChangeCanned(me, null);
  const [shortcut, setShortcut] = useState('');
  const [body, setBody] = useState(text);
  const [isPersonal, setPersonal] = useState(!isLead);
  const [wasTried, setTried] = useState(false);
  const fieldId = useId();
  const first = useRef<HTMLInputElement>(null);
  useFocusOnMount(first);

  const key = shortcut.trim().replace(/^\//, '');
  const isTaken = (directory?.canned ?? []).some((canned) => canned.isPersonal === isPersonal && fold(canned.shortcut) === fold(key));
  const error = !SHORTCUT.test(key) ? t('saved.shortcutWrong') : isTaken ? t('saved.shortcutTaken') : null;

  async function save(): Promise<void> {
    setTried(true);
    if (error !== null || body.trim() === '') return;
    if (await addCanned({ shortcut: key, body, isPersonal })) onClose();
  }

  return (
    <Dialog title={t('saved.title')} onClose={onClose}>
      <div className={styles['form']}>
        <label htmlFor={`${fieldId}-key`}>{t('saved.shortcut')}</label>
        <input
          id={`${fieldId}-key`}
          ref={first}
          value={shortcut}
          maxLength={SHORTCUT_MAX + 1}
          placeholder="saludo"
          aria-invalid={wasTried && error !== null}
          aria-describedby={`${fieldId}-hint`}
          onChange={(event) => setShortcut(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && void save()}
        />
        <p id={`${fieldId}-hint`} data-wrong={(wasTried && error !== null) || undefined}>
          {(wasTried && error) || t('saved.shortcutHint')}
        </p>
        <label htmlFor={`${fieldId}-body`}>{t('saved.text')}</label>
        <textarea id={`${fieldId}-body`} rows={6} value={body} maxLength={CANNED_BODY_MAX} onChange={(event) => setBody(event.target.value)} />
        <p>{t('saved.textHint', { list: VARIABLE_NAMES[language].map((name) => `{{${name}}}`).join(' ') })}</p>
        <div className={styles['scope']} role="radiogroup" aria-label={t('saved.title')}>
          {[true, false].map((isMine) => (
            <label key={String(isMine)} title={!isMine && !isLead ? t('saved.onlyLeads') : undefined}>
              <input type="radio" name={`${fieldId}-scope`} checked={isPersonal === isMine} disabled={!isMine && !isLead} onChange={() => setPersonal(isMine)} />
              {t(isMine ? 'saved.forMe' : 'saved.forTeam')}
            </label>
          ))}
        </div>
        {!isLead && <p>{t('saved.onlyLeads')}</p>}
        <Button look="primary" onClick={() => void save()}>
          {t('saved.confirm')}
        </Button>
      </div>
    </Dialog>
  );
}
