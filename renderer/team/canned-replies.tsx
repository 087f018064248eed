/** Texts that are typed again and again: the team's, which leads keep, and one's own. */
import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import type { CannedReply } from '../../contract/entities.ts';
import { CANNED_BODY_MAX, SHORTCUT_MAX } from '../../contract/limits.ts';
import { mayLead } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useFrom } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea, TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { Empty, Part, Row, Rows } from './part.tsx';
import styles from './team.module.css';

const VARIABLES = { es: '{{nombre}}, {{primer_nombre}}, {{agente}}, {{telefono}}', en: '{{name}}, {{first_name}}, {{agent}}, {{phone}}' } as const;
const SHORTCUT = /^[\p{L}\p{N}_-]+$/u;

type Open = { kind: 'edit'; reply: CannedReply | null } | { kind: 'remove'; reply: CannedReply } | null;

export function CannedReplies() {
  const { t } = useTexts();
  const client = useClient();
  const replies = useFrom('team', ({ directory }) => directory?.canned ?? []);
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const remove = async (reply: CannedReply): Promise<void> => {
    if (await run(() => client.team.removeCanned({ cannedId: reply.id }))) close();
  };
  return (
    <Part
      title={t('team.part.canned')}
      text={t('canned.text')}
      action={
        <Button look="primary" icon={<Plus size={16} />} onClick={() => setOpen({ kind: 'edit', reply: null })}>
          {t('canned.add')}
        </Button>
      }
    >
      {[false, true].map((isPersonal) => {
        const list = replies.filter((reply) => reply.isPersonal === isPersonal);
        const title = t(isPersonal ? 'canned.personal' : 'canned.ofTeam');
        return (
          <div key={String(isPersonal)} className={styles['group']}>
            <h3 className={styles['groupTitle']}>{title}</h3>
            {list.length === 0 ? (
              <Empty>{t(isPersonal ? 'canned.nonePersonal' : 'canned.noneOfTeam')}</Empty>
            ) : (
              <Rows label={title}>
                {list.map((reply) => (
                  <CannedRow key={reply.id} reply={reply} mayChange={isPersonal || isLead} onOpen={setOpen} />
                ))}
              </Rows>
            )}
          </div>
        );
      })}
      {open?.kind === 'edit' && <CannedDialog reply={open.reply} mayShare={isLead} onClose={close} />}
      {open?.kind === 'remove' && (
        <Confirm title={t('canned.remove', { shortcut: open.reply.shortcut })} confirm={t('action.delete')} isBusy={isBusy} failure={failure} onConfirm={() => void remove(open.reply)} onClose={close}>
          <p>{t(open.reply.isPersonal ? 'canned.removePersonalText' : 'canned.removeText')}</p>
        </Confirm>
      )}
    </Part>
  );
}

function CannedRow({ reply, mayChange, onOpen }: { reply: CannedReply; mayChange: boolean; onOpen(open: Open): void }) {
  const { t } = useTexts();
  const { shortcut } = reply;
  return (
    <Row>
      <span className={styles['who']}>
        <bdi className={styles['shortcut']}>/{shortcut}</bdi>
        <span className={styles['body']} dir="auto">
          {reply.body}
        </span>
      </span>
      {mayChange && (
        <>
          <IconButton label={t('canned.edit', { shortcut })} onClick={() => onOpen({ kind: 'edit', reply })}>
            <Pencil size={16} />
          </IconButton>
          <IconButton label={t('canned.remove', { shortcut })} onClick={() => onOpen({ kind: 'remove', reply })}>
            <Trash2 size={16} />
          </IconButton>
        </>
      )}
    </Row>
  );
}

/** Null: a new one. */
function CannedDialog({ reply, mayShare, onClose }: { reply: CannedReply | null; mayShare: boolean; onClose(): void }) {
  const { t, language } = useTexts();
  const client = useClient();
  const taken = useFrom('team', ({ directory }) => directory?.canned ?? []);
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const [shortcut, setShortcut] = useState(reply?.shortcut ?? '');
  const [body, setBody] = useState(reply?.body ?? '');
  const [isPersonal, setPersonal] = useState(reply?.isPersonal ?? !mayShare);
  const [isTried, setTried] = useState(false);
  const wanted = shortcut.trim().replace(/^\//, '');
  const shortcutError = !SHORTCUT.test(wanted)
    ? t('canned.shortcutWrong')
    : taken.some((one) => one.id !== reply?.id && one.isPersonal === isPersonal && one.shortcut === wanted)
      ? t('canned.shortcutTaken')
      : null;
  const bodyError = body.trim() === '' ? t('canned.bodyMissing') : null;

  const save = async (): Promise<unknown> => {
    const text = body.trim();
    if (reply === null) return client.team.addCanned({ isPersonal, shortcut: wanted, body: text });
    const changes = { ...(wanted !== reply.shortcut && { shortcut: { from: reply.shortcut, to: wanted } }), ...(text !== reply.body && { body: { from: reply.body, to: text } }) };
    return Object.keys(changes).length === 0 ? null : client.team.changeCanned({ cannedId: reply.id, ...changes });
  };
  const submit = async (): Promise<void> => {
    setTried(true);
    if (shortcutError === null && bodyError === null && (await run(save))) onClose();
  };
  return (
    <Dialog title={reply ? t('canned.edit', { shortcut: reply.shortcut }) : t('canned.add')} onClose={onClose}>
      <form
        className={styles['form']}
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        {reply === null && mayShare && (
          <fieldset className={styles['set']}>
            <legend className={styles['legend']}>{t('canned.for')}</legend>
            <div className={styles['choices']}>
              {[false, true].map((one) => (
                <label key={String(one)} className={styles['choice']}>
                  <input type="radio" className="visually-hidden" name="for" checked={one === isPersonal} onChange={() => setPersonal(one)} />
                  {t(one ? 'canned.forMe' : 'canned.forTeam')}
                </label>
              ))}
            </div>
          </fieldset>
        )}
        <TextField
          label={t('canned.shortcut')}
          hint={t('canned.shortcutHint')}
          maxLength={SHORTCUT_MAX + 1}
          value={shortcut}
          onChange={(event) => setShortcut(event.target.value)}
          error={isTried ? shortcutError : null}
        />
        <TextArea
          label={t('canned.body')}
          hint={t('canned.bodyHint', { variables: VARIABLES[language] })}
          rows={6}
          maxLength={CANNED_BODY_MAX}
          spellCheck
          value={body}
          onChange={(event) => setBody(event.target.value)}
          error={isTried ? bodyError : null}
        />
        {failure !== null && (
          <p className={styles['failure']} role="alert">
            {t(`failure.${failure}`)}
          </p>
        )}
        <div className={styles['actions']}>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button look="primary" submits aria-disabled={isBusy}>
            {t('action.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
