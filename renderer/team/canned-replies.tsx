/** Texts that are typed again and again: the team's, which leads keep, and one's own. */
import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { CannedReply } from '../../contract/entities.ts';
import { mayLead } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useFrom } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { useAction } from '../ui/use-action.ts';
import { CannedDialog } from './canned-dialog.tsx';
import { Empty, Part, Row, Rows } from '../ui/part.tsx';
import styles from './team.module.css';

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
      {open?.kind === 'edit' && <CannedDialog reply={open.reply} onClose={close} />}
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
